// What carries a scalar from cell to cell: limited upwind face values, conductances (docs/physics.md, 3).
#pragma once
#include "stencil.h"

// Value at a face from the cell c that the flow comes from, the one before it and the one beyond the
// face: third order in space and time (QUICKEST, Leonard, CMAME 19, 59, 1979; courant = |u_f|),
//     c + (1 - courant)/2 [ (2 - courant)/3 (next - c) + (1 + courant)/3 (c - before) ],
// the increment kept between 0 and the smaller of both differences: no new extremes (TVD).
DEVICE real upwind(real before, real c, real next, real courant) {
  const real sixth = (real)(1.0 / 6.0) * (1 - courant);
  real a = c - before, b = next - c;
  const real sign = b < 0 ? (real)-1 : (real)1;
  real increment = sixth * FMA(2 - courant, b, (1 + courant) * a) * sign;
  return FMA(sign, CLIP(increment, (real)0, MAX(MIN(a * sign, b * sign), (real)0)), c);
}

// The same where t is the cell on the low side of a face, the next one `step` on, flow > 0 upwards.
DEVICE real face_value(const real* t, int step, real flow, real courant) {
  const bool up = flow >= 0;
  return upwind(up ? t[-step] : t[2 * step], up ? t[0] : t[step], up ? t[step] : t[0], courant);
}

// Two half cells in series; 0 where one does not conduct.
DEVICE real harmonic(real a, real b) { return 2 * a * b / ((a + b) + (real)1e-30); }

// What a scalar is in the liquid and the gas: capacity and conductivity, linear in phi; `least` is
// the smallest capacity that a cell may have (phi of a bulk is 0 or 1 to 1e-4 only).
struct Scalar {
  real gas, jump, least, k_gas, k_jump;
};

DEVICE real capacity(Scalar s, real f) { return FMA(s.jump, f, s.gas); }
DEVICE real conductivity(Scalar s, real f) { return FMA(s.k_jump, clip(f), s.k_gas); }
DEVICE real magnitude(real a) { return a < 0 ? -a : a; }
