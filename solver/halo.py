"""Halo exchange: axis by axis, so that edges and corners come out right without extra messages.

First the layers across x of the own cells, then those across y with the x halos, then z with both.
A periodic face of a block that spans its axis, and the mirrors at symmetry and wall faces, are
filled from the block itself, all components of all fields in one launch; a face towards another
rank goes through a packed buffer, all fields in one message.
"""

import numpy as np

LEAVE, COPY, REVERSE = 0, 1, 2  # rules of kernels/halo.cu
SIDES = "-+"


class Exchange:
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
        real, upload = self.block.backend.real, self.block.backend.upload
        for field in fields:
            if field.dtype != real:
                raise TypeError(f"exchange: {field.name} is {field.dtype}, not {real}")
        first = [
            field.address + n * self.block.volume * real.itemsize
            for field in fields
            for n in range(field.components)
        ]
        first = upload(np.array(first, np.int64), np.int64)
        return [
            stage
            for axis in self._axes
            for stage in axis.stages(fields, first, local=axis.axis > 0 or not x_done)
        ]

    def ends(self, fields) -> dict:
        """The arguments `ends` and `shifts` of kernels that write x halos (kernels/ends.h)."""
        axis, upload = self._axes[0], self.block.backend.upload
        rules, shifts = axis.rules(fields)
        head = [axis.cells, *((axis.cells, -1) if axis.wraps else (-1, axis.cells))]
        ends = np.concatenate([head, rules.ravel()])
        return {"ends": upload(ends, np.int64), "shifts": upload(shifts)}


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
        # Cell (i, j) of a layer: i along y for faces across x, else along x.
        self.layout = {"pitch": block.pitch, "plane": block.plane if axis < 2 else block.pitch}
        self._links = {}

    def kernel(self, name: str):
        return self.block.backend.kernel("halo.cu", name, ROWS=int(self.axis == 0))

    def _box(self, components: int) -> tuple[int, ...]:
        return (*self.extent[0], *self.extent[1], 0, components)

    def stages(self, fields, first, local: bool) -> list:
        """Callables that fill both halo layers; those towards other ranks travel meanwhile.

        Without `local` only those.
        """
        box = self._box(len(first))
        local = [self._filler(fields, first, box)] if local and not all(self.remote) else []
        if not any(self.remote):
            return local
        if box not in self._links:
            self._links[box] = Link(self, box)
        send, receive = self._links[box].stages(self, first)
        return [send, *local, receive]

    def rules(self, fields) -> tuple[np.ndarray, np.ndarray]:
        """(rules, shifts), each (components, 2): what becomes of the low and the high halo."""
        table = [
            [self._rule(field, n, side) for side in (0, 1)]
            for field in fields
            for n in range(field.components)
        ]
        rules = np.array([[rule for rule, _ in pair] for pair in table], np.int64)
        return rules, np.array([[shift for _, shift in pair] for pair in table])

    def _filler(self, fields, first, box):
        rules, shifts = self.rules(fields)
        upload = self.block.backend.upload
        return self.kernel("halo_fill").bind(
            box,
            first=first,
            rule=upload(rules, np.int64),
            shift=upload(shifts),
            step=self.step,
            n=self.cells,
            low_from=self.cells - 1 if self.wraps else 0,
            high_from=0 if self.wraps else self.cells - 1,
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
        return (REVERSE if odd else COPY), 0.0


class Link:
    """Buffers and messages of one axis for a number of components, whatever fields they are of."""

    def __init__(self, axis: Axis, box):
        block = axis.block
        self.backend, self.box = block.backend, box
        size = (box[1] - box[0]) * (box[3] - box[2]) * box[5]
        self.sides = [side for side in (0, 1) if axis.remote[side]]
        self.out = {side: self.backend.staging(size) for side in self.sides}
        self.into = {side: self.backend.staging(size) for side in self.sides}
        # The tag is the side of the receiver's halo: two ranks may share both their faces.
        self.channel = block.comm.channel(
            [(self.out[side].host, axis.ranks[side], 1 - side) for side in self.sides],
            [(self.into[side].host, axis.ranks[side], side) for side in self.sides],
        )

    def stages(self, axis: Axis, first) -> tuple:
        """Two callables: pack and let the messages go; wait for them and unpack."""
        pack, unpack = axis.kernel("halo_pack"), axis.kernel("halo_unpack")
        common, own, halo = axis.layout | {"first": first}, (0, axis.cells - 1), (-1, axis.cells)

        packs = [
            (self.out[s], self._bind(pack, self.out[s], own[s] * axis.step, common))
            for s in self.sides
        ]
        unpacks = [
            (self.into[s], self._bind(unpack, self.into[s], halo[s] * axis.step, common))
            for s in self.sides
        ]

        def send():
            for out, launch in packs:
                launch()
                out.download()
            self.backend.wait()
            self.channel.start()

        def receive():
            self.channel.wait()
            for into, launch in unpacks:
                into.upload()
                launch()

        return send, receive

    def _bind(self, kernel, buffer, offset, common):
        return kernel.bind(self.box, buffer=buffer.array, offset=offset, **common)
