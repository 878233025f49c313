// What a halo cell is made of, by component and face.
#pragma once
#include "dialect.h"

#define LEAVE 0    // the halo cell is not touched
#define COPY 1     // halo = source
#define REVERSE 2  // halo = shift - source

DEVICE void fill(real* to, const real* from, int64 rule, real shift) {
  if (rule == COPY) *to = *from;
  if (rule == REVERSE) *to = shift - *from;
}
