// One step of the liquid-gas interface: conservative Allen-Cahn, finite volumes (docs/physics.md, 2).
//
//     d phi/dt + div(u phi) = div{ M [ grad phi - (1/W) (1 - tanh^2(2 d/W)) n ] },
//     d = (W/4) ln(phi/(1 - phi)),  n = grad d/max(|grad d|, cap)
// (Jain, JCP 469, 111529, 2022, with a cap: a ripple too flat for a profile is not gathered into one).
// Face values come from the two cells: with s = sqrt(phi (1 - phi)) the addition theorem of tanh gives
//     phi_f = (phi_i s_j + phi_j s_i)/(s_i + s_j) = (1 + tanh((d_i + d_j)/W))/2
// without exp or log. The sharpening is taken as the difference that a tanh profile has over a cell,
//     phi_j - phi_i = (s/2) sinh(2 n/W)/(1 + s sinh^2(n/W)),  s = 1 - tanh^2(2 d_f/W) = 4 phi_f (1 - phi_f),
// not as its limit s n/W: then tanh is the discrete equilibrium (spurious flow falls threefold). It and
// the sharpening act where both cells lie inside the clip |d| < d_max; elsewhere phi_f is the mean, so a
// cell outside the clip needs neither and the cheap form has its bits (profile.h).
#include "ends.h"
#include "carry.h"

// d of phi in the box (start and restart; the step keeps it up to date).
KERNEL interface_distance(const real* RESTRICT phi, real* RESTRICT d, Box box, real quarter_width,
                          real d_max) {
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z);
    d[i] = distance(phi[i], quarter_width, d_max);
  }
}

// WALLS = 1 for boxes where walls (0: fluid) has solids, or faces with a contact angle other than 90
// degrees; at those with 90 phi and d are mirrored and the flux is 0 by itself.
//
// SCALARS = 1 or 2: the step of so many scalars too (t0, t1: docs/physics.md, section 3). The flux of the
// capacity C = gas + jump phi through a face is gas u_f + jump (flux of phi), so what a scalar is
// carried by and what it fills agree to the last bit. CONDUCT = 1 conducts as well, over the share of
// the step that is in k_gas and k_jump.
//
// EVAPORATE: liquid leaves at the surface with the speed RECEDES; stay is what of a scalar's capacity
// remains behind, cold the latent heat over the heat capacity, or minus the vapour that liquid makes.
KERNEL interface_step(const real* RESTRICT phi, const real* RESTRICT d, const real* RESTRICT u,
                      real* RESTRICT phi_new, real* RESTRICT d_new,
#if SCALARS
                      const real* RESTRICT t0, real* RESTRICT t0_new, real gas0, real jump0,
                      real least0, real k_gas0, real k_jump0,
#if EVAPORATE
                      real stay0, real cold0,
#endif
#endif
#if SCALARS > 1
                      const real* RESTRICT t1, real* RESTRICT t1_new, real gas1, real jump1,
                      real least1, real k_gas1, real k_jump1,
#if EVAPORATE
                      real stay1, real cold1,
#endif
#endif
#if EVAPORATE
                      real recede,
#endif
#if EVAPORATE > 1
                      real draw, real level,
#endif
                      const unsigned char* RESTRICT walls,
                      const int64* RESTRICT ends, const real* RESTRICT shifts, Box box,
                      real mobility,
                      real quarter_width, real d_max, real cap2, real outside) {
  const real per_width = (real)0.25 / quarter_width;
  FOR_ROWS(box) {
    const real *p = ROW(phi), *q = ROW(d), *u0 = ROW(u), *u1 = COMPONENT(u0, 1), *u2 = COMPONENT(u0, 2);
    real *p_new = ROW(phi_new), *q_new = ROW(d_new);
#if WALLS
    const uint8* w = ROW(walls);
#endif
    AHEAD(p, 1, AT(0, 1, 1));
    AHEAD(q, 1, AT(0, 1, 1));
    AHEAD(u0, 3, AT(0, 1, 1));
    AHEAD(p_new, 1, 0);
    AHEAD(q_new, 1, 0);
#if SCALARS
    const real* a0 = ROW(t0);
    real* a0_new = ROW(t0_new);
    const Scalar s0 = {gas0, jump0, least0, k_gas0, k_jump0};
    AHEAD(a0, 1, AT(0, 2, 2));
    AHEAD(a0_new, 1, 0);
#endif
#if SCALARS > 1
    const real* a1 = ROW(t1);
    real* a1_new = ROW(t1_new);
    const Scalar s1 = {gas1, jump1, least1, k_gas1, k_jump1};
    AHEAD(a1, 1, AT(0, 2, 2));
    AHEAD(a1_new, 1, 0);
#endif
    EITHER(i, q[i] > -d_max && q[i] < d_max) {
      const real half = (real)0.5, f = p[i], s = root(f), di = q[i];
#define D(ex, ey, ez) q[i + AT(ex, ey, ez)]
#define FACE(o, ua, ub, gs, gt, back)                                                          \
  OPEN(o, flux(back ? p[i + (o)] : f, back ? f : p[i + (o)], back ? root(p[i + (o)]) : s,        \
               back ? s : root(p[i + (o)]), back ? q[i + (o)] : di, back ? di : q[i + (o)],          \
               half * (back ? ub + ua : ua + ub), gs, gt, d_max, mobility, per_width, cap2))
      real dx = D(1, 0, 0) - D(-1, 0, 0), dy = D(0, 1, 0) - D(0, -1, 0), dz = D(0, 0, 1) - D(0, 0, -1);
      const real east = FACE(1, u0[i], u0[i + 1], dy + (D(1, 1, 0) - D(1, -1, 0)), dz + (D(1, 0, 1) - D(1, 0, -1)), 0);
      const real west = FACE(-1, u0[i], u0[i - 1], (D(-1, 1, 0) - D(-1, -1, 0)) + dy, (D(-1, 0, 1) - D(-1, 0, -1)) + dz, 1);
      const real north = FACE(PITCH, u1[i], u1[i + PITCH], dx + (D(1, 1, 0) - D(-1, 1, 0)), dz + (D(0, 1, 1) - D(0, 1, -1)), 0);
      const real south = FACE(-PITCH, u1[i], u1[i - PITCH], (D(1, -1, 0) - D(-1, -1, 0)) + dx, (D(0, -1, 1) - D(0, -1, -1)) + dz, 1);
      const real up = FACE(PLANE, u2[i], u2[i + PLANE], dx + (D(1, 0, 1) - D(-1, 0, 1)), dy + (D(0, 1, 1) - D(0, -1, 1)), 0);
      const real down = FACE(-PLANE, u2[i], u2[i - PLANE], (D(1, 0, -1) - D(-1, 0, -1)) + dx, (D(0, 1, -1) - D(0, -1, -1)) + dy, 1);
      const real out = east - west, side = north - south, top = up - down;
#if EVAPORATE
      const real gone = evaporated(p + i, RECEDES, di > -d_max && di < d_max);
      const real next = FLUID((f - ((out + side) + top)) - gone, f);
#else
      const real next = FLUID(f - ((out + side) + top), f);
#endif
      p_new[i] = next;
      TRANSPORT
    }
    OTHERWISE(i) {
      const real f = p[i];
#define PLAIN(o, v) OPEN(o, plain(f, p[i + (o)], (v)[i] + (v)[i + (o)], mobility))
#define BACK(o, v) OPEN(-(o), plain(p[i - (o)], f, (v)[i - (o)] + (v)[i], mobility))
      const real east = PLAIN(1, u0), west = BACK(1, u0), north = PLAIN(PITCH, u1);
      const real south = BACK(PITCH, u1), up = PLAIN(PLANE, u2), down = BACK(PLANE, u2);
      const real out = east - west, side = north - south, top = up - down;
#if EVAPORATE && SCALARS
      const real gone = 0;
#endif
      const real next = FLUID(f - ((out + side) + top), f);
      p_new[i] = next;
      TRANSPORT
    }
    // Far outside the clip the distance is the clip's, bit for bit.
    EITHER(i, p_new[i] > outside && p_new[i] < 1 - outside) {
      q_new[i] = distance(p_new[i], quarter_width, d_max);
    }
    OTHERWISE(i) { q_new[i] = p_new[i] < (real)0.5 ? -d_max : d_max; }
    WRITE_ENDS(phi_new, 0, 1);
    WRITE_ENDS(d_new, 1, 1);
#if SCALARS
    WRITE_ENDS(t0_new, 2, 1);
    WRITE_DEEP_ENDS(t0_new, 2, 1);
#endif
#if SCALARS > 1
    WRITE_ENDS(t1_new, 3, 1);
    WRITE_DEEP_ENDS(t1_new, 3, 1);
#endif
  }
}
