// The pressure gauge: the mean gas pressure is taken off every cell (docs/physics.md, section 1).
#define TWO_PHASE 1
#define WALLS 0
#include "lattice.h"
#include "two_phase.h"

// Sums along y of each column (x, z) of the box, in units of 2^-36: (1 - phi) p and 1 - phi. As
// integers they add up to the same bits in any order. columns: 2 components of nz x nx.
KERNEL gauge_columns(const real* RESTRICT m, const real* RESTRICT phi, int64* RESTRICT columns,
                     Box box, int rows, int size, real rho_g, real drho) {
  FOR_BOX(x, y, z, box) {
    int64 pressures = 0, weights = 0;
    for (int row = 0; row < rows; ++row) {
      const int i = AT(x, y + row, z);
      const real part = clip(phi[i]), gas = 1 - part;
      const real p = (real)(1.0 / 3.0) * FMA(part, drho, rho_g) * pressure(m + i);
      pressures += (int64)(68719476736.0 * (double)(gas * p));
      weights += (int64)(68719476736.0 * (double)gas);
    }
    const int k = x + z * (box.x1 - box.x0);
    columns[k] = pressures, columns[k + size] = weights;
  }
}

// Lower p by `level` in every cell of the box.
KERNEL gauge_shift(real* RESTRICT m, const real* RESTRICT phi, Box box, real level, real rho_g,
                   real drho) {
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z);
    const real off = 3 * level / FMA(clip(phi[i]), drho, rho_g);
    COMPONENT(m, A_)[i] -= off;
    COMPONENT(m, BX)[i] -= off;
    COMPONENT(m, BY)[i] -= off;
    COMPONENT(m, BZ)[i] -= off;
  }
}
