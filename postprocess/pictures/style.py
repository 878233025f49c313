"""How pictures look: fonts, colours, and numbers with the units of people."""

import math

import numpy as np

INK, GREY, PALE, PAPER = "#1f2a36", "#6b7785", "#d9dfe5", "#ffffff"
LINES = ("#20639b", "#d1495b", "#2a9d8f", "#e09f3e", "#6d597a", "#4f772d")
CAUTION = "#8a5a00"
SOLID, WALL = "#c9ced4", "#4a5561"  # solid shapes, walls of the box
DASHES = ((0, (4, 2)), (0, (1, 1.2)), (0, (7, 1.5, 1, 1.5)), (0, (8, 3)))  # of references
DPI = 150
MINUS = "\u2212"
_PREFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m"), (1e-6, "\u00b5"))
_PREFIXES += ((1e-9, "n"),)
_SCALED = {"m", "s", "Pa", "m/s", "Hz", "J", "N/m", "1/s"}
_PRETTY = {
    "m s-1": "m/s",
    "m3": "m\u00b3",
    "m2": "m\u00b2",
    "m2/s": "m\u00b2/s",
    "m/s2": "m/s\u00b2",
    "K": "K",
}

#: quantity -> (colour map of cmcrameri, is zero its middle)
COLOURS = {
    "phi": ("devon_r", False),
    "speed": ("lapaz_r", False),
    "velocity_error": ("lajolla_r", False),
    "p": ("vik", True),
    "T": ("lajolla", False),
    "c": ("acton_r", False),
    "u": ("vik", True),
    "v": ("vik", True),
    "w": ("vik", True),
    "deviation": ("vik", True),
    "normal_velocity": ("vik", True),
    "vorticity": ("broc", True),
    "film": ("devon_r", False),
}


FROM_ZERO = ("speed", "velocity_error")  # their colour bars begin at 0
SINGULAR = ("vorticity",)  # without bound at corners: the outermost hundredths are cut off


def use() -> None:
    """Set Matplotlib up; files only, no window."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update(
        {
            "figure.dpi": DPI,
            "savefig.dpi": DPI,
            "font.family": "DejaVu Sans",
            "font.size": 9,
            "text.color": INK,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.linewidth": 0.8,
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.formatter.useoffset": False,
            "axes.formatter.limits": (-3, 4),
            "axes.formatter.use_mathtext": True,
            "hatch.color": GREY,
            "hatch.linewidth": 0.6,
            "grid.color": PALE,
            "grid.linewidth": 0.6,
            "xtick.color": GREY,
            "ytick.color": GREY,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "lines.linewidth": 1.6,
            "legend.edgecolor": "none",
            "legend.framealpha": 0.8,
            "legend.fontsize": 8,
            "axes.prop_cycle": matplotlib.cycler(color=LINES),
        }
    )


def colour_map(quantity: str):
    """(colour map, is zero in its middle) for a quantity; perceptually uniform."""
    from cmcrameri import cm

    name, middle = COLOURS.get(quantity, ("batlow", False))
    return getattr(cm, name), middle


def bright_map(quantity: str):
    """The colour map without its darkest colours, on which arrows and shading would be lost."""
    from matplotlib.colors import ListedColormap

    colours, middle = colour_map(quantity)
    dark_end_last = sum(colours(1.0)[:3]) < sum(colours(0.0)[:3])
    ends = (0.14, 0.86) if middle else (0.0, 0.85) if dark_end_last else (0.25, 1.0)
    return ListedColormap(colours(np.linspace(*ends, 256))), middle


def shades(count: int) -> list:
    """Colours of that many curves in an order, from dark to bright; one is the usual blue."""
    from cmcrameri import cm

    return [cm.batlow(x) for x in np.linspace(0.05, 0.8, count)] if count > 1 else [LINES[0]]


def map_and_ends(quantity: str, values: np.ndarray):
    """(colour map, (low, high)) for values of a quantity.

    Where zero is the middle of the map but the values lie on one side of it, half the map.
    """
    from matplotlib.colors import ListedColormap

    cmap, middle = bright_map(quantity)
    if quantity in SINGULAR:
        values = np.clip(values, *np.nanpercentile(values, (1, 99)))
    low, high = limits(values, False)
    if not middle:
        return cmap, (0.0 if quantity in FROM_ZERO else low, high)
    if low > -0.1 * high:
        return ListedColormap(cmap(np.linspace(0.5, 1.0, 256))), (min(low, 0.0), high)
    if high < -0.1 * low:
        return ListedColormap(cmap(np.linspace(0.0, 0.5, 256))), (low, max(high, 0.0))
    return cmap, limits(values, True)


def limits(values: np.ndarray, middle: bool) -> tuple[float, float]:
    """Ends of a colour bar: the range of the finite values, about 0 if that is the middle."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if middle:
        high = max(abs(low), abs(high)) or 1.0
        return -high, high
    return (low, high) if high > low else (low, low + (abs(low) or 1.0))


def scaled(values, unit: str) -> tuple[float, str]:
    """(factor, unit with a prefix) that bring the largest value near 1 to 1000."""
    unit = _PRETTY.get(unit, unit)
    finite = np.abs(np.asarray(values, float))
    finite = finite[np.isfinite(finite)]
    top = float(finite.max()) if finite.size else 0.0
    if unit not in _SCALED:
        return _power_of_ten(top, "" if unit == "1" else unit)
    for size, prefix in _PREFIXES:
        if top >= size * 0.9995:
            return 1 / size, prefix + unit
    return (1.0, unit) if not top else (1e9, "n" + unit)


def _power_of_ten(top: float, unit: str) -> tuple[float, str]:
    """(factor, unit) with a power of ten in the unit where numbers would be unwieldy."""
    if not top or 1e-2 <= top < 1e4:
        return 1.0, unit
    power = math.floor(math.log10(top))
    return 10.0**-power, f"10{str(power).translate(_RAISED)} {unit}".strip()


def text_of(value: float, unit: str = "1", digits: int = 3) -> str:
    """A value for people: 0.00325 m is "3.25 mm"."""
    unit = _PRETTY.get(unit, unit)
    factor, name = scaled([value], unit) if unit in _SCALED else (1.0, "" if unit == "1" else unit)
    shown = value * factor
    if shown and not 1e-3 <= abs(shown) < 1e5:
        mantissa, power = f"{shown:.{digits - 1}e}".split("e")
        shown = f"{mantissa} \u00d7 10" + str(int(power)).translate(_RAISED)
    else:
        shown = f"{shown:#.{digits}g}".rstrip(".")
    return f"{shown} {name}".strip().replace("-", MINUS)


def percent(share: float) -> str:
    """A relative difference as "+1.2 %"."""
    if abs(share) < 5e-6:
        return "0 %"
    return f"{100 * share:+.2g} %".replace("-", MINUS)


def plain_ticks(axis, at=None) -> None:
    """Numbers without powers of ten on a logarithmic axis (below two decades), or at `at` only."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = axis.get_view_interval()
    shown = "123456789" if high < 4 * low else "12357" if high < 12 * low else "125"

    def write(value, _):
        return f"{value:g}" if at is not None or f"{value:e}"[0] in shown else ""

    if at is not None:
        axis.set_major_locator(FixedLocator(sorted(set(at))))
        axis.set_minor_locator(NullLocator())
    elif high / low > 100:
        return
    axis.set_major_formatter(FuncFormatter(write))
    if at is None:
        axis.set_minor_formatter(FuncFormatter(write))


_RAISED = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


def round_below(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above `value` > 0."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= value * 1.0000001)


def in_units(unit: str, lattice: bool) -> str:
    """The unit, or that a number is in lattice units."""
    return f"{unit} lattice units".strip() if lattice else unit


def labelled(name: str, unit: str) -> str:
    """Text of an axis or a colour bar: "pressure (Pa)"."""
    return f"{name} ({unit})" if unit else name
