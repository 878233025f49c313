"""Scalars carried by the fluid: temperature and solute share this transport (docs/physics.md, 3).

In units in which the liquid has capacity 1: C dT/dt + div(C u T) = div(k grad T) + sources, C and k
linear in phi. Without an interface `scalar_step` of kernels/scalar.cu does a step; with one the
interface kernel carries the scalar along with phi, so that both fluxes are the same.
"""

import math
from dataclasses import dataclass

import numpy as np

from levitas.solver.grid.grid import FIRST_OBSTACLE
from levitas.solver.grid.launches import Launches
from levitas.solver.physics.scalar.faces import DEFINES, Faces
from levitas.solver.physics.scalar.sources import SourceCall

BOUND = 0.9  # of what explicit conduction allows: sum of k over the faces of a cell over its C


def advected_names(case) -> list[str]:
    """The scalars that a case solves for: their fields need two halo layers."""
    heat = case.section_named("heat")
    names = ["T"] if heat is not None and heat.prescribed is None else []
    return names + (["c"] if case.has("solute") else [])


@dataclass(frozen=True)
class Medium:
    """Capacity and conductivity of gas and liquid (lattice units), and of solids by id.

    solids: {id: (conductivity, capacity)}, capacity infinite where the value is held.
    """

    gas: float
    liquid: float
    k_gas: float
    k_liquid: float
    least: float
    solids: dict[int, tuple[float, float]]

    def constants(self, share: float) -> dict[str, float]:
        """Arguments of the kernels; conductivities times a share of the step."""
        return {
            "gas": self.gas,
            "jump": self.liquid - self.gas,
            "least": self.least,
            "k_gas": self.k_gas * share,
            "k_jump": (self.k_liquid - self.k_gas) * share,
        }

    def rows(self, share: float) -> np.ndarray:
        """(k, 1/C) by id; those of ids that are no solids are not read."""
        table = np.zeros((max([FIRST_OBSTACLE, *self.solids]) + 1, 2))
        for k, (conductivity, capacity) in self.solids.items():
            table[k] = conductivity * share, 1 / capacity
        return table

    def stiffness(self, dimensions: int) -> float:
        """Largest sum over the faces of a cell of k_f/C: explicit steps must keep it below 1.

        Across an interface a cell has one steep side along each axis, where k_f is up to the
        harmonic mean with the best conductor; a cell at a solid may have two.
        """
        phi = np.unique(np.concatenate([np.linspace(0, 1, 101), np.geomspace(1e-5, 1, 101)]))
        k = self.k_gas + phi * (self.k_liquid - self.k_gas)
        capacity = np.maximum(self.gas + phi * (self.liquid - self.gas), self.least)
        found = (k + _series(k, k.max())) / capacity
        if self.solids:
            best = max(k.max(), *(row[0] for row in self.solids.values()))
            found = 2 * _series(k, best) / capacity
            solid = [2 * _series(row[0], best) / row[1] for row in self.solids.values()]
            found = np.append(found, solid)
        return dimensions * float(np.max(found))


def _series(a, b):
    """Harmonic mean, 0 where one is 0."""
    return 2 * a * b / (a + b + 1e-30)


class AdvectedScalar:
    """One scalar at work: its two fields, a step, the faces of the box.

    faces               what faces impose, see `Faces`
    sources             called with this scalar between transport and the rest of the conduction
    source              name of the field of `sim.sources` whose values a step adds to the content
    retained_capacity   of a volume of liquid that evaporates: what stays behind
    latent_uptake       what evaporation takes from a volume of it, over the liquid's capacity
                        (latent heat; minus the vapour that the liquid turns into)
    """

    def __init__(
        self,
        sim,
        name: str,
        medium: Medium,
        faces: dict,
        sources=None,
        source: str = "",
        retained_capacity: float = 0.0,
        latent_uptake: float = 0.0,
        **about,
    ):
        self.sim, self.block, self.medium = sim, sim.block, medium
        self.interface = sim.physics.get("interface")
        self.field = sim.add_field(name, depth=2, **about)
        self.next = sim.add_field(f"{name}_next", depth=2, saved=False)
        self.steps = substeps(medium, sim.grid.dimensions)
        self.share, self.sources, self.source = 1 / self.steps, sources, source
        self.retained_capacity, self.latent_uptake = retained_capacity, latent_uptake
        self.numbers = medium.constants(self.share)
        self.table = sim.backend.upload(medium.rows(self.share))
        self.faces = Faces(self, faces)
        self.x_halo = self.block.x_halo(self.field)
        sim.scalars.append(self)
        self._kernels()

    @property
    def fused(self) -> bool:
        """Whether the interface kernel conducts too: it knows no solids."""
        return not self.sim.obstacles.inside

    def _kernels(self):
        two_phase, kernel = self.interface is not None, self.sim.backend.kernel
        defines = {"TWO_PHASE": int(two_phase), **DEFINES, **self.block.defines}
        obstacles = self.sim.obstacles
        boxes = [(w, b) for w, b in ((0, obstacles.off), (1, obstacles.near)) if b]
        self.diffusions = [
            (b, kernel("scalar.cu", "scalar_diffuse", WALLS=w, **defines)) for w, b in boxes
        ]
        self.add = SourceCall(self) if self.sources else None
        self.diffuse = Launches((self.field, *self._phi), lambda: self._prepare(self.diffusions))
        if not two_phase:
            self.moves = [
                (b, kernel("scalar.cu", "scalar_step", WALLS=w, **defines)) for w, b in boxes
            ]
            self.move = Launches((self.field,), self._prepare_move)

    @property
    def _phi(self) -> tuple:
        return (self.interface.phi,) if self.interface else ()

    def _prepare(self, kernels, **more) -> list:
        more |= {"phi": self._phi[0]} if self._phi else {}
        more |= self.x_halo | self.numbers
        more |= {"walls": self.sim.obstacles.ids, "solids": self.table}
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
        changed = sources and self._add_sources()
        self.block.exchange(self.field, x_done=not changed)
        self.faces()

    def _add_sources(self) -> bool:
        """What a whole step brings, in place; whether there is anything of the kind."""
        added = self.sim.sources.get(self.source)
        if added is not None:
            self.add = self.add or SourceCall(self)
            self.add(added, added)
        if self.sources is not None:
            self.sources(self)
        return added is not None or self.sources is not None


def substeps(medium: Medium, dimensions: int) -> int:
    """Conduction steps in a time step."""
    return max(1, math.ceil(medium.stiffness(dimensions) / BOUND))
