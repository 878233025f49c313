/* One kernel text, two targets.
 *
 * A kernel reads
 *
 *     KERNEL smooth(const real* RESTRICT a, real* RESTRICT b, Box box, real weight) {
 *         FOR_BOX(x, y, z, box) {
 *             const int i = AT(x, y, z);
 *             b[i] = FMA(weight, a[i + 1] - a[i], a[i]);
 *         }
 *     }
 *
 * On a GPU the body is one thread behind a guard; on a CPU it is the inside of a loop over z and y
 * around a vectorised loop over x. So the body must not `return`, `break` or `continue`, and no cell
 * may read what another cell of the same launch writes. A kernel that reads many neighbours is twice
 * as fast on a CPU when it names the pointers of a row first and says what memory comes next:
 *
 *     FOR_ROWS(box) {
 *         const real* p = ROW(a);
 *         real* q = ROW(b);
 *         AHEAD(p, 1, AT(0, 0, 1));
 *         FOR_CELLS(i) { q[i] = FMA(weight, p[i + AT(0, 0, 1)] - p[i], p[i]); }
 *     }
 *
 * A "row" is 16 cells of one on a CPU and a cell on a GPU. AHEAD(p, count, offset) asks for the memory
 * of `count` components, at `offset` from cells a little further on, while these are worked on; to
 * write if p is not const. Where most cells need less work than some, which a test tells apart,
 *
 *         EITHER(i, p[i] > 0) { q[i] = all_of_it(p[i]); }
 *         OTHERWISE(i) { q[i] = cheap(p[i]); }
 *
 * instead of FOR_CELLS takes the first branch for all cells of a row if one of them needs it: the
 * branches must agree bit for bit where the test is false.
 *
 * Nothing here or in a kernel includes a system header or calls libm. LEVITAS_EMULATE runs the GPU
 * branch on the host (tests only). The text that includes this file is preceded by its defines:
 * PRECISION (32 or 64), and for kernels on blocks PITCH, PLANE, VOLUME: elements between rows,
 * planes (0 when nz = 1) and components.
 */

#if PRECISION == 64
typedef double real;
#else
typedef float real;
#endif
typedef unsigned char uint8;
typedef unsigned short uint16;
typedef unsigned int uint32;
typedef long long int64;
typedef unsigned long long uint64;

struct Box {
    int x0, x1, y0, y1, z0, z1;  // cells x0 <= x < x1, and so on
};

#define AT(x, y, z) ((x) + (y) * (PITCH) + (z) * (PLANE))
#define COMPONENT(array, c) ((array) + (int64)(VOLUME) * (c))  // 64 bits: 27 components of 512^3
#define RESTRICT __restrict__

/* REPEAT(n, M) is M(0) M(1) ... M(n - 1), n at most 8: arguments and code of n like things. */
#define REPEAT(n, M) REPEAT_(n, M)
#define REPEAT_(n, M) REPEAT_##n(M)
#define REPEAT_0(M)
#define REPEAT_1(M) M(0)
#define REPEAT_2(M) REPEAT_1(M) M(1)
#define REPEAT_3(M) REPEAT_2(M) M(2)
#define REPEAT_4(M) REPEAT_3(M) M(3)
#define REPEAT_5(M) REPEAT_4(M) M(4)
#define REPEAT_6(M) REPEAT_5(M) M(5)
#define REPEAT_7(M) REPEAT_6(M) M(6)
#define REPEAT_8(M) REPEAT_7(M) M(7)

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define KERNEL extern "C" __global__ void
#define DEVICE static __device__ __forceinline__
#define GPU 1
#else
#define KERNEL static __attribute__((noinline)) void
#define DEVICE static inline __attribute__((always_inline))
#ifdef LEVITAS_EMULATE
#define GPU 1
#else
#define GPU 0
#endif
#endif

#if GPU

#define FOR_BOX(a, b, c, box)                                                  \
    if (const int a = (box).x0 + (int)(blockIdx.x * blockDim.x + threadIdx.x), \
        b = (box).y0 + (int)(blockIdx.y * blockDim.y + threadIdx.y),           \
        c = (box).z0 + (int)(blockIdx.z * blockDim.z + threadIdx.z);           \
        a < (box).x1 && b < (box).y1 && c < (box).z1)

#define PIECE 1
#define FOR_ROWS(box) FOR_BOX(x_, y_, z_, box)
#define ROW(array) ((array) + AT(x_, y_, z_))
#define AHEAD(array, count, offset)
#define FOR_CELLS(i) if (const int i = 0; true)
#define EITHER(i, test) if (const int i = 0; test)
#define OTHERWISE(i) else if (const int i = 0; true)

#else

#ifdef __clang__
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

#define FOR_BOX(x, y, z, box)                     \
    for (int z = (box).z0; z < (box).z1; ++z)     \
        for (int y = (box).y0; y < (box).y1; ++y) \
            INDEPENDENT for (int x = (box).x0; x < (box).x1; ++x)

#define PIECE 16  // cells of a row: the line of cache that holds them in float32

DEVICE int least_(int a, int b) { return a < b ? a : b; }

#define FOR_ROWS(box)                                               \
    for (int z_ = (box).z0; z_ < (box).z1; ++z_)                    \
        for (int y_ = (box).y0; y_ < (box).y1; ++y_)                \
            for (int x_ = (box).x0, n_; x_ < (box).x1; x_ += PIECE) \
                if (n_ = least_(PIECE, (box).x1 - x_); true)

/* Three pieces ahead: far enough for memory to answer, near enough to be there still. */
DEVICE void ahead_(const real* p) { __builtin_prefetch(p, 0); }
DEVICE void ahead_(real* p) { __builtin_prefetch(p, 1); }
#define AHEAD(array, count, offset)                                                      \
    _Pragma("GCC unroll 16") for (int c_ = 0; c_ < (count); ++c_)                        \
        for (int k_ = 3 * PIECE; k_ < 4 * PIECE; k_ += 64 / (int)sizeof(real))           \
            ahead_(COMPONENT(array, c_) + (k_ + (offset)))

/* The compiler must not see where a row's pointer comes from: then all neighbours of a cell lie at
 * constant distances from one register; else each gets a register of its own, and there are too few. */
template <class T> DEVICE T* row_(T* pointer) {
    asm("" : "+r"(pointer));
    return pointer;
}

#define ROW(array) row_((array) + AT(x_, y_, z_))
#define FOR_CELLS(i) INDEPENDENT for (int i = 0; i < n_; ++i)
#define EITHER(i, test)                                                 \
    if ([=] {                                                           \
            int any_ = 0;                                               \
            INDEPENDENT for (int i = 0; i < n_; ++i) any_ |= (test) ? 1 : 0; \
            return any_;                                                \
        }())                                                            \
    FOR_CELLS(i)
#define OTHERWISE(i) else FOR_CELLS(i)

#endif

/* A short loop inside FOR_CELLS: written out, else the loop over cells is not vectorised. */
#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

/* Fused multiply-add a b + c, rounded once: written out, since no target may contract by itself. */
DEVICE float FMA(float a, float b, float c) {
#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
    return fmaf(a, b, c);
#else
    return __builtin_fmaf(a, b, c);
#endif
}

DEVICE double FMA(double a, double b, double c) {
#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
    return fma(a, b, c);
#else
    return __builtin_fma(a, b, c);
#endif
}

/* IEEE square root. */
DEVICE float SQRT(float a) {
#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
    return sqrtf(a);
#else
    return __builtin_sqrtf(a);
#endif
}

DEVICE double SQRT(double a) {
#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
    return sqrt(a);
#else
    return __builtin_sqrt(a);
#endif
}

DEVICE real MIN(real a, real b) { return a < b ? a : b; }
DEVICE real MAX(real a, real b) { return a > b ? a : b; }
DEVICE real CLIP(real a, real low, real high) { return MIN(MAX(a, low), high); }

#if !defined(__CUDACC__) && !defined(__CUDACC_RTC__)

/* Float32 subnormals count as zero while a kernel runs, as CuPy has it on a GPU; GPUs never flush
 * float64, so neither does this. */
struct Flush {
#if PRECISION == 32 && defined(__x86_64__)
    unsigned saved = __builtin_ia32_stmxcsr();
    Flush() { __builtin_ia32_ldmxcsr(saved | 0x8040); }
    ~Flush() { __builtin_ia32_ldmxcsr(saved); }
#elif PRECISION == 32 && defined(__aarch64__)
    uint64 saved;
    Flush() {
        asm volatile("mrs %0, fpcr" : "=r"(saved));
        asm volatile("msr fpcr, %0" ::"r"(saved | (1ull << 24)));
    }
    ~Flush() { asm volatile("msr fpcr, %0" ::"r"(saved)); }
#else
    Flush() {}
    ~Flush() {}
#endif
};

#ifdef LEVITAS_EMULATE

struct Index3 {
    unsigned x, y, z;
};
static Index3 blockIdx, threadIdx, blockDim = {8, 2, 2}, gridDim;

extern "C" void set_launch(const unsigned* grid, const unsigned* block) {  // else as many as needed
    gridDim = {grid[0], grid[1], grid[2]}, blockDim = {block[0], block[1], block[2]};
}

DEVICE unsigned divide_up(int a, unsigned b) { return ((unsigned)a + b - 1) / b; }

/* Blocks in an order far from that of memory (7919 is prime), threads from the last to the first. */
#define LAUNCH(box, call)                                                                \
    {                                                                                    \
        const Index3 d = blockDim, g = gridDim.x ? gridDim                               \
                                                 : Index3{divide_up(box.x1 - box.x0, d.x), \
                                                          divide_up(box.y1 - box.y0, d.y), \
                                                          divide_up(box.z1 - box.z0, d.z)}; \
        const unsigned n = g.x * g.y * g.z;                                              \
        for (unsigned k = 0; k < n; ++k) {                                               \
            const unsigned b = (k * 7919ull + n / 2) % n;                                \
            blockIdx = {b % g.x, b / g.x % g.y, b / g.x / g.y};                          \
            for (unsigned t = d.x * d.y * d.z; t-- > 0;) {                               \
                threadIdx = {t % d.x, t / d.x % d.y, t / d.x / d.y};                     \
                call;                                                                    \
            }                                                                            \
        }                                                                                \
    }
#else

/* Strips of the variable `box` in y, each through all of z: what a kernel reads of three planes stays
 * in the cache nearest to the core. At 128^3 a fifth faster in one phase, a tenth in two. */
#define STRIP 64
#define LAUNCH(box, call)                                          \
    for (int end_ = box.y1, y_ = box.y0; y_ < end_; y_ += STRIP) { \
        box.y0 = y_, box.y1 = least_(y_ + STRIP, end_);            \
        call;                                                      \
    }
#endif

#endif
