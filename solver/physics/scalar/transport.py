"""Scalars carried by the fluid: temperature and solute share this transport (docs/physics.md, 3).

In units in which the liquid has capacity 1: C dT/dt + div(C u T) = div(k grad T) + sources, C and k
linear in phi. Without an interface `scalar_step` of kernels/scalar.cu does a step; with one the
interface kernel carries the scalar along with phi, so that both fluxes are the same.
"""

import numpy as np

from levitas.solver.geometry.distance import Places
from levitas.solver.geometry.faces import by_face
from levitas.solver.grid.grid import AXES, FIRST
from levitas.solver.grid.launches import Prepared
from levitas.solver.input.expression import Expression
from levitas.solver.physics.scalar.medium import Medium, substeps

KINDS = ("FIXED", "FLUX", "CONVECTION", "RADIATION", "INFLOW")  # what faces impose
#: Defines of kernels/scalar.cu.
DEFINES = {"FIRST_OBSTACLE": FIRST} | {kind: n for n, kind in enumerate(KINDS)}


def carried(case) -> list[str]:
    """The scalars that a case solves for: their fields need two halo layers."""
    heat = case.section_named("heat")
    names = ["T"] if heat is not None and heat.prescribed is None else []
    return names + (["c"] if case.has("solute") else [])


class Carried:
    """One scalar at work: its two fields, a step, the faces of the box.

    `faces` gives what faces impose, see `Faces`; `sources` is called with the carried field between
    transport and the rest of the conduction.
    """

    def __init__(self, sim, name: str, medium: Medium, faces: dict, sources=None, **about):
        self.sim, self.block, self.medium = sim, sim.block, medium
        self.interface = sim.physics.get("interface")
        self.field = sim.add_field(name, depth=2, **about)
        self.next = sim.add_field(f"{name}_next", depth=2, saved=False)
        self.steps = substeps(medium, sim.grid.dimensions)
        self.share, self.sources = 1 / self.steps, sources
        self.stay = self.cold = 0.0  # capacity that evaporation leaves behind, heat that it takes
        self.numbers = medium.constants(self.share)
        self.table = sim.backend.upload(medium.rows(self.share))
        self.faces = Faces(self, faces)
        self.x_halo = self.block.x_halo(self.field)
        if self.interface:
            self.interface.carried.append(self)
        self._kernels()

    @property
    def fused(self) -> bool:
        """Whether the interface kernel conducts too: it knows no solids."""
        return not self.sim.solids.inside

    def _kernels(self):
        two_phase, kernel = self.interface is not None, self.sim.backend.kernel
        defines = {"TWO_PHASE": int(two_phase), **DEFINES, **self.block.defines}
        solids = self.sim.solids
        boxes = [(w, b) for w, b in ((0, solids.off), (1, solids.near)) if b]
        self.diffusions = [
            (b, kernel("scalar.cu", "scalar_diffuse", WALLS=w, **defines)) for w, b in boxes
        ]
        self.diffuse = Prepared((self.field, *self._phi), lambda: self._prepare(self.diffusions))
        if not two_phase:
            self.moves = [
                (b, kernel("scalar.cu", "scalar_step", WALLS=w, **defines)) for w, b in boxes
            ]
            self.move = Prepared((self.field,), self._prepare_move)

    @property
    def _phi(self) -> tuple:
        return (self.interface.phi,) if self.interface else ()

    def _prepare(self, kernels, **more) -> list:
        more |= {"phi": self._phi[0]} if self._phi else {}
        more |= {"walls": self.sim.solids.ids, "solids": self.table, **self.x_halo, **self.numbers}
        return [kernel.bind(b, t=self.field, t_new=self.next, **more) for b, kernel in kernels]

    def _prepare_move(self) -> list:
        return self._prepare(self.moves, u=self.sim.fields["u"])

    def start(self, values) -> None:
        """Values of the own cells, lattice units."""
        self.field.own[0] = self.sim.backend.upload(np.broadcast_to(values, self.block.shape[::-1]))

    def restart(self) -> None:
        """Halos."""
        self.faces.advance(self.sim.time)
        self.block.exchange(self.field)
        self.faces()

    def step(self) -> None:
        """To the end of the step; with an interface its kernel has carried `next` already."""
        left = self.steps
        if self.interface is None:
            self.move()
        self.faces.advance(self.sim.next_time)
        if self.interface is None or self.fused:
            left -= 1
        self._turn()
        for _ in range(left):
            self.conduct()

    def conduct(self) -> None:
        """One share of the conduction of a step."""
        self.diffuse()
        self._turn(sources=False)

    def _turn(self, sources: bool = True) -> None:
        """The new values become the field, its halos are filled."""
        self.field.swap(self.next)
        changed = sources and self.sources is not None
        if changed:
            self.sources(self)
        self.block.exchange(self.field, x_done=not changed)
        self.faces()


class Faces:
    """Halo cells of a scalar at faces of the box that impose something.

    `rules` is {face: (kind of KINDS, value, factor, reference)}: value an Imposed, factor in
    lattice units, reference what the field leaves out of T.
    """

    def __init__(self, carried: Carried, rules: dict):
        self.carried, self.block, self.sim = carried, carried.block, carried.sim
        self._rules = {face: rule for face, rule in rules.items() if self.block.at_edge(face)}
        self._tables = {f: self._values(f, self.sim.time) for f in self._rules}
        fields = (carried.field, *carried._phi)
        self._calls = Prepared(fields, self._prepare)

    @staticmethod
    def imposed(case, rule) -> dict:
        """{face: rule(its boundary)} of the faces of a case for which it is not None."""
        given = by_face(case.model.boundary, case.flat)
        made = {face: rule(boundary) for face, boundary in given.items()}
        return {face: found for face, found in made.items() if found is not None}

    def __call__(self) -> None:
        """Fill the halos from the cells beside them."""
        if self._rules:
            self._calls()

    def advance(self, time: float) -> None:
        """Impose from now on what holds at this time (s)."""
        for face, (_, value, *_) in self._rules.items():
            if value.changes:
                self._tables[face][...] = self._values(face, time)

    def _extents(self, axis: int) -> list[tuple[int, int, int]]:
        """(first, end, elements apart) of both directions along a face across `axis`."""
        apart = (1, self.block.pitch, self.block.plane)
        flat = self.block.plane == 0
        return [
            (0, n, 0) if flat and m == 2 else (-1, n + 1, apart[m])
            for m, n in enumerate(self.block.shape)
            if m != axis
        ]

    def _values(self, face: str, time: float):
        """One value a cell of the face at a time, halo edges included, on the backend."""
        axis = AXES.index(face[0])
        first = [
            np.arange(-1, n + 1) + s + 0.5 if self.block.plane or m < 2 else np.array([0.5])
            for m, (n, s) in enumerate(zip(self.block.shape, self.block.start, strict=True))
        ]
        first[axis] = np.array([0.0 if face[1] == "-" else float(self.sim.grid.cells[axis])])
        shape = tuple(len(f) for f in first[::-1])
        places = Places(self.sim.case, *(f.reshape(s) for f, s in zip(first, _AXES, strict=True)))
        value = self._rules[face][1](places, time)
        return self.sim.backend.upload(np.broadcast_to(value, shape))

    def _prepare(self) -> list:
        calls, kernel = [], self.sim.backend.kernel
        carried, block = self.carried, self.block
        two_phase = carried.interface is not None
        common = {"walls": self.sim.solids.ids, "solids": carried.table, "t": carried.field}
        common |= {"phi": carried.interface.phi} if two_phase else {}
        for name in ("k_gas", "k_jump"):
            common[name] = carried.numbers[name]
        for face, (kind, _, factor, reference) in self._rules.items():
            axis = AXES.index(face[0])
            step = (1, block.pitch, block.plane)[axis]
            (i0, i1, along_i), (j0, j1, along_j) = self._extents(axis)
            call = kernel(
                "scalar.cu",
                "scalar_face",
                TWO_PHASE=int(two_phase),
                WALLS=int(bool(self.sim.solids.near)),
                **DEFINES,
                **block.defines,
            )
            calls.append(
                call.bind(
                    (i0, i1, j0, j1, 0, 1),
                    kind=KINDS.index(kind),
                    values=self._tables[face],
                    base=0 if face[1] == "-" else (block.shape[axis] - 1) * step,
                    out=-step if face[1] == "-" else step,
                    along_i=along_i,
                    along_j=along_j,
                    row=i1 - i0,
                    factor=factor * carried.share,
                    reference=reference,
                    **common,
                )
            )
        return calls


_AXES = ((1, 1, -1), (1, -1, 1), (-1, 1, 1))


class Imposed:
    """What a face imposes: a number or an expression of x, y, z, t (units of the case)."""

    def __init__(self, case, text: str | float, offset: float = 0.0):
        self.case, self.offset, self.expression = case, offset, Expression(str(text))
        self.changes = "t" in self.expression.names

    def __call__(self, places: Places, time: float):
        """Values less the offset at places and a time (s)."""
        at = dict(zip("xyz", places.xyz, strict=True)) | {"t": time}
        return self.expression(self.case.values | at) - self.offset
