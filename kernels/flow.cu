// One step of the flow: stream, force, collide (docs/physics.md, section 1).
//
// Velocity-based regularised D3Q19, u the velocity, p* = p/(rho cs2), forces per volume:
//     F = sigma term + pressure term + weight + viscous interface term
//       = mu_phi grad phi - p* cs2 grad rho + (rho - mean_rho) g + f - 3 nu omega N . grad rho
//     mu_phi = -kappa [ lap phi + T^2 t (1 - t^2)/(1 - T^2 t^2) ],  t = 2 phi - 1, T = tanh(2/W)
//     u = m + F/(2 rho),  N = S - u u,  Pi = u u + (1 - omega) dev N,  j = u + F/(2 rho)
// (Fakhari, Mitchell, Leonardi, Bolster, PRE 96, 053301, 2017; the trace of N relaxes with rate 1).
// WALLS = 1 for boxes that touch a wall or hold a solid, whose cells move as their row of speeds
// says; TWO_PHASE = 0 drops phi, d and every interface term.
//
// Switches, 0 where not given: HEAT, SOLUTE = 1: fields T (less its reference) and c act through
//     BUOYANT     rho g [1 - beta_t T - beta_c c], without interface the Boussinesq part of it
//     TENSION     kappa(T, c), and its tangential force pull [|grad phi|^2 grad - (grad phi.grad)
//                 grad phi] kappa (Liu, Valocchi, Zhang, Kang, J. Comput. Phys. 256, 334, 2014)
//     VISCOSITY, RHEOLOGY   the liquid's viscosity: rheology.h
// ROTATING = 1: the frame turns (rotation.h); start_x, start_y, start_z is the block's first cell.
// STORE_U = 1 has flow_single write u as flow_two_phase does.
#include "ends.h"
#include "lattice.h"
#include "rheology.h"
#include "rotation.h"

// beta_t T + beta_c c, what warmth and solute take off the weight; both products rounded, so that
// equal and opposite ones leave nothing.
#if HEAT && SOLUTE
#define EXPANSION(i) (beta_t * hot[i] + beta_c * rich[i])
#elif HEAT
#define EXPANSION(i) (beta_t * hot[i])
#elif SOLUTE
#define EXPANSION(i) (beta_c * rich[i])
#endif

#if !TWO_PHASE

// m, m_new (10 components, lattice units); u out (3 components); temperature, solute (one each).
// omega = 1/(3 nu + 1/2), nu the viscosity that VISCOSITY multiplies; f the driving force (minus the
// imposed pressure gradient) per mass, g acceleration.
KERNEL flow_single(const real* RESTRICT m, real* RESTRICT m_new,
#if STORE_U
                   real* RESTRICT u,
#endif
#if HEAT
                   const real* RESTRICT temperature,
#endif
#if SOLUTE
                   const real* RESTRICT solute,
#endif
#if VISCOSITY || RHEOLOGY
                   const real* RESTRICT law, real nu,
#endif
#if BUOYANT
                   real gx, real gy, real gz, real beta_t, real beta_c,
#endif
#if ROTATING
                   const real* RESTRICT spin, int start_x, int start_y, int start_z,
#endif
                   const unsigned char* RESTRICT walls, const real* RESTRICT speeds,
                   const int64* RESTRICT ends, const real* RESTRICT shifts, Box box, real omega,
                   real fx, real fy, real fz) {
  FOR_ROWS(box) {
    const real* a = ROW(m);
    real* b = ROW(m_new);
    const uint8* wall = ROW(walls);
    AHEAD(a, 10, AT(0, 1, 1));
    AHEAD(b, 10, 0);
#if STORE_U
    real* v = ROW(u);
    AHEAD(v, 3, 0);
#endif
#if HEAT
    const real* hot = ROW(temperature);
    AHEAD(hot, 1, 0);
#endif
#if SOLUTE
    const real* rich = ROW(solute);
    AHEAD(rich, 1, 0);
#endif
    FOR_CELLS(i) {
      Moments s = gather(a + i, wall + i, speeds);
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
      const real fluid = settle(s, wall[i], speeds);
      ax *= fluid, ay *= fluid, az *= fluid;
#else
      const real fluid = 1;
#endif
      real ux = FMA(half, ax, s.x), uy = FMA(half, ay, s.y), uz = FMA(half, az, s.z);
#if ROTATING
      coriolis(ux, uy, uz, spin, fluid);
      ax = 2 * (ux - s.x), ay = 2 * (uy - s.y), az = 2 * (uz - s.z);
#endif
      real xx = ux * ux, yy = uy * uy, zz = uz * uz;
      real nxx = s.xx - xx, nyy = s.yy - yy, nzz = s.zz - zz;
      real trace = (real)(1.0 / 3.0) * ((nxx + nyy) + nzz);
#if VISCOSITY
      const real thin = thinning(hot[i], law);
#else
      const real thin = 1;
#endif
#if RHEOLOGY
      const real nxy = FMA(-ux, uy, s.xy), nxz = FMA(-ux, uz, s.xz), nyz = FMA(-uy, uz, s.yz);
      const real stress = stress_of(nxx - trace, nyy - trace, nzz - trace, nxy, nxz, nyz);
      const real local = thin * rate_law(stress, 0, thin, half, law);
      const real rate = 1 / FMA((real)3, local, half);
#elif VISCOSITY
      const real rate = 1 / FMA((real)3, nu * thin, half);
#else
      const real rate = omega;
#endif
      const real keep = 1 - rate, omega9 = 9 * rate, keep9 = 9 * keep;
      scatter(b + i, s.p, FMA(half, ax, ux), FMA(half, ay, uy), FMA(half, az, uz),
              FMA(keep, nxx - trace, xx), FMA(keep, nyy - trace, yy), FMA(keep, nzz - trace, zz),
              FMA(omega9, ux * uy, keep9 * s.xy), FMA(omega9, ux * uz, keep9 * s.xz),
              FMA(omega9, uy * uz, keep9 * s.yz));
#if STORE_U
      v[i] = ux, COMPONENT(v, 1)[i] = uy, COMPONENT(v, 2)[i] = uz;
#endif
    }
    WRITE_ENDS(m_new, 0, 10);
#if STORE_U
    WRITE_ENDS(u, 10, 3);
#endif
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
#include "two_phase.h"

#if TENSION
struct Pull {
  real kappa, x, y, z;  // 3 W sigma/2 of the cell and its gradient
};

// kappa(T, c) = kappa + kappa_t T + kappa_tt T^2 + kappa_c c + hinges, by central differences of T, c.
DEVICE Pull tension(const real* hot, const real* rich, const real* kinks, real kappa, real kappa_t,
                    real kappa_tt, real kappa_c) {
  const real half = (real)0.5;
  Pull r = {kappa, 0, 0, 0};
#if HEAT
  const real t = hot[0], bent = FMA(kappa_tt, t, kappa_t);
  real slope = FMA(kappa_tt, t, bent);
  r.kappa = FMA(bent, t, r.kappa);
#if HINGES
  r.kappa += hinges<HINGES>(t, kinks);
  slope += hinge_slope<HINGES>(t, kinks);
#endif
  slope *= half;
  r.x = slope * (hot[1] - hot[-1]), r.y = slope * (hot[PITCH] - hot[-(PITCH)]);
  r.z = slope * (hot[PLANE] - hot[-(PLANE)]);
#endif
#if SOLUTE
  const real rise = half * kappa_c;
  r.kappa = FMA(kappa_c, rich[0], r.kappa);
  r.x = FMA(rise, rich[1] - rich[-1], r.x), r.y = FMA(rise, rich[PITCH] - rich[-(PITCH)], r.y);
  r.z = FMA(rise, rich[PLANE] - rich[-(PLANE)], r.z);
#endif
  return r;
}
#endif

// 2 tanh(l/2)/l as a polynomial in l^2, within 6e-6 for l up to 4/3 (W = 3).
DEVICE real twice_tanh_half(real l2) {
  return FMA(l2, FMA(l2, FMA(l2, (real)-6.0753e-4, (real)8.10501e-3), (real)-8.326754e-2), (real)1);
}

// phi and d (liquid fraction and distance, one component) at the new time; u out (3 components).
// Fluid: rho_g, drho, mu_g, dmu (gas value and liquid minus gas); kappa = 3 sigma W/2,
// bend = tanh^2(2/W), slope = 2/W; g acceleration, f force per volume (minus the imposed pressure
// gradient), mean_rho 0 unless the box is periodic along g.
KERNEL flow_two_phase(const real* RESTRICT m, real* RESTRICT m_new, const real* RESTRICT phi,
                      const real* RESTRICT d, real* RESTRICT u,
#if HEAT
                      const real* RESTRICT temperature,
#endif
#if SOLUTE
                      const real* RESTRICT solute,
#endif
#if VISCOSITY || RHEOLOGY || HINGES
                      const real* RESTRICT law,
#endif
#if BUOYANT
                      real beta_t, real beta_c,
#endif
#if ROTATING
                      const real* RESTRICT spin, int start_x, int start_y, int start_z,
#endif
#if TENSION
                      real kappa_t, real kappa_tt, real kappa_c, real pull,
#endif
                      const unsigned char* RESTRICT walls,
                      const real* RESTRICT speeds, const int64* RESTRICT ends,
                      const real* RESTRICT shifts, Box box, real rho_g, real drho, real mu_g,
                      real dmu, real kappa, real bend, real slope, real gx, real gy, real gz,
                      real fx, real fy, real fz, real mean_rho) {
  FOR_ROWS(box) {
    const real *a = ROW(m), *fs = ROW(phi), *ds = ROW(d);
    real *b = ROW(m_new), *v = ROW(u);
    const uint8* wall = ROW(walls);
    AHEAD(a, 10, AT(0, 1, 1));
    AHEAD(b, 10, 0);
    AHEAD(v, 3, 0);
    AHEAD(fs, 1, AT(0, 1, 1));
    AHEAD(ds, 1, AT(0, 0, 1));
#if HEAT
    const real* hot = ROW(temperature);
    AHEAD(hot, 1, AT(0, 0, 1));
#else
    const real* hot = a;
#endif
#if SOLUTE
    const real* rich = ROW(solute);
    AHEAD(rich, 1, AT(0, 0, 1));
#else
    const real* rich = a;
#endif
#if VISCOSITY || RHEOLOGY || HINGES
    const real* kinks = law + 8 + 2 * KINKS;
#else
    const real* kinks = a;
#endif
    FOR_CELLS(i) {
      Moments s = gather(a + i, wall + i, speeds);
#if WALLS
      const real fluid = settle(s, wall[i], speeds);
#else
      const real fluid = 1;
#endif
      Stencil c = isotropic(fs + i);
      const real f = fs[i], part = clip(f), half = (real)0.5, t = 2 * f - 1;
      const real rho = FMA(part, drho, rho_g);
      // 1/rho, omega = rho/(3 mu + rho/2) and 1/(1 - bend t^2) from one division where mu is known.
      const real bent = FMA(-bend * t, t, (real)1);
#if VISCOSITY
      const real share = part * thinning(hot[i], law);
#else
      const real share = part;
#endif
#if RHEOLOGY
      const real per = 1 / (rho * bent), per_rho = per * bent, per_bend = per * rho;
#else
#if VISCOSITY
      const real mu = FMA(share, mu_g + dmu, FMA(-part, mu_g, mu_g));
#else
      const real mu = FMA(share, dmu, mu_g);
#endif
      const real both = FMA((real)3, mu, half * rho);
      const real per = 1 / (rho * both * bent), per_rho = per * (both * bent);
      const real per_both = per * (rho * bent), per_bend = per * (rho * both);
      const real omega = rho * per_both;
#endif

      // grad ln rho through d, whose profile is straight, so that the thin tail in the gas is right.
      const real steep = drho * slope * part * (1 - part) * per_rho;  // slope = 2/W
      const real lx = steep * (ds[i + 1] - ds[i - 1]), ly = steep * (ds[i + PITCH] - ds[i - PITCH]);
      const real lz = steep * (ds[i + PLANE] - ds[i - PLANE]);

      // Forces over 2 rho. mu_phi vanishes on a tanh profile as the differences see it; the pressure
      // term takes 2 tanh(l/2) of l = grad ln rho, which a step of the lattice integrates exactly.
      const real h = fluid * (half * per_rho);
#if TENSION
      Pull k = tension(hot + i, rich + i, kinks, kappa, kappa_t, kappa_tt, kappa_c);
      const real g2 = pull * FMA(c.x, c.x, FMA(c.y, c.y, c.z * c.z));
      const real gk = -pull * FMA(c.x, k.x, FMA(c.y, k.y, c.z * k.z)), tied = k.kappa;
      const real bx = FMA(g2, k.x, FMA(gk, c.x, fx)), by = FMA(g2, k.y, FMA(gk, c.y, fy));
      const real bz = FMA(g2, k.z, FMA(gk, c.z, fz));
#else
      const real tied = kappa, bx = fx, by = fy, bz = fz;
#endif
      const real along = -tied * h * FMA(bend * t * (1 - t * t), per_bend, c.laplacian);
      const real l2 = FMA(lx, lx, FMA(ly, ly, lz * lz));
      const real press = (real)(-1.0 / 6.0) * s.p * twice_tanh_half(l2);
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
      real ux = FMA(press, lx, FMA(along, c.x, FMA(weight, ax, FMA(h, bx, s.x))));
      real uy = FMA(press, ly, FMA(along, c.y, FMA(weight, ay, FMA(h, by, s.y))));
      real uz = FMA(press, lz, FMA(along, c.z, FMA(weight, az, FMA(h, bz, s.z))));

      // The viscous force at the interface needs the stress, hence the velocity without it.
      real nxx = FMA(-ux, ux, s.xx), nyy = FMA(-uy, uy, s.yy), nzz = FMA(-uz, uz, s.zz);
      real nxy = FMA(-ux, uy, s.xy), nxz = FMA(-ux, uz, s.xz), nyz = FMA(-uy, uz, s.yz);
      real trace = (real)(1.0 / 3.0) * ((nxx + nyy) + nzz);
#if RHEOLOGY
      const real base = FMA(-part, mu_g, mu_g);
      const real stress = rho * stress_of(nxx - trace, nyy - trace, nzz - trace, nxy, nxz, nyz);
      const real mu = FMA(share, rate_law(stress, base, share, half * rho, law), base);
      const real per_both = 1 / FMA((real)3, mu, half * rho), omega = rho * per_both;
#endif
      const real keep = 1 - omega, omega9 = 9 * omega, keep9 = 9 * keep;
      const real drag = (real)-1.5 * mu * per_both;  // -3 nu omega/2
      ux = FMA(drag, FMA(nxx - trace, lx, FMA(nxy, ly, nxz * lz)), ux);
      uy = FMA(drag, FMA(nxy, lx, FMA(nyy - trace, ly, nyz * lz)), uy);
      uz = FMA(drag, FMA(nxz, lx, FMA(nyz, ly, (nzz - trace) * lz)), uz);
#if ROTATING
      coriolis(ux, uy, uz, spin, fluid);
#endif

      nxx = FMA(-ux, ux, s.xx), nyy = FMA(-uy, uy, s.yy), nzz = FMA(-uz, uz, s.zz);
      trace = (real)(1.0 / 3.0) * ((nxx + nyy) + nzz);
      scatter(b + i, s.p, ux + (ux - s.x), uy + (uy - s.y), uz + (uz - s.z),
              FMA(keep, nxx - trace, ux * ux), FMA(keep, nyy - trace, uy * uy),
              FMA(keep, nzz - trace, uz * uz), FMA(omega9, ux * uy, keep9 * s.xy),
              FMA(omega9, ux * uz, keep9 * s.xz), FMA(omega9, uy * uz, keep9 * s.yz));
      v[i] = ux, COMPONENT(v, 1)[i] = uy, COMPONENT(v, 2)[i] = uz;
    }
    WRITE_ENDS(m_new, 0, 10);
    WRITE_ENDS(u, 10, 3);
  }
}
#endif
