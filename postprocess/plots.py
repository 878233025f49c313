"""Curves: quantities of the series over time, and the profile of a layered channel flow."""

import numpy as np

from levitas.postprocess import caption
from levitas.postprocess.flow import channel_profile
from levitas.postprocess.metrics import METRICS
from levitas.postprocess.page import Page
from levitas.postprocess.read import Run
from levitas.postprocess.style import GREY, INK, LINES, labelled, plain_ticks, scaled
from levitas.postprocess.value import NotMeasured

WIDTH, PANEL = 8.5, 2.1


def series(run: Run, quantities: list[str] | None = None, logarithmic: bool = False) -> Page:
    """Quantities of the series, one panel each, with the limits and references of the checks."""
    there = [name for name in run.series if name not in ("time", "step")]
    names = [name for name in quantities or there if name in there]
    if not names or len(run.series["time"]) < 2:
        raise NotMeasured("the series has none of these quantities, or a single record")
    page = Page(WIDTH, len(names) * (PANEL + 0.35) + 0.45, **caption.page_text(run))
    lattice = caption.in_lattice_units(run)
    slow, second = (1.0, "steps") if lattice else scaled(run.series["time"], "s")
    for n, name in enumerate(names):
        bottom = 0.55 + (len(names) - 1 - n) * (PANEL + 0.35)
        axes = page.axes(1.05, bottom, WIDTH - 1.35, PANEL)
        _panel(axes, run, name, slow, lattice, logarithmic, LINES[n % len(LINES)])
        axes.set_xlim(run.series["time"][0] * slow, run.series["time"][-1] * slow)
        if n == len(names) - 1:
            axes.set_xlabel(labelled("time", second))
        else:
            axes.tick_params(labelbottom=False)
    return page


def _panel(axes, run: Run, name: str, slow, lattice, logarithmic, colour) -> None:
    time, value = run.series["time"], run.series[name]
    factor, unit = scaled(value, "1" if lattice else run.series_units[name])
    axes.plot(time * slow, value * factor, color=colour)
    for text, curve in _references(run, name):
        axes.plot(time * slow, curve * factor, color=INK, ls=(0, (4, 2)), lw=1.1, label=text)
    if logarithmic and (value > 0).any():
        axes.set_yscale("log")
        typical = np.median(value[value > 0]) * factor
        axes.set_ylim(bottom=max(axes.get_ylim()[0], typical / 30))  # not the first zeros
        plain_ticks(axes.yaxis)
    unit = f"{unit} lattice units".strip() if lattice and METRICS[name].unit != "1" else unit
    axes.set_ylabel(labelled(caption.name_of(name), unit), fontsize=8.5, wrap=True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="best")


def _references(run: Run, name: str):
    """(label, curve over the times of the series) that the checks hold a quantity against."""
    time = run.series["time"]
    for check in run.summary.get("checks", []):
        reference, most = check["reference"], check["tolerance"].get("max")
        metric = METRICS.get(check["metric"])
        if metric is None or check["verdict"] == "not applicable":
            continue
        if check["metric"] == name and reference is not None:
            yield "reference", np.full_like(time, reference)
        if most is not None and (check["metric"] == name or _bounds(metric, name)):
            yield f"limit of {caption.name_of(check['metric'])}", np.full_like(time, most)
        if check["metric"] == "decay_rate" and name == "kinetic_energy" and reference is not None:
            first = run.series[name][0]
            yield "exact decay", first * np.exp(-2 * reference * (time - time[0]))


def _bounds(metric, name: str) -> bool:
    """Is the metric the largest value of this series?"""
    return metric.series == ("time", name) and metric.unit == METRICS[name].unit


def profile(run: Run) -> Page:
    """Velocity across a layered channel beside the exact profile of the smeared viscosity."""
    if not run.snapshots:
        raise NotMeasured("the run has no snapshots")
    scope = run.scope()
    names = ("rho_l", "rho_g", "mu_l", "mu_g", "gravity", "pressure_gradient")
    fields = (scope[n] for n in ("u", "v", "w", "phi", "faces", "width", "spacing"))
    y, measured, exact = channel_profile(*fields, {n: scope[n] for n in names})
    fine = np.linspace(0, y[0] + y[-1], 801)
    smooth = exact(fine)
    fraction = _across(scope["phi"], len(y))
    page = Page(7.6, 5.2, **caption.page_text(run, run.snapshots[-1].time))
    lattice = caption.in_lattice_units(run)
    long, metre = (1.0, "cells") if lattice else scaled(y, "m")
    quick, speed = scaled(np.concatenate([measured, smooth]), "1" if lattice else "m/s")
    axes = page.axes(0.85, 0.6, 5.0, 4.3)
    axes.plot(smooth * quick, fine * long, color=INK, lw=1.3, label="exact, smeared viscosity")
    axes.plot(measured * quick, y * long, "o", ms=4, mfc="none", color=LINES[0], label="simulated")
    axes.set_ylim(0, (y[-1] + y[0]) * long)
    axes.set_ylabel(labelled("distance from the lower wall", metre))
    axes.set_xlabel(labelled("velocity", f"{speed} lattice units".strip() if lattice else speed))
    axes.legend(loc="best")
    side = page.axes(6.1, 0.6, 1.2, 4.3, sharey=axes)
    side.fill_betweenx(y * long, 0, fraction, color=LINES[0], alpha=0.25, lw=0)
    side.plot(fraction, y * long, color=LINES[0])
    side.set_xlim(0, 1.02)
    side.set_xlabel("liquid fraction")
    side.tick_params(labelleft=False)
    axes.axvline(0, color=GREY, lw=0.6)
    return page


def _across(phi: np.ndarray, cells: int) -> np.ndarray:
    """phi along the axis that has so many cells and varies most."""
    lines = [phi.mean(axis=tuple(a for a in range(3) if a != n)) for n in range(3)]
    fit = [line for line in lines if len(line) == cells]
    return max(fit, key=lambda line: line.max() - line.min())
