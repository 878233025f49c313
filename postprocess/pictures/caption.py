"""The words on a picture: what run it shows, its key figures, its caveats."""

import numpy as np

from levitas.postprocess.metrics.table import METRICS
from levitas.postprocess.pictures.style import MINUS, percent, scaled, text_of
from levitas.postprocess.results.read import Run
from levitas.solver.errors import CaseError

FIGURE_SPACE = "\u2007"  # as wide as a digit


def name_of(metric: str) -> str:
    """A metric in words."""
    known = METRICS.get(metric)
    return known.words if known and known.words else metric.replace("_", " ")


def title(run: Run) -> str:
    """Title of the case."""
    return run.case.model.case.title or run.name


def listed(words: list[str]) -> str:
    """Words as a list: "a, b and c"."""
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]


def time_text(run: Run, time: float) -> str:
    """A time with its unit; blanks at the end make it equally long at all times of a run."""
    last = max([shot.time for shot in run.snapshots] + [time])
    if in_lattice_units(run):
        width, text, unit = len(f"{last:.0f}"), f"{time:.0f}", times(run, [last])[1]
    else:
        factor, unit = scaled([last], "s")
        whole = len(f"{last * factor:.0f}")
        decimals = max(0, 3 - whole)
        text, width = f"{time * factor:.{decimals}f}", whole + bool(decimals) + decimals
    return f"t = {text} {unit}" + FIGURE_SPACE * (width - len(text))


def in_lattice_units(run: Run) -> bool:
    """Whether the run is in lattice units, without SI ones."""
    return run.case.model.case.units == "lattice"


def lengths(run: Run, values) -> tuple[float, str]:
    """(factor, unit) that bring lengths of a run near 1 to 1000; cells in lattice units."""
    if in_lattice_units(run):
        return 1.0, "cells" if run.case.scales.dx == 1 else "lattice units"
    return scaled(values, "m")


def times(run: Run, values) -> tuple[float, str]:
    """(factor, unit) that bring times of a run near 1 to 1000; steps in lattice units."""
    if in_lattice_units(run):
        return 1.0, "steps" if run.case.scales.dt == 1 else "lattice units"
    return scaled(values, "s")


def grid_text(run: Run) -> str:
    """Cells and their size."""
    cells, dx = [str(n) for n in run.case.model.grid.cells], run.case.scales.dx
    flat = cells[:2] if run.case.is_2d else cells
    size = f" of {text_of(dx, '1' if in_lattice_units(run) else 'm')}"
    size = "" if in_lattice_units(run) and dx == 1 else size
    return " \u00d7 ".join(flat) + f" cells{size}"


def figures(run: Run) -> list[str]:
    """What the run found, beside the references of its checks."""
    groups: dict[str, list[dict]] = {}
    for check in run.summary.get("checks", []):
        if check["value"]:
            groups.setdefault(check["metric"], []).append(check)
    return [_figure(*sorted(g, key=lambda c: not c.get("required"))) for g in groups.values()]


def _figure(check: dict, *others: dict) -> str:
    """A metric beside the reference of its first check; the references of others by number."""
    unit, value, reference = check.get("unit", "1"), check["value"], check["reference"]
    text = f"{name_of(check['metric'])} {text_of(value, unit)}"
    if check["verdict"] == "not applicable":
        return text
    if reference:
        off = percent(value / reference - 1)
        more = [text_of(c["reference"], unit) for c in others if c["reference"]]
        also = f"; also {', '.join(more)}" if more else ""
        return f"{text} (reference {text_of(reference, unit)}, {off}{also})"
    limit = check["tolerance"].get("max")
    return f"{text} (limit {limit:g})" if limit else text


def gravity(run: Run, time: float | None = None) -> np.ndarray:
    """Acceleration (x, y, z) of gravity at a time, as the case declares it; 0 if it changes.

    Of a signal only at a given time.
    """
    section, still = run.case.model.gravity, np.zeros(3)
    if section is None or section.signal is None:
        return np.array(section.vector or still) if section is not None else still
    if time is None:
        return still
    from levitas.solver.gravity.signal import build

    model = run.case.model
    try:
        return build(section.signal, run.case.folder, model.case.seed, run.case.is_2d)(time)
    except CaseError:  # the file of a signal stayed behind
        return still


def gravity_text(run: Run, time: float | None = None) -> str:
    """The level of gravity in words; "" where nothing could feel it."""
    section = run.case.model.gravity
    signal = getattr(section, "signal", None)
    vector = gravity(run, time)
    size = float(np.linalg.norm(vector))
    if signal is not None and not size:
        return f"gravity by signal: {signal.kind}"
    if not size:
        lattice = run.case.lattice
        heavy = run.case.has("interface") or lattice.beta_T or lattice.beta_c
        return "weightless" if heavy else ""
    level = f"{text_of(size)} lattice units" if in_lattice_units(run) else text_of(size, "m/s2")
    now = " now" if signal is not None else ""
    return f"g{now} = {level} along {_direction(vector / size)}"


def _direction(unit: np.ndarray) -> str:
    axis = int(np.abs(unit).argmax())
    if abs(unit[axis]) > 0.9999:
        return ("+" if unit[axis] > 0 else MINUS) + "xyz"[axis]
    return "(" + ", ".join(f"{c:.2g}" for c in unit).replace("-", MINUS) + ")"


def _turning(run: Run) -> str:
    """How fast the frame turns, "" if it rests."""
    turn = run.case.model.driven.rotation
    if turn is None:
        return ""
    rate = f"{text_of(turn.rate)} lattice units" if in_lattice_units(run) else None
    return f"seen from a frame that turns at {rate or text_of(turn.rate, 'rad/s')}"


def parts(run: Run, time: float | None = None) -> list[str]:
    """The phrases under the title: time, gravity, figures, grid."""
    first = [time_text(run, time)] if time is not None else []
    weight = [gravity_text(run, time), _turning(run)]
    return [p for p in (*first, *weight, *figures(run), grid_text(run)) if p]


def footer(run: Run) -> str:
    """Program, version, precision, case."""
    origin = run.summary.get("provenance", {})
    commit = (origin.get("commit") or "")[:9]
    words = [f"levitas {origin.get('version', '')} {commit}".strip(), run.name]
    words += [origin[key] for key in ("precision", "backend") if origin.get(key)]
    return "  \u00b7  ".join(words)


def page_text(run: Run, time: float | None = None, shows: str = "") -> dict:
    """Title, subtitle, what is shown, phrases, caveats and footer for a Page."""
    return {
        "title": title(run),
        "subtitle": run.case.model.case.subtitle,
        "shows": shows,
        "parts": parts(run, time),
        "caveats": [f"Note: {label}" for label in run.labels],
        "footer": footer(run),
    }
