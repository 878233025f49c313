"""Sums and maxima over all cells of all ranks whose bits depend on neither order nor ranks."""

import numpy as np

BITS = 50  # the last bit kept is 2^-50
_HIGH = 20  # the high limb counts 2^-20, so that it stays below 2^30 for values up to LIMIT
LIMIT = 2.0**10
PIECE = 1 << 16  # values of a host array that are worked on at a time, so that they stay in cache


def limbs(xp, array, scale: float = 1.0):
    """(high, low, faults) of an array: int64 sums of two fixed-point limbs, and a count.

    Each value / scale is rounded once to a multiple of 2^-50, high 2^-20 + low 2^-50 with
    |low| <= 2^29, so the sums of 2^32 values fit in int64. Integers add in any order to the same
    bits. `faults` counts the values that are not finite or above LIMIT = 2^10 in size.
    """
    high = low = faults = 0
    for part in _pieces(array) if isinstance(array, np.ndarray) else (array,):
        values = xp.asarray(part, dtype=np.float64) / scale
        good = xp.abs(values) <= LIMIT  # False for NaN
        bad = int(good.size - xp.count_nonzero(good))
        if bad:
            values = xp.where(good, values, 0.0)
        values = values * 2.0**_HIGH
        whole = xp.rint(values)
        rest = xp.rint((values - whole) * 2.0 ** (BITS - _HIGH))
        high += int(whole.astype(np.int64).sum())
        low += int(rest.astype(np.int64).sum())
        faults += bad
    return high, low, faults


def _pieces(array: np.ndarray):
    """Parts of at most PIECE values, as views."""
    if array.size <= PIECE:
        yield array
        return
    rows = PIECE * len(array) // array.size
    for k in range(0, len(array), max(1, rows)):
        yield from _pieces(array[k : k + rows] if rows else array[k])


def exact_sum(backend, comm, array, scale: float = 1.0) -> float:
    """Sum over all ranks: the same bits for any number of ranks and any order of cells.

    Fixed point: each value / scale may be up to 2^10 in size and is rounded to a multiple of 2^-50;
    the sum of up to 2^32 such values is exact and rounded once to float64. `scale` should be a
    power of two, and the same on all ranks.

    Raises FloatingPointError on all ranks if a value is not finite or too large for its scale.
    """
    high, low, faults = limbs(backend.xp, array, scale)
    return join(comm, high, low, faults) * scale


def join(comm, high: int, low: int, faults: int = 0) -> float:
    """The sum that the limbs of all ranks make; raises FloatingPointError if there are faults."""
    high, low, faults = (int(n) for n in comm.allreduce([high, low, faults]))
    if faults:
        raise FloatingPointError(
            f"sum: {faults} values are not finite or beyond {LIMIT:g} times the scale"
        )
    return ((high << (BITS - _HIGH)) + low) / (1 << BITS)


def largest(backend, comm, array) -> float:
    """Largest value over all ranks; NaN if any value is."""
    value = float(backend.xp.max(array))
    nan = bool(np.isnan(value))
    bad, value = comm.allreduce([float(nan), -np.inf if nan else value], "max")
    return float("nan") if bad else float(value)
