// The pressure reference: the mean gas pressure is taken off every cell (docs/physics.md, section 1).
#define TWO_PHASE 1
#define WALLS 0
#include "d3q19.h"
#include "stencil.h"

// Sums along y of each column (x, z) of the box, in units of 2^-36: gas p and gas, where gas = (1 - phi)^16
// leaves the interface out, whose pressure is partly the liquid's: 1 - phi would set the gas to -5/6 (W/4) A/V
// of the jump, A the area of the surface and V the volume of the gas. As integers the sums have the same bits
// in any order. columns: 2 components of nz x nx.
KERNEL reference_columns(const real* RESTRICT m, const real* RESTRICT phi, int64* RESTRICT columns,
                         Box box, int rows, int size, real rho_g, real drho) {
  FOR_BOX(x, y, z, box) {
    int64 pressures = 0, weights = 0;
    for (int row = 0; row < rows; ++row) {
      const int i = AT(x, y + row, z);
      const real liquid = clip(phi[i]), gas = pure_gas(liquid);
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
