// Halos: fill them from the block itself, pack what another rank needs, unpack what it sent.
//
// One launch treats every component of several fields: `first` holds, component by component, the
// address of own cell (0, 0, 0). Along one axis with n own cells `step` apart, the layers are
//     -1 (low halo), 0 (first own), n - 1 (last own), n (high halo), and -2 and n + 1 of deep fields.
// A cell of a layer is (i, j), at i * SI + j * plane; box: i, j, component. ROWS = 1 for faces across
// x, whose cells are a row apart (SI = pitch), else i runs along a row (SI = 1). ELEMENT: the C type of
// the values, all fields of a launch alike.
#include "halo.h"

#if ROWS
#define SI pitch
#else
#define SI 1
#endif

// One layer: `to` from `from`, cell by cell. The rule is the same for all cells of a row.
#define FILL(to, from, rule, shift)                             \
  if (rule == COPY) {                                           \
    FOR_CELLS(k) (to)[k * SI] = (from)[k * SI];                 \
  } else if (rule == REVERSE) {                                 \
    FOR_CELLS(k) (to)[k * SI] = shift - (from)[k * SI];         \
  }

// One halo layer at both faces of one axis: low_to from low_from and high_to from high_from, elements
// from own cell (0, 0, 0) (periodic: from the other end, mirrors: from beside). rule, shift: (components, 2).
KERNEL halo_fill(const int64* RESTRICT first, const int64* RESTRICT rule,
                 const real* RESTRICT shift, Box box, int pitch, int plane, int low_to, int low_from,
                 int high_to, int high_from) {
  FOR_ROWS(box) {
    const int c = z_;
    const int64 low = rule[2 * c], high = rule[2 * c + 1];
    const ELEMENT low_shift = (ELEMENT)shift[2 * c], high_shift = (ELEMENT)shift[2 * c + 1];
    ELEMENT* a = (ELEMENT*)first[c] + (x_ * SI + y_ * plane);
    FILL(a + low_to, a + low_from, low, low_shift)
    FILL(a + high_to, a + high_from, high, high_shift)
  }
}

// buffer (components, nj, ni) = the cells of one layer, `offset` elements from cell (0, 0, 0). It is
// handed over as bytes, whatever travels in it.
KERNEL halo_pack(const int64* RESTRICT first, uint8* RESTRICT buffer, Box box, int pitch, int plane,
                 int offset) {
  FOR_BOX(i, j, c, box) {
    const int ni = box.x1 - box.x0, nj = box.y1 - box.y0;
    const ELEMENT* a = (const ELEMENT*)first[c] + offset;
    ((ELEMENT*)buffer)[((int64)c * nj + (j - box.y0)) * ni + (i - box.x0)] = a[i * SI + j * plane];
  }
}

// The cells of one layer = buffer.
KERNEL halo_unpack(const int64* RESTRICT first, const uint8* RESTRICT buffer, Box box, int pitch,
                   int plane, int offset) {
  FOR_BOX(i, j, c, box) {
    const int ni = box.x1 - box.x0, nj = box.y1 - box.y0;
    ELEMENT* a = (ELEMENT*)first[c] + offset;
    a[i * SI + j * plane] = ((const ELEMENT*)buffer)[((int64)c * nj + (j - box.y0)) * ni + (i - box.x0)];
  }
}
