// One step of the flow: stream, force, collide (docs/physics.md, section 1).
//
// Velocity-based regularised D3Q19, u the velocity, p* = p/(rho cs2), forces per volume:
//     F = tension + pressure term + weight + viscous interface term
//       = kappa S - p* cs2 grad rho + (rho - mean_rho) g + f - 3 nu omega N . grad rho,   S: tension.h
//     u = m + F/(2 rho),  N = S - u u,  Pi = u u + (1 - omega) dev N,  j = u + F/(2 rho)
// (Fakhari, Mitchell, Leonardi, Bolster, PRE 96, 053301, 2017; the trace of N relaxes with rate 1).
// WALLS = 1 for boxes that touch a wall or hold a solid, whose cells move as their row of speeds
// says; TWO_PHASE = 0 drops phi, d and every interface term.
//
// Switches, 0 where not given: HEAT, SOLUTE = 1: fields T (less its reference) and c act through
//     BUOYANT     rho g [1 - beta_t T - beta_c c], without interface the Boussinesq part of it
//     TENSION     kappa(T, c), and the force of its gradient along the interface: tension.h
//     VISCOSITY, RHEOLOGY   the liquid's viscosity: rheology.h
//     LAYERS                the shear across the interface has the viscosity of layers in series
// ROTATING = 1: the frame turns (rotating_frame.h).
// STORE_U = 1 has flow_single write u as flow_two_phase does.
//
// Arguments, lattice units; fields hold (components, nz, ny, nx) with their halo:
//     m, m_new             (10)   moments before and after the step                    d3q19.h
//     phi, d               (1)    liquid fraction and distance (cells) at the new time
//     u                    (3)    velocity, written; with two phases in the liquid that of half a step later
//     temperature, solute  (1)    T less its reference (K), c (1)
//     law                  table  viscosity and tables                                 rheology.h
//     spin                 table  the frame; start_x .. start_z: the block's first cell
//     walls                (1)    0 fluid, k > 0 wall or solid k with velocity row speeds[3 k]
//     x_halo_rules, x_halo_shifts  tables of the x halos of m_new, u                    x_halo.h
//     omega, nu            1      1/(3 nu + 1/2) of one phase, viscosity that the law multiplies
//     rho_g, drho          1      density of the gas, liquid less gas; mu_g, dmu: dynamic viscosity
//     kappa                1      3 sigma W/2; kappa_t, kappa_tt, kappa_c its coefficients
//     marangoni            1      factor of the force along the interface
//     bend, slope          1      tanh^2(2/W), 2/W; d_max: where d is cut
//     gx, gy, gz           cells/step^2   acceleration; beta_t, beta_c: expansion by T and c
//     fx, fy, fz           force per mass (one phase) or per volume: minus the imposed pressure gradient
//     mean_rho             1      density whose weight is left out where the box is periodic along g, else 0
#include "x_halo.h"
#include "d3q19.h"
#include "rotating_frame.h"
#include "flow_arguments.h"

#if !TWO_PHASE

#if VISCOSITY || RHEOLOGY
#define NU_ARGUMENT real nu,
#else
#define NU_ARGUMENT
#endif
#if BUOYANT
#define GRAVITY_ARGUMENTS real gx, real gy, real gz,
#else
#define GRAVITY_ARGUMENTS
#endif

KERNEL flow_single(const real* RESTRICT m, real* RESTRICT m_new, SWITCHED_ARGUMENTS NU_ARGUMENT
                   GRAVITY_ARGUMENTS const unsigned char* RESTRICT walls,
                   const real* RESTRICT speeds, const int64* RESTRICT x_halo_rules,
                   const real* RESTRICT x_halo_shifts, Box box, real omega, real fx, real fy, real fz) {
  FOR_ROWS(box) {
    FLOW_ROWS
    FOR_CELLS(i) {
      Moments s = stream(a + i, wall + i, speeds);
      const real half = (real)0.5;
#if ROTATING
      const Vector out = centrifugal(x_ + i + start_x, y_ + start_y, z_ + start_z, spin);
      const real bx = fx + out.x, by = fy + out.y, bz = fz + out.z;
#else
      const real bx = fx, by = fy, bz = fz;
#endif
#if BUOYANT && ROTATING
      const real lift = -EXPANSION(i);
      real ax = FMA(lift, gx + out.x, bx), ay = FMA(lift, gy + out.y, by);
      real az = FMA(lift, gz + out.z, bz);
#elif BUOYANT
      const real lift = -EXPANSION(i);
      real ax = FMA(lift, gx, bx), ay = FMA(lift, gy, by), az = FMA(lift, gz, bz);
#else
      real ax = bx, ay = by, az = bz;
#endif
#if WALLS
      const real is_fluid = solid_state(s, wall[i], speeds);
      ax *= is_fluid, ay *= is_fluid, az *= is_fluid;
#else
      const real is_fluid = 1;
#endif
      real ux = FMA(half, ax, s.x), uy = FMA(half, ay, s.y), uz = FMA(half, az, s.z);
#if ROTATING
      coriolis(ux, uy, uz, spin, is_fluid);
      ax = 2 * (ux - s.x), ay = 2 * (uy - s.y), az = 2 * (uz - s.z);
#endif
      real xx = ux * ux, yy = uy * uy, zz = uz * uz;
      real nxx = s.xx - xx, nyy = s.yy - yy, nzz = s.zz - zz;
      real trace = (real)(1.0 / 3.0) * ((nxx + nyy) + nzz);
#if VISCOSITY
      const real mu_ratio = viscosity_ratio(T[i], law);
#else
      const real mu_ratio = 1;
#endif
#if RHEOLOGY
      const real nxy = FMA(-ux, uy, s.xy), nxz = FMA(-ux, uz, s.xz), nyz = FMA(-uy, uz, s.yz);
      const real stress = stress_of(nxx - trace, nyy - trace, nzz - trace, nxy, nxz, nyz);
      const real local = mu_ratio * rate_law(stress, 0, mu_ratio, half, law);
      const real rate = 1 / FMA((real)3, local, half);
#elif VISCOSITY
      const real rate = 1 / FMA((real)3, nu * mu_ratio, half);
#else
      const real rate = omega;
#endif
      const real keep = 1 - rate, omega9 = 9 * rate, keep9 = 9 * keep;
      store_moments(b + i, s.p, FMA(half, ax, ux), FMA(half, ay, uy), FMA(half, az, uz),
              FMA(keep, nxx - trace, xx), FMA(keep, nyy - trace, yy), FMA(keep, nzz - trace, zz),
              FMA(omega9, ux * uy, keep9 * s.xy), FMA(omega9, ux * uz, keep9 * s.xz),
              FMA(omega9, uy * uz, keep9 * s.yz));
      STORE_VELOCITY(i)
    }
    WRITE_X_HALO(m_new, 0, 10);
    VELOCITY_X_HALO
  }
}

// u = j - F/2 of the whole box, for output.
KERNEL flow_velocity(const real* RESTRICT m, real* RESTRICT u, Box box, real fx, real fy, real fz) {
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z);
    const real third = (real)(1.0 / 3.0), half = (real)-0.5;
    u[i] = FMA(half, fx, third * COMPONENT(m, JX)[i]);
    COMPONENT(u, 1)[i] = FMA(half, fy, third * COMPONENT(m, JY)[i]);
    COMPONENT(u, 2)[i] = FMA(half, fz, third * COMPONENT(m, JZ)[i]);
  }
}

#else
#include "tension.h"

#if TENSION
struct LocalTension {
  real kappa, x, y, z;  // 3 W sigma/2 of the cell and its gradient
};

// kappa(T, c) = kappa + kappa_t T + kappa_tt T^2 + kappa_c c + hinges, by central differences of T, c.
DEVICE LocalTension local_tension(const real* T, const real* c, const real* table, real kappa,
                                  real kappa_t, real kappa_tt, real kappa_c) {
  const real half = (real)0.5;
  LocalTension r = {kappa, 0, 0, 0};
#if HEAT
  const real t = T[0], secant = FMA(kappa_tt, t, kappa_t);
  real dkappa_dT = FMA(kappa_tt, t, secant);
  r.kappa = FMA(secant, t, r.kappa);
#if HINGES
  r.kappa += hinges<HINGES>(t, table);
  dkappa_dT += hinge_slope<HINGES>(t, table);
#endif
  dkappa_dT *= half;
  r.x = dkappa_dT * (T[1] - T[-1]), r.y = dkappa_dT * (T[PITCH] - T[-(PITCH)]);
  r.z = dkappa_dT * (T[PLANE] - T[-(PLANE)]);
#endif
#if SOLUTE
  const real dkappa_dc = half * kappa_c;
  r.kappa = FMA(kappa_c, c[0], r.kappa);
  r.x = FMA(dkappa_dc, c[1] - c[-1], r.x), r.y = FMA(dkappa_dc, c[PITCH] - c[-(PITCH)], r.y);
  r.z = FMA(dkappa_dc, c[PLANE] - c[-(PLANE)], r.z);
#endif
  return r;
}
#endif

// 1 where no cell beside this one is a wall or a solid, else 0.
DEVICE real beside_none(const unsigned char* wall) {
  const int sides = (wall[1] | wall[-1]) | (wall[PITCH] | wall[-(PITCH)]) | (wall[PLANE] | wall[-(PLANE)]);
  return sides == 0 ? (real)1 : (real)0;
}

struct Traceless {
  real xx, yy, zz, xy, xz, yz;
};

// N = S - u u without its trace.
DEVICE Traceless traceless(const Moments& s, real x, real y, real z) {
  Traceless r = {FMA(-x, x, s.xx), FMA(-y, y, s.yy), FMA(-z, z, s.zz),
                 FMA(-x, y, s.xy), FMA(-x, z, s.xz), FMA(-y, z, s.yz)};
  const real trace = (real)(1.0 / 3.0) * ((r.xx + r.yy) + r.zz);
  r.xx -= trace, r.yy -= trace, r.zz -= trace;
  return r;
}

struct Shear {
  real x, y, z, normal;
};

// N e = normal e + (x, y, z): the vector is the shear across e, whose part of N is (e s^T + s e^T)/e^2.
DEVICE Shear shear_across(const Traceless& n, real ex, real ey, real ez, real per_e2) {
  const real x = FMA(n.xx, ex, FMA(n.xy, ey, n.xz * ez)), y = FMA(n.xy, ex, FMA(n.yy, ey, n.yz * ez));
  const real z = FMA(n.xz, ex, FMA(n.yz, ey, n.zz * ez));
  const real normal = per_e2 * FMA(ex, x, FMA(ey, y, ez * z));
  return {FMA(-normal, ex, x), FMA(-normal, ey, y), FMA(-normal, ez, z), normal};
}

// The shear at rest where a force t pulls along the interface (per area, without the factor 0.982 of it that
// adds up, along_factor of solver/physics/interface/tension.py). The force is spread as P(phi) says, the share of it
// between the gas and phi; layers in series want it spread as Phi = phi mu_g/(phi mu_g + (1 - phi) mu_l), at the
// edge of the more viscous: then u' is phi times that of the liquid and (1 - phi) times that of the gas, as at a
// sharp surface. So a stress (P - Phi) (m t^T + t m^T) acts inside the interface, m its normal into the gas; being a
// stress it adds no force to a body. rest = -(stress/rho) e.
DEVICE Shear shear_at_rest(real liquid, real Phi, real per_rho, real e2, real per_e2, real ex, real ey, real ez,
                           real kx, real ky, real kz) {
  const real g = 1 - liquid, g2 = g * g, g18 = pure_gas(liquid) * g2;
  const real tail = FMA(g18, FMA(g, (real)(6.0 / 19.0), (real)(-6.0 / 18.0)), (real)(6.0 / 18.0 - 6.0 / 19.0));
  const real P = FMA(liquid * liquid, FMA((real)-2, liquid, (real)3), -tail);
  const real c = (P - (real)(1 - 6.0 / (18.0 * 19.0)) * Phi) * SQRT(e2) * per_rho;
  const real off = per_e2 * FMA(ex, kx, FMA(ey, ky, ez * kz));
  return {c * FMA(-off, ex, kx), c * FMA(-off, ey, ky), c * FMA(-off, ez, kz), 0};
}
#if TENSION
#define REST_SHEAR                                                                                       \
  shear_at_rest(liquid, liquid * mu_g / series, per_rho, e2, per_e2, ex, ey, ez, force * k.x, force * k.y, \
                force * k.z)
#else
#define REST_SHEAR Shear{0, 0, 0, 0}
#endif

// 2 tanh(l/2)/l as a polynomial in l^2, within 6e-6 for l up to 4/3 (W = 3).
DEVICE real twice_tanh_half(real l2) {
  return FMA(l2, FMA(l2, FMA(l2, (real)-6.0753e-4, (real)8.10501e-3), (real)-8.326754e-2), (real)1);
}

#if TENSION
#define TENSION_ARGUMENTS real kappa_t, real kappa_tt, real kappa_c, real marangoni,
#else
#define TENSION_ARGUMENTS
#endif

KERNEL flow_two_phase(const real* RESTRICT m, real* RESTRICT m_new, const real* RESTRICT phi,
                      const real* RESTRICT d, SWITCHED_ARGUMENTS TENSION_ARGUMENTS
                      const unsigned char* RESTRICT walls, const real* RESTRICT speeds,
                      const int64* RESTRICT x_halo_rules, const real* RESTRICT x_halo_shifts, Box box,
                      real rho_g, real drho, real mu_g, real dmu, real kappa, real bend, real slope,
                      real d_max, real gx, real gy, real gz, real fx, real fy, real fz, real mean_rho) {
  FOR_ROWS(box) {
    FLOW_ROWS
    const real *fs = ROW(phi), *ds = ROW(d);
    AHEAD(fs, 1, AT(0, 1, 1));
    AHEAD(ds, 1, AT(0, 1, 1));
#if WALLS
#define SMOOTH(i) beside_none(wall + i)
#else
#define SMOOTH(i) (real)1
#endif
    // Of the surface, in rows near it only; elsewhere d is cut and nothing pulls.
    PULL_ROW
    EITHER(i, ds[i] > -d_max && ds[i] < d_max) { PULL_AT(i, surface_pull(fs + i, ds + i, d_max, slope, bend, SMOOTH(i))) }
    OTHERWISE(i) { PULL_AT(i, Pull{}) }
    FOR_CELLS(i) {
      Moments s = stream(a + i, wall + i, speeds);
#if WALLS
      const real is_fluid = solid_state(s, wall[i], speeds);
#else
      const real is_fluid = 1;
#endif
      const real liquid = clip(fs[i]), half = (real)0.5;
      const real rho = FMA(liquid, drho, rho_g);
#if VISCOSITY
      const real mu_ratio = viscosity_ratio(T[i], law);
#else
      const real mu_ratio = 1;
#endif
#if RHEOLOGY || LAYERS
      const real per_rho = 1 / rho;
#else
      // 1/rho and omega = rho/(3 mu + rho/2) from one division.
      const real mu = FMA(liquid, FMA(mu_ratio, mu_g + dmu, -mu_g), mu_g), both = FMA((real)3, mu, half * rho);
      const real one = 1 / (rho * both), per_rho = one * both, per = one * rho;
#endif

      // grad ln rho through d, whose profile is straight, so that the thin tail in the gas is right.
      const real ex = ds[i + 1] - ds[i - 1], ey = ds[i + PITCH] - ds[i - PITCH];
      const real ez = ds[i + PLANE] - ds[i - PLANE], e2 = FMA(ex, ex, FMA(ey, ey, ez * ez));
      const real drho_slope = drho * slope * liquid * (1 - liquid) * per_rho;  // slope = 2/W
      const real lx = drho_slope * ex, ly = drho_slope * ey, lz = drho_slope * ez;

      // Forces over 2 rho. The pressure and the viscous term take 2 tanh(l/2) of l = grad ln rho, which a step
      // of the lattice integrates exactly.
      const real h = is_fluid * (half * per_rho);
#if TENSION
      const LocalTension k =
          local_tension(T + i, c + i, TENSION_HINGES, kappa, kappa_t, kappa_tt, kappa_c);
      const real tangential = marangoni * strength[i], force = marangoni * slope * (real)(1.0 / 3.0);
      const real normal = -marangoni * FMA(nx[i], k.x, FMA(ny[i], k.y, nz[i] * k.z));
      const real kappa_h = k.kappa * h, bx = FMA(tangential, k.x, FMA(normal, nx[i], fx));
      const real by = FMA(tangential, k.y, FMA(normal, ny[i], fy));
      const real bz = FMA(tangential, k.z, FMA(normal, nz[i], fz));
#else
      const real kappa_h = kappa * h, bx = fx, by = fy, bz = fz;
#endif
      const real exact = twice_tanh_half(drho_slope * drho_slope * e2), pressure_factor = (real)(-1.0 / 6.0) * s.p * exact;
#if BUOYANT
      const real weight = h * (FMA(-rho, EXPANSION(i), rho) - mean_rho);
#else
      const real weight = h * (rho - mean_rho);
#endif
#if ROTATING
      const Vector out = centrifugal(x_ + i + start_x, y_ + start_y, z_ + start_z, spin);
      const real ax = gx + out.x, ay = gy + out.y, az = gz + out.z;
#else
      const real ax = gx, ay = gy, az = gz;
#endif
      real ux = FMA(pressure_factor, lx, FMA(kappa_h, sx[i], FMA(weight, ax, FMA(h, bx, s.x))));
      real uy = FMA(pressure_factor, ly, FMA(kappa_h, sy[i], FMA(weight, ay, FMA(h, by, s.y))));
      real uz = FMA(pressure_factor, lz, FMA(kappa_h, sz[i], FMA(weight, az, FMA(h, bz, s.z))));

      // The viscous force at the interface needs the stress, hence the velocity without it.
      Traceless n = traceless(s, ux, uy, uz);
#if RHEOLOGY
      const real base = FMA(-liquid, mu_g, mu_g), share = liquid * mu_ratio;
      const real stress = rho * stress_of(n.xx, n.yy, n.zz, n.xy, n.xz, n.yz);
      const real mu_liquid = mu_ratio * rate_law(stress, base, share, half * rho, law);
#elif LAYERS
      const real mu_liquid = mu_ratio * (mu_g + dmu);
#endif
#if RHEOLOGY || LAYERS
      const real mu = FMA(liquid, mu_liquid - mu_g, mu_g), both = FMA((real)3, mu, half * rho);
#endif
#if !LAYERS
#if RHEOLOGY
      const real per = 1 / both;
#endif
      const real omega = rho * per;
      const real drag = (real)-1.5 * mu * per * (exact * drho_slope);  // -3 nu omega/2
      ux = FMA(drag, FMA(n.xx, ex, FMA(n.xy, ey, n.xz * ez)), ux);
      uy = FMA(drag, FMA(n.xy, ex, FMA(n.yy, ey, n.yz * ez)), uy);
      uz = FMA(drag, FMA(n.xz, ex, FMA(n.yz, ey, n.zz * ez)), uz);
#else
      // Layers lie in series for the shear across the interface and side by side for all other strain.
      const real series = FMA(liquid, mu_g - mu_liquid, mu_liquid);  // mu across = mu_g mu_liquid/series
      const real both_across = FMA(3 * mu_g, mu_liquid, half * rho * series);
      const real per = 1 / (both * both_across);
      const real omega = rho * (per * both_across), across = rho * series * (per * both);
      // -3 nu omega/2 for the normal part of N . grad rho, and what the shear has instead.
      const real drag = (real)-1.5 * mu * (per * both_across) * (exact * drho_slope);
      const real drag_across = (real)-1.5 * (mu_g * mu_liquid) * (per * both) * (exact * drho_slope);
      const real per_e2 = 1 / MAX(e2, (real)1e-12);
      Shear shear = shear_across(n, ex, ey, ez, per_e2);
      const Shear rest = REST_SHEAR;
      const real drag_rest = (real)-0.5 * (exact * drho_slope) - drag_across;
      ux = FMA(drag * shear.normal, ex, FMA(drag_across, shear.x, FMA(drag_rest, rest.x, ux)));
      uy = FMA(drag * shear.normal, ey, FMA(drag_across, shear.y, FMA(drag_rest, rest.y, uy)));
      uz = FMA(drag * shear.normal, ez, FMA(drag_across, shear.z, FMA(drag_rest, rest.z, uz)));
#endif
#if ROTATING
      coriolis(ux, uy, uz, spin, is_fluid);
#endif

#if !LAYERS
      n = traceless(s, ux, uy, uz);
      const real keep = 1 - omega, keep9 = 9 * keep;
      store_moments(b + i, s.p, ux + (ux - s.x), uy + (uy - s.y), uz + (uz - s.z), FMA(keep, n.xx, ux * ux),
                    FMA(keep, n.yy, uy * uy), FMA(keep, n.zz, uz * uz), FMA(keep9, n.xy, 9 * (ux * uy)),
                    FMA(keep9, n.xz, 9 * (ux * uz)), FMA(keep9, n.yz, 9 * (uy * uz)));
#else
      n = traceless(s, ux, uy, uz), shear = shear_across(n, ex, ey, ez, per_e2);
      // The shear relaxes towards `rest` with its own rate: this much of (e v^T + v e^T)/e^2 besides.
      const real keep = 1 - omega, more = (omega - across) * per_e2, to = across * per_e2;
      const real vx = FMA(more, shear.x, to * rest.x), vy = FMA(more, shear.y, to * rest.y);
      const real vz = FMA(more, shear.z, to * rest.z);
      store_moments(b + i, s.p, ux + (ux - s.x), uy + (uy - s.y), uz + (uz - s.z),
                    FMA(keep, n.xx, FMA(2 * ex, vx, ux * ux)), FMA(keep, n.yy, FMA(2 * ey, vy, uy * uy)),
                    FMA(keep, n.zz, FMA(2 * ez, vz, uz * uz)),
                    9 * FMA(keep, n.xy, FMA(ex, vy, FMA(ey, vx, ux * uy))),
                    9 * FMA(keep, n.xz, FMA(ex, vz, FMA(ez, vx, ux * uz))),
                    9 * FMA(keep, n.yz, FMA(ey, vz, FMA(ez, vy, uy * uz))));
#endif
      // phi is carried with the velocity in the middle of the coming step, u + (j - j of a step ago)/2: with u
      // itself a wave of frequency w gains w^2/4 a step. Not in the gas, where that would double what alternates
      // in time.
      const real lead = half * MIN(8 * liquid, (real)1), back = (real)(-1.0 / 3.0) * lead;
      v[i] = FMA(back, COMPONENT(a, JX)[i], FMA(lead, ux + (ux - s.x), ux));
      COMPONENT(v, 1)[i] = FMA(back, COMPONENT(a, JY)[i], FMA(lead, uy + (uy - s.y), uy));
      COMPONENT(v, 2)[i] = FMA(back, COMPONENT(a, JZ)[i], FMA(lead, uz + (uz - s.z), uz));
    }
    WRITE_X_HALO(m_new, 0, 10);
    VELOCITY_X_HALO
  }
}
#endif
