"""The profile of a layered channel flow."""

import numpy as np

from levitas.postprocess.metrics.flow import channel_profile
from levitas.postprocess.metrics.value import NotMeasured
from levitas.postprocess.pictures import caption
from levitas.postprocess.pictures.page import Page
from levitas.postprocess.pictures.style import GREY, INK, LINES, labelled, scaled
from levitas.postprocess.results.read import Run
from levitas.solver.case.picture_section import PictureParams

SHOWS = "velocity across the channel, beside the liquid fraction"


def picture(run: Run, section: PictureParams) -> Page:
    """The picture that a case asks for; its table holds nothing but a name."""
    return draw(run)


def draw(run: Run) -> Page:
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
    page = Page(7.6, 5.2, **caption.page_text(run, run.snapshots[-1].time, shows=SHOWS))
    lattice = caption.in_lattice_units(run)
    long, metre = caption.lengths(run, y)
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
