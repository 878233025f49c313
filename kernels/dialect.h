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
 * may read what another cell of the same launch writes. Nothing here or in a kernel includes a
 * system header or calls libm. LEVITAS_EMULATE runs the GPU branch on the host (tests only).
 *
 * The text that includes this file is preceded by its defines: PRECISION (32 or 64), and for kernels
 * on blocks PITCH, PLANE, VOLUME: elements between rows, planes (0 when nz = 1) and components.
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

#define FOR_BOX(x, y, z, box)                                             \
    if (const int x = (box).x0 + (int)(blockIdx.x * blockDim.x + threadIdx.x), \
        y = (box).y0 + (int)(blockIdx.y * blockDim.y + threadIdx.y),      \
        z = (box).z0 + (int)(blockIdx.z * blockDim.z + threadIdx.z);      \
        x < (box).x1 && y < (box).y1 && z < (box).z1)

/* Where `full` must equal `cheap` bit for bit in every cell whose `test` is false. */
#define EITHER_BOX(x, y, z, box, test, full, cheap) \
    FOR_BOX(x, y, z, box) {                         \
        if (test) {                                 \
            full;                                   \
        } else {                                    \
            cheap;                                  \
        }                                           \
    }

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

/* Cells of a row go in chunks; a whole chunk is `cheap` if no cell of it passes the test. */
#define CHUNK 32
#define EITHER_BOX(x, y, z, box, test, full, cheap)                               \
    for (int z = (box).z0; z < (box).z1; ++z)                                     \
        for (int y = (box).y0; y < (box).y1; ++y)                                 \
            for (int from_ = (box).x0; from_ < (box).x1; from_ += CHUNK) {        \
                const int to_ = from_ + CHUNK < (box).x1 ? from_ + CHUNK : (box).x1; \
                int any_ = 0;                                                     \
                INDEPENDENT for (int x = from_; x < to_; ++x) any_ |= (test) ? 1 : 0; \
                if (any_) {                                                       \
                    INDEPENDENT for (int x = from_; x < to_; ++x) {               \
                        full;                                                     \
                    }                                                             \
                } else {                                                          \
                    INDEPENDENT for (int x = from_; x < to_; ++x) {               \
                        cheap;                                                    \
                    }                                                             \
                }                                                                 \
            }

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
static Index3 blockIdx, threadIdx;
static const Index3 blockDim = {8, 2, 2};

DEVICE int divide_up(int a, int b) { return (a + b - 1) / b; }

/* Blocks in an order far from that of memory: 7919 is prime and larger than any test's grid. */
#define LAUNCH(box, call)                                                            \
    {                                                                                \
        const int nx = divide_up(box.x1 - box.x0, 8), ny = divide_up(box.y1 - box.y0, 2), \
                  nz = divide_up(box.z1 - box.z0, 2), n = nx * ny * nz;              \
        for (int k = 0; k < n; ++k) {                                                \
            const unsigned b = (unsigned)((k * 7919ll + n / 2) % n);                 \
            blockIdx = {b % nx, b / nx % ny, b / nx / ny};                           \
            for (int t = 31; t >= 0; --t) {                                          \
                threadIdx = {t % 8u, t / 8u % 2u, t / 16u};                          \
                call;                                                                \
            }                                                                        \
        }                                                                            \
    }
#else
#define LAUNCH(box, call) call;
#endif

#endif
