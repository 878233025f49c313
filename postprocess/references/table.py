"""Reference solutions that checks compare with; all solved here, none typed in.

`REFERENCES` are the functions that the reference expression of a check may call with numbers of its
case, "laplace_jump(liquid.surface_tension, shape.radius)"; SI or lattice units alike. A module ends
with a tuple `REFERENCES` of its own and is found by being in this folder.
"""

from collections.abc import Callable

from levitas.solver.registry import declared

REFERENCES: dict[str, Callable] = {
    function.__name__: function
    for own in declared(__package__, "REFERENCES").values()
    for function in own
}
