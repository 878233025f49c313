// Scalars besides the interface's own transport: heat and solute (docs/physics.md, section 3).
//
//     C dT/dt + div(C u T) = div(k grad T) + sources,    C = gas + jump phi,  k = k_gas + k_jump phi
// in units in which the liquid has C = 1, so k of the liquid is its diffusivity; k is given times the
// share of the step. TWO_PHASE = 0: C = 1 and k = k_gas in the fluid, phi is not read. WALLS = 1 for
// boxes with cells or neighbours that are not fluid: walls[] = 0 fluid, 1 .. 6 halo cells of faces
// (nothing is carried; T there is what kernel scalar_face made of the wall, with the conductivity of
// the cell beside it), from FIRST_OBSTACLE on solids; 1/C = 0 holds T.
//
// Arguments, lattice units; fields hold (components, nz, ny, nx) with their halo:
//     t, t_new             (1)    the scalar (T less its reference in K, or c) before and after
//     phi                  (1)    liquid fraction at the end of the step
//     u                    (3)    velocity
//     walls                (1)    as above
//     solids               table  rows (k times the share of the step, 1/C) by id
//     gas, jump, least     1      capacity C of the gas, liquid less gas, the least of a cell
//     k_gas, k_jump        cells^2  conductivity times the share of the step, likewise
//     x_halo_rules, x_halo_shifts  tables of the x halo of t_new                       x_halo.h
// FIRST_OBSTACLE and the kinds FIXED .. INFLOW are given by solver/physics/scalar/transport.py.
#include "x_halo.h"
#include "math.h"
#include "face_value.h"

#if WALLS
#define OPEN(o) (w[i] == 0 && w[i + (o)] == 0 ? (real)1 : (real)0)
#define OUTSIDE(o) (w[i + (o)] != 0 && w[i + (o)] < FIRST_OBSTACLE)
#define MADE_OF(o, fluid) (w[i + (o)] < FIRST_OBSTACLE ? (fluid) : solids[2 * w[i + (o)]])
#else
#define OPEN(o) (real)1
#endif

#if TWO_PHASE
#define FLUID(o) conductivity(s, f[i + (o)])
#else
#define FLUID(o) s.k_gas
#endif

// k of the cell and of the face to cell i + o.
#if WALLS
#define HERE MADE_OF(0, FLUID(0))
#define K(o) (OUTSIDE(o) ? here : harmonic(here, MADE_OF(o, FLUID(o))))
#elif TWO_PHASE
#define HERE FLUID(0)
#define K(o) harmonic(here, FLUID(o))
#else
#define HERE s.k_gas
#define K(o) here
#endif

// What flows into the cell by conduction.
#define CONDUCTION                                                         \
  (((K(1) * (a[i + 1] - c) + K(-1) * (a[i - 1] - c)) +                       \
    (K(PITCH) * (a[i + PITCH] - c) + K(-PITCH) * (a[i - PITCH] - c))) +      \
   (K(PLANE) * (a[i + PLANE] - c) + K(-PLANE) * (a[i - PLANE] - c)))

#if TWO_PHASE
#define PER_FLUID (1 / MAX(capacity(s, f[i]), s.least))
#else
#define PER_FLUID (real)1
#endif
#if WALLS
#define PER (w[i] == 0 ? PER_FLUID : solids[2 * w[i] + 1])
#else
#define PER PER_FLUID
#endif

// Conduction over a share of the step: t -> t_new.
KERNEL scalar_diffuse(const real* RESTRICT t,
#if TWO_PHASE
                     const real* RESTRICT phi,
#endif
                     real* RESTRICT t_new, const unsigned char* RESTRICT walls,
                     const real* RESTRICT solids, const int64* RESTRICT x_halo_rules,
                     const real* RESTRICT x_halo_shifts, Box box, real gas, real jump, real least,
                     real k_gas, real k_jump) {
  const Scalar s = {gas, jump, least, k_gas, k_jump};
  FOR_ROWS(box) {
    const real* a = ROW(t);
    real* b = ROW(t_new);
#if TWO_PHASE
    const real* f = ROW(phi);
    AHEAD(f, 1, AT(0, 1, 1));
#endif
#if WALLS
    const uint8* w = ROW(walls);
#endif
    AHEAD(a, 1, AT(0, 1, 1));
    AHEAD(b, 1, 0);
    FOR_CELLS(i) {
      const real c = a[i], here = HERE;
      b[i] = FMA(CONDUCTION, PER, c);
    }
    WRITE_X_HALO(t_new, 0, 1);
    WRITE_DEEP_X_HALO(t_new, 0, 1);
  }
}

#if !TWO_PHASE
// What leaves the cell through the face to i + o, less c times the volume that leaves; v its velocity.
#define LEAVES(o, v) outflow(a + i, o, OPEN(o) * ((v)[i] + (v)[i + (o)]), c)
#define ENTERS(o, v) outflow(a + i - (o), o, OPEN(-(o)) * ((v)[i - (o)] + (v)[i]), c)
DEVICE real outflow(const real* t, int step, real twice, real c) {
  const real speed = (real)0.5 * twice;
  return speed * (face_value(t, step, speed, magnitude(speed)) - c);
}

// A whole step of one phase with velocity u (3 components): face_value and conducted. It is conserved:
// where div u is not 0 a uniform t changes by t div u.
KERNEL scalar_step(const real* RESTRICT t, const real* RESTRICT u, real* RESTRICT t_new,
                   const unsigned char* RESTRICT walls, const real* RESTRICT solids,
                   const int64* RESTRICT x_halo_rules, const real* RESTRICT x_halo_shifts, Box box, real gas,
                   real jump, real least, real k_gas, real k_jump) {
  const Scalar s = {gas, jump, least, k_gas, k_jump};
  FOR_ROWS(box) {
    const real *a = ROW(t), *u0 = ROW(u), *u1 = COMPONENT(u0, 1), *u2 = COMPONENT(u0, 2);
    real* b = ROW(t_new);
#if WALLS
    const uint8* w = ROW(walls);
#endif
    AHEAD(a, 1, AT(0, 2, 2));
    AHEAD(u0, 3, AT(0, 1, 1));
    AHEAD(b, 1, 0);
    FOR_CELLS(i) {
      const real c = a[i], here = HERE, half = (real)0.5;
      real out = LEAVES(1, u0) - ENTERS(1, u0), side = LEAVES(PITCH, u1) - ENTERS(PITCH, u1);
      real top = LEAVES(PLANE, u2) - ENTERS(PLANE, u2);
      real swell = OPEN(1) * (u0[i] + u0[i + 1]) - OPEN(-1) * (u0[i - 1] + u0[i]);
      swell += OPEN(PITCH) * (u1[i] + u1[i + PITCH]) - OPEN(-PITCH) * (u1[i - PITCH] + u1[i]);
      swell += OPEN(PLANE) * (u2[i] + u2[i + PLANE]) - OPEN(-PLANE) * (u2[i - PLANE] + u2[i]);
      const real gain = CONDUCTION - FMA(half * swell, c, (out + side) + top);
      b[i] = FMA(gain, PER, c);
    }
    WRITE_X_HALO(t_new, 0, 1);
    WRITE_DEEP_X_HALO(t_new, 0, 1);
  }
}
#endif

// Halo cells at a face of the box: what lets the flux of the wall through. `values` holds (z, y, x)
// order over the face, one value a cell, halo edges included (pitch `row`); base is the own cell beside
// the face at i = j = 0, out the way to the halo, along_i and along_j within the face.
//   FIXED       the face has T = value                 FLUX      factor value flows in
//   CONVECTION  factor (value - T_face) flows in       RADIATION factor (value^4 - T_face^4) flows in
//   INFLOW      the halo is value, two layers deep

// How much warmer a face is that half a cell of conductivity k parts from the absolute temperature
// near: 2 k warming = factor (far^4 - (near + warming)^4), by Newton from 0.
DEVICE real radiated(real k, real factor, real far, real near) {
  const real far2 = far * far;
  real warming = 0;
  for (int n = 0; n < 4; n++) {
    const real face = near + warming, face2 = face * face;
    const real slope = FMA((real)4 * factor * face2, face, 2 * k);
    warming += (factor * FMA(far2, far2, -face2 * face2) - 2 * k * warming) / slope;
  }
  return warming;
}

KERNEL scalar_face(real* RESTRICT t,
#if TWO_PHASE
                   const real* RESTRICT phi,
#endif
                   const unsigned char* RESTRICT walls, const real* RESTRICT solids,
                   const real* RESTRICT values, Box box, int kind, int base, int out,
                   int along_i, int along_j, int row, real factor, real reference, real k_gas,
                   real k_jump) {
  const Scalar s = {0, 0, 0, k_gas, k_jump};
  FOR_BOX(x, y, z, box) {
    const int i = base + x * along_i + y * along_j;
    const real value = values[(x - box.x0) + (y - box.y0) * row], c = t[i];
#if TWO_PHASE
    const real* f = phi;
#endif
#if WALLS
    const uint8* w = walls;
#endif
    const real here = HERE, far = value + reference;
    real halo = value;
    if (kind == FIXED) halo = 2 * value - c;
    if (kind == FLUX) halo = c + factor * value / here;
    if (kind == CONVECTION) halo = c + 2 * factor / FMA((real)2, here, factor) * (value - c);
    if (kind == RADIATION) halo = FMA((real)2, radiated(here, factor, far, c + reference), c);
    t[i + out] = halo;
    if (kind == INFLOW && x >= 0 && y >= 0) t[i + 2 * out] = halo;
  }
}

// phi^2 (3 - 2 phi), whose gradient is where a beam is absorbed.
DEVICE real absorption(real f) {
  const real liquid = clip(f);
  return liquid * liquid * FMA((real)-2, liquid, (real)3);
}

// Sources over the whole step, in place: rates per volume in liquid and gas (source_l, source_g), and
// where there is a surface the flux out of the liquid on |grad phi|,
//     - |grad phi| [ flux + exchange (T - level) + radiates ((T + reference)^4 - surroundings4) ]
// whose integral across an interface is the flux, and a laser: intensity peak exp(-2 r^2/w^2) about
// the axis (px, py, pz) + s (nx, ny, nz), in cells of the whole box, of which the block begins at
// start_x, start_y, start_z; decay = 2/w^2. It is absorbed as n . grad of phi^2 (3 - 2 phi) where that is
// positive: it adds up to 1 on every way into the liquid and leaves alone the tail in the gas, which could
// not pass it on.
KERNEL scalar_source(real* RESTRICT t,
#if TWO_PHASE
                     const real* RESTRICT phi,
#endif
                     const real* RESTRICT source_l, const real* RESTRICT source_g, Box box, real gas,
                     real jump, real least, real flux, real exchange, real level, real radiates,
                     real reference, real surroundings4, real peak, real decay, real px, real py,
                     real pz, real nx, real ny, real nz, int start_x, int start_y, int start_z) {
#if TWO_PHASE
  const Scalar s = {gas, jump, least, 0, 0};
#endif
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z);
#if TWO_PHASE
    const real c = t[i], liquid = clip(phi[i]), half = (real)0.5;
    const real gx = half * (phi[i + 1] - phi[i - 1]), gy = half * (phi[i + PITCH] - phi[i - PITCH]);
    const real gz = half * (phi[i + PLANE] - phi[i - PLANE]);
    const real slope = SQRT(FMA(gx, gx, FMA(gy, gy, gz * gz)));
    const real T2 = (c + reference) * (c + reference);
    const real out = FMA(exchange, c - level, FMA(radiates, FMA(T2, T2, -surroundings4), flux));
    const real dx = (real)(x + start_x) + (half - px), dy = (real)(y + start_y) + (half - py);
    const real dz = (real)(z + start_z) + (half - pz);
    const real axial = FMA(dx, nx, FMA(dy, ny, dz * nz));
    const real radius2 = FMA(dx, dx, FMA(dy, dy, dz * dz)) - axial * axial;
    const real ax = absorption(phi[i + 1]) - absorption(phi[i - 1]);
    const real az = absorption(phi[i + PLANE]) - absorption(phi[i - PLANE]);
    const real ay = absorption(phi[i + PITCH]) - absorption(phi[i - PITCH]);
    const real facing = half * FMA(ax, nx, FMA(ay, ny, az * nz));
    const real beam = peak * EXP(-decay * radius2) * MAX(facing, (real)0);
    const real surface = beam - slope * out;
    const real volume = FMA(liquid, source_l[i], (1 - liquid) * source_g[i]);
    t[i] = c + (volume + surface) / MAX(capacity(s, phi[i]), s.least);
#else
    t[i] += source_l[i];
#endif
  }
}
