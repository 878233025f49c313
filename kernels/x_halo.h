// Halos across x, written along with the rows of their fields.
#pragma once
#include "halo.h"

// Inside FOR_ROWS, when the cells of `array` are written: the x halos made of them, for `count`
// components. Far cheaper than a pass of its own, since they share cache lines with cells that are
// still near. The arguments x_halo_rules and x_halo_shifts of the kernel are those of
// Block.x_halo(fields), of which `array` starts at component `first`.
#if GPU
#define WRITE_X_HALO(array, first, count) \
  write_x_halo(ROW(array), first, count, x_halo_rules, x_halo_shifts, x_, 1)
#else
#define WRITE_X_HALO(array, first, count) \
  write_x_halo(ROW(array), first, count, x_halo_rules, x_halo_shifts, x_, n_)
#endif

// The same for the second layer of a field of depth 2.
#if GPU
#define WRITE_DEEP_X_HALO(array, first, count) \
  write_deep_x_halo(ROW(array), first, count, x_halo_rules, x_halo_shifts, x_, 1)
#else
#define WRITE_DEEP_X_HALO(array, first, count) \
  write_deep_x_halo(ROW(array), first, count, x_halo_rules, x_halo_shifts, x_, n_)
#endif

// a: the first of n cells from x on. rules: nx, the x of the halo cell made from cell 0 and of the one
// made from cell nx - 1, then the rules (components, 2); shifts: (components, 2). WRAP = nx is defined where
// the block closes on itself along x, which needs neither table and is several times cheaper.
DEVICE void write_x_halo(real* a, int first, int count, const int64* rules, const real* shifts, int x,
                         int n) {
#ifdef WRAP
  if (x == 0)
    for (int c = 0; c < count; ++c) COMPONENT(a, c)[WRAP] = COMPONENT(a, c)[0];
  if (x + n == WRAP)
    for (int c = 0; c < count; ++c) COMPONENT(a, c)[-x - 1] = COMPONENT(a, c)[n - 1];
#else
  const int nx = (int)rules[0];
  if (x != 0 && x + n != nx) return;
  for (int c = 0; c < count; ++c) {
    real* row = COMPONENT(a, c) - x;
    const int k = 2 * (first + c);
    if (x == 0) fill(row + rules[1], row, rules[3 + k], shifts[k]);
    if (x + n == nx) fill(row + rules[2], row + nx - 1, rules[4 + k], shifts[k + 1]);
  }
#endif
}

// The second layer is made of cells 1 and nx - 2 (of the only one where nx = 1).
DEVICE void write_deep_x_halo(real* a, int first, int count, const int64* rules, const real* shifts,
                              int x, int n) {
#ifdef WRAP
  const int nx = WRAP;
#else
  const int nx = (int)rules[0];
#endif
  const int low = nx > 1 ? 1 : 0, high = nx - 1 - low;
  const bool has_low = x <= low && low < x + n, has_high = x <= high && high < x + n;
  if (!has_low && !has_high) return;
  const int from_low = GPU ? 0 : low - x, from_high = GPU ? 0 : high - x;  // a GPU has n = 1
  for (int c = 0; c < count; ++c) {
    real *near = COMPONENT(a, c) + from_low, *far = COMPONENT(a, c) + from_high;
#ifdef WRAP
    if (has_low) near[WRAP + 1 - low] = *near;
    if (has_high) far[-2 - high] = *far;
#else
    const int k = 2 * (first + c);
    if (has_low) fill(near + ((rules[1] < 0 ? -2 : nx + 1) - low), near, rules[3 + k], shifts[k]);
    if (has_high) fill(far + ((rules[2] < 0 ? -2 : nx + 1) - high), far, rules[4 + k], shifts[k + 1]);
#endif
  }
}
