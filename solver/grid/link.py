"""Messages between two ranks: the layers of all fields of one face in one packed buffer."""

import numpy as np


class Link:
    """Buffers and messages of one axis for layers [(layer, box)], whatever fields they are of.

    `element` is the (C type, bytes) of their values; buffers are counted in bytes.
    """

    def __init__(self, axis, element: tuple[str, int], layers):
        block, self.layers = axis.block, layers
        self.element, size = element
        sizes = [size * (box[1] - box[0]) * (box[3] - box[2]) * box[5] for _, box in layers]
        self.backend, self.begin = block.backend, [sum(sizes[:n]) for n in range(len(sizes))]
        self.sides = [side for side in (0, 1) if axis.remote[side]]
        self.out = {side: self.backend.staging(sum(sizes), np.uint8) for side in self.sides}
        self.into = {side: self.backend.staging(sum(sizes), np.uint8) for side in self.sides}
        # The tag is the side of the receiver's halo: two ranks may share both their faces.
        self.channel = block.comm.channel(
            [(self.out[side].host, axis.ranks[side], 1 - side) for side in self.sides],
            [(self.into[side].host, axis.ranks[side], side) for side in self.sides],
        )

    def stages(self, axis, firsts) -> tuple:
        """Two callables: pack and let the messages go; wait for them and unpack."""
        packs = {
            s: self._bound(axis, "halo_pack", axis.own, self.out[s], s, firsts) for s in self.sides
        }
        unpacks = {
            s: self._bound(axis, "halo_unpack", axis.place, self.into[s], s, firsts)
            for s in self.sides
        }

        def send():
            for side, launches in packs.items():
                for launch in launches:
                    launch()
                self.out[side].download()
            self.backend.wait()
            self.channel.start()

        def receive():
            self.channel.wait()
            for side, launches in unpacks.items():
                self.into[side].upload()
                for launch in launches:
                    launch()

        return send, receive

    def _bound(self, axis, name: str, place, staging, side: int, firsts) -> list:
        """A call for each layer: its cells at `place` from or to its part of the buffer."""
        kernel = axis.kernel(name, self.element)
        return [
            kernel.bind(
                box,
                first=first,
                buffer=staging.array[begin:],
                offset=axis.step * place(layer, side),
                **axis.layout,
            )
            for (layer, box), begin, first in zip(self.layers, self.begin, firsts, strict=True)
        ]
