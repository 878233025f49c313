// Halos: fill them from the block itself, pack what another rank needs, unpack what it sent.
//
// One launch treats every component of several fields: `first` holds, component by component, the
// address of own cell (0, 0, 0). Along one axis with n own cells `step` apart, the layers are
//     -1 (low halo), 0 (first own), n - 1 (last own), n (high halo).
// A cell of a layer is (i, j), at i * SI + j * plane; box: i, j, component. ROWS = 1 for faces across
// x, whose cells are a row apart (SI = pitch), else i runs along a row (SI = 1).
#include "halo.h"

#if ROWS
#define SI pitch
#else
#define SI 1
#endif

// Both halo layers of one axis. low_from, high_from: the layer each is made from (n - 1 and 0 where
// the axis closes on itself, 0 and n - 1 at mirrors). rule, shift: (components, 2).
KERNEL halo_fill(const int64* RESTRICT first, const int64* RESTRICT rule,
                 const real* RESTRICT shift, Box box, int pitch, int plane, int step, int n,
                 int low_from, int high_from) {
  FOR_BOX(i, j, c, box) {
    real* a = (real*)first[c] + (i * SI + j * plane);
    fill(a - step, a + low_from * step, rule[2 * c], shift[2 * c]);
    fill(a + n * step, a + high_from * step, rule[2 * c + 1], shift[2 * c + 1]);
  }
}

// buffer (components, nj, ni) = the cells of one layer, `offset` elements from cell (0, 0, 0).
KERNEL halo_pack(const int64* RESTRICT first, real* RESTRICT buffer, Box box, int pitch, int plane,
                 int offset) {
  FOR_BOX(i, j, c, box) {
    const int ni = box.x1 - box.x0, nj = box.y1 - box.y0;
    const real* a = (const real*)first[c] + offset;
    buffer[((int64)c * nj + (j - box.y0)) * ni + (i - box.x0)] = a[i * SI + j * plane];
  }
}

// The cells of one layer = buffer.
KERNEL halo_unpack(const int64* RESTRICT first, const real* RESTRICT buffer, Box box, int pitch,
                   int plane, int offset) {
  FOR_BOX(i, j, c, box) {
    const int ni = box.x1 - box.x0, nj = box.y1 - box.y0;
    real* a = (real*)first[c] + offset;
    a[i * SI + j * plane] = buffer[((int64)c * nj + (j - box.y0)) * ni + (i - box.x0)];
  }
}
