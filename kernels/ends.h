// Halos across x, written along with the rows of their fields.
#pragma once
#include "halo.h"

// The x halos of a row whose cells x0 <= x < x1 have just been written, for `count` components at a:
// far cheaper than a pass of its own, since they share cache lines with cells that are still near.
// i = AT(0, y, z). ends: nx, the x of the halo cell made from cell 0 and of the one made from nx - 1,
// then a rule for each component and side, of which this field's start at component `first`; shifts:
// (components, 2). Block.ends makes both.
DEVICE void write_ends(real* a, int first, int count, const int64* ends, const real* shifts, int x0,
                       int x1, int i) {
  const int nx = (int)ends[0];
  for (int c = 0; c < count; ++c) {
    real* row = COMPONENT(a, c) + i;
    const int k = 2 * (first + c);
    if (x0 == 0) fill(row + ends[1], row, ends[3 + k], shifts[k]);
    if (x1 == nx) fill(row + ends[2], row + nx - 1, ends[4 + k], shifts[k + 1]);
  }
}
