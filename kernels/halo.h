// What a halo cell is made of, by component and face: the rules are defines from solver/grid/halo.py.
//     LEAVE    the halo cell is not touched       COPY  halo = source       REVERSE  halo = shift - source
#pragma once
#include "dialect.h"

DEVICE void fill(real* to, const real* from, int64 rule, real shift) {
  if (rule == COPY) *to = *from;
  if (rule == REVERSE) *to = shift - *from;
}
