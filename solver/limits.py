"""The numbers that decide what a case may ask for, in lattice units unless said otherwise.

One place for all of them: `docs/numerics.md` shows the sweeps they rest on. At the end of the file
what becomes of them: a `Limit` of a case, with its verdict.
"""

from dataclasses import dataclass

CS = 3**-0.5  # speed of sound of the lattice

# Smallest kinematic viscosities nu proven stable (`python -m ci.figures stability`). With an
# interface, sigma standing for sigma/rho_liquid, nu is also at least sigma/CAPILLARY_VELOCITY_MAX
# and STIFFNESS sigma^2, which binds above sigma = 0.016.
NU_MIN_LIQUID = 0.002
NU_MIN_GAS = 0.002
CAPILLARY_VELOCITY_MAX = 1.25  # cells a step
STIFFNESS = 50.0
NU_MIN_SINGLE = 0.001

# Bounds that set the time step.
U_TARGET = 0.05  # reference velocity
SIGMA_TARGET = 0.02  # sigma/rho_liquid
CAPILLARY_VELOCITY_TARGET = 0.8  # sigma/mu_liquid, unless the viscosity may be raised
DIFFUSIVITY_TARGET = 1 / 6  # kinematic viscosities (tau = 1)

# Beyond these a run is labelled a warning, or refused.
U_WARN, U_MAX = 0.1, 0.17  # 0.17 is Mach 0.3
SIGMA_WARN, SIGMA_MAX = 0.02, 0.1
COLUMN_WARN = 0.02  # 3 g H (docs/numerics.md, Known weaknesses)
NU_WARN, NU_MAX = 0.5, 5.0  # at walls the slip grows as (8 nu - 1)/H^2
WIDTH_MIN, WIDTH_WARN = 3.0, 4.0  # cells
DENSITY_RATIO_MAX = 1000.0
VISCOSITY_RATIO_WARN = 100.0
RADIUS_WARN = 3.0  # in interface widths
MOBILITY_RANGE = (0.02, 0.05)  # of the default rule; the low one at W = 4, as W^3 above
MOBILITY_MAX = 1 / 6  # explicit Euler in 3-D

# Evaporation, cells a step: the profile must keep its shape; in float32 phi has quanta of 1e-7.
RECEDE_WARN, RECEDE_MAX = 2e-3, 2e-2
RECEDE_GRAIN = 5e-6

# Constants of the method: what the kernels and the loop work with (docs/numerics.md, Choices).
PHI_CLIP = 1e-5  # phi inside (PHI_CLIP, 1 - PHI_CLIP) has a distance
# The normal is r grad d, r = NORMAL_CALM + (1/max(g, cap) - NORMAL_CALM) min(g/NORMAL_FLAT, 1)^2
# with g = |grad d|; the cap falls from NORMAL_CAP in the tails to NORMAL_CAP_MIDDLE.
NORMAL_CAP, NORMAL_CAP_MIDDLE, NORMAL_FLAT, NORMAL_CALM = 0.9, 0.3, 0.5, 0.6
PRESSURE_STEPS = 20  # steps from one setting of the gas mean of p to the next
MAX_SPEED = 0.4  # cells a step: beyond it the flow is not to be trusted, let alone stable
ANGLE_REGULARISATION = 1e-3  # of least squares at solids, for cells with fluid on one side only
CONDUCTION_SHARE = 0.9  # of what explicit conduction allows: sum of k over the faces over capacity
EMPTY_PHI = 1e-5  # phi below which a cell counts as empty, and holds what this much would
SOLUTE_TAIL = 2.0  # widths beyond the surface to which a solute of the liquid is known at the start
HEALTH_STEPS = 100  # steps between looks for values that are not finite
STEADY_STEPS = 100  # a steady state is judged by the relative change in so many steps
STEADY_TIMES = 3  # records in a row that must be steady: turning points are not

# Sizes of input.
CASE_BYTES = 1_000_000
CASE_DEPTH = 12
DATA_BYTES = 500_000_000  # gravity tables, surfaces
CASE_TABLES = 1000  # shapes, fields, boundaries, variants, checks: each
CELLS_MAX = 2**40
SAMPLED_CELLS = 100_000  # of which expressions are evaluated by check
SOLIDS_MAX = 240  # their ids are bytes
PLACED_CELLS = 4_000_000  # of which solids are counted one by one
SMALLEST, LARGEST = 1e-30, 1e30  # numbers other than 0: products of them stay finite

# Held bytes per cell in float32 (halos and padding included), for the memory estimate.
BYTES_TWO_PHASE = 125
BYTES_SINGLE = 105
BYTES_FIELD = 4.6  # of each component more: temperature, solute, sources
BYTES_SOLIDS = 1.2

# Heat and solute; explicit steps, so what a surface takes in one must be a small share of it.
SUBSTEPS_WARN, SUBSTEPS_MAX = 50, 1000  # steps of conduction in a time step
ROUNDING_WARN = 0.01  # share of a slow change of a scalar that rounding takes
EXCHANGE_WARN, EXCHANGE_MAX = 0.2, 1.0  # share of a difference that a surface loses in a step
HEATING_WARN, HEATING_MAX = 0.01, 0.1  # change of the temperature in a step, over itself
PUSHING_WARN = 0.2  # share of the surface of a solid that moves along its normal
SIGNAL_WARN, SIGNAL_MIN = 20, 4  # steps in a period of a gravity signal


@dataclass(frozen=True)
class Limit:
    """One limit of a case: its value, the verdict and, unless ok, what lies beyond and what to do.

    keys   where the case says it: a path into the file
    """

    name: str
    value: float
    verdict: str  # ok | warn | refuse
    limit: str = ""
    remedy: str = ""
    keys: tuple = ()


def verdict(value: float, warn: float, stop: float) -> str:
    """ok up to `warn`, warn up to `stop`, then refuse."""
    return "ok" if value <= warn * (1 + 1e-9) else "warn" if value <= stop else "refuse"


def judged(
    name: str, value: float, verdict: str, beyond: str, remedy: str, keys: tuple = ()
) -> Limit:
    """The limit with a verdict that is known; `beyond` is said unless that is ok."""
    return Limit(name, value, verdict, "" if verdict == "ok" else beyond, remedy, keys)


def at_most(
    name: str, value: float, warn: float, stop: float, beyond: str, remedy: str, keys: tuple = ()
) -> Limit:
    """The limit of a value that may be too large; `beyond` says what lies above it."""
    return judged(name, value, verdict(value, warn, stop), beyond, remedy, keys)
