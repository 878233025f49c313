"""docs/damping.md: what a ringing disc loses beyond its exact damping, by width and radius."""

import math
import tempfile
from pathlib import Path

from levitas.postprocess.metrics.drop import mode_amplitude
from levitas.postprocess.metrics.series_fits import fit_oscillation
from levitas.postprocess.references.drop_modes import drop_mode
from levitas.solver.backend.backend import make_backend
from levitas.solver.case.case import Case
from levitas.solver.grid.comm import Serial
from levitas.solver.run.simulation import Simulation

PAGE = Path(__file__).parents[2] / "docs" / "damping.md"
WIDTHS, RADII = (4, 5, 6), (16, 24, 32, 48)
OHNESORGE, SIGMA, RATIO, PERIODS, RECORDS = 0.02, 0.01, 1000, 3, 300
TEXT = """# Damping of a ringing drop

Written by `python -m ci.figures damping`; change nothing here by hand.

Mode 2 of a disc (2-D, a quarter of it), Oh {oh:g}, sigma {sigma:g}, density ratio {ratio:g},
viscosity ratio 100, mobility 0.05, amplitude 2 % of R. Errors of damping and frequency against the
exact two-fluid mode.

| W | {heads} |
|---|{rule}|
{rows}
"""
DISC = """
[case]
units = "lattice"
end = {{ steps = 1 }}
[grid]
cells = [{n}, {n}, 1]
origin = "corner"
[materials]
liquid = {{ density = 1.0, viscosity = {mu!r}, surface_tension = {sigma!r} }}
gas = {{ density = {rho_g!r}, viscosity = {mu_g!r} }}
[flow]
reference_velocity = 0.01
[interface]
width = {width!r}
mobility = 0.05
[[shape]]
kind = "sphere"
centre = [0, 0, 0]
radius = {radius}
mode = {{ n = 2, amplitude = 0.02 }}
"""
FACES = "".join(
    f'[[boundary]]\nface = "{f}"\nkind = "symmetry"\n' for f in ("x-", "x+", "y-", "y+")
)


def errors(width: int, radius: int) -> tuple[float, float]:
    """Relative errors of (damping, frequency) of one disc."""
    mu = OHNESORGE * math.sqrt(SIGMA * radius)
    text = DISC.format(
        n=2 * radius, mu=mu, mu_g=mu / 100, rho_g=1 / RATIO, sigma=SIGMA, width=float(width),
        radius=radius,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_text(text + FACES)
        case = Case.read(path, within_limits=False)
    sim = Simulation(case, make_backend("cpu", "float32", 1), Serial())
    exact = drop_mode(2, radius, 1.0, 1 / RATIO, mu, mu / 100, SIGMA, 2)
    end = PERIODS * 2 * math.pi / exact.frequency
    every, time, value = max(1, int(end / RECORDS)), [], []
    while sim.steps < end:
        time.append(float(sim.steps))
        value.append(mode_amplitude(sim.read("phi"), 1.0, case.faces, 2, (1.0, 0.0, 0.0)))
        for _ in range(every):
            sim.step()
    found = fit_oscillation(time, value)
    return found.damping / exact.damping - 1, found.frequency / exact.frequency - 1


def main() -> int:
    """Write the page."""
    rows = []
    for width in WIDTHS:
        found = [errors(width, radius) for radius in RADII]
        rows.append(f"| {width} | " + " | ".join(f"{d:+.0%}, {f:+.1%}" for d, f in found) + " |")
    heads = " | ".join(f"R = {radius}" for radius in RADII)
    rule = "|".join(["---"] * len(RADII))
    table = {"heads": heads, "rule": rule, "rows": "\n".join(rows)}
    PAGE.write_text(TEXT.format(oh=OHNESORGE, sigma=SIGMA, ratio=RATIO, **table))
    print(PAGE)
    return 0
