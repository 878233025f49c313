// A frame that turns at a constant rate w (a vector, radians a step) about an axis through c:
//     du/dt = ... + w^2 r - (w . r) w - 2 w x u,      r = x - c.
// `spin` holds w, then 1/2 - c (cell centres are at half cells), then the w of the Coriolis force
// (0 where it is left out) and 1/(1 + that w^2).
#pragma once
#include "dialect.h"

struct Vector {
  real x, y, z;
};

DEVICE Vector cross(const real* w, real x, real y, real z) {
  return {FMA(w[1], z, -(w[2] * y)), FMA(w[2], x, -(w[0] * z)), FMA(w[0], y, -(w[1] * x))};
}

// Centrifugal acceleration -w x (w x r) of a cell, by its place in the whole box: not its block's.
DEVICE Vector centrifugal(int x, int y, int z, const real* spin) {
  const Vector c = cross(spin, (real)x + spin[3], (real)y + spin[4], (real)z + spin[5]);
  return cross(spin, -c.x, -c.y, -c.z);
}

// u = m - w x u solved for u, which is in place of m: half of the Coriolis force of a step, with
// the velocity that it makes. Where is_fluid = 0 u stays.
DEVICE void coriolis(real& x, real& y, real& z, const real* spin, real is_fluid) {
  const real* w = spin + 6;
  const Vector a = cross(w, x, y, z), b = cross(w, a.x, a.y, a.z);
  const real factor = is_fluid * w[3];
  x = FMA(factor, b.x - a.x, x), y = FMA(factor, b.y - a.y, y), z = FMA(factor, b.z - a.z, z);
}
