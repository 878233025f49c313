"""The physics that a case may switch on, each with what it declares: the only list of them."""

from functools import cache

from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.physics.flow.section import SECTION as FLOW
from levitas.solver.physics.heat.section import SECTION as HEAT
from levitas.solver.physics.interface.section import SECTION as INTERFACE
from levitas.solver.physics.solute.section import SECTION as SOLUTE

SECTIONS: dict[str, Physics] = {  # name of the section -> what its physics declares
    "flow": FLOW,
    "interface": INTERFACE,
    "heat": HEAT,
    "solute": SOLUTE,
}


@cache
def fields() -> dict[str, tuple[Quantity, str]]:
    """{field: (what it is, the section that it needs)} of every physics."""
    return {
        name: (quantity, section)
        for section, physics in SECTIONS.items()
        for name, quantity in physics.fields.items()
    }


def section_of(field: str | None) -> str | None:
    """The section that a field needs; None for other names (speed, ...)."""
    return fields().get(field, (None, None))[1]
