// What the flow and the interface share: isotropic differences of phi and the clip.
#pragma once
#include "dialect.h"

struct Stencil {
  real x, y, z, laplacian;
};

DEVICE real clip(real f) { return f < 0 ? (real)0 : f > 1 ? (real)1 : f; }

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
