// Open faces of the box: the halo cells beyond an inflow or an outflow (docs/physics.md, section 1).
//
// A halo cell takes after the own cell beside it: its moments are those of a state of given velocity or
// pressure and of the neighbour's stress, Pi = u u + (Pi - u u) beside (regularised, Latt, Chopard,
// Malaspinas, Deville, Michler, PRE 77, 056703, 2008). Half way between the two lies the face, so
//     inflow:  u = 2 u_face - u beside,  p* as beside          outflow:  p* = -p* beside,  u as beside.
// phi and d beyond an inflow are those of what flows in; beyond an outflow halo_fill copies them.
#define WALLS 0
#include "d3q19.h"

// One face: cell (i, j) of it is at base + i along_i + j along_j, its halo cell `out` further. inlet:
// (3, rows, row) velocities of the face, halo edges included; inflow 1 or 0.
KERNEL open_flow(real* RESTRICT m, real* RESTRICT u, const real* RESTRICT inlet, Box box, int base,
                 int out, int along_i, int along_j, int row, int count, int inflow) {
  FOR_BOX(i, j, k, box) {
    const int own = base + i * along_i + j * along_j;
    const int place = (i - box.x0) + (j - box.y0) * row;
    const real* a = m + own;
    const real p = pressure(a), third = (real)(1.0 / 3.0), ninth = (real)(1.0 / 9.0);
    // Of the moments: what carries phi is ahead of them by half a step.
    const real x = third * COMPONENT(a, JX)[0], y = third * COMPONENT(a, JY)[0];
    const real z = third * COMPONENT(a, JZ)[0];
    real gx = 0, gy = 0, gz = 0;  // the velocity of the halo cell less that of the own one
    if (inflow) {
      gx = 2 * (inlet[place] - x), gy = 2 * (inlet[place + count] - y);
      gz = 2 * (inlet[place + 2 * count] - z);
    }
    const real vx = x + gx, vy = y + gy, vz = z + gz;
    // Pi of the own cell from what is stored: d3q19.h.
    const real rest = COMPONENT(a, REST)[0], trace = (real)(2.0 / 3.0) * (p - rest), n = 2 * ninth;
    const real xx = trace - n * (COMPONENT(a, BX)[0] - rest) + FMA(vx, vx, -x * x);
    const real yy = trace - n * (COMPONENT(a, BY)[0] - rest) + FMA(vy, vy, -y * y);
    const real zz = trace - n * (COMPONENT(a, BZ)[0] - rest) + FMA(vz, vz, -z * z);
    const real qxy = FMA((real)9, FMA(vx, vy, -x * y), COMPONENT(a, QXY)[0]);
    const real qxz = FMA((real)9, FMA(vx, vz, -x * z), COMPONENT(a, QXZ)[0]);
    const real qyz = FMA((real)9, FMA(vy, vz, -y * z), COMPONENT(a, QYZ)[0]);
    store_moments(m + own + out, inflow ? p : -p, vx, vy, vz, xx, yy, zz, qxy, qxz, qyz);
    u[own + out] = u[own] + gx, COMPONENT(u, 1)[own + out] = COMPONENT(u, 1)[own] + gy;
    COMPONENT(u, 2)[own + out] = COMPONENT(u, 2)[own] + gz;
  }
}

// phi and d beyond an inflow: `phase` and `distance`; d in the layer after it too, `out` further.
KERNEL open_phase(real* RESTRICT phi, real* RESTRICT d, Box box, int base, int out, int along_i,
                  int along_j, real phase, real distance) {
  FOR_BOX(i, j, k, box) {
    const int halo = base + i * along_i + j * along_j;
    phi[halo] = phase, d[halo] = distance, d[halo + out] = distance;
  }
}
