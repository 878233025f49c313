// One step of the liquid-gas interface: conservative Allen-Cahn, finite volumes (docs/physics.md, 2).
//
//     d phi/dt + div(u phi) = div{ M [ grad phi - (1/W) (1 - tanh^2(2 d/W)) n ] },
//     d = (W/4) ln(phi/(1 - phi)),  n = grad d/max(|grad d|, cap)
// (Jain, JCP 469, 111529, 2022, with a cap: a ripple too flat for a profile is not gathered into one).
// Face values come from the two cells: with s = sqrt(phi (1 - phi)) the addition theorem of tanh gives
//     phi_f = (phi_i s_j + phi_j s_i)/(s_i + s_j) = (1 + tanh((d_i + d_j)/W))/2
// without exp or log. The sharpening is taken as the difference that a tanh profile has over a cell,
//     phi_j - phi_i = (s/2) sinh(2 n/W)/(1 + s sinh^2(n/W)),  s = 1 - tanh^2(2 d_f/W) = 4 phi_f (1 - phi_f),
// not as its limit s n/W: then tanh is the discrete equilibrium (spurious flow falls threefold). It and the sharpening act where both cells lie inside the clip |d| < d_max;
// elsewhere phi_f is the mean, so a cell outside the clip needs neither and the cheap form has its bits.
#include "ends.h"
#include "math.h"
#include "two_phase.h"

DEVICE real distance(real f, real quarter_width, real d_max) {
  const real tiny = (real)1e-9;
  real g = f < tiny ? tiny : f > 1 - (real)1e-6 ? 1 - (real)1e-6 : f;
  real d = quarter_width * LOG(g / (1 - g));
  return d < -d_max ? -d_max : d > d_max ? d_max : d;
}

// d of phi in the box (start and restart; the step keeps it up to date).
KERNEL interface_distance(const real* RESTRICT phi, real* RESTRICT d, Box box, real quarter_width,
                          real d_max) {
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z);
    d[i] = distance(phi[i], quarter_width, d_max);
  }
}

DEVICE real root(real f) {  // sqrt(phi (1 - phi)), 0 outside [0, 1]
  real s = f * (1 - f);
  return SQRT(s < 0 ? (real)0 : s);
}

// Rounded to a multiple of the last place of 1.5, as phi is at the start: every sum of such fluxes is
// then exact, and liquid is conserved to the last bit.
DEVICE real grains(real f) { return (f + (real)1.5) - (real)1.5; }

// Flux from i to j = i + step (one of the three directions, u its velocity component): gn is the difference of d
// across the face, gs and gt four times the mean of the central differences along it.
DEVICE real flux(real fi, real fj, real si, real sj, real di, real dj, real speed, real gs, real gt,
                 real d_max, real mobility, real per_width, real cap2) {
  const real half = (real)0.5, gn = dj - di;
  real inside = (di < 0 ? -di : di) < d_max && (dj < 0 ? -dj : dj) < d_max ? (real)1 : (real)0;
  real sum = si + sj;
  real g2 = FMA(gn, gn, (real)0.0625 * FMA(gs, gs, gt * gt));
  real g = SQRT(g2 < cap2 ? cap2 : g2);
  real per = 1 / ((sum > 0 ? sum : (real)1) * g);
  real mean = half * (fi + fj), sharp = FMA(fi, sj, fj * si) * (per * g);
  real face = inside > 0 ? sharp : mean;
  // What phi_j - phi_i is in a tanh profile of slope n in d: sinh(2 n/W) s/2 / (1 + s sinh^2(n/W)).
  real s = 4 * face * (1 - face), q = per_width * (gn * (per * sum)), q2 = q * q;
  real sine = q * FMA(q2, (real)(1.0 / 6.0), (real)1);
  real e = s * (sine * sine), under = FMA(e, FMA(e, FMA(e, e - 1, (real)1), (real)-1), (real)1);
  real twice = FMA(q2, FMA(q2, (real)(4.0 / 30.0), (real)(2.0 / 3.0)), (real)1);  // sinh(2 q)/(2 q)
  real gather = inside * (s * q) * (twice * under);
  return grains(FMA(speed, face, -mobility * ((fj - fi) - gather)));
}

// The same where one of the cells lies outside the clip; `twice` is twice the velocity.
DEVICE real plain(real fi, real fj, real twice, real mobility) {
  const real half = (real)0.5;
  return grains(FMA(half * twice, half * (fi + fj), -mobility * (fj - fi)));
}

KERNEL interface_step(const real* RESTRICT phi, const real* RESTRICT d, const real* RESTRICT u,
                      real* RESTRICT phi_new, real* RESTRICT d_new,
                      const int64* RESTRICT ends, const real* RESTRICT shifts, Box box,
                      real mobility,
                      real quarter_width, real d_max, real cap2, real outside) {
  const real per_width = (real)0.25 / quarter_width;
  FOR_ROWS(box) {
    const real *p = ROW(phi), *q = ROW(d), *u0 = ROW(u), *u1 = COMPONENT(u0, 1), *u2 = COMPONENT(u0, 2);
    real *p_new = ROW(phi_new), *q_new = ROW(d_new);
    AHEAD(p, 1, AT(0, 1, 1));
    AHEAD(q, 1, AT(0, 1, 1));
    AHEAD(u0, 3, AT(0, 1, 1));
    AHEAD(p_new, 1, 0);
    AHEAD(q_new, 1, 0);
    EITHER(i, q[i] > -d_max && q[i] < d_max) {
      const real half = (real)0.5, f = p[i], s = root(f), di = q[i];
#define D(ex, ey, ez) q[i + AT(ex, ey, ez)]
#define FACE(o, ua, ub, gs, gt, back)                                                          \
  flux(back ? p[i + (o)] : f, back ? f : p[i + (o)], back ? root(p[i + (o)]) : s,        \
       back ? s : root(p[i + (o)]), back ? q[i + (o)] : di, back ? di : q[i + (o)],          \
       half * (back ? ub + ua : ua + ub), gs, gt, d_max, mobility, per_width, cap2)
      real dx = D(1, 0, 0) - D(-1, 0, 0), dy = D(0, 1, 0) - D(0, -1, 0), dz = D(0, 0, 1) - D(0, 0, -1);
      real out = FACE(1, u0[i], u0[i + 1], dy + (D(1, 1, 0) - D(1, -1, 0)), dz + (D(1, 0, 1) - D(1, 0, -1)), 0);
      out -= FACE(-1, u0[i], u0[i - 1], (D(-1, 1, 0) - D(-1, -1, 0)) + dy, (D(-1, 0, 1) - D(-1, 0, -1)) + dz, 1);
      real side = FACE(PITCH, u1[i], u1[i + PITCH], dx + (D(1, 1, 0) - D(-1, 1, 0)), dz + (D(0, 1, 1) - D(0, 1, -1)), 0);
      side -= FACE(-PITCH, u1[i], u1[i - PITCH], (D(1, -1, 0) - D(-1, -1, 0)) + dx, (D(0, -1, 1) - D(0, -1, -1)) + dz, 1);
      real top = FACE(PLANE, u2[i], u2[i + PLANE], dx + (D(1, 0, 1) - D(-1, 0, 1)), dy + (D(0, 1, 1) - D(0, -1, 1)), 0);
      top -= FACE(-PLANE, u2[i], u2[i - PLANE], (D(1, 0, -1) - D(-1, 0, -1)) + dx, (D(0, 1, -1) - D(0, -1, -1)) + dy, 1);
      const real next = f - ((out + side) + top);
      p_new[i] = next;
    }
    OTHERWISE(i) {
      const real f = p[i];
#define PLAIN(o, v) plain(f, p[i + (o)], (v)[i] + (v)[i + (o)], mobility)
#define BACK(o, v) plain(p[i - (o)], f, (v)[i - (o)] + (v)[i], mobility)
      real out = PLAIN(1, u0) - BACK(1, u0), side = PLAIN(PITCH, u1) - BACK(PITCH, u1);
      real top = PLAIN(PLANE, u2) - BACK(PLANE, u2);
      const real next = f - ((out + side) + top);
      p_new[i] = next;
    }
    // Far outside the clip the distance is the clip's, bit for bit.
    EITHER(i, p_new[i] > outside && p_new[i] < 1 - outside) {
      q_new[i] = distance(p_new[i], quarter_width, d_max);
    }
    OTHERWISE(i) { q_new[i] = p_new[i] < (real)0.5 ? -d_max : d_max; }
    WRITE_ENDS(phi_new, 0, 1);
    WRITE_ENDS(d_new, 1, 1);
  }
}
