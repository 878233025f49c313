"""Values from a number or an expression of x, y, z, t, in the units of the case."""

from levitas.solver.geometry.distance import Points
from levitas.solver.input.expression import Expression


class FieldExpression:
    """What a case says of a quantity at points and times, less an offset.

    changes   whether it depends on t
    """

    def __init__(self, case, text: str | float, offset: float = 0.0):
        self.case, self.offset, self.expression = case, offset, Expression(str(text))
        self.changes = "t" in self.expression.names

    def __call__(self, points: Points, time: float):
        """Values less the offset at points and a time (s); a single one where none changes it."""
        at = dict(zip("xyz", points.xyz, strict=True)) | {"t": time}
        return self.expression(self.case.values | at) - self.offset
