"""Run under mpiexec: `sim_worker.py STEPS JSON` compares with one rank, bit for bit.

JSON: a list of [case file, [px, py, pz]]; beside each case `keep_states` has left what one rank
makes of it.
"""

import json
import pickle
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from levitas.solver.case.case import Case  # noqa: E402
from levitas.solver.grid.comm import world  # noqa: E402
from tests.support.case import simulate  # noqa: E402


def keep_states(case, steps):
    """Write the states of a run on one rank, half way and at the end."""
    sim, states = simulate(case), []
    for part in (steps // 2, steps - steps // 2):
        for _ in range(part):
            sim.step()
        states.append(sim.state())
    case.path.with_name("states").write_bytes(pickle.dumps(states))


def compare(case, steps, comm, split):
    """SystemExit where a run on all ranks, or its second half, differs from the run on one."""
    half, whole = pickle.loads(case.path.with_name("states").read_bytes())
    parts = simulate(case, steps, comm, split)
    for name, array in whole[0].items():
        gathered = parts.block.gather(parts.fields[name])
        if comm.rank == 0 and gathered.tobytes() != array.tobytes():
            raise SystemExit(f"{name} differs in {(gathered != array).sum()} values")
    # A state written by one rank goes on with the same bits on several.
    x, y, z = parts.block.start
    nx, ny, nz = parts.block.shape
    mine = {k: a[:, z : z + nz, y : y + ny, x : x + nx] for k, a in half[0].items()}
    again = simulate(case, 0, comm, split)
    again.restore(mine, half[1])
    for _ in range(steps - steps // 2):
        again.step()
    for name, array in parts.state()[0].items():
        if again.state()[0][name].tobytes() != array.tobytes():
            raise SystemExit(f"{name} differs after a restore")


if __name__ == "__main__":
    comm = world()
    for file, split in json.loads(sys.argv[2]):
        try:
            compare(Case.read(Path(file)), int(sys.argv[1]), comm, tuple(split))
        except SystemExit as error:
            raise SystemExit(f"{file} on {split}: {error}") from None
        if comm.rank == 0:
            print(f"same bits: {file}")
