// Scalars that go along with the interface, and what evaporates of it: parts of interface_step, whose
// names (i, p, u0, east, ...) the macros use (docs/physics.md, sections 2 and 3).
#pragma once
#include "profile.h"
#include "transport.h"

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
