/* log, exp and tanh with the same bits on every target: only + - * /, fma and integer operations.
 *
 * Polynomials are minimax fits (Remez) of log(1 + f) and exp(r) - 1 in relative error, evaluated by
 * Horner's rule in fma; nothing branches, so loops over them vectorise. Errors against exact values
 * (tests/test_math.py), in units of the last place:
 *
 *                float   double   domain
 *     LOG(x)     1.25    1.25     x positive, finite, normal
 *     EXP(x)     1.25    1.25     any; saturates near the ends of the range of normal numbers
 *     TANH(x)    2.5     2.5      any
 *
 * NaN is not kept: arguments are assumed to be numbers.
 */
#include "dialect.h"

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
DEVICE int bits(float x) { return __float_as_int(x); }
DEVICE int64 bits(double x) { return __double_as_longlong(x); }
DEVICE float from_bits(int i) { return __int_as_float(i); }
DEVICE double from_bits(int64 i) { return __longlong_as_double(i); }
#else
template <class To, class From> DEVICE To same_bits(From x) {
    To y;
    __builtin_memcpy(&y, &x, sizeof y);
    return y;
}
DEVICE int bits(float x) { return same_bits<int>(x); }
DEVICE int64 bits(double x) { return same_bits<int64>(x); }
DEVICE float from_bits(int i) { return same_bits<float>(i); }
DEVICE double from_bits(int64 i) { return same_bits<double>(i); }
#endif

template <class T> DEVICE T horner(T, T c) { return c; }
template <class T, class... Rest> DEVICE T horner(T x, T c, Rest... rest) {
    return FMA(x, horner(x, rest...), c);
}

/* log x = e log 2 + log(1 + f), x = 2^e (1 + f), 1 + f in [sqrt 1/2, sqrt 2); log 2 in two parts,
 * the first of which times e is exact. */
DEVICE float LOG(float x) {
    const int low = 0x3f3504f3;  // sqrt 1/2
    const int u = bits(x) - low;
    const float e = (float)(u >> 23), f = from_bits((u & 0x7fffff) + low) - 1, f2 = f * f;
    const float p = horner(f, 0.33333316f, -0.24999985f, 0.20001975f, -0.16669278f, 0.1422105f,
                           -0.123829246f, 0.11866154f, -0.118079804f, 0.06940975f);
    const float r = FMA(e, 1.4286068e-06f, FMA(f2, FMA(f, p, -0.5f), f));
    return FMA(e, 0.693145751953125f, r);
}

DEVICE double LOG(double x) {
    const int64 low = 0x3fe6a09e667f3bcd;
    const int64 u = bits(x) - low + (1023ll << 52);  // e + 1023 above the mantissa, never negative
    const double e = from_bits((int64)((uint64)u >> 52) | 0x4330000000000000) - (0x1p52 + 1023);
    const double f = from_bits((u & 0xfffffffffffff) + low) - 1, f2 = f * f;
    const double p =
        horner(f, 0.333333333333333, -0.2499999999999241, 0.20000000000014573, -0.16666666669077634,
               0.14285714285596904, -0.12499999739636107, 0.11111110865905291, -0.1000001354033674,
               0.09090932129599745, -0.08332949937893683, 0.07691386304976415,
               -0.07148891817184347, 0.0668604963324147, -0.062023221331234925,
               0.056612554086438456, -0.05642477334577518, 0.06505116917503075,
               -0.06079901259541411, 0.026985490607127603);
    const double r = FMA(e, 7.440617110012397e-11, FMA(f2, FMA(f, p, -0.5), f));
    return FMA(e, 0.6931471804855391, r);
}

/* exp x = 2^n (1 + m) with |log(1 + m)| <= log(2)/2; the large constant rounds x/log 2 to n. */
DEVICE void split_exp(float x, float* two_n, float* m) {
    const float t = FMA(x, 1.442695f, 12582912.0f), n = t - 12582912.0f;  // 1.5 * 2^23
    const float r = FMA(n, -1.4286068e-06f, FMA(n, -0.693145751953125f, x));
    const float p = horner(r, 0.5f, 0.16666667f, 0.041666362f, 0.008333273f, 0.0013940632f,
                           0.00019913907f);
    *two_n = from_bits((int)((unsigned)bits(t) << 23) + 0x3f800000);
    *m = FMA(r * r, p, r);
}

DEVICE void split_exp(double x, double* two_n, double* m) {
    const double t = FMA(x, 1.4426950408889634, 6755399441055744.0), n = t - 6755399441055744.0;
    const double r = FMA(n, -7.440617110012397e-11, FMA(n, -0.6931471804855391, x));
    const double p = horner(r, 0.5000000000000006, 0.16666666666666685, 0.041666666666578145,
                            0.008333333333315167, 0.0013888888931202143, 0.00019841269901873512,
                            2.480150563833096e-05, 2.755722891915566e-06, 2.7625912722776655e-07,
                            2.511418626567244e-08);
    *two_n = from_bits((int64)((uint64)bits(t) << 52) + 0x3ff0000000000000);
    *m = FMA(r * r, p, r);
}

DEVICE float clamped(float x, float low, float high) {
    const float y = x > low ? x : low;
    return y < high ? y : high;
}

DEVICE double clamped(double x, double low, double high) {
    const double y = x > low ? x : low;
    return y < high ? y : high;
}

DEVICE float EXP(float x) {
    float two_n, m;
    split_exp(clamped(x, -87.0f, 88.0f), &two_n, &m);
    return FMA(two_n, m, two_n);
}

DEVICE double EXP(double x) {
    double two_n, m;
    split_exp(clamped(x, -708.0, 709.0), &two_n, &m);
    return FMA(two_n, m, two_n);
}

/* tanh x = g/(g + 2), g = exp(2 x) - 1 without cancellation; odd by construction. */
template <class T> DEVICE T tanh_of(T x) {
    T two_n, m;
    split_exp(2 * (x < 0 ? -x : x), &two_n, &m);
    const T g = FMA(two_n, m, two_n - 1), y = g / (g + 2);
    return x < 0 ? -y : y;
}

DEVICE float TANH(float x) { return tanh_of(clamped(x, -10.0f, 10.0f)); }
DEVICE double TANH(double x) { return tanh_of(clamped(x, -20.0, 20.0)); }
