// Viscosity of the liquid: of temperature and of the local strain rate (docs/physics.md, section 6).
//
// law[0..3]: temperature, law[4..7]: strain rate, law[8..]: hinges (T_k, a_k) of tables, KINKS of the
// viscosity, then HINGES of the surface tension. Viscosities are dynamic, lattice units; T is stored
// less the reference temperature.
//     VISCOSITY = 1   mu(T)/mu(0) = exp(b/(T + c) - b/c): law = b, c, b/c   (Arrhenius, VFT)
//     VISCOSITY = 2   exp(o + s T + sum_k a_k max(0, T - T_k)): law = o, s  (a table, log-linear)
//     RHEOLOGY = 1    k rate^(n - 1) within bounds: law = ln k, n, least, most   (power law)
//     RHEOLOGY = 2    m_inf + dm (1 + (l rate)^2)^((n - 1)/2): m_inf, dm, l^2, (n - 1)/2   (Carreau)
//     RHEOLOGY = 3    m + y (1 - exp(-r rate))/rate: m, y, r   (Papanastasiou, J. Rheol. 31, 385, 1987)
#pragma once
#include "math.h"

#ifndef KINKS
#define KINKS 0
#endif
#ifndef HINGES
#define HINGES 0
#endif

// sum_k a_k max(0, T - T_k)
template <int N> DEVICE real hinges(real t, const real* table) {
  if constexpr (N == 0) {
    return 0;
  } else {
    return FMA(table[2 * N - 1], MAX(t - table[2 * N - 2], 0), hinges<N - 1>(t, table));
  }
}

// Its slope.
template <int N> DEVICE real hinge_slope(real t, const real* table) {
  if constexpr (N == 0) {
    return 0;
  } else {
    return (t > table[2 * N - 2] ? table[2 * N - 1] : (real)0) + hinge_slope<N - 1>(t, table);
  }
}

#if VISCOSITY == 1
DEVICE real viscosity_ratio(real t, const real* law) {
  const real from = t + law[1];
  return EXP(law[0] / MAX(from, (real)1) - law[2]);  // no colder than 1 K above the pole
}
#elif VISCOSITY == 2
DEVICE real viscosity_ratio(real t, const real* law) {
  return EXP(FMA(law[1], t, law[0]) + hinges<KINKS>(t, law + 8));
}
#endif

#if RHEOLOGY
// 3/2 sqrt(2 N:N) of the traceless N: the strain rate is omega times it.
DEVICE real stress_of(real xx, real yy, real zz, real xy, real xz, real yz) {
  const real off = FMA(xy, xy, FMA(xz, xz, yz * yz));
  return (real)1.5 * SQRT(2 * FMA((real)2, off, FMA(xx, xx, FMA(yy, yy, zz * zz))));
}

// The stress of a step is known, not the rate: the rate g > 0 solves
//     (3 mu(g) + h) g = r,   mu(g) = base + share mu_law(g),
// with r = 3/2 sqrt(2 N:N) rho and h = rho/2. Returns mu_law there (before `share`).
DEVICE real rate_law(real r, real base, real share, real h, const real* law) {
  const real* k = law + 4;
  const real target = MAX(r, (real)1e-18);
#if RHEOLOGY == 1
  // In logarithms a sum of two exponentials: convex, so Newton falls on the root from above. Where
  // a bound holds, it holds for the unbounded root too.
  const real a = FMA((real)3, base, h), b = MAX(3 * share, (real)1e-12), goal = LOG(target);
  real x = MIN(goal - LOG(a), (goal - LOG(b) - k[0]) / k[1]);
  UNROLL for (int step = 0; step < 3; ++step) {
    const real e = a * EXP(x), f = b * EXP(FMA(k[1], x, k[0])), sum = e + f;
    x -= (LOG(sum) - goal) * sum / FMA(k[1], f, e);
  }
  return CLIP(EXP(FMA(k[1] - 1, x, k[0])), k[2], k[3]);
#elif RHEOLOGY == 2
  // Newton in logarithms; the slope lies between n and 1.
  const real a = FMA((real)3, FMA(share, k[0], base), h), b = 3 * share * k[1], goal = LOG(target);
  real x = goal - LOG(a + b), mu = 0;
  UNROLL for (int step = 0; step < 4; ++step) {
    const real g = EXP(x), g2 = k[2] * g * g, thinning = EXP(k[3] * LOG(1 + g2)), f = b * thinning;
    const real sum = a + f, slope = sum + f * (2 * k[3] * g2 / (1 + g2));
    x -= (x + LOG(sum) - goal) * sum / slope;
  }
  const real g = EXP(x);
  mu = EXP(k[3] * LOG(FMA(k[2] * g, g, (real)1)));
  return FMA(k[1], mu, k[0]);
#else
  // Concave: Newton from below the root never passes it.
  const real a = FMA((real)3, FMA(share, k[0], base), h), y = 3 * share * k[1];
  real g = MAX(target / FMA(y, k[2], a), (target - y) / a);
  UNROLL for (int step = 0; step < 8; ++step) {
    const real e = EXP(-k[2] * g);
    g += (target - FMA(a, g, y * (1 - e))) / FMA(y * k[2], e, a);
  }
  // (1 - exp(-s))/s without cancellation where s is small.
  const real s = k[2] * g, part = FMA(s, FMA(s, (real)(1.0 / 6.0), (real)-0.5), (real)1);
  return FMA(k[1] * k[2], s < (real)0.01 ? part : (1 - EXP(-s)) / s, k[0]);
#endif
}
#endif
