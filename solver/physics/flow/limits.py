"""Limits of the flow: velocity and viscosities; its dimensionless numbers and table."""

from typing import Any

from levitas.solver import limits
from levitas.solver.geometry.features import feature_size
from levitas.solver.limits import Limit

LAW = "change the law, or narrow the range that the case declares"


def limits_of(case: Any) -> list[Limit]:
    """Mach number, viscosities in lattice units, those that a power law comes to."""
    lattice = case.lattice
    result = [_speed(case), _viscosity(case, "liquid", lattice.nu)]
    if case.has("interface"):
        result.append(_viscosity(case, "gas", lattice.mu_g / lattice.rho_g))
    rheology = case.model.materials.liquid.rheology
    if rheology is not None and rheology.kind == "power-law":
        for name in ("min_viscosity", "max_viscosity"):
            value = getattr(rheology, name) / case.scales.viscosity
            result.append(viscosity_of_law(case, value, f"of {name}", "rheology"))
    return result


def _speed(case: Any) -> Limit:
    """Mach number of the declared or reference velocity; an estimate alone is never refused."""
    u = case.lattice.u_ref
    sure = max(case.declared_speed / case.scales.velocity, u if case.reference_given else 0)
    expected = limits.verdict(u, limits.U_WARN, limits.U_MAX)
    verdict = "warn" if expected == "refuse" else expected
    if sure > limits.U_MAX:
        verdict = limits.verdict(sure, limits.U_WARN, limits.U_MAX)
    u = max(u, sure)
    beyond = (
        f"above {limits.U_MAX / limits.CS:.2g} (velocity {u:.3g} cells a step; keep below"
        f" {limits.U_WARN})"
    )
    return limits.judged(
        "Mach number", u / limits.CS, verdict, beyond, _slower(case, u), _speed_keys(case)
    )


def _slower(case: Any, u: float) -> str:
    if case.in_lattice_units:
        return f"lower the velocity to {limits.U_TARGET * case.scales.velocity:.3g}"
    return f"lower grid.time_step to {case.scales.dt * limits.U_TARGET / u:.3g} s" if u else ""


def _speed_keys(case: Any) -> tuple:
    """The key that says the velocity."""
    model = case.model
    for name in ("shape", "boundary"):
        for i, item in enumerate(getattr(model, name)):
            if item.velocity is not None:
                return (name, i, "velocity")
    if any(f.name in "uvw" for f in model.field):
        return ("field", [f.name in "uvw" for f in model.field].index(True), "expression")
    return ("flow", "reference_velocity") if case.reference_given else ("grid", "time_step")


def nu_min(two_phase: bool, name: str, sigma: float) -> float:
    """The smallest lattice viscosity proven stable, of the liquid or the gas; sigma/rho_l too."""
    if not two_phase:
        return limits.NU_MIN_SINGLE
    least = limits.NU_MIN_LIQUID if name == "liquid" else limits.NU_MIN_GAS
    stiff = limits.STIFFNESS * sigma**2
    return max(least, sigma / limits.CAPILLARY_VELOCITY_MAX, stiff)


def _viscosity(case: Any, name: str, nu: float) -> Limit:
    """Kinematic viscosity of liquid or gas: stable and accurate between two values."""
    least = nu_min(case.has("interface"), name, case.lattice.sigma)
    keys = ("materials", name, "viscosity")
    what = f"{name} kinematic viscosity in lattice units"
    if nu < least * (1 - 1e-9):
        beyond = f"below {least:g}, the smallest proven stable"
        return Limit(what, nu, "refuse", beyond, _more_viscous(case, name, nu, least), keys)
    return _not_too_large(what, nu, "take a smaller time step or viscosity", keys)


def _not_too_large(what: str, nu: float, remedy: str, keys: tuple) -> Limit:
    beyond = f"above {limits.NU_WARN:g}, where walls slip and accuracy falls"
    return limits.at_most(what, nu, limits.NU_WARN, limits.NU_MAX, beyond, remedy, keys)


def viscosity_of_law(case: Any, nu: float, where: str, key: str) -> Limit:
    """The liquid's kinematic viscosity where a law of its material makes it least or most."""
    least = nu_min(case.has("interface"), "liquid", case.lattice.sigma)
    name, keys = f"liquid kinematic viscosity {where}", ("materials", "liquid", key)
    if nu < least * (1 - 1e-9):
        verdict = "warn" if case.model.driven.viscosity_floor else "refuse"
        beyond = f"below {least:g}, the smallest proven stable"
        return Limit(name, nu, verdict, beyond, LAW, keys)
    return _not_too_large(name, nu, f"take a smaller time step, {LAW}", keys)


def _more_viscous(case: Any, name: str, nu: float, least: float) -> str:
    """What to do about a viscosity that is too small for the grid and time step."""
    floor = "set flow.viscosity_floor = true (labels every result)"
    if case.in_lattice_units:
        viscosity = least * case.lattice_density(name) * case.scales.diffusivity
        return f"raise {name}.viscosity to {viscosity:.4g} or {floor}"
    if step := _slow_enough(case, name, nu):
        return f"lower grid.time_step to {step:.2g} s, or {floor}"
    finer = _fine_enough(case, name, nu)
    text = f"refine grid.spacing to {finer:.2g} m without grid.time_step, " if finer else ""
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


def numbers(case: Any) -> dict[str, float]:
    """Mach and Re = rho U L/mu of the liquid, U the largest velocity expected."""
    speed = case.lattice.u_ref
    return {"Mach": speed / limits.CS, "Re": speed * cells_of(case) / case.lattice.nu}


def cells_of(case: Any) -> float:
    """L of dimensionless numbers in cells."""
    return feature_size(case.model) / case.scales.dx


def rows(case: Any) -> list[tuple]:
    """Density and viscosities of the liquid."""
    return fluid_rows("liquid", case.lattice.mu_l, case.lattice.nu, case.scales)


def fluid_rows(name: str, mu: float, nu: float, scales: Any) -> list[tuple]:
    """Viscosities of a fluid and its relaxation time (steps)."""
    tau = 3 * nu + 0.5
    return [
        (f"{name} viscosity", mu * scales.viscosity, "Pa s", mu),
        (f"{name} kinematic viscosity", nu * scales.diffusivity, "m2/s", nu),
        (f"{name} relaxation time tau", tau, "1", tau),
    ]
