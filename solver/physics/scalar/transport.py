"""Scalars carried by the fluid: temperature and solute share this transport (docs/physics.md, 3).

In units in which the liquid has capacity 1: C dT/dt + div(C u T) = div(k grad T) + sources, C and k
linear in phi. Without an interface `scalar_step` of kernels/scalar.cu does a step; with one the
interface kernel carries the scalar along with phi, so that both fluxes are the same.
"""

import numpy as np

from levitas.solver.grid.launches import Launches
from levitas.solver.physics.scalar.faces import DEFINES, ScalarFaces
from levitas.solver.physics.scalar.medium import Medium, substeps
from levitas.solver.physics.scalar.sources import SourceCall


def advected_names(case) -> list[str]:
    """The scalars that a case solves for: their fields need two halo layers."""
    heat = case.section_named("heat")
    names = ["T"] if heat is not None and heat.prescribed is None else []
    return names + (["c"] if case.has("solute") else [])


class AdvectedScalar:
    """One scalar at work: its two fields, a step, the faces of the box.

    faces               what faces impose, see `ScalarFaces`
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
        self.faces = ScalarFaces(self, faces)
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
        """Fill the halos, those at faces of the box too."""
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
