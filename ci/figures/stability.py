"""docs/stability.md: a sweep of viscosity, surface tension, density ratio, mobility."""

from ci.figures import page
from ci.figures.trials import (
    AMPLITUDE,
    BOUND,
    FASTEST,
    RADIUS,
    SPEED,
    STEPS,
    SWING,
    Outcome,
    Trials,
)
from levitas.solver import limits
from levitas.solver.physics.flow.limits import nu_min
from levitas.solver.physics.interface import interface
from levitas.solver.physics.interface.limits import within_mobilities

VISCOSITIES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.5)
TENSIONS = (1e-4, 1e-3, 1e-2, 2e-2)
RATIOS = (1000, 100, 10)
KINDS = ("ringing", "carried")
MOBILITIES = (0.005, 0.01, 0.02, 0.05, 0.1)
CAPILLARY = (0.5, 0.8, 1.0, 1.25, 1.6, 2.0, 4.0, 8.0)  # sigma/(rho nu)
WIDTHS = (3.0, 4.0, 5.0, 6.0)
FAR = 5000  # steps
LAYER_VISCOSITIES = (0.00001, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.01)

ABOUT = f"""Lattice units. Each trial is a drop of {RADIUS} cells radius, W = 4 cells, float32:
one that rings in mode n = 2 with an amplitude of {AMPLITUDE:.0%} (an octant of 24^3 cells,
{STEPS["ringing"]} steps), and one carried along x at {SPEED} cells a step over
{SPEED * STEPS["carried"]:g} cells (a quarter, 48 x 24 x 24 cells, {STEPS["carried"]} steps).
A trial is stable if every velocity stays finite, below {FASTEST}, and bounded: for the carried drop
|u - U| <= {BOUND}, U the velocity of the stream, which is the exact solution; for the ringing one
|u| <= {SWING:g} times that of an inviscid swing. A cell shows the largest |u| of the ringing drop /
|u - U| of the carried one, or in bold the step at which the trial failed; brackets mark what
`levitas` refuses."""
ABOUT_CAPILLARY = f"""Ringing drop, density ratio 1000, gas viscosity ten times that of the liquid;
of {", ".join(f"{c:g}" for c in CAPILLARY)}.
`levitas` takes {limits.CAPILLARY_VELOCITY_MAX:g} at most, and a mobility from
{limits.MOBILITY_RANGE[0]:g} to {limits.MOBILITY_RANGE[1]:g} where the case gives none."""
ABOUT_FAR = f"""The carried drop over {SPEED * FAR:g} cells, density ratio 1000, both kinematic
viscosities equal, mobility 0.02: a longer way than that of the trials which the limits rest on."""
ABOUT_WIDTHS = """The same at sigma 0.01 by the width of the interface in cells, with the smallest
mobility that `levitas` takes by default for it:"""
ABOUT_LAYER = """64 x 64 cells, layers at 0.1 cells a step and 2 cells thick that roll up, 2000
steps. A cell shows the largest kinetic energy over that at the start, or in bold the step at which
it had grown; brackets mark what `levitas` refuses."""
ABOUT_CONSTANTS = f"""The two constants of the interface, phi at which d is cut and the least
|grad d| of the normal: largest |u - U|/U of the carried drop, density ratio 1000, viscosities 0.05,
sigma 0.001, mobility 0.05. `levitas` has {interface.PHI_CLIP:g}, {interface.NORMAL_CAP:g}."""
CLIPS, CAPS = (1e-3, 1e-4, 1e-5, 1e-6), (0.5, 0.7, 0.9, 1.0)


def main() -> int:
    """Sweep, write the page; 7 if a trial failed that the limits of the program allow."""
    trials, broken = Trials(), []
    parts = [ABOUT]
    for ratio in RATIOS:
        parts += [_title(ratio), _sweep(trials, ratio, broken)]
    parts += ["## Gas viscosity alone, density ratio 1000, liquid viscosity 0.05"]
    parts += [_gas(trials, broken)]
    parts += ["## Largest stable sigma/(rho_l nu_l) by mobility", ABOUT_CAPILLARY]
    parts += [_capillary(trials), ABOUT_WIDTHS, _widths(trials)]
    parts += ["## Carried farther", ABOUT_FAR, _far(trials)]
    parts += ["## Single phase: shear layer"]
    parts += [ABOUT_LAYER, _layers(trials, broken)]
    parts += ["## Clip and cap", ABOUT_CONSTANTS, _constants(trials)]
    parts += ["## What the program takes", _limits(broken)]
    print(page.write("stability.md", "Stability", "python -m ci.figures stability", parts))
    return 7 if broken else 0


def _title(ratio: int) -> str:
    return f"## Density ratio {ratio}, both kinematic viscosities equal, mobility 0.02"


def _allowed(nu: float, sigma: float) -> bool:
    return nu >= _least(sigma) * (1 - 1e-9)


def _sweep(trials: Trials, ratio: float, broken: list) -> str:
    rows = []
    for nu in (*VISCOSITIES, None):
        row = ["least taken" if nu is None else f"{nu:g}"]
        for sigma in TENSIONS:
            value = _least(sigma) if nu is None else nu
            both = [trials.drop(kind, value, value, sigma, ratio) for kind in KINDS]
            row.append(_cell(both, _allowed(value, sigma)))
            what = f"nu {value:g}, sigma {sigma:g}, ratio {ratio}"
            _note(broken, both, _allowed(value, sigma), what)
        rows.append(row)
        print(ratio, *row, flush=True)
    return page.table(["nu", *(f"sigma {s:g}" for s in TENSIONS)], rows)


def _least(sigma: float) -> float:
    """The smallest viscosity that the program takes in both phases."""
    return max(nu_min(True, name, sigma) for name in ("liquid", "gas"))


def _cell(outcomes: list[Outcome], allowed: bool) -> str:
    text = " / ".join(map(str, outcomes))
    return text if allowed else f"({text})"


def _note(broken: list, outcomes: list[Outcome], allowed: bool, what: str) -> None:
    if allowed and not all(outcome.stable for outcome in outcomes):
        broken.append(what)


def _gas(trials: Trials, broken: list) -> str:
    rows, liquid = [], 0.05
    for nu in VISCOSITIES:
        row = [f"{nu:g}"]
        for sigma in (1e-3, 2e-2):
            both = [trials.drop(kind, liquid, nu, sigma, 1000) for kind in KINDS]
            row.append(_cell(both, _allowed(nu, sigma)))
            _note(broken, both, _allowed(nu, sigma), f"gas nu {nu:g}, sigma {sigma:g}")
        rows.append(row)
        print("gas", *row, flush=True)
    return page.table(["gas nu", "sigma 0.001", "sigma 0.02"], rows)


def _capillary(trials: Trials) -> str:
    rows = []
    for sigma in (5e-3, 1e-2, 2e-2):
        row = [f"{sigma:g}", *(_largest(trials, sigma, mobility) for mobility in MOBILITIES)]
        rows.append(row)
        print("capillary", *row, flush=True)
    return page.table(["sigma", *(f"mobility {m:g}" for m in MOBILITIES)], rows)


def _widths(trials: Trials) -> str:
    rows = []
    for width in WIDTHS:
        mobility = within_mobilities(0.0, width)
        found = _largest(trials, 0.01, mobility, width)
        rows.append([f"{width:g}", page.number(mobility), found])
        print("width", *rows[-1], flush=True)
    return page.table(["width", "mobility", "largest sigma/(rho_l nu_l)"], rows)


def _largest(trials: Trials, sigma: float, mobility: float, width: float = 4.0) -> str:
    """The largest sigma/nu of the list up to which a drop at rest holds."""
    found = None
    for velocity in CAPILLARY:
        nu = sigma / velocity
        if not trials.drop("ringing", nu, 10 * nu, sigma, 1000, mobility, width=width).stable:
            break
        found = velocity
    return page.number(found)


def _far(trials: Trials) -> str:
    """A longer way for drops near the limit."""
    velocities, rows = (0.5, 0.8, 1.0, 1.25), []
    for sigma in (5e-3, 1e-2, 2e-2):
        row = [f"{sigma:g}"]
        for velocity in velocities:
            nu = sigma / velocity
            found = trials.drop("carried", nu, nu, sigma, 1000, steps=FAR)
            row.append(_cell([found], _allowed(nu, sigma)))
        rows.append(row)
        print("far", *row, flush=True)
    return page.table(["sigma", *(f"sigma/(rho_l nu) = {v:g}" for v in velocities)], rows)


def _layers(trials: Trials, broken: list) -> str:
    rows = []
    for nu in LAYER_VISCOSITIES:
        outcome, allowed = trials.layer(nu), nu >= limits.NU_MIN_SINGLE
        rows.append([f"{nu:g}", _cell([outcome], allowed)])
        _note(broken, [outcome], allowed, f"single phase, nu {nu:g}")
    return page.table(["nu", "largest energy"], rows)


def _constants(trials: Trials) -> str:
    """Trials with other constants, which the program reads when a simulation is built."""
    kept, rows = (interface.PHI_CLIP, interface.NORMAL_CAP), []
    for clip in CLIPS:
        row = [f"{clip:g}"]
        for cap in CAPS:
            interface.PHI_CLIP, interface.NORMAL_CAP = clip, cap
            found = trials.drop("carried", 0.05, 0.05, 1e-3, 1000, 0.05, bound=1.0)
            row.append(f"{100 * found.error / SPEED:.1f} %" if found.stable else str(found))
        rows.append(row)
        print("clip", *row, flush=True)
    interface.PHI_CLIP, interface.NORMAL_CAP = kept
    return page.table(["clip", *(f"cap {cap:g}" for cap in CAPS)], rows)


def _limits(broken: list) -> str:
    rows = [
        ["liquid", f"{limits.NU_MIN_LIQUID:g}"],
        ["gas", f"{limits.NU_MIN_GAS:g}"],
        ["single phase", f"{limits.NU_MIN_SINGLE:g}"],
    ]
    verdict = "No trial failed that these limits allow."
    if broken:
        verdict = f"Trials that failed though these limits allow them: {'; '.join(broken)}."
    return "\n\n".join(
        [
            "Of `solver/limits.py`:",
            page.table(["fluid", "smallest kinematic viscosity"], rows),
            "With an interface sigma/(rho_l nu), nu that of either phase, may be "
            f"{limits.CAPILLARY_VELOCITY_MAX:g} cells a step at most, and nu is at least "
            f"{limits.STIFFNESS:g} (sigma/rho_l)^2.",
            verdict,
        ]
    )
