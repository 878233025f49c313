// Kernels of no use but to test how kernels are read, built and called.
#include "dialect.h"
#include "dialect.h"
#if EXTRA && !defined(NONE)  // never true here
KERNEL dropped(const real* a, Box box) { FOR_BOX(x, y, z, box) {} }
#elif SHIFTED == 2
#define BY 2
#else
#define BY 1
#endif

KERNEL add(const real* RESTRICT a, real* RESTRICT b, Box box, real factor, int n) {
    FOR_BOX(x, y, z, box) {
        const int i = AT(x, y, z);
        b[i] = FMA(factor, a[i], b[i]) + BY * n;
    }
}

KERNEL rows(const real* RESTRICT a, real* RESTRICT b, Box box) {
    FOR_ROWS(box) {
        const real* p = ROW(a);
        real* q = ROW(b);
        AHEAD(p, 1, AT(0, 0, 1));
        FOR_CELLS(i) {
            q[i] = p[i + AT(1, 0, 0)] + 2 * p[i + AT(0, 1, 0)] + 4 * p[i + AT(0, 0, 1)];
        }
    }
}

KERNEL either(const real* RESTRICT a, real* RESTRICT b, Box box, real from) {
    FOR_ROWS(box) {
        const real* p = ROW(a);
        real* q = ROW(b);
        EITHER(i, p[i] >= from) { q[i] = p[i] < from ? p[i] : -p[i]; }
        OTHERWISE(i) { q[i] = p[i]; }
    }
}
