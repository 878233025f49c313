"""The table of everything that can be measured, by name.

A metric is a pure function. Its arguments are filled in by name from the scope of a run (scope.py);
those named in `series` come first and are arrays over time. `levitas list metrics` prints this.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from levitas.postprocess.metrics import cavity, convection, drop, extent, film, flow, neck, rise
from levitas.postprocess.metrics import coating as coat
from levitas.postprocess.metrics import drying_film as drying
from levitas.postprocess.metrics import evaporating_drop as evaporating
from levitas.postprocess.metrics import exact_errors as exact
from levitas.postprocess.metrics import liquid_temperature as hot_liquid
from levitas.postprocess.metrics import scalar_waves as carried
from levitas.postprocess.metrics import series_fits as fits
from levitas.postprocess.metrics.scope import FIELDS, Scope
from levitas.postprocess.metrics.value import Measured, NotMeasured, Quantity


class Metric(NamedTuple):
    """A function, the unit of what it gives (SI; that of a 2-D run), the series it reads.

    `viscous`: it measures what viscosity does, so it says nothing if the viscosity was raised.
    """

    function: Callable
    unit: str = "1"
    flat_unit: str | None = None
    series: tuple[str, ...] = ()
    viscous: bool = False

    @property
    def text(self) -> str:
        """What it is, in a line."""
        return " ".join(inspect.getdoc(self.function).split("\n\n")[0].split())

    @property
    def needs(self) -> tuple[str, ...]:
        """Names without a default that it takes from the scope."""
        return tuple(n for n, p in self._parameters() if p.default is inspect.Parameter.empty)

    @property
    def takes(self) -> tuple[str, ...]:
        """All names that it takes from the scope."""
        return tuple(name for name, _ in self._parameters())

    def _parameters(self):
        return list(inspect.signature(self.function).parameters.items())[len(self.series) :]

    @property
    def instant(self) -> bool:
        """Can it be measured at any time of a run, and so stand in the series?"""
        return not self.series and not any(n.startswith("start_") for n in self.takes)


_CENTRES = ("centre_x", "centre_y", "centre_z")
_MODE = ("time", "mode_amplitude")
_WAVE = ("time", "wave_amplitude")
_NECK = ("time", "neck_radius", "liquid_volume")

METRICS: dict[str, Metric] = {
    "liquid_volume": Metric(drop.liquid_volume, "m3", "m2"),
    "max_speed": Metric(flow.max_speed, "m/s"),
    "kinetic_energy": Metric(flow.kinetic_energy, "J", "J/m"),
    "centre_x": Metric(drop.centre_x, "m"),
    "centre_y": Metric(drop.centre_y, "m"),
    "centre_z": Metric(drop.centre_z, "m"),
    "drop_radius": Metric(drop.drop_radius, "m"),
    "body_count": Metric(drop.body_count),
    "pressure_jump": Metric(drop.pressure_jump, "Pa"),
    "laplace_error": Metric(drop.laplace_error),
    "spurious_capillary_number": Metric(flow.spurious_capillary_number, viscous=True),
    "sphericity": Metric(drop.sphericity),
    "circularity": Metric(rise.circularity),
    "shape_deviation": Metric(drop.shape_deviation),
    "mode_amplitude": Metric(drop.mode_amplitude, "m"),
    "extent_x": Metric(extent.extent_x, "m"),
    "extent_y": Metric(extent.extent_y, "m"),
    "extent_z": Metric(extent.extent_z, "m"),
    "base_width": Metric(extent.base_width, "m"),
    "cap_angle": Metric(extent.cap_angle, "deg"),
    "rise_velocity": Metric(rise.rise_velocity, "m/s"),
    "neck_radius": Metric(neck.neck_radius, "m"),
    "phi_dip": Metric(drop.phi_dip),
    "velocity_error": Metric(flow.velocity_error),
    "layered_error": Metric(flow.layered_error, viscous=True),
    "taylor_green_error": Metric(flow.taylor_green_error, viscous=True),
    "film_thickness": Metric(film.film_thickness, "m"),
    "film_thickness_min": Metric(film.film_thickness_min, "m"),
    "film_thickness_max": Metric(film.film_thickness_max, "m"),
    "film_thickness_axis": Metric(film.film_thickness_axis, "m", viscous=True),
    "film_nonuniformity": Metric(film.film_nonuniformity),
    "film_variation": Metric(film.film_variation),
    "coat_thickness": Metric(coat.coat_thickness, "m"),
    "wave_amplitude": Metric(film.wave_amplitude, "m"),
    "wave_size": Metric(film.wave_size, "m"),
    "wave_shift": Metric(film.wave_shift, "m"),
    "growth_rate": Metric(film.growth_rate, "1/s", series=_WAVE, viscous=True),
    "roll_velocity": Metric(film.roll_velocity, "m/s"),
    "roll_growth": Metric(film.roll_growth, "1/s", series=("time", "roll_velocity"), viscous=True),
    "carried_growth_rate": Metric(
        film.growth_rate, "1/s", series=("time", "wave_size"), viscous=True
    ),
    "wave_frequency": Metric(fits.oscillation_frequency, "Hz", series=_WAVE),
    "wave_damping": Metric(fits.oscillation_damping, "1/s", series=_WAVE, viscous=True),
    "u_error": Metric(exact.u_error),
    "v_error": Metric(exact.v_error),
    "w_error": Metric(exact.w_error),
    "p_error": Metric(exact.p_error),
    "T_error": Metric(exact.T_error),
    "c_error": Metric(exact.c_error),
    "wave_T": Metric(carried.wave_T, "K"),
    "wave_c": Metric(carried.wave_c),
    "wave_T_place": Metric(carried.wave_T_place),
    "wave_c_place": Metric(carried.wave_c_place),
    "wave_T_loss": Metric(carried.wave_loss, series=("time", "step", "wave_T")),
    "wave_c_loss": Metric(carried.wave_loss, series=("time", "step", "wave_c")),
    "wave_T_lead": Metric(carried.wave_lead, series=("time", "wave_T_place")),
    "wave_c_lead": Metric(carried.wave_lead, series=("time", "wave_c_place")),
    "liquid_temperature": Metric(hot_liquid.liquid_temperature, "K"),
    "liquid_temperature_max": Metric(hot_liquid.liquid_temperature_max, "K"),
    "temperature_change": Metric(
        hot_liquid.temperature_change, "K", series=("time", "liquid_temperature")
    ),
    "surface_drift_x": Metric(hot_liquid.surface_drift_x, "m/s"),
    "radius_square_rate": Metric(
        evaporating.radius_square_rate, "m2/s", series=("time", "radius_square")
    ),
    "radius_square": Metric(evaporating.radius_square, "m2"),
    "skin": Metric(drying.skin),
    "solute_content": Metric(drying.solute_content, "m3", "m2"),
    "solute_drift": Metric(drying.solute_drift, series=("time", "step", "solute_content")),
    "heat_content": Metric(carried.heat_content, "J", "J/m"),
    "heat_drift": Metric(carried.heat_drift, series=("time", "step", "heat_content")),
    "nusselt": Metric(convection.nusselt),
    "midline_u": Metric(convection.midline_u, "m/s"),
    "midline_v": Metric(convection.midline_v, "m/s"),
    "return_flow": Metric(convection.return_flow, "m2/s"),
    "return_flow_amplitude": Metric(
        convection.return_flow_amplitude, "m2/s", series=("time", "return_flow")
    ),
    "return_flow_lag": Metric(convection.return_flow_lag, "deg", series=("time", "return_flow")),
    "cavity_error": Metric(cavity.cavity_error, viscous=True),
    "cavity_u_min": Metric(cavity.cavity_u_min, viscous=True),
    "mass_drift": Metric(fits.mass_drift, series=("time", "step", "liquid_volume")),
    "drop_speed": Metric(fits.drop_speed, "m/s", series=("time", *_CENTRES)),
    "rise_velocity_max": Metric(rise.rise_velocity_max, "m/s", series=("time", "rise_velocity")),
    "circularity_min": Metric(rise.circularity_min, series=("time", "circularity")),
    "neck_exponent": Metric(neck.neck_exponent, series=_NECK),
    "neck_prefactor": Metric(neck.neck_prefactor, series=_NECK),
    "drift_x": Metric(fits.drift_x, "m/s", series=("time", "centre_x")),
    "max_speed_late": Metric(fits.largest_late, "m/s", series=("time", "max_speed")),
    "velocity_error_late": Metric(fits.largest_late, series=("time", "velocity_error")),
    "shape_deviation_late": Metric(fits.largest_late, series=("time", "shape_deviation")),
    "phi_dip_late": Metric(fits.largest_late, series=("time", "phi_dip")),
    "oscillation_frequency": Metric(fits.oscillation_frequency, "Hz", series=_MODE),
    "oscillation_damping": Metric(fits.oscillation_damping, "1/s", series=_MODE, viscous=True),
    "decay_rate": Metric(fits.decay_rate, "1/s", series=("time", "kinetic_energy"), viscous=True),
}


def measure(name: str, scope: Scope, series: Mapping | None = None) -> Quantity:
    """Value, unit and note of a metric. Raises NotMeasured with the reason if it cannot be had."""
    metric = METRICS[name]
    if metric.series and series is None:
        raise NotMeasured("it is measured over the series of a run")
    arrays = []
    for column in metric.series:
        if column not in series:
            raise NotMeasured(f"the series has no {column}")
        arrays.append(series[column])
    wanted = [n for n in metric.takes if n in metric.needs or scope.has(n)]
    found = metric.function(*arrays, **{n: scope[n] for n in wanted})
    value, note = found if isinstance(found, Measured) else (found, "")
    return Quantity(float(value), unit_of(name, scope), note)


def unit_of(name: str, scope: Scope) -> str:
    """The unit of a metric in a run; "1" where the case is in lattice units."""
    metric = METRICS[name]
    if scope["in_lattice_units"]:
        return "1"
    return metric.flat_unit if metric.flat_unit and scope["flat"] else metric.unit


def fields_of(names: Iterable[str]) -> list[str]:
    """The fields that metrics need, in a fixed order."""
    taken = {field for name in names for field in METRICS[name].takes}
    return [field for field in FIELDS if field in taken]


def asked_for(case) -> list[str]:
    """The metrics that the checks and the pictures of a case need."""
    names = [check.metric for check in (*case.model.check, *case.checks_over_variants)]
    names += [picture.metric for picture in case.model.output.pictures or [] if picture.metric]
    return [name for name in dict.fromkeys(names) if name in METRICS]


def series_quantities(case) -> list[str]:
    """What the series of a run holds: what the case asks for, or what suits its physics.

    Whatever the end, the checks and the pictures of the case read from the series is always there.
    """
    names = list(case.model.output.series.quantities or _usual(case))
    if steady := case.model.case.end.steady:
        names.append(steady.metric)
    for picture in case.model.output.pictures or []:
        names += [n for n in picture.quantities or [] if METRICS[n].instant]
    for name in asked_for(case):
        names += [n for n in METRICS[name].series if n in METRICS]
    return list(dict.fromkeys(names))


def _usual(case) -> list[str]:
    names = ["kinetic_energy", "max_speed"] if case.has("flow") else []
    if case.has("heat") and case.section_named("heat").prescribed is None:
        names.append("heat_content")
    if not case.has("interface"):
        return names
    names.append("liquid_volume")
    if any(shape.kind in ("sphere", "ellipsoid", "cylinder") for shape in case.model.shape):
        names += _CENTRES
    if any(getattr(shape, "wave", None) for shape in case.model.shape):
        names.append("wave_amplitude")
    if any(getattr(shape, "mode", None) for shape in case.model.shape):
        names.append("mode_amplitude")
    return names
