// One step of the liquid-gas interface: conservative Allen-Cahn, finite volumes (docs/physics.md, 2).
//
//     d phi/dt + div(u phi) = div{ M [ grad phi - (1/W) (1 - tanh^2(2 d/W)) n ] },
//     d = (W/4) ln(phi/(1 - phi)),  n = r grad d
// (Jain, JCP 469, 111529, 2022, but for r, which is 1/|grad d| there: a ripple too flat for a profile is not
// gathered into one, and in a bulk, where |grad d| is small, diffusion wins: interface_flux.h).
// Face values come from the two cells: with s = sqrt(phi (1 - phi)) the addition theorem of tanh gives
//     phi_f = (phi_i s_j + phi_j s_i)/(s_i + s_j) = (1 + tanh((d_i + d_j)/W))/2
// without exp or log. The sharpening is taken as the difference that a tanh profile has over a cell,
//     phi_j - phi_i = (s/2) sinh(2 n/W)/(1 + s sinh^2(n/W)),  s = 1 - tanh^2(2 d_f/W) = 4 phi_f (1 - phi_f),
// not as its limit s n/W: then tanh is the discrete equilibrium (spurious flow falls threefold). It and
// the sharpening act where both cells lie inside the clip |d| < d_max; elsewhere phi_f is the mean, so a
// cell outside the clip needs neither and the cheap form has its bits (interface_flux.h).
#include "x_halo.h"
#include "interface_scalars.h"

// u averaged across a face, whose directions are a and b: streaming spreads momentum across its way too, and
// it is the divergence of that which the lattice keeps at 0. With plain u the term phi div u makes ripples of
// 2 to 3 cells grow with sqrt(sigma) (docs/stability.md).
DEVICE real across(const real* u, int a, int b) {
  return FMA((real)0.125, (u[a] + u[-a]) + (u[b] + u[-b]), (real)0.5 * u[0]);
}
#define UX(o) across(u0 + i + (o), PITCH, PLANE)
#define UY(o) across(u1 + i + (o), 1, PLANE)
#define UZ(o) across(u2 + i + (o), 1, PITCH)

// d of phi in the box (start and restart; the step keeps it up to date).
KERNEL interface_distance(const real* RESTRICT phi, real* RESTRICT d, Box box, real quarter_width,
                          real d_max) {
  FOR_BOX(x, y, z, box) {
    const int i = AT(x, y, z);
    d[i] = distance(phi[i], quarter_width, d_max);
  }
}

// WALLS = 1 for boxes where walls (0: fluid) has solids, or faces with a contact angle other than 90
// degrees; at those with 90 phi and d are mirrored and the flux is 0 by itself.
//
// SCALARS: the step of so many scalars too (interface_scalars.h; docs/physics.md, section 3). The flux
// of the capacity C = gas + jump phi through a face is gas u_f + jump (flux of phi), so what a scalar is
// carried by and what it fills agree to the last bit. CONDUCT = 1 conducts as well.
// EVAPORATE: liquid leaves at the surface with the speed RECESSION.
//
// Arguments, lattice units; fields hold (components, nz, ny, nx) with their halo:
//     phi, phi_new     (1)    liquid fraction before and after the step
//     d, d_new         (1)    distance of it into the liquid, cells, cut at d_max
//     u                (3)    velocity
//     recession        cells/step  speed at which the surface recedes, times the sum of the differences;
//                      vapour_factor (saturation - vapour) is added to it
//     walls            (1)    0 fluid
//     x_halo_rules, x_halo_shifts  tables of the x halos of phi_new, d_new, t0_new, ...  x_halo.h
//     mobility         cells^2/step  M
//     quarter_width, d_max  cells    W/4 and where d is cut
//     cap_tail, cap_drop, per_flat2, calm  1  the rule of the normal: interface_flux.h
//     outside          1      phi below this and above 1 less it is outside the cut for certain
KERNEL interface_step(const real* RESTRICT phi, const real* RESTRICT d, const real* RESTRICT u,
                      real* RESTRICT phi_new, real* RESTRICT d_new,
                      SCALARS_ARGUMENTS RECESSION_ARGUMENTS const unsigned char* RESTRICT walls,
                      const int64* RESTRICT x_halo_rules, const real* RESTRICT x_halo_shifts, Box box,
                      real mobility, real quarter_width, real d_max, real cap_tail, real cap_drop,
                      real per_flat2, real calm, real outside) {
  const real per_width = (real)0.25 / quarter_width;
  const NormalRule rule = {cap_tail, cap_drop, per_flat2, calm};
  FOR_ROWS(box) {
    const real *p = ROW(phi), *q = ROW(d), *u0 = ROW(u), *u1 = COMPONENT(u0, 1), *u2 = COMPONENT(u0, 2);
    real *p_new = ROW(phi_new), *q_new = ROW(d_new);
#if WALLS
    const uint8* w = ROW(walls);
#endif
    AHEAD(p, 1, AT(0, 1, 1));
    AHEAD(q, 1, AT(0, 1, 1));
    AHEAD(u0, 3, AT(0, 1, 1));
    AHEAD(p_new, 1, 0);
    AHEAD(q_new, 1, 0);
    SCALARS_ROWS
    EITHER(i, q[i] > -d_max && q[i] < d_max) {
      const real half = (real)0.5, f = p[i], s = root(f), di = q[i];
#define D(ex, ey, ez) q[i + AT(ex, ey, ez)]
#define FACE(o, ua, ub, gs, gt, back)                                                          \
  OPEN(o, flux(back ? p[i + (o)] : f, back ? f : p[i + (o)], back ? root(p[i + (o)]) : s,        \
               back ? s : root(p[i + (o)]), back ? q[i + (o)] : di, back ? di : q[i + (o)],          \
               back ? q[i + 2 * (o)] : q[i - (o)], back ? q[i - (o)] : q[i + 2 * (o)],               \
               half * (back ? ub + ua : ua + ub), gs, gt, d_max, mobility, per_width, rule))
      real dx = D(1, 0, 0) - D(-1, 0, 0), dy = D(0, 1, 0) - D(0, -1, 0), dz = D(0, 0, 1) - D(0, 0, -1);
      const real east = FACE(1, UX(0), UX(1), dy + (D(1, 1, 0) - D(1, -1, 0)), dz + (D(1, 0, 1) - D(1, 0, -1)), 0);
      const real west = FACE(-1, UX(0), UX(-1), (D(-1, 1, 0) - D(-1, -1, 0)) + dy, (D(-1, 0, 1) - D(-1, 0, -1)) + dz, 1);
      const real north = FACE(PITCH, UY(0), UY(PITCH), dx + (D(1, 1, 0) - D(-1, 1, 0)), dz + (D(0, 1, 1) - D(0, 1, -1)), 0);
      const real south = FACE(-PITCH, UY(0), UY(-PITCH), (D(1, -1, 0) - D(-1, -1, 0)) + dx, (D(0, -1, 1) - D(0, -1, -1)) + dz, 1);
      const real up = FACE(PLANE, UZ(0), UZ(PLANE), dx + (D(1, 0, 1) - D(-1, 0, 1)), dy + (D(0, 1, 1) - D(0, -1, 1)), 0);
      const real down = FACE(-PLANE, UZ(0), UZ(-PLANE), (D(1, 0, -1) - D(-1, 0, -1)) + dx, (D(0, 1, -1) - D(0, -1, -1)) + dy, 1);
      const real out = east - west, side = north - south, top = up - down;
#if EVAPORATE
      const real evaporated = evaporation(p + i, RECESSION, di > -d_max && di < d_max);
      const real next = FLUID((f - ((out + side) + top)) - evaporated, f);
#else
      const real next = FLUID(f - ((out + side) + top), f);
#endif
      p_new[i] = next;
      TRANSPORT
    }
    OTHERWISE(i) {
      const real f = p[i];
#define PLAIN(o, v) OPEN(o, plain(f, p[i + (o)], v(0) + v(o), mobility))
#define BACK(o, v) OPEN(-(o), plain(p[i - (o)], f, v(-(o)) + v(0), mobility))
      const real east = PLAIN(1, UX), west = BACK(1, UX), north = PLAIN(PITCH, UY);
      const real south = BACK(PITCH, UY), up = PLAIN(PLANE, UZ), down = BACK(PLANE, UZ);
      const real out = east - west, side = north - south, top = up - down;
#if EVAPORATE && SCALARS
      const real evaporated = 0;
#endif
      const real next = FLUID(f - ((out + side) + top), f);
      p_new[i] = next;
      TRANSPORT
    }
    // Far outside the clip the distance is the clip's, bit for bit.
    EITHER(i, p_new[i] > outside && p_new[i] < 1 - outside) {
      q_new[i] = distance(p_new[i], quarter_width, d_max);
    }
    OTHERWISE(i) { q_new[i] = p_new[i] < (real)0.5 ? -d_max : d_max; }
    WRITE_X_HALO(phi_new, 0, 1);
    WRITE_X_HALO(d_new, 1, 1);
    WRITE_DEEP_X_HALO(d_new, 1, 1);
    SCALARS_X_HALO
  }
}
