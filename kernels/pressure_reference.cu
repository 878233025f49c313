// The pressure reference: the mean gas pressure is taken off every cell (docs/physics.md, section 1).
#define TWO_PHASE 1
#define WALLS 0
#include "d3q19.h"
#include "stencil.h"

// Sums along y of each column (x, z) of the box, in units of 2^-36: (1 - phi) p and 1 - phi. As
// integers they add up to the same bits in any order. columns: 2 components of nz x nx.
KERNEL reference_columns(const real* RESTRICT m, const real* RESTRICT phi, int64* RESTRICT columns,
                         Box box, int rows, int size, real rho_g, real drho) {
  FOR_BOX(x, y, z, box) {
    int64 pressures = 0, weights = 0;
    for (int row = 0; row < rows; ++row) {
      const int i = AT(x, y + row, z);
      const real liquid = clip(phi[i]), gas = 1 - liquid;
      const real p = (real)(1.0 / 3.0) * FMA(liquid, drho, rho_g) * pressure(m + i);
      pressures += (int64)(68719476736.0 * (double)(gas * p));
      weights += (int64)(68719476736.0 * (double)gas);
    }
    const int k = x + z * (box.x1 - box.x0);
    columns[k] = pressures, columns[k + size] = weights;
  }
}

// Lower p by `gas_mean` in every cell of the box.
KERNEL reference_shift(real* RESTRICT m, const real* RESTRICT phi, Box box, real gas_mean, real rho_g,
                       real drho) {
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z);
    const real shift = 3 * gas_mean / FMA(clip(phi[i]), drho, rho_g);
    COMPONENT(m, REST)[i] -= shift;
    COMPONENT(m, BX)[i] -= shift;
    COMPONENT(m, BY)[i] -= shift;
    COMPONENT(m, BZ)[i] -= shift;
  }
}
