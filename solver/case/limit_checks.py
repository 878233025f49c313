"""Every limit of a case with its verdict: ok, warn or refuse, and the remedy."""

import math
from typing import Any

from levitas.solver import limits
from levitas.solver.case import limit_checks_evaporation as evaporation_grades
from levitas.solver.case import limit_checks_motion as motion_grades
from levitas.solver.case import limit_checks_scalars as scalar_grades
from levitas.solver.case import memory
from levitas.solver.case.estimates import features
from levitas.solver.case.limit_check import Grade
from levitas.solver.case.limit_check import verdict as verdict_of
from levitas.solver.case.time_step import nu_min, within_mobilities
from levitas.solver.input.faults import Faults
from levitas.solver.input.source import Keys


def grades(case: Any) -> list[Grade]:
    """All limits of a case."""
    found = [_speed(case), *_viscosities(case)] if case.has("flow") else []
    if case.has("interface"):
        found += [*_tension(case), *_ratios(case), *_interface(case)]
    return [
        *found,
        *scalar_grades.grades(case),
        *evaporation_grades.grades(case),
        *motion_grades.grades(case),
        memory.grade(case),
    ]


def refuse(case: Any, faults: Faults) -> None:
    """Note a fault for everything that is refused."""
    for grade in grades(case):
        if grade.verdict == "refuse":
            faults.add(
                grade.keys, f"{grade.name} is {grade.value:.4g}, {grade.limit}; {grade.remedy}"
            )


def _speed(case: Any) -> Grade:
    """Mach number of the declared or reference velocity; an estimate alone is never refused."""
    u = case.lattice.u_ref
    sure = max(case.declared / case.scales.velocity, u if case.reference_given else 0)
    verdict = verdict_of(u, limits.U_WARN, limits.U_MAX)
    if verdict == "refuse" and sure <= limits.U_MAX:
        verdict = "warn"
    u = max(u, sure)
    return Grade(
        "Mach number",
        u / limits.CS,
        verdict_of(sure, limits.U_WARN, limits.U_MAX) if sure > limits.U_MAX else verdict,
        f"above {limits.U_MAX / limits.CS:.2g} (velocity {u:.3g} cells a step; keep below"
        f" {limits.U_WARN})"
        if verdict != "ok" or sure > limits.U_MAX
        else "",
        _slower(case, u),
        _speed_keys(case),
    )


def _slower(case: Any, u: float) -> str:
    if case.in_lattice_units:
        return f"lower the velocity to {limits.U_TARGET * case.scales.velocity:.3g}"
    return f"lower grid.time_step to {case.scales.dt * limits.U_TARGET / u:.3g} s" if u else ""


def _speed_keys(case: Any) -> Keys:
    model = case.model
    for name in ("shape", "boundary"):
        for i, item in enumerate(getattr(model, name)):
            if item.velocity is not None:
                return (name, i, "velocity")
    if any(f.name in "uvw" for f in model.field):
        return ("field", [f.name in "uvw" for f in model.field].index(True), "expression")
    return ("flow", "reference_velocity") if case.reference_given else ("grid", "time_step")


def _viscosities(case: Any) -> list[Grade]:
    two_phase, result = case.has("interface"), []
    lattice = case.lattice
    fluids = [("liquid", lattice.mu_l / lattice.rho_l)]
    fluids += [("gas", lattice.mu_g / lattice.rho_g)] if two_phase else []
    for name, nu in fluids:
        least = nu_min(two_phase, name, lattice.sigma)
        keys = ("materials", name, "viscosity")
        what = f"{name} kinematic viscosity in lattice units"
        if nu < least * (1 - 1e-9):
            result.append(
                Grade(
                    what,
                    nu,
                    "refuse",
                    f"below {least:g}, the smallest proven stable",
                    _more_viscous(case, name, nu, least),
                    keys,
                )
            )
        else:
            limit = f"above {limits.NU_WARN:g}, where walls slip and accuracy falls"
            verdict = verdict_of(nu, limits.NU_WARN, limits.NU_MAX)
            result.append(
                Grade(
                    what,
                    nu,
                    verdict,
                    "" if verdict == "ok" else limit,
                    "take a smaller time step or viscosity",
                    keys,
                )
            )
    return result


def _more_viscous(case: Any, name: str, nu: float, least: float) -> str:
    """What to do about a viscosity that is too small for the grid and time step."""
    floor = "set flow.viscosity_floor = true (labelled)"
    if case.in_lattice_units:
        viscosity = least * case.lattice_density(name) * case.scales.diffusivity
        return f"raise {name}.viscosity to {viscosity:.4g} or {floor}"
    if step := _slow_enough(case, name, nu):
        return f"lower grid.time_step to {step:.2g} s, or {floor}"
    finer = _fine_enough(case, name, nu)
    text = f"refine grid.spacing to {finer:.2g} m with no time_step given, " if finer else ""
    return f"{text}raise {name}.viscosity, or {floor}"


def _slow_enough(case: Any, name: str, nu: float) -> float | None:
    """A time step (s) of two digits at which the viscosity is large enough, None if none is."""
    for n in range(1, 900):
        step = float(f"{case.scales.dt * 0.95**n:.2g}")
        ratio = step / case.scales.dt
        sigma = case.lattice.sigma * ratio**2
        if ratio < 1 and nu * ratio >= nu_min(case.has("interface"), name, sigma):
            return step
    return None


_POWERS = {"surface tension": 1.5, "liquid viscosity": 2.0, "gas viscosity": 2.0}


def _fine_enough(case: Any, name: str, nu: float) -> float | None:
    """A spacing (m) at which the largest safe time step leaves the viscosity large enough.

    The bounds of the time step go with a power of the spacing: 1 (velocities), 1.5 (surface
    tension), 2 (viscosities). None if no spacing down to a hundredth will do.
    """
    for n in range(1, 45):
        ratio = 0.9**n
        step = min(b * ratio ** _POWERS.get(k, 1.0) for k, b in case.bounds.items())
        faster = step / case.scales.dt
        sigma = case.lattice.sigma * faster**2 / ratio**3
        if nu * faster / ratio**2 >= nu_min(case.has("interface"), name, sigma):
            return 0.98 * case.scales.dx * ratio
    return None


def _tension(case: Any) -> list[Grade]:
    sigma = case.lattice.sigma
    verdict = verdict_of(sigma, limits.SIGMA_WARN, limits.SIGMA_MAX)
    remedy = "lower the surface tension" if case.in_lattice_units else "lower grid.time_step"
    limit = f"above {limits.SIGMA_WARN if verdict == 'warn' else limits.SIGMA_MAX:g}"
    return [
        Grade(
            "sigma/rho in lattice units",
            sigma,
            verdict,
            "" if verdict == "ok" else limit,
            remedy,
            ("materials", "liquid", "surface_tension"),
        )
    ]


def _ratios(case: Any) -> list[Grade]:
    lattice = case.lattice
    ratio = max(lattice.rho_l / lattice.rho_g, lattice.rho_g / lattice.rho_l)
    stop = limits.DENSITY_RATIO_MAX
    found = Grade(
        "density ratio",
        ratio,
        verdict_of(ratio, stop, stop),
        f"above {stop:g}" if ratio > stop * (1 + 1e-9) else "",
        "set interface.density_ratio_cap = 1000 (labelled) or take a denser gas",
        ("materials", "gas", "density"),
    )
    ratio = max(lattice.mu_l / lattice.mu_g, lattice.mu_g / lattice.mu_l)
    verdict = verdict_of(ratio, limits.VISCOSITY_RATIO_WARN, math.inf)
    limit = (
        "" if verdict == "ok" else f"above {limits.VISCOSITY_RATIO_WARN:g}, beyond what is proven"
    )
    return [
        found,
        Grade(
            "viscosity ratio",
            ratio,
            verdict,
            limit,
            "take its results with care",
            ("materials", "gas", "viscosity"),
        ),
    ]


def _interface(case: Any) -> list[Grade]:
    lattice, found = case.lattice, []
    width, keys = lattice.width, ("interface", "width")
    found.append(
        Grade(
            "interface width in cells",
            width,
            "ok" if width >= limits.WIDTH_WARN else "warn",
            "" if width >= limits.WIDTH_WARN else "thin: grid effects grow",
            f"take {limits.WIDTH_WARN:g} cells",
            keys,
        )
    )
    keys = ("interface", "mobility")
    verdict = "refuse" if lattice.mobility > limits.MOBILITY_MAX * (1 + 1e-9) else "ok"
    limit, remedy = f"above {limits.MOBILITY_MAX:.3g}, where it is unstable", "lower it"
    least = within_mobilities(lattice.u_ref * width / 4, width)
    if verdict == "ok" and lattice.mobility < 0.999 * least:
        verdict, remedy = "warn", "raise it"
        limit = f"below {least:.3g}: u W/4, and what is proven stable"
    found.append(
        Grade(
            "mobility in lattice units",
            lattice.mobility,
            verdict,
            "" if verdict == "ok" else limit,
            remedy,
            keys,
        )
    )
    if sizes := features(case.model):
        cells = min(sizes) / case.scales.dx / width
        verdict = "ok" if cells >= limits.RADIUS_WARN else "warn"
        found.append(
            Grade(
                "smallest feature in interface widths",
                cells,
                verdict,
                "" if verdict == "ok" else f"below {limits.RADIUS_WARN:g}",
                "refine the grid",
                ("grid", "spacing"),
            )
        )
    return found
