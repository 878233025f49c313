"""Sources between physics: named fields that one adds to and another takes."""

import numpy as np
import pytest

from levitas.solver.physics.base import PhysicsBase
from tests.physics.test_heat import DROP, ONE, content, run


class Adds(PhysicsBase):
    """Adds a pattern to a source before the others step."""

    def __init__(self, sim, name):
        super().__init__(sim)
        self.source = sim.source_field(name)
        self.pattern = np.random.default_rng(6).random(self.source.own.shape) / 8

    def step(self):
        self.source.own[...] += self.pattern


def joined(sim, name):
    """The simulation with such a physics in front."""
    first = Adds(sim, name)
    sim.physics = {name: first, **sim.physics}
    return first


def test_one_phase_gains_what_was_added(tmp_path):
    sim = run(tmp_path, ONE + "[heat]\n")
    first = joined(sim, "heat_source")
    for _ in range(5):
        before = content_of_one(sim)
        sim.step()
        assert content_of_one(sim) - before == pytest.approx(first.pattern.sum(), rel=1e-12)


def content_of_one(sim):
    return sim.fields["T"].own.sum()


def test_two_phases_gain_what_was_added(tmp_path):
    """Heat and solute at once: each takes its own, whatever the capacity of the cell."""
    sim = run(tmp_path, DROP, cells=(32, 28, 1))
    heat, solute = joined(sim, "heat_source"), joined(sim, "solute_source")
    for _ in range(3):
        before = [content(sim, name) for name in ("heat", "solute")]
        sim.step()
        gained = content(sim, "heat") - before[0], content(sim, "solute") - before[1]
        assert gained[0] == pytest.approx(heat.pattern.sum(), rel=1e-9)
        assert gained[1] == pytest.approx(solute.pattern.sum(), rel=1e-9)


def test_several_may_add_and_nothing_is_left_over(tmp_path):
    sim = run(tmp_path, ONE + "[heat]\n")
    first = joined(sim, "heat_source")
    sim.physics = {"again": first, **sim.physics}
    before = content_of_one(sim)
    sim.step()
    assert content_of_one(sim) - before == pytest.approx(2 * first.pattern.sum(), rel=1e-12)
    del sim.physics["heat_source"], sim.physics["again"]
    before = content_of_one(sim)
    sim.step()
    assert content_of_one(sim) == pytest.approx(before, rel=1e-12)


def test_there_is_no_source_where_nobody_adds(tmp_path):
    sim = run(tmp_path, DROP, steps=2, cells=(32, 28, 1))
    assert sim.sources == {} and [one.add for one in sim.scalars] == [None, None]


class Counts(PhysicsBase):
    """Keeps a list and a table that are no fields."""

    def __init__(self, sim):
        super().__init__(sim)
        self.events, self.table = [], np.zeros(3, np.float32)

    def step(self):
        self.events.append({"step": self.sim.steps, "cells": [self.sim.steps, 7]})
        self.table += np.float32(0.1)

    def state(self):
        return {"events": list(self.events), "table": self.table.copy()}

    def restore(self, state):
        self.events, self.table = list(state["events"]), state["table"].copy()


def test_state_that_is_no_field_goes_on_after_a_restore(tmp_path):
    first, second, whole = (run(tmp_path, ONE + "[heat]\n") for _ in range(3))
    for sim in (first, second, whole):
        sim.physics = {"counts": Counts(sim), **sim.physics}
    for _ in range(9):
        whole.step()
    for _ in range(4):
        first.step()
    second.restore(*first.state())
    for _ in range(5):
        second.step()
    (_, there), (_, here) = whole.state(), second.state()
    there, here = (rest["physics"]["counts"] for rest in (there, here))
    assert here["events"] == there["events"] and len(here["events"]) == 9
    assert here["table"].tobytes() == there["table"].tobytes()
