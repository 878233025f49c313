// The profile of the interface: distance, fluxes through a face (docs/physics.md, 2).
#pragma once
#include "math.h"

DEVICE real distance(real f, real quarter_width, real d_max) {
  const real tiny = (real)1e-9;
  real g = f < tiny ? tiny : f > 1 - (real)1e-6 ? 1 - (real)1e-6 : f;
  real d = quarter_width * LOG(g / (1 - g));
  return d < -d_max ? -d_max : d > d_max ? d_max : d;
}

DEVICE real root(real f) {  // sqrt(phi (1 - phi)), 0 outside [0, 1]
  real s = f * (1 - f);
  return SQRT(s < 0 ? (real)0 : s);
}

// Rounded to a multiple of the last place of 1.5, as phi is at the start: every sum of such fluxes is
// then exact, and liquid is conserved to the last bit.
DEVICE real quantised(real f) { return (f + (real)1.5) - (real)1.5; }

// The normal is r grad d, where g = |grad d| and r = calm + (1/max(g, cap) - calm) min(g/flat, 1)^2; the cap falls
// from cap_tail to cap_middle as 4 phi (1 - phi) rises. Where r > 1 a profile that the flow has flattened is pulled
// together again; where r < 1 diffusion wins and smooths a bulk (docs/numerics.md).
struct NormalRule {
  real cap_tail, cap_drop, per_flat2, calm;  // cap_drop = cap_middle - cap_tail
};

// Flux from i to j = i + step (one of the three directions, speed its velocity component). before, after: d of
// the cells beyond i and j on the line through both; gs and gt: four times the mean of the central differences
// along the face. In the middle of a profile the slope across the face is the difference of both cells, in the
// tails the mean of their central ones: a straight profile has the same, ripples of a few cells hardly show.
DEVICE real flux(real fi, real fj, real si, real sj, real di, real dj, real before, real after, real speed,
                 real gs, real gt, real d_max, real mobility, real per_width, NormalRule rule) {
  const real half = (real)0.5, near = dj - di, far = (real)0.25 * ((after - before) + near);
  const real middle = 4 * (si * sj), gn = FMA(near - far, middle, far);
  const real cap = FMA(middle, rule.cap_drop, rule.cap_tail);
  real inside = (di < 0 ? -di : di) < d_max && (dj < 0 ? -dj : dj) < d_max ? (real)1 : (real)0;
  real sum = si + sj;
  real g2 = FMA(gn, gn, (real)0.0625 * FMA(gs, gs, gt * gt));
  real g = SQRT(MAX(g2, cap * cap));
  real per = 1 / ((sum > 0 ? sum : (real)1) * g);
  real mean = half * (fi + fj), sharp = FMA(fi, sj, fj * si) * (per * g);
  real face = inside > 0 ? sharp : mean;
  // What phi_j - phi_i is in a tanh profile of slope n = r gn in d: sinh(2 n/W) s/2 / (1 + s sinh^2(n/W)).
  const real r = FMA(FMA(per, sum, -rule.calm), MIN(g2 * rule.per_flat2, (real)1), rule.calm);
  real s = 4 * face * (1 - face), q = per_width * (gn * r), q2 = q * q;
  real sine = q * FMA(q2, (real)(1.0 / 6.0), (real)1);
  real e = s * (sine * sine), under = FMA(e, FMA(e, FMA(e, e - 1, (real)1), (real)-1), (real)1);
  real twice = FMA(q2, FMA(q2, (real)(4.0 / 30.0), (real)(2.0 / 3.0)), (real)1);  // sinh(2 q)/(2 q)
  real sharpening = inside * (s * q) * (twice * under);
  return quantised(FMA(speed, face, -mobility * ((fj - fi) - sharpening)));
}

// The same where one of the cells lies outside the clip; `twice` is twice the velocity.
DEVICE real plain(real fi, real fj, real twice, real mobility) {
  const real half = (real)0.5;
  return quantised(FMA(half * twice, half * (fi + fj), -mobility * (fj - fi)));
}

// Nothing flows through faces to cells that are not fluid, whatever phi they hold for the gradients.
#if WALLS
#define OPEN(o, flux) (w[i + (o)] == 0 ? (flux) : (real)0)
#define FLUID(next, f) (w[i] == 0 ? (next) : (f))
#else
#define OPEN(o, flux) flux
#define FLUID(next, f) next
#endif
