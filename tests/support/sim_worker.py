"""Run under mpiexec: `sim_worker.py CASE STEPS PX PY PZ` compares with one rank, bit for bit."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from levitas.solver.case.case import Case  # noqa: E402
from levitas.solver.grid.comm import world  # noqa: E402
from tests.support.drops import simulate  # noqa: E402

if __name__ == "__main__":
    case, steps, split = (
        Case.read(Path(sys.argv[1])),
        int(sys.argv[2]),
        tuple(map(int, sys.argv[3:])),
    )
    comm = world()
    parts = simulate(case, steps, comm, split)
    whole = simulate(case, steps)
    for name, array in whole.state()[0].items():
        gathered = parts.block.gather(parts.fields[name])
        if comm.rank == 0 and gathered.tobytes() != array.tobytes():
            raise SystemExit(f"{name} differs in {(gathered != array).sum()} values")
    # A state written by one rank goes on with the same bits on several.
    states = simulate(case, steps // 2).state()
    x, y, z = parts.block.start
    nx, ny, nz = parts.block.shape
    mine = {k: a[:, z : z + nz, y : y + ny, x : x + nx] for k, a in states[0].items()}
    again = simulate(case, 0, comm, split)
    again.restore(mine, states[1])
    for _ in range(steps - steps // 2):
        again.step()
    for name, array in parts.state()[0].items():
        if again.state()[0][name].tobytes() != array.tobytes():
            raise SystemExit(f"{name} differs after a restore")
    if comm.rank == 0:
        print("same bits")
