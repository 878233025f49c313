// What the flow kernels of one phase and of two share: arguments that switches add, and the rows of a
// step with the memory that comes next.
#pragma once
#include "rheology.h"

#if STORE_U || TWO_PHASE
#define VELOCITY_ARGUMENT real* RESTRICT u,
#define VELOCITY_ROW     \
  real* v = ROW(u);      \
  AHEAD(v, 3, 0);
#define STORE_VELOCITY(i) v[i] = ux, COMPONENT(v, 1)[i] = uy, COMPONENT(v, 2)[i] = uz;
#define VELOCITY_X_HALO WRITE_X_HALO(u, 10, 3);
#else
#define VELOCITY_ARGUMENT
#define VELOCITY_ROW
#define STORE_VELOCITY(i)
#define VELOCITY_X_HALO
#endif

// Tension needs the neighbours of T and c, weight the cell alone.
#if TWO_PHASE
#define AHEAD_SCALAR(array) AHEAD(array, 1, AT(0, 0, 1));
#else
#define AHEAD_SCALAR(array) AHEAD(array, 1, 0);
#endif
#if HEAT
#define HEAT_ARGUMENT const real* RESTRICT temperature,
#define HEAT_ROW                   \
  const real* T = ROW(temperature); \
  AHEAD_SCALAR(T)
#else
#define HEAT_ARGUMENT
#define HEAT_ROW const real* T = a;  // not read
#endif
#if SOLUTE
#define SOLUTE_ARGUMENT const real* RESTRICT solute,
#define SOLUTE_ROW             \
  const real* c = ROW(solute); \
  AHEAD_SCALAR(c)
#else
#define SOLUTE_ARGUMENT
#define SOLUTE_ROW const real* c = a;  // not read
#endif

#if VISCOSITY || RHEOLOGY || HINGES
#define LAW_ARGUMENT const real* RESTRICT law,
#define TENSION_HINGES (law + 8 + 2 * KINKS)
#else
#define LAW_ARGUMENT
#define TENSION_HINGES a  // not read
#endif
#if BUOYANT
#define BUOYANT_ARGUMENTS real beta_t, real beta_c,
#else
#define BUOYANT_ARGUMENTS
#endif
#if ROTATING
#define ROTATING_ARGUMENTS const real* RESTRICT spin, int start_x, int start_y, int start_z,
#else
#define ROTATING_ARGUMENTS
#endif

#define SWITCHED_ARGUMENTS                                              \
  VELOCITY_ARGUMENT HEAT_ARGUMENT SOLUTE_ARGUMENT LAW_ARGUMENT BUOYANT_ARGUMENTS ROTATING_ARGUMENTS
#define FLOW_ROWS                                                       \
  const real* a = ROW(m);                                               \
  real* b = ROW(m_new);                                                 \
  const uint8* wall = ROW(walls);                                       \
  AHEAD(a, 10, AT(0, 1, 1));                                            \
  AHEAD(b, 10, 0);                                                      \
  VELOCITY_ROW HEAT_ROW SOLUTE_ROW

// beta_t T + beta_c c, what warmth and solute take off the weight; both products rounded, so that
// equal and opposite ones leave nothing.
#if HEAT && SOLUTE
#define EXPANSION(i) (beta_t * T[i] + beta_c * c[i])
#elif HEAT
#define EXPANSION(i) (beta_t * T[i])
#elif SOLUTE
#define EXPANSION(i) (beta_c * c[i])
#endif
