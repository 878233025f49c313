// What the flow and the interface share: the clip, isotropic differences of phi, the levels of d.
#pragma once
#include "dialect.h"

struct Stencil {
  real x, y, z, laplacian;
};

DEVICE real clip(real f) { return f < 0 ? (real)0 : f > 1 ? (real)1 : f; }

// (1 - phi)^16: 1 in pure gas, next to nothing where an interface begins.
DEVICE real pure_gas(real liquid) {
  const real g = 1 - liquid, g4 = (g * g) * (g * g);
  return (g4 * g4) * (g4 * g4);
}

// Gradient 3 sum w e phi(r + e) and Laplacian 6 sum w [phi(r + e) - phi(r)] on the D3Q19 stencil.
DEVICE Stencil isotropic(const real* f) {
#define F(ex, ey, ez) f[AT(ex, ey, ez)]
  real pp = F(1, 1, 0), mm = F(-1, -1, 0), pm = F(1, -1, 0), mp = F(-1, 1, 0);
  real s = pp - mm, t = pm - mp, all = (pp + mm) + (pm + mp);
  real gx = s + t, gy = s - t;
  pp = F(1, 0, 1), mm = F(-1, 0, -1), pm = F(1, 0, -1), mp = F(-1, 0, 1);
  s = pp - mm, t = pm - mp, all += (pp + mm) + (pm + mp);
  gx += s + t;
  real gz = s - t;
  pp = F(0, 1, 1), mm = F(0, -1, -1), pm = F(0, 1, -1), mp = F(0, -1, 1);
  s = pp - mm, t = pm - mp, all += (pp + mm) + (pm + mp);
  gy += s + t, gz += s - t;
  real xp = F(1, 0, 0), xm = F(-1, 0, 0), yp = F(0, 1, 0), ym = F(0, -1, 0), zp = F(0, 0, 1), zm = F(0, 0, -1);
  real faces = ((xp + xm) + (yp + ym)) + (zp + zm);
#undef F
  const real w = (real)(1.0 / 12.0);
  Stencil r;
  r.x = w * FMA((real)2, xp - xm, gx);
  r.y = w * FMA((real)2, yp - ym, gy);
  r.z = w * FMA((real)2, zp - zm, gz);
  r.laplacian = FMA((real)(1.0 / 6.0), FMA((real)2, faces, all), -4 * f[0]);
  return r;
}

struct Levels {
  real x, y, z;    // gradient of d, isotropic
  real g2;         // its square
#if TENSION
  real area;       // of the level over that of the surface
#endif
  real curvature;  // sum of the principal curvatures of the surface, 1/cells, > 0 for a bubble
};

// The levels of d by central differences on the D3Q19 stencil. K = div(grad d/|grad d|) and the Gaussian curvature
// G of the level through the cell come from second differences, whatever the slope of d along its normal. A level
// at the distance d has the curvatures k/(1 + k d) where the surface d = 0 has k, so the surface beside the cell has
//     (K - 2 d G)/(1 - d K + d^2 G),
// here at most 2 a cell. Where tension varies (TENSION) K is taken, and both it and the force along the levels act
// with the area of the level over that of the surface: they are then the divergence of one stress and add up to
// nothing over a body, and the pressure inside is that of the surface (docs/physics.md, 2).
DEVICE Levels levels(const real* q) {
#define F(ex, ey, ez) q[AT(ex, ey, ez)]
  const real quarter = (real)0.25, w = (real)(1.0 / 12.0), d = q[0];
  real pp = F(1, 1, 0), mm = F(-1, -1, 0), pm = F(1, -1, 0), mp = F(-1, 1, 0);
  real s = pp - mm, t = pm - mp;
  real gx = s + t, gy = s - t;
  const real xy = quarter * ((pp + mm) - (pm + mp));
  pp = F(1, 0, 1), mm = F(-1, 0, -1), pm = F(1, 0, -1), mp = F(-1, 0, 1);
  s = pp - mm, t = pm - mp;
  gx += s + t;
  real gz = s - t;
  const real xz = quarter * ((pp + mm) - (pm + mp));
  pp = F(0, 1, 1), mm = F(0, -1, -1), pm = F(0, 1, -1), mp = F(0, -1, 1);
  s = pp - mm, t = pm - mp;
  gy += s + t, gz += s - t;
  const real yz = quarter * ((pp + mm) - (pm + mp));
  const real xp = F(1, 0, 0), xm = F(-1, 0, 0), yp = F(0, 1, 0), ym = F(0, -1, 0);
  const real zp = F(0, 0, 1), zm = F(0, 0, -1);
#undef F
  const real xx = (xp + xm) - 2 * d, yy = (yp + ym) - 2 * d, zz = (zp + zm) - 2 * d;
  Levels r;
  r.x = w * FMA((real)2, xp - xm, gx);
  r.y = w * FMA((real)2, yp - ym, gy);
  r.z = w * FMA((real)2, zp - zm, gz);
  const real x2 = r.x * r.x, y2 = r.y * r.y, z2 = r.z * r.z;
  const real x_y = r.x * r.y, x_z = r.x * r.z, y_z = r.y * r.z;
  r.g2 = (x2 + y2) + z2;
  const real per_g2 = 1 / MAX(r.g2, quarter);
  const real mixed = FMA(x_y, xy, FMA(x_z, xz, y_z * yz));
  const real along = FMA(xx, y2 + z2, FMA(yy, x2 + z2, zz * (x2 + y2))) - 2 * mixed;
  const real mean = along * per_g2 * SQRT(per_g2);
  // grad d . (cofactors of the second differences) . grad d
  const real off = FMA(x_y, FMA(xz, yz, -xy * zz), FMA(x_z, FMA(xy, yz, -xz * yy), y_z * FMA(xy, xz, -yz * xx)));
  const real diagonal = FMA(x2, FMA(yy, zz, -yz * yz), FMA(y2, FMA(xx, zz, -xz * xz), z2 * FMA(xx, yy, -xy * xy)));
  const real gauss = FMA((real)2, off, diagonal) * (per_g2 * per_g2);
  const real area = FMA(d, FMA(d, gauss, -mean), (real)1);  // of the surface over that of the level
#if TENSION
  r.area = 1 / MAX(area, quarter);
  r.curvature = CLIP(mean * r.area, (real)-2, (real)2);
#else
  r.curvature = CLIP(FMA(-2 * d, gauss, mean) / MAX(area, quarter), (real)-2, (real)2);
#endif
  return r;
}
