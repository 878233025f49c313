// What the surface pulls with, before the tension: a part of flow_two_phase.
//
//     S = q { w [-K a^2 grad d] + (1 - w) mu grad phi },    a = (4/W) phi (1 - phi),  q = 1 - (1 - phi)^16,
// K the curvature of the surface beside the cell (stencil.h). a grad d is grad phi, so a^2 grad d adds up to the
// same through a profile that the flow has thinned or thickened, and tension is sigma there too. Where two
// interfaces meet d is no distance: w falls from 1 at |grad d|^2 = 0.7 to 0 at 0.25, and
//     mu = -[lap phi + T^2 t (1 - t^2)/(1 - T^2 t^2)],   t = 2 phi - 1,  T = tanh(2/W),
// which vanishes on a tanh profile as the differences see it. q spares the thin tail in the gas, where the ridge
// of d between two bodies would drive jets. Along the interface a gradient of kappa pulls with
//     q a^2 [|grad d| grad kappa - (grad d . grad kappa) grad d/|grad d|]
// (as Liu, Valocchi, Zhang, Kang, J. Comput. Phys. 256, 334, 2014, but for the a^2 |grad d|).
#pragma once
#include "stencil.h"

struct Pull {
  real x, y, z;              // S
  real nx, ny, nz, strength;  // sqrt(q a^2/|grad d|) grad d, and q a^2 |grad d|
};

// d: distance of the cell, cut at d_max; slope = 2/W, bend = T^2. smooth = 0 beside walls and solids, whose contact
// angle bends the levels of d within a cell, else 1.
DEVICE Pull surface_pull(const real* phi, const real* d, real d_max, real slope, real bend, real smooth) {
  const Levels level = levels(d);
  const Stencil grad = isotropic(phi);
  const real f = phi[0], liquid = clip(f), t = 2 * f - 1;
  const real inside = d[0] > -d_max && d[0] < d_max ? 1 - pure_gas(liquid) : (real)0;
  const real a = 2 * slope * liquid * (1 - liquid), share = inside * (a * a);
  const real single = smooth * CLIP((level.g2 - (real)0.25) * (real)(1 / 0.45), (real)0, (real)1);
  const real bent = -single * (share * level.curvature);
  const real meet = -inside * (1 - single) * (bend * t * (1 - t * t) / FMA(-bend * t, t, (real)1) + grad.laplacian);
  Pull r = {};
  r.x = FMA(bent, level.x, meet * grad.x), r.y = FMA(bent, level.y, meet * grad.y);
  r.z = FMA(bent, level.z, meet * grad.z);
#if TENSION
  const real g = SQRT(level.g2), pulls = share * level.area, root = SQRT(pulls / MAX(g, (real)0.1));
  r.nx = root * level.x, r.ny = root * level.y, r.nz = root * level.z, r.strength = pulls * g;
#endif
  return r;
}

// Kept for the cells of a piece.
#if TENSION
#define PULL_ROW real sx[PIECE], sy[PIECE], sz[PIECE], nx[PIECE], ny[PIECE], nz[PIECE], strength[PIECE];
#define PULL_AT(i, pull)                                       \
  const Pull pull_ = pull;                                     \
  sx[i] = pull_.x, sy[i] = pull_.y, sz[i] = pull_.z;           \
  nx[i] = pull_.nx, ny[i] = pull_.ny, nz[i] = pull_.nz, strength[i] = pull_.strength;
#else
#define PULL_ROW real sx[PIECE], sy[PIECE], sz[PIECE];
#define PULL_AT(i, pull)       \
  const Pull pull_ = pull;     \
  sx[i] = pull_.x, sy[i] = pull_.y, sz[i] = pull_.z;
#endif
