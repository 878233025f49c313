// phi and d where there is no fluid, so that differences of the fluid cells beside see the contact
// angle theta, measured through the liquid (docs/physics.md, section 2).
//
// The normal n of a wall points into the fluid. A drop that meets it at theta has n . grad d = -cos theta,
// for d is a distance: so d rises by cos(theta) times the way into the wall, and phi follows from d by the
// tanh profile. A liquid-gas profile stays in equilibrium down to the wall, which a condition on phi alone
// grants only at the contact line. A cell outside the clip of d is copied: there is no interface near.
#include "math.h"

DEVICE real fraction(real d, real slope) {  // phi = (1 + tanh(2 d/W))/2, slope = 4/W
  return 1 / (1 + EXP(-slope * d));
}

DEVICE bool clipped(real d, real d_max) { return !(d > -d_max && d < d_max); }

// Halo cells beyond a wall face; `inward` elements further on is the fluid cell that each faces.
KERNEL contact_angle_face(real* phi, real* d, Box box, int inward, real rise, real slope, real d_max) {
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z), j = i + inward;
    const real from = d[j], to = CLIP(from + rise, -d_max, d_max);
    const bool copy = clipped(from, d_max);
    phi[i] = copy ? phi[j] : fraction(to, slope);
    d[i] = copy ? from : to;
  }
}

// Solid cells with fluid among their 18 neighbours; box: 0 <= n < count. cells: their places; facing: the
// fluid cell that each faces most; weights (18, count) of the neighbours, 0 where there is no fluid;
// rise: (count). No cell reads what another writes.
KERNEL contact_angle_solid(real* phi, real* d, const int64* RESTRICT cells, const int64* RESTRICT facing,
                     const real* RESTRICT weights, const real* RESTRICT rise, Box box, int count, real slope,
                     real d_max) {
  FOR_BOX(n, one, two, box) {
    const int64 i = cells[n];
    real to = rise[n];
    int k = n;
#define ADD(ex, ey, ez)                                                       \
  {                                                                           \
    const real weight = weights[k];                                           \
    to = FMA(weight, weight != 0 ? d[i + AT(ex, ey, ez)] : (real)0, to);      \
    k += count;                                                               \
  }
#define BOTH(ex, ey, ez) ADD(ex, ey, ez) ADD(-(ex), -(ey), -(ez))
    BOTH(1, 0, 0) BOTH(0, 1, 0) BOTH(0, 0, 1)
    BOTH(1, 1, 0) BOTH(1, -1, 0) BOTH(1, 0, 1) BOTH(1, 0, -1) BOTH(0, 1, 1) BOTH(0, 1, -1)
    const int64 j = facing[n];
    to = CLIP(to, -d_max, d_max);
    const bool copy = clipped(d[j], d_max);
    phi[i] = copy ? phi[j] : fraction(to, slope);
    d[i] = copy ? d[j] : to;
  }
}
