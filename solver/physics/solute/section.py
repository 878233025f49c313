"""What a case may say of the solute: the section `[solute]`, and what follows from it."""

from typing import Any, Literal

from levitas.solver.input.faults import Faults, has
from levitas.solver.input.physics import Physics, Quantity
from levitas.solver.input.section import Section, key
from levitas.solver.limits import BYTES_FIELD, DIFFUSIVITY_TARGET
from levitas.solver.physics.scalar.initial import at_start
from levitas.solver.physics.solute import limits


class SurfaceExchange(Section):
    """Flux out of the liquid surface, coefficient (c - concentration)."""

    coefficient: float = key(..., "transfer velocity", "m/s", ge=0)
    concentration: float = key(..., "concentration at which nothing is exchanged")
    volume: float | None = key(
        None,
        "volume of liquid that a unit of what the surface gives off was (a vapour: phase gas or "
        "all); the liquid does not shrink if absent",
        "1",
        gt=0,
    )


class SoluteParams(Section):
    """The `[solute]` section of a case."""

    phase: Literal["liquid", "gas", "all"] | None = key(
        None, "where it can be: liquid (default with [interface]), gas or all"
    )
    surface_flux: float = key(
        0.0, "flux out of the liquid surface (evaporation > 0), concentration times m/s"
    )
    surface_exchange: SurfaceExchange | None = key(
        None,
        "{ coefficient, concentration }: flux out of the surface, coefficient times difference",
    )


def check(sections: dict[str, Any], faults: Faults) -> None:
    """Note what needs a surface or a gas without one, and a vapour that is a solute of liquid."""
    solute = sections["solute"]
    if not has(sections, "interface", faults):
        for name in ("surface_flux", "surface_exchange"):
            if getattr(solute, name):
                faults.add(("solute", name), "needs a surface; add an [interface] section")
        if solute.phase == "gas":
            faults.add(("solute", "phase"), "there is no gas; add an [interface] section")
    exchange = solute.surface_exchange
    if exchange is not None and exchange.volume is not None and solute.phase not in ("gas", "all"):
        keys = ("solute", "surface_exchange", "volume")
        faults.add(keys, 'belongs to a vapour; set solute.phase = "gas" or remove it')


def needs(sections: dict[str, Any], phase: str) -> list[str]:
    """A diffusivity where the solute can be."""
    where = (sections["solute"].phase if sections.get("interface") else None) or "liquid"
    everywhere = where == "all" and phase in ("liquid", "gas")
    return ["diffusivity"] if phase == where or everywhere else []


def _diffusivities(model: Any) -> dict[str, float]:
    """{"D_l", "D_g"} in SI; 0 where nothing is said."""
    liquid, gas = model.materials.liquid, model.materials.gas
    return {
        "D_l": liquid.diffusivity or 0.0,
        "D_g": (gas.diffusivity or 0.0) if gas is not None else 0.0,
    }


def bounds(model: Any, fluids: dict) -> dict[str, float]:
    """The step at which its diffusion is accurate."""
    fastest = max(_diffusivities(model).values())
    if not fastest:
        return {}
    return {"solute diffusivity": DIFFUSIVITY_TARGET * model.grid.spacing**2 / fastest}


def lattice(model: Any, fluids: dict, scales: Any) -> dict[str, float]:
    """Diffusivities in the liquid and, with an interface, in the gas."""
    found = {name: d / scales.diffusivity for name, d in _diffusivities(model).items()}
    return found if model.interface is not None else {"D_l": found["D_l"]}


def ranges(model: Any, sampled: dict) -> dict[str, tuple[float, float]]:
    """c: concentrations that the case declares."""
    found = list(sampled.get("boundary.concentration", ())) + list(sampled.get("c", (0.0,)))
    found += [s.concentration for s in model.shape if s.concentration is not None]
    if model.solute.surface_exchange is not None:
        found.append(model.solute.surface_exchange.concentration)
    return {"c": (float(min(found)), float(max(found)))}


def start(case: Any, places: Any, shape: tuple) -> dict[str, Any]:
    """The concentration, 0 where nothing is said."""
    return {"c": at_start(case, places, shape, "c", "concentration", 0.0, sharp=True)}


def cell_bytes(model: Any) -> float:
    """The concentration twice; two fields of sources."""
    solute = model.solute
    return BYTES_FIELD * (4 if solute.surface_flux or solute.surface_exchange else 2)


SECTION = Physics(
    SoluteParams,
    fields={
        "c": Quantity("1", "concentration; where it is the liquid's, times the liquid fraction")
    },
    check=check,
    needs=needs,
    bounds=bounds,
    lattice=lattice,
    absent={"D_l": 0.0, "D_g": 0.0},
    ranges=ranges,
    start=start,
    limits=limits.limits_of,
    numbers=limits.numbers,
    rows=limits.rows,
    cell_bytes=cell_bytes,
)
