"""Curves: quantities of the series over time."""

from textwrap import shorten

import numpy as np

from levitas.postprocess.metrics.table import METRICS
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import caption
from levitas.postprocess.pictures import curves as theory
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import (
    DASHES,
    INK,
    LINES,
    labelled,
    plain_ticks,
    scaled,
)
from levitas.postprocess.results.read import Run
from levitas.solver.case.picture_section import PictureParams

WIDTH, PANEL = 8.5, 2.1
SOURCE = 48  # letters of the source of a check in a legend
PEAK = 8.0  # times as high as the rest: a first peak that the axis leaves out
ALIKE = 30.0  # times as large: what a panel shows together


def draw(
    run: Run,
    quantities: list[str] | None = None,
    logarithmic: bool = False,
    reference: str | None = None,
    reference_name: str | None = None,
) -> Page:
    """Quantities of the series with the limits and references of the checks, a panel a unit.

    reference   expression of case values and t for the first quantity; `reference_name` its legend
    """
    there = [name for name in run.series if name not in ("time", "step")]
    names = [name for name in quantities or there if name in there]
    if not names or len(run.series["time"]) < 2:
        raise NotMeasured("the series has none of these quantities, or a single record")
    lattice, panels = caption.in_lattice_units(run), _panels(run, names)
    shows = f"{caption.listed([caption.name_of(name) for name in names])} over time"
    high = PANEL + (0.9 if len(panels) == 1 else 0)
    page = Page(WIDTH, len(panels) * (high + 0.35) + 0.45, **caption.page_text(run, shows=shows))
    slow, second = caption.times(run, run.series["time"])
    theory_of = {names[0]: (reference, reference_name or "reference")} if reference else {}
    for n, members in enumerate(panels):
        bottom = 0.55 + (len(panels) - 1 - n) * (high + 0.35)
        axes = page.axes(1.05, bottom, WIDTH - 1.35, high)
        _panel(axes, run, members, slow, lattice, logarithmic, LINES[n % len(LINES)], theory_of)
        axes.set_xlim(run.series["time"][0] * slow, run.series["time"][-1] * slow)
        if n == len(panels) - 1:
            axes.set_xlabel(labelled("time", second))
        else:
            axes.tick_params(labelbottom=False)
    return page


def picture(run: Run, section: PictureParams) -> Page:
    """The picture that a case asks for."""
    theory = {"reference": section.reference, "reference_name": section.reference_name}
    return draw(run, section.quantities, section.logarithmic, **theory)


def _panels(run: Run, names: list[str]) -> list[list[str]]:
    """Quantities of one unit and like size together, those without a unit each for itself."""
    panels: list[list[str]] = []
    size = {name: float(np.nanmax(np.abs(run.series[name]), initial=0.0)) for name in names}
    for name in names:
        for members in panels:
            alike = METRICS[members[0]].unit == METRICS[name].unit != "1"
            if alike and 1 / ALIKE < (size[name] or 1e-300) / (size[members[0]] or 1e-300) < ALIKE:
                members.append(name)
                break
        else:
            panels.append([name])
    return panels


def _panel(axes, run: Run, names, slow, lattice, logarithmic, colour, theory_of) -> None:
    time, values = run.series["time"], [run.series[name] for name in names]
    unit_si = run.series_units[names[0]]
    factor, unit = scaled(np.concatenate(values), "1" if lattice else unit_si)
    for k, (name, value) in enumerate(zip(names, values, strict=True)):
        line = colour if len(names) == 1 else LINES[k % len(LINES)]
        label = caption.name_of(name) if len(names) > 1 or name in theory_of else None
        axes.plot(time * slow, value * factor, color=line, label=label)
        for n, (text, other) in enumerate(_references(run, name)):
            text = text if len(names) == 1 else f"{text}, {caption.name_of(name)}"
            look = {"color": INK, "ls": DASHES[n % len(DASHES)], "lw": 1.1, "label": text}
            axes.plot(time * slow, other * factor, **look)
        if name in theory_of:
            text, said = theory_of[name]
            fine = np.linspace(time[0], time[-1], theory.FINE)
            axes.plot(
                fine * slow,
                theory.curve(run.case, text, t=fine) * factor,
                color=LINES[1],
                ls=(0, (1, 1.2)),
                lw=1.8,
                label=said,
            )
    if logarithmic and any((value > 0).any() for value in values):
        axes.set_yscale("log")
        positive = np.concatenate([value[value > 0] for value in values])
        low, high = float(positive.min()), float(positive.max())
        axes.set_ylim(bottom=max(low, np.median(positive) / 30) * factor * (low / high) ** 0.05)
        plain_ticks(axes.yaxis)
    elif len(time) > 20:
        _past_the_start(axes, time, [value * factor for value in values])
    bare = lattice and METRICS[names[0]].unit != "1"
    unit = f"{unit} lattice units".strip() if bare else unit
    name = caption.name_of(names[0]) if len(names) == 1 else _common(names)
    axes.set_ylabel(labelled(name, unit), fontsize=8.5, wrap=True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="best")


def _past_the_start(axes, time, values) -> None:
    """End the axis where the rest of the curves does if a first peak would flatten them."""
    late = time > time[0] + 0.05 * (time[-1] - time[0])
    rest = np.concatenate([value[late & np.isfinite(value)] for value in values])
    if not rest.size:
        return
    low, high = float(rest.min()), float(rest.max())
    whole = np.concatenate([value[np.isfinite(value)] for value in values])
    if np.ptp(whole) > PEAK * (high - low) > 0:
        room = 0.5 * (high - low)
        axes.set_ylim(max(low - room, whole.min()), min(high + room, whole.max()))
        start = max((value[0] for value in values), key=abs)
        axes.set_title(f"begins at {start:.3g}", fontsize=8, loc="left", pad=2)


def _common(names: list[str]) -> str:
    """What quantities of a panel are called together."""
    return {"m": "length", "m/s": "velocity", "Pa": "pressure"}.get(METRICS[names[0]].unit, "")


def _references(run: Run, name: str):
    """(label, curve over the times of the series) that the checks hold a quantity against."""
    time = run.series["time"]
    for check in run.summary.get("checks", []):
        reference, most = check["reference"], check["tolerance"].get("max")
        metric = METRICS.get(check["metric"])
        if metric is None or check["verdict"] == "not applicable":
            continue
        if check["metric"] == name and reference is not None:
            several = sum(c["metric"] == name for c in run.summary["checks"]) > 1
            source = shorten(check.get("source") or "", SOURCE, placeholder=" ...")
            yield (source if several else "") or "reference", np.full_like(time, reference)
        if most is not None and (check["metric"] == name or _bounds(metric, name)):
            yield f"limit of {caption.name_of(check['metric'])}", np.full_like(time, most)
        if check["metric"] == "decay_rate" and name == "kinetic_energy" and reference is not None:
            first = run.series[name][0]
            yield "exact decay", first * np.exp(-2 * reference * (time - time[0]))


def _bounds(metric, name: str) -> bool:
    """Whether the metric is the largest value of this series."""
    return metric.series == ("time", name) and metric.unit == METRICS[name].unit
