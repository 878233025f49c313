"""docs/peers.md: the step of Levitas beside that of lbmpy, alternately in one process.

Needs `pip install lbmpy py-cpuinfo` (AGPL) beside Levitas; nothing of Levitas uses it. Absolute
speeds belong to a machine, the ratio hardly does.
"""

import os
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ci.figures import page
from levitas.solver.backend.backend import make_backend
from levitas.solver.cli import bench
from levitas.solver.run import provenance

ROUNDS, SECONDS = 9, 1.0
ABOUT = """Million cell updates a second on one thread, float32, periodic halos included; the two
programs take turns in one process, and a ratio is that of two rounds that follow each other. The
peer is lbmpy, whose kernels are generated, vectorised and compiled for this machine with its own
flags. Single phase: its D3Q19 SRT, streamed by pulling, two arrays of populations.
Two-phase: its conservative Allen-Cahn pair of equations (D3Q15 for the phase field, D3Q19 weighted
MRT for the flow, density ratio 1000), the drop of `levitas bench`."""


def main(size: int) -> int:
    """Time both suites and write the page."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    rows = [_row(suite, make, size) for suite, make in (("flow", flow), ("two-phase", two_phase))]
    head = ["suite", "cells", "Levitas", "lbmpy", "ratio, median", "ratio, least and most"]
    made = f"Measured on {provenance.cpu()}, {provenance.compiler()}, lbmpy {version('lbmpy')}."
    command = "python -m ci.figures peers"
    parts = [ABOUT, made, page.table(head, rows)]
    print(page.write("peers.md", "Beside a peer", command, parts))
    return 0


def _row(suite: str, make, size: int) -> list[str]:
    ours, theirs = _levitas(suite, size), make(size)
    cells, speeds = size**3, []
    counts = [_count(step) for step in (ours, theirs)]
    for _ in range(ROUNDS):
        pair = [
            cells * count / _timed(step, count) / 1e6
            for step, count in zip((ours, theirs), counts, strict=True)
        ]
        speeds.append(pair)
        print(suite, *(f"{speed:.1f}" for speed in pair), flush=True)
    ratios = [a / b for a, b in speeds]
    best = [max(column) for column in zip(*speeds, strict=True)]
    spread = f"{min(ratios):.2f} - {max(ratios):.2f}"
    middle = f"{statistics.median(ratios):.2f}"
    return [suite, f"{size}^3", f"{best[0]:.0f}", f"{best[1]:.0f}", middle, spread]


def _levitas(suite: str, size: int):
    with tempfile.TemporaryDirectory() as folder:
        engine = make_backend("cpu", "float32", 1)
        return bench.simulation(suite, size, engine, Path(folder))[0].step


def _timed(step, count: int) -> float:
    begin = time.perf_counter()
    for _ in range(count):
        step()
    return time.perf_counter() - begin


def _count(step) -> int:
    step()
    return max(1, round(SECONDS / _timed(step, 2) * 2))


def _arrays(size: int, components: dict):
    import pystencils as ps

    data = ps.create_data_handling(
        (size,) * 3, periodicity=True, default_layout="fzyx", default_ghost_layers=1
    )
    fields = {
        name: data.add_array(name, values_per_cell=count, dtype=np.float32)
        for name, count in components.items()
    }
    return data, fields


def _compiled(rule):
    import pystencils as ps

    config = ps.CreateKernelConfig(target=ps.Target.CurrentCPU, default_dtype="float32")
    config.cpu.vectorize.enable = True
    config.cpu.vectorize.assume_inner_stride_one = True
    return ps.create_kernel(rule, config).compile()


def flow(size: int):
    """A step of lbmpy's single-phase D3Q19."""
    from lbmpy import LBMConfig, LBMOptimisation, LBStencil, Method, Stencil
    from lbmpy.creationfunctions import create_lb_update_rule

    data, f = _arrays(size, {"f": 19, "new": 19})
    config = LBMConfig(
        stencil=LBStencil(Stencil.D3Q19), method=Method.SRT, relaxation_rate=1.7, compressible=True
    )
    memory = LBMOptimisation(symbolic_field=f["f"], symbolic_temporary_field=f["new"])
    kernel = _compiled(create_lb_update_rule(lbm_config=config, lbm_optimisation=memory))
    halos = data.synchronization_function(["f"])

    def step():
        data.run_kernel(kernel)
        data.swap("f", "new")
        halos()

    return step


def two_phase(size: int):
    """A step of lbmpy's conservative Allen-Cahn two-phase flow."""
    from lbmpy.phasefield_allen_cahn.parameter_calculation import AllenCahnParameters

    data, f = _arrays(
        size, {"g": 19, "g_new": 19, "h": 15, "h_new": 15, "u": 3, "phi": 1, "phi_new": 1}
    )
    fluid = AllenCahnParameters(
        density_heavy=1.0,
        density_light=1e-3,
        dynamic_viscosity_heavy=0.02,
        dynamic_viscosity_light=2e-4,
        surface_tension=1e-3,
        mobility=0.05,
        interface_thickness=4,
    )
    phase, weights = _phase_rule(f, fluid)
    numbers = fluid.symbolic_to_numeric_map
    kernels = [_compiled(rule.subs(numbers)) for rule in (phase, _flow_rule(f, fluid))]
    at = np.arange(size) + 0.5 - size / 2
    r = np.sqrt(at[:, None, None] ** 2 + at[None, :, None] ** 2 + at[None, None, :] ** 2)
    data.cpu_arrays["phi"][1:-1, 1:-1, 1:-1] = 0.5 * (1 - np.tanh((r - size / 4) / 2))
    for n, weight in enumerate(weights):
        data.cpu_arrays["h"][..., n] = weight * data.cpu_arrays["phi"]
    halos = [data.synchronization_function(names) for names in (["h", "phi"], ["g"])]
    for fill in halos:
        fill()
    swaps = ((("h", "h_new"), ("phi", "phi_new")), (("g", "g_new"),))

    def step():
        for kernel, pairs, fill in zip(kernels, swaps, halos, strict=True):
            data.run_kernel(kernel)
            for pair in pairs:
                data.swap(*pair)
            fill()

    return step


def _phase_rule(f, fluid):
    """(update rule of the phase field, weights of its populations)."""
    import sympy as sp
    from lbmpy import LBMConfig, LBMOptimisation, LBStencil, Method, Stencil
    from lbmpy.creationfunctions import create_lb_method, create_lb_update_rule
    from lbmpy.phasefield_allen_cahn import kernel_equations as equations

    stencil, rate = LBStencil(Stencil.D3Q15), fluid.symbolic_omega_phi
    config = LBMConfig(
        stencil=stencil,
        method=Method.MRT,
        weighted=True,
        relaxation_rates=[0, rate, rate, rate] + [1] * (len(stencil) - 4),
        compressible=True,
        zero_centered=False,
        delta_equilibrium=False,
        force=sp.symbols("F_:3"),
        velocity_input=f["u"],
        output={"density": f["phi_new"]},
        kernel_type="stream_pull_collide",
    )
    memory = LBMOptimisation(symbolic_field=f["h"], symbolic_temporary_field=f["h_new"])
    rule = create_lb_update_rule(lbm_config=config, lbm_optimisation=memory)
    force = [
        sp.sympify(term).replace(
            lambda e: e.is_Pow and abs(e.exp) == 0.5,
            lambda e: sp.sqrt(e.base) if e.exp > 0 else 1 / sp.sqrt(e.base),
        )
        for term in equations.interface_tracking_force(f["phi"], stencil, fluid)
    ]
    weights = [float(w) for w in create_lb_method(lbm_config=config).weights]
    return equations.add_interface_tracking_force(rule, force), weights


def _flow_rule(f, fluid):
    """The update rule of the flow."""
    import sympy as sp
    from lbmpy import LBMConfig, LBMOptimisation, LBStencil, Method, Stencil
    from lbmpy.creationfunctions import create_lb_method, create_lb_update_rule
    from lbmpy.phasefield_allen_cahn import kernel_equations as equations

    config = LBMConfig(
        stencil=LBStencil(Stencil.D3Q19),
        method=Method.MRT,
        weighted=True,
        relaxation_rates=[fluid.omega(f["phi"]), 1, 1, 1, 1, 1],
        compressible=False,
        force=sp.symbols("F_:3"),
        output={"velocity": f["u"]},
        kernel_type="collide_stream_push",
    )
    method = create_lb_method(lbm_config=config)
    memory = LBMOptimisation(symbolic_field=f["g"], symbolic_temporary_field=f["g_new"])
    rule = create_lb_update_rule(lbm_config=config, lbm_optimisation=memory)
    force = equations.hydrodynamic_force_assignments(f["u"], f["phi"], method, fluid, [0, 0, 0])
    return equations.add_hydrodynamic_force(rule, force, f["phi"], f["g"], fluid, config)
