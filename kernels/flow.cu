// One step of the flow: stream, force, collide (docs/physics.md, section 1).
//
// Velocity-based regularised D3Q19, u the velocity, p* = p/(rho cs2), forces per volume:
//     F = sigma term + pressure term + weight + viscous interface term
//       = mu_phi grad phi - p* cs2 grad rho + (rho - mean_rho) g + f - 3 nu omega N . grad rho
//     mu_phi = -kappa [ lap phi + T^2 t (1 - t^2)/(1 - T^2 t^2) ],  t = 2 phi - 1, T = tanh(2/W)
//     u = m + F/(2 rho),  N = S - u u,  Pi = u u + (1 - omega) dev N,  j = u + F/(2 rho)
// (Fakhari, Mitchell, Leonardi, Bolster, PRE 96, 053301, 2017; the trace of N relaxes with rate 1).
// WALLS = 1 for boxes that touch a wall; TWO_PHASE = 0 drops phi, d, u and every interface term.
#include "ends.h"
#include "lattice.h"

#if !TWO_PHASE

// m, m_new (10 components, lattice units); omega = 1/(3 nu + 1/2);
// f the driving force (minus the imposed pressure gradient) per mass.
KERNEL flow_single(const real* RESTRICT m, real* RESTRICT m_new,
                   const unsigned char* RESTRICT walls, const real* RESTRICT speeds,
                   const int64* RESTRICT ends, const real* RESTRICT shifts, Box box, real omega, real fx, real fy, real fz) {
  FOR_ROWS(box) {
    const real* a = ROW(m);
    real* b = ROW(m_new);
    const uint8* wall = ROW(walls);
    AHEAD(a, 10, AT(0, 1, 1));
    AHEAD(b, 10, 0);
    FOR_CELLS(i) {
      Moments s = gather(a + i, wall + i, speeds);
      const real half = (real)0.5, keep = 1 - omega, omega9 = 9 * omega, keep9 = 9 * keep;
      real ux = FMA(half, fx, s.x), uy = FMA(half, fy, s.y), uz = FMA(half, fz, s.z);
      real xx = ux * ux, yy = uy * uy, zz = uz * uz;
      real nxx = s.xx - xx, nyy = s.yy - yy, nzz = s.zz - zz;
      real trace = (real)(1.0 / 3.0) * ((nxx + nyy) + nzz);
      scatter(b + i, s.p, FMA(half, fx, ux), FMA(half, fy, uy), FMA(half, fz, uz),
              FMA(keep, nxx - trace, xx), FMA(keep, nyy - trace, yy), FMA(keep, nzz - trace, zz),
              FMA(omega9, ux * uy, keep9 * s.xy), FMA(omega9, ux * uz, keep9 * s.xz),
              FMA(omega9, uy * uz, keep9 * s.yz));
    }
    WRITE_ENDS(m_new, 0, 10);
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

// 2 tanh(l/2)/l as a polynomial in l^2, within 6e-6 for l up to 4/3 (W = 3).
DEVICE real twice_tanh_half(real l2) {
  return FMA(l2, FMA(l2, FMA(l2, (real)-6.0753e-4, (real)8.10501e-3), (real)-8.326754e-2), (real)1);
}

// phi and d (liquid fraction and distance, one component) at the new time; u out (3 components).
// Fluid: rho_g, drho, mu_g, dmu (gas value and liquid minus gas); kappa = 3 sigma W/2,
// bend = tanh^2(2/W), slope = 2/W; g acceleration, f force per volume (minus the imposed pressure
// gradient), mean_rho 0 unless the box is periodic along g.
KERNEL flow_two_phase(const real* RESTRICT m, real* RESTRICT m_new, const real* RESTRICT phi,
                      const real* RESTRICT d, real* RESTRICT u, const unsigned char* RESTRICT walls,
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
    FOR_CELLS(i) {
      Moments s = gather(a + i, wall + i, speeds);
      Stencil c = isotropic(fs + i);
      const real f = fs[i], part = clip(f), half = (real)0.5, t = 2 * f - 1;
      const real rho = FMA(part, drho, rho_g), mu = FMA(part, dmu, mu_g);
      // 1/rho, omega = rho/(3 mu + rho/2) and 1/(1 - bend t^2) from one division.
      const real both = FMA((real)3, mu, half * rho), bent = FMA(-bend * t, t, (real)1);
      const real per = 1 / (rho * both * bent), per_rho = per * (both * bent);
      const real per_both = per * (rho * bent), per_bend = per * (rho * both);
      const real omega = rho * per_both, keep = 1 - omega, omega9 = 9 * omega, keep9 = 9 * keep;

      // grad ln rho through d, whose profile is straight, so that the thin tail in the gas is right.
      const real steep = drho * slope * part * (1 - part) * per_rho;  // slope = 2/W
      const real lx = steep * (ds[i + 1] - ds[i - 1]), ly = steep * (ds[i + PITCH] - ds[i - PITCH]);
      const real lz = steep * (ds[i + PLANE] - ds[i - PLANE]);

      // Forces over 2 rho. mu_phi vanishes on a tanh profile as the differences see it; the pressure
      // term takes 2 tanh(l/2) of l = grad ln rho, which a step of the lattice integrates exactly.
      const real h = half * per_rho;
      const real along = -kappa * h * FMA(bend * t * (1 - t * t), per_bend, c.laplacian);
      const real l2 = FMA(lx, lx, FMA(ly, ly, lz * lz));
      const real press = (real)(-1.0 / 6.0) * s.p * twice_tanh_half(l2);
      const real weight = h * (rho - mean_rho);
      real ux = FMA(press, lx, FMA(along, c.x, FMA(weight, gx, FMA(h, fx, s.x))));
      real uy = FMA(press, ly, FMA(along, c.y, FMA(weight, gy, FMA(h, fy, s.y))));
      real uz = FMA(press, lz, FMA(along, c.z, FMA(weight, gz, FMA(h, fz, s.z))));

      // The viscous force at the interface needs the stress, hence the velocity without it.
      real nxx = FMA(-ux, ux, s.xx), nyy = FMA(-uy, uy, s.yy), nzz = FMA(-uz, uz, s.zz);
      real nxy = FMA(-ux, uy, s.xy), nxz = FMA(-ux, uz, s.xz), nyz = FMA(-uy, uz, s.yz);
      real trace = (real)(1.0 / 3.0) * ((nxx + nyy) + nzz);
      const real drag = (real)-1.5 * mu * per_both;  // -3 nu omega/2
      ux = FMA(drag, FMA(nxx - trace, lx, FMA(nxy, ly, nxz * lz)), ux);
      uy = FMA(drag, FMA(nxy, lx, FMA(nyy - trace, ly, nyz * lz)), uy);
      uz = FMA(drag, FMA(nxz, lx, FMA(nyz, ly, (nzz - trace) * lz)), uz);

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
