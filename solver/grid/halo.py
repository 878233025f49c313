"""Halo exchange: axis by axis, so that edges and corners come out right without extra messages.

First the layers across x of the own cells, then those across y with the x halos, then z with both.
Fields of depth 2 have a second layer beyond the first, across own cells only: no edges or corners.
A periodic face of a block that spans its axis, and the mirrors at symmetry and wall faces, are
filled from the block itself, all components of all fields in one launch; a face towards another
rank goes through a packed buffer, all fields in one message. Fields of whole numbers (ids, counts)
go the same way, the fields of each type by themselves.
"""

import numpy as np

from levitas.solver.grid.grid import MIRRORS
from levitas.solver.grid.link import Link

LEAVE, COPY, REVERSE = 0, 1, 2  # what becomes of a halo cell
RULES = {"LEAVE": LEAVE, "COPY": COPY, "REVERSE": REVERSE}  # as the defines of a kernel
INTEGERS = {"uint8": "uint8", "uint16": "uint16", "int32": "int"}  # NumPy's names and C's
SIDES = "-+"


class HaloExchange:
    """Fills the halos of tuples of fields; the launches are prepared once for each tuple."""

    def __init__(self, block):
        self.block = block
        self._plans = {}
        self._axes = [Axis(block, n) for n in range(block.grid.dimensions)]

    def __call__(self, fields, x_done: bool = False) -> None:
        key = (x_done, *[field.token for field in fields])
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._plan(fields, x_done)
        for stage in plan:
            stage()

    def _plan(self, fields, x_done: bool) -> list:
        """The stages for these fields in the memory they hold now (a swap makes another plan)."""
        alike: dict = {}
        for field in fields:
            alike.setdefault(self._element(field), []).append(field)
        layers = {element: self._layers(group) for element, group in alike.items()}
        return [
            stage
            for axis in self._axes
            for element in layers
            for stage in axis.stages(element, layers[element], axis.axis > 0 or not x_done)
        ]

    def _element(self, field) -> tuple[str, int]:
        """(C type of the values of a field, its bytes). TypeError if no halo can have it."""
        real = self.block.backend.real
        name = "real" if field.dtype == real else INTEGERS.get(field.dtype.name)
        if name is None:
            known = ", ".join([real.name, *INTEGERS])
            raise TypeError(f"exchange: {field.name} is {field.dtype}, none of {known}")
        return name, field.dtype.itemsize

    def _layers(self, fields) -> list:
        """[(halo layer, the fields that have it, addresses of their components)]."""
        layers = [(1, fields, self._first(fields))]
        if deep := [field for field in fields if field.depth > 1]:
            layers.append((2, deep, self._first(deep)))
        return layers

    def _first(self, fields):
        """Addresses of own cell (0, 0, 0), component by component."""
        first = [
            field.address + n * self.block.volume * field.dtype.itemsize
            for field in fields
            for n in range(field.components)
        ]
        return self.block.backend.upload(np.array(first, np.int64), np.int64)

    def x_halo(self, fields) -> dict:
        """Arguments `x_halo_rules`, `x_halo_shifts` of kernels that write x halos: x_halo.h."""
        axis, upload = self._axes[0], self.block.backend.upload
        rules, shifts = axis.rules(fields)
        head = [axis.cells, *((axis.cells, -1) if axis.wraps else (-1, axis.cells))]
        table = np.concatenate([head, rules.ravel()])
        return {"x_halo_rules": upload(table, np.int64), "x_halo_shifts": upload(shifts)}


class Axis:
    """One axis of a block: where its layers are in memory and who is beyond each of its faces."""

    def __init__(self, block, axis: int):
        self.block, self.axis = block, axis
        self.faces = ["xyz"[axis] + side for side in SIDES]
        self.ranks = [block.neighbour(face) for face in self.faces]
        here = block.comm.rank
        self.remote = [r is not None and r != here for r in self.ranks]
        self.wraps = self.ranks == [here, here]
        self.cells = block.shape[axis]
        self.step = (1, block.pitch, block.plane)[axis]
        nx, ny, nz = block.shape
        self.extent = (
            ((0, ny), (0, nz)),
            ((-1, nx + 1), (0, nz)),
            ((-1, nx + 1), (-1, ny + 1)),
        )[axis]
        self.inner = tuple((0, n) for m, n in enumerate(block.shape) if m != axis)
        # Cell (i, j) of a layer: i along y for faces across x, else along x.
        self.layout = {"pitch": block.pitch, "plane": block.plane if axis < 2 else block.pitch}
        self._links = {}

    def kernel(self, name: str, element: str):
        defines = RULES | {"ROWS": int(self.axis == 0), "ELEMENT": element}
        return self.block.backend.kernel("halo.cu", name, **defines)

    def _box(self, layer: int, components: int) -> tuple[int, ...]:
        (a, b), (c, d) = self.extent if layer == 1 else self.inner
        return (a, b, c, d, 0, components)

    def place(self, layer: int, side: int) -> int:
        """Where a halo layer (1 or 2) lies, in cells along the axis."""
        return self.cells - 1 + layer if side else -layer

    def own(self, layer: int, side: int) -> int:
        """The own layer that is this far from a face (1 beside it)."""
        return max(self.cells - layer, 0) if side else min(layer, self.cells) - 1

    def stages(self, element, layers, local: bool) -> list:
        """Callables that fill the halo layers [(layer, fields, addresses)].

        `element` is the (C type, bytes) of their values. Layers that other ranks fill
        travel while the local ones are filled; without `local` only the travelling ones are made.
        """
        parts = [(k, self._box(k, len(first)), fields, first) for k, fields, first in layers]
        local = local and not all(self.remote)
        fillers = [self._filler(element[0], *part) for part in parts] if local else []
        if not any(self.remote):
            return fillers
        key = (element, *((k, box) for k, box, _, _ in parts))
        if key not in self._links:
            self._links[key] = Link(self, element, key[1:])
        send, receive = self._links[key].stages(self, [first for _, _, _, first in parts])
        return [send, *fillers, receive]

    def rules(self, fields) -> tuple[np.ndarray, np.ndarray]:
        """(rules, shifts), each (components, 2): what becomes of the low and the high halo."""
        table = [
            [self._rule(field, n, side) for side in (0, 1)]
            for field in fields
            for n in range(field.components)
        ]
        rules = np.array([[rule for rule, _ in pair] for pair in table], np.int64)
        return rules, np.array([[shift for _, shift in pair] for pair in table])

    def _filler(self, element: str, layer, box, fields, first):
        rules, shifts = self.rules(fields)
        upload, low, high = self.block.backend.upload, 0, 1
        wrapped = (-layer % self.cells, (layer - 1) % self.cells)
        return self.kernel("halo_fill", element).bind(
            box,
            first=first,
            rule=upload(rules, np.int64),
            shift=upload(shifts),
            low_to=self.step * self.place(layer, low),
            low_from=self.step * (wrapped[low] if self.wraps else self.own(layer, low)),
            high_to=self.step * self.place(layer, high),
            high_from=self.step * (wrapped[high] if self.wraps else self.own(layer, high)),
            **self.layout,
        )

    def _rule(self, field, component: int, side: int) -> tuple[int, float]:
        """(rule, shift) of one component at the low (0) or high (1) face of this axis."""
        if self.remote[side]:
            return LEAVE, 0.0
        if self.wraps:
            return COPY, 0.0
        face = self.faces[side]
        if self.block.grid.faces[face] == "wall" and field.wall != "mirror":
            if field.wall == "leave":
                return LEAVE, 0.0
            return REVERSE, 2.0 * field.wall_velocity.get(face, (0.0,) * field.components)[
                component
            ]
        odd = field.parity[component].count("xyz"[self.axis]) % 2
        mirrored = self.block.grid.faces[face] in MIRRORS
        return (REVERSE if odd and mirrored else COPY), 0.0
