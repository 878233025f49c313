// D3Q19 in moment representation (docs/physics.md, section 1).
//
// Ten numbers a cell are the whole post-collision state.  With p* = p/(rho cs2), the first moment j
// and the traceless second moment Pi = sum (e e - I/3) f the population that leaves in direction e is
//     f = w [ p* + 3 e.j + 9/2 (e e - I/3) : Pi ],    w = 1/3, 1/18, 1/36 (rest, axis, diagonal).
// They are stored so that a diagonal population costs four loads and an axis one five:
//     a = p* - 3/2 tr Pi,   J = 3 j,   Q_kl = 9 Pi_kl (k != l),   B_n = a + 9/2 (Pi_kk + Pi_ll),
// n being the normal of the plane k, l.  Then 36 f = B_n +- J_k +- J_l +- Q_kl on the diagonals,
// 36 f = (B_l + B_m - B_k + a) +- 2 J_k on axis k, and 36 f = 12 a at rest; p* = (B_x + B_y + B_z + 3 a)/6.
// REST (a), JX .. JZ, BX .. BZ, QXY, QXZ, QYZ: their components, given by solver/physics/flow/moments.py.
#pragma once
#include "dialect.h"

// 36 times the population sent along (s, t) in a plane by the cell at m: b, j, k, q as above.
DEVICE real diagonal(const real* m, int b, int j, int k, int q, real s, real t) {
  return (COMPONENT(m, b)[0] + s * t * COMPONENT(m, q)[0]) + (s * COMPONENT(m, j)[0] + t * COMPONENT(m, k)[0]);
}

// 36 times the population sent along s times axis k; b is B of that axis, b1 and b2 the two others.
DEVICE real axis(const real* m, int j, int b, int b1, int b2, real s) {
  return FMA(2 * s, COMPONENT(m, j)[0], (COMPONENT(m, b1)[0] + COMPONENT(m, b2)[0]) + (COMPONENT(m, REST)[0] - COMPONENT(m, b)[0]));
}

DEVICE real pressure(const real* m) {  // p*
  return FMA((real)3, COMPONENT(m, REST)[0], (COMPONENT(m, BX)[0] + COMPONENT(m, BY)[0]) + COMPONENT(m, BZ)[0]) * (real)(1.0 / 6.0);
}

struct Moments {  // after streaming: p*, first moment m, second moment S = sum (e e - I/3) h
  real p, x, y, z, xx, yy, zz, xy, xz, yz;
};

// Where a wall stands at r - e the population comes back from r itself (halfway bounce-back); the wall
// moving along (wx, wy, wz) adds 6 w e.u_wall.  walls[] = 0 is fluid, k > 0 wall k with velocity row k.
#if WALLS
#define FROM(ex, ey, ez, there, back) from(walls[-AT(ex, ey, ez)], there, back, speeds, ex, ey, ez)
DEVICE real wall_push(const real* speeds, int k, int ex, int ey, int ez) {
  real dot = ex * speeds[3 * k] + ey * speeds[3 * k + 1] + ez * speeds[3 * k + 2];
  return dot * (ex * ex + ey * ey + ez * ez == 1 ? 12 : 6);
}
// Both are computed everywhere: without a branch the loop over x is vectorised.
DEVICE real from(int k, real there, real back, const real* speeds, int ex, int ey, int ez) {
  back += wall_push(speeds, k, ex, ey, ez);
  return k == 0 ? there : back;
}
#else
#define FROM(ex, ey, ez, there, back) there
#endif
#define AXIS(ex, ey, ez, j, b, b1, b2, s)                                       \
  FROM(ex, ey, ez, axis(m - AT(ex, ey, ez), j, b, b1, b2, (real)(s)),       \
       axis(m, j, b, b1, b2, (real)(-(s))))
#define DIAGONAL(ex, ey, ez, b, j, k, q, s, t)                                        \
  FROM(ex, ey, ez, diagonal(m - AT(ex, ey, ez), b, j, k, q, (real)(s), (real)(t)), \
       diagonal(m, b, j, k, q, (real)(-(s)), (real)(-(t))))

// The ten moments after streaming, from the 18 neighbours of the cell at m (and walls).
DEVICE Moments stream(const real* m, const uint8* walls, const real* speeds) {
  // Each plane's four diagonals: pp, mm, pm, mp; sums and differences of opposite ones.
  real pp = DIAGONAL(1, 1, 0, BZ, JX, JY, QXY, 1, 1), mm = DIAGONAL(-1, -1, 0, BZ, JX, JY, QXY, -1, -1);
  real pm = DIAGONAL(1, -1, 0, BZ, JX, JY, QXY, 1, -1), mp = DIAGONAL(-1, 1, 0, BZ, JX, JY, QXY, -1, 1);
  real s = pp + mm, t = pm + mp, d = pp - mm, e = pm - mp;
  real xy_all = s + t, xy = s - t, x = d + e, y = d - e;
  pp = DIAGONAL(1, 0, 1, BY, JX, JZ, QXZ, 1, 1), mm = DIAGONAL(-1, 0, -1, BY, JX, JZ, QXZ, -1, -1);
  pm = DIAGONAL(1, 0, -1, BY, JX, JZ, QXZ, 1, -1), mp = DIAGONAL(-1, 0, 1, BY, JX, JZ, QXZ, -1, 1);
  s = pp + mm, t = pm + mp, d = pp - mm, e = pm - mp;
  real xz_all = s + t, xz = s - t, z = d - e;
  x += d + e;
  pp = DIAGONAL(0, 1, 1, BX, JY, JZ, QYZ, 1, 1), mm = DIAGONAL(0, -1, -1, BX, JY, JZ, QYZ, -1, -1);
  pm = DIAGONAL(0, 1, -1, BX, JY, JZ, QYZ, 1, -1), mp = DIAGONAL(0, -1, 1, BX, JY, JZ, QYZ, -1, 1);
  s = pp + mm, t = pm + mp, d = pp - mm, e = pm - mp;
  real yz_all = s + t, yz = s - t;
  y += d + e, z += d - e;

  real p = AXIS(1, 0, 0, JX, BX, BY, BZ, 1), m_ = AXIS(-1, 0, 0, JX, BX, BY, BZ, -1);
  real x2 = p + m_;
  x += p - m_;
  p = AXIS(0, 1, 0, JY, BY, BX, BZ, 1), m_ = AXIS(0, -1, 0, JY, BY, BX, BZ, -1);
  real y2 = p + m_;
  y += p - m_;
  p = AXIS(0, 0, 1, JZ, BZ, BX, BY, 1), m_ = AXIS(0, 0, -1, JZ, BZ, BX, BY, -1);
  real z2 = p + m_;
  z += p - m_;
  real rest = 12 * COMPONENT(m, REST)[0];

  const real k = (real)(1.0 / 36.0);
  real all = (xy_all + xz_all) + yz_all;
  real p36 = rest + (((x2 + y2) + z2) + all), third = p36 * (real)(-1.0 / 3.0);
  Moments r;
  r.p = k * p36;
  r.x = k * x, r.y = k * y, r.z = k * z;
  r.xx = k * ((x2 + third) + (xy_all + xz_all));
  r.yy = k * ((y2 + third) + (xy_all + yz_all));
  r.zz = k * ((z2 + third) + (xz_all + yz_all));
  r.xy = k * xy, r.xz = k * xz, r.yz = k * yz;
  return r;
}

// What a solid cell (id > 0) has instead: no pressure, the velocity of the solid, no stress. Returns 0
// there, 1 in fluid: the factor of its forces. Nothing streams out of it; its u is read.
DEVICE real solid_state(Moments& s, int id, const real* speeds) {
  const real wx = speeds[3 * id], wy = speeds[3 * id + 1], wz = speeds[3 * id + 2];
  s.p = id ? (real)0 : s.p;
  s.x = id ? wx : s.x, s.y = id ? wy : s.y, s.z = id ? wz : s.z;
  s.xx = id ? wx * wx : s.xx, s.yy = id ? wy * wy : s.yy, s.zz = id ? wz * wz : s.zz;
  s.xy = id ? wx * wy : s.xy, s.xz = id ? wx * wz : s.xz, s.yz = id ? wy * wz : s.yz;
  return id ? (real)0 : (real)1;
}

// Store p*, j and Pi of the cell at m in the form that stream reads; xy, xz, yz come as 9 Pi.
DEVICE void store_moments(real* m, real p, real jx, real jy, real jz, real xx, real yy, real zz, real qxy,
                    real qxz, real qyz) {
  const real trace = (xx + yy) + zz, b = FMA((real)3, trace, p);
  COMPONENT(m, REST)[0] = FMA((real)-1.5, trace, p);
  COMPONENT(m, JX)[0] = 3 * jx, COMPONENT(m, JY)[0] = 3 * jy, COMPONENT(m, JZ)[0] = 3 * jz;
  COMPONENT(m, BX)[0] = FMA((real)-4.5, xx, b), COMPONENT(m, BY)[0] = FMA((real)-4.5, yy, b);
  COMPONENT(m, BZ)[0] = FMA((real)-4.5, zz, b);
  COMPONENT(m, QXY)[0] = qxy, COMPONENT(m, QXZ)[0] = qxz, COMPONENT(m, QYZ)[0] = qyz;
}
