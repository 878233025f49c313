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
#include "transport.h"

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

// Nothing flows through faces to cells that are not fluid, whatever phi they hold for the gradients.
#if WALLS
#define OPEN(o, flux) (w[i + (o)] == 0 ? (flux) : (real)0)
#define FLUID(next, f) (w[i] == 0 ? (next) : (f))
#else
#define OPEN(o, flux) flux
#define FLUID(next, f) next
#endif

#if SCALARS
struct Faces {  // of a cell: fluxes of phi, velocities, phi beyond (that of the cell at walls)
  real flux[6], speed[6], phi[6];
};

// What leaves through the face to t[o] less t of the cell times the capacity that leaves; the face is
// number n, f and t those of the cell, sign the way of o.
DEVICE real leaves(const real* t, int o, int n, real f, const Faces& faces, Scalar s, bool up) {
  const real* low = up ? t : t + o;
  const int step = up ? o : -o;
  const real flow = FMA(s.jump, faces.flux[n], s.gas * faces.speed[n]);
  real value = carried(low, step, flow, size(faces.speed[n]));
  // Nothing to take along where there is next to no liquid (a scalar of the liquid only).
  value = 8 * holds(s, (flow >= 0) == up ? f : faces.phi[n]) < s.least ? (real)0 : value;
  real out = flow * (value - t[0]);
#if CONDUCT
  const real k = harmonic(conducts(s, f), conducts(s, faces.phi[n]));
  out = up ? FMA(-k, t[o] - t[0], out) : FMA(k, t[o] - t[0], out);
#endif
  return out;
}

// The scalar at t after the step, in which phi goes from f to next; `taken` leaves the cell beside.
DEVICE real transported(const real* t, real f, real next, const Faces& a, Scalar s, real taken) {
  real out = leaves(t, 1, 0, f, a, s, true) - leaves(t, -1, 1, f, a, s, false);
  real side = leaves(t, PITCH, 2, f, a, s, true) - leaves(t, -PITCH, 3, f, a, s, false);
  real top = leaves(t, PLANE, 4, f, a, s, true) - leaves(t, -PLANE, 5, f, a, s, false);
  const real swell = ((a.speed[0] - a.speed[1]) + (a.speed[2] - a.speed[3])) + (a.speed[4] - a.speed[5]);
  const real full = holds(s, f), fuller = holds(s, next);
  const real before = MAX(full, s.least), after = MAX(fuller, s.least);
  // Capacity that left beyond what phi says: gas div u, and what the least capacity makes up.
  const real excess = FMA(s.gas, swell, (after - fuller) - (before - full));
#if EVAPORATE
  return t[0] - ((((out + side) + top) + taken) + excess * t[0]) / after;
#else
  return t[0] - (((out + side) + top) + excess * t[0]) / after;
#endif
}
#endif

#if SCALARS
#if WALLS
#define BESIDE(o) (w[i + (o)] == 0 ? p[i + (o)] : f)
#else
#define BESIDE(o) p[i + (o)]
#endif
#define MEAN(o, v) OPEN(o, (real)0.5 * ((v)[i] + (v)[i + (o)]))
#define FACES                                                                                  \
  const Faces faces = {{east, west, north, south, up, down},                                   \
                       {MEAN(1, u0), MEAN(-1, u0), MEAN(PITCH, u1), MEAN(-PITCH, u1),          \
                        MEAN(PLANE, u2), MEAN(-PLANE, u2)},                                    \
                       {BESIDE(1), BESIDE(-1), BESIDE(PITCH), BESIDE(-PITCH), BESIDE(PLANE),   \
                        BESIDE(-PLANE)}};
// What stays behind makes a cell of less liquid richer, latent heat makes it colder.
#if EVAPORATE
#define TAKEN(n) (gone * FMA(-stay##n, a##n[i], cold##n))
#else
#define TAKEN(n) (real)0
#endif
#define CARRY(n) \
  a##n##_new[i] = FLUID(transported(a##n + i, f, next, faces, s##n, TAKEN(n)), a##n[i]);
#if SCALARS > 1
#define TRANSPORT FACES CARRY(0) CARRY(1)
#else
#define TRANSPORT FACES CARRY(0)
#endif
#else
#define TRANSPORT
#endif

// What evaporates in the step, in whole grains: 6 E phi (1 - phi) |grad phi|, whose sum through an interface is E
// however thick it is; speed is 6 E over the sum of the differences. Plain |grad phi| would deepen any dip that
// the bulk has, as exp(E t/size of the dip); here a small one is left alone. Nothing where d is cut.
DEVICE real evaporated(const real* p, real speed, bool inside) {
  const real half = (real)0.5, f = p[0];
  const real gx = half * (p[1] - p[-1]), gy = half * (p[PITCH] - p[-(PITCH)]);
  const real gz = half * (p[PLANE] - p[-(PLANE)]);
  const real steep = SQRT(FMA(gx, gx, FMA(gy, gy, gz * gz)));
  return inside ? grains(speed * (f * (1 - f) * steep)) : (real)0;
}

// The speed: EVAPORATE = 1 as said, 2 also as the vapour around it, the last scalar, is short of saturation.
#if EVAPORATE > 1 && SCALARS > 1
#define RECEDES FMA(draw, level - a1[i], recede)
#elif EVAPORATE > 1
#define RECEDES FMA(draw, level - a0[i], recede)
#else
#define RECEDES recede
#endif

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
