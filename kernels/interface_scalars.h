// Scalars that go along with the interface, and what evaporates of it: parts of interface_step, whose
// names (i, p, UX, east, ...) the macros use (docs/physics.md, sections 2 and 3).
//
// SCALARS of them, n = 0, 1, ..., each with the arguments
//     t<n>, t<n>_new             (1)  values before and after the step
//     gas<n>, jump<n>, least<n>  heat capacity, the liquid's 1: of the gas, liquid less gas, the least
//     k_gas<n>, k_jump<n>        conductivity times the share of the step, cells^2
// and where EVAPORATE
//     retained<n>                capacity that stays behind when liquid leaves
//     uptake<n>                  latent heat over the heat capacity, or minus the vapour that liquid makes
#pragma once
#include "interface_flux.h"
#include "face_value.h"

#ifndef SCALARS
#define SCALARS 0
#endif

#if EVAPORATE
#define EVAPORATING_SCALAR_ARGUMENTS(n) real retained##n, real uptake##n,
// What stays behind makes a cell of less liquid richer, latent heat makes it colder.
#define TAKEN(n) (evaporated * FMA(-retained##n, a##n[i], uptake##n))
#else
#define EVAPORATING_SCALAR_ARGUMENTS(n)
#define TAKEN(n) (real)0
#endif
#define SCALAR_ARGUMENTS(n)                                                               \
  const real* RESTRICT t##n, real* RESTRICT t##n##_new, real gas##n, real jump##n,        \
  real least##n, real k_gas##n, real k_jump##n, EVAPORATING_SCALAR_ARGUMENTS(n)
#define SCALAR_ROWS(n)                                                                    \
  const real* a##n = ROW(t##n);                                                           \
  real* a##n##_new = ROW(t##n##_new);                                                     \
  const Scalar s##n = {gas##n, jump##n, least##n, k_gas##n, k_jump##n};                   \
  AHEAD(a##n, 1, AT(0, 2, 2));                                                            \
  AHEAD(a##n##_new, 1, 0);
#define SCALAR_STEP(n)                                                                    \
  a##n##_new[i] = FLUID(transported(a##n + i, f, next, faces, s##n, TAKEN(n)), a##n[i]);
#define SCALAR_X_HALO(n)                                                                  \
  WRITE_X_HALO(t##n##_new, 2 + n, 1);                                                     \
  WRITE_DEEP_X_HALO(t##n##_new, 2 + n, 1);

#define SCALARS_ARGUMENTS REPEAT(SCALARS, SCALAR_ARGUMENTS)
#define SCALARS_ROWS REPEAT(SCALARS, SCALAR_ROWS)
#define SCALARS_X_HALO REPEAT(SCALARS, SCALAR_X_HALO)

#if SCALARS
struct Faces {  // of a cell: fluxes of phi, velocities, phi beyond (that of the cell at walls)
  real flux[6], speed[6], phi[6];
};

// What leaves through the face to t[o] less t of the cell times the capacity that leaves; the face is
// number n, f and t those of the cell, up the way of o.
DEVICE real outflow(const real* t, int o, int n, real f, const Faces& faces, Scalar s, bool up) {
  const real* low = up ? t : t + o;
  const int step = up ? o : -o;
  const real flow = FMA(s.jump, faces.flux[n], s.gas * faces.speed[n]);
  real value = face_value(low, step, flow, magnitude(faces.speed[n]));
  // Nothing to take along where there is next to no liquid (a scalar of the liquid only).
  value = 8 * capacity(s, (flow >= 0) == up ? f : faces.phi[n]) < s.least ? (real)0 : value;
  real out = flow * (value - t[0]);
#if CONDUCT
  const real k = harmonic(conductivity(s, f), conductivity(s, faces.phi[n]));
  out = up ? FMA(-k, t[o] - t[0], out) : FMA(k, t[o] - t[0], out);
#endif
  return out;
}

// The scalar at t after the step, in which phi goes from f to next; `taken` leaves the cell beside.
DEVICE real transported(const real* t, real f, real next, const Faces& a, Scalar s, real taken) {
  real out = outflow(t, 1, 0, f, a, s, true) - outflow(t, -1, 1, f, a, s, false);
  real side = outflow(t, PITCH, 2, f, a, s, true) - outflow(t, -PITCH, 3, f, a, s, false);
  real top = outflow(t, PLANE, 4, f, a, s, true) - outflow(t, -PLANE, 5, f, a, s, false);
  const real swell = ((a.speed[0] - a.speed[1]) + (a.speed[2] - a.speed[3])) + (a.speed[4] - a.speed[5]);
  const real full = capacity(s, f), fuller = capacity(s, next);
  const real before = MAX(full, s.least), after = MAX(fuller, s.least);
  // Capacity that left beyond what phi says: gas div u, and what the least capacity makes up.
  const real excess = FMA(s.gas, swell, (after - fuller) - (before - full));
#if EVAPORATE
  return t[0] - ((((out + side) + top) + taken) + excess * t[0]) / after;
#else
  return t[0] - (((out + side) + top) + excess * t[0]) / after;
#endif
}

#if WALLS
#define BESIDE(o) (w[i + (o)] == 0 ? p[i + (o)] : f)
#else
#define BESIDE(o) p[i + (o)]
#endif
#define MEAN(o, v) OPEN(o, (real)0.5 * (v(0) + v(o)))
#define TRANSPORT                                                                              \
  const Faces faces = {{east, west, north, south, up, down},                                   \
                       {MEAN(1, UX), MEAN(-1, UX), MEAN(PITCH, UY), MEAN(-PITCH, UY),          \
                        MEAN(PLANE, UZ), MEAN(-PLANE, UZ)},                                    \
                       {BESIDE(1), BESIDE(-1), BESIDE(PITCH), BESIDE(-PITCH), BESIDE(PLANE),   \
                        BESIDE(-PLANE)}};                                                      \
  REPEAT(SCALARS, SCALAR_STEP)
#else
#define TRANSPORT
#endif

// What evaporates in the step, quantised as fluxes are: 6 E phi (1 - phi) |grad phi|, whose sum through an
// interface is E however thick it is; speed is 6 E over the sum of the differences. Plain |grad phi| would deepen
// any dip that the bulk has, as exp(E t/size of the dip); here a small one is left alone. Nothing where d is cut.
DEVICE real evaporation(const real* p, real speed, bool inside) {
  const real half = (real)0.5, f = p[0];
  const real gx = half * (p[1] - p[-1]), gy = half * (p[PITCH] - p[-(PITCH)]);
  const real gz = half * (p[PLANE] - p[-(PLANE)]);
  const real slope = SQRT(FMA(gx, gx, FMA(gy, gy, gz * gz)));
  return inside ? quantised(speed * (f * (1 - f) * slope)) : (real)0;
}

// The speed: EVAPORATE = 1 as said, 2 also as the vapour around it, scalar VAPOUR, is short of saturation.
#if EVAPORATE > 1
#define RECESSION_ARGUMENTS real recession, real vapour_factor, real saturation,
#define RECESSION RECESSION_BY(VAPOUR)
#define RECESSION_BY(n) RECESSION_BY_(n)
#define RECESSION_BY_(n) FMA(vapour_factor, saturation - a##n[i], recession)
#elif EVAPORATE
#define RECESSION_ARGUMENTS real recession,
#define RECESSION recession
#else
#define RECESSION_ARGUMENTS
#endif
