"""Values by name for the arguments of metrics, made when they are asked for."""

from collections.abc import Callable, Mapping

from levitas.postprocess.metrics.value import NotMeasured


class Scope(dict):
    """Values by name; a function in `later` makes one the first time it is asked for."""

    def __init__(self, values: Mapping, later: Mapping[str, Callable]):
        super().__init__(values)
        self.later = dict(later)

    def __missing__(self, name: str):
        if name not in self.later:
            raise NotMeasured(f"the run has no {name}")
        self[name] = self.later[name]()
        return self[name]

    def has(self, name: str) -> bool:
        """Whether this value is there or can be made."""
        return name in self or name in self.later
