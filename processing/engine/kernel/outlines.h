/* Outlines of many shapes as flat arrays, and on which side of an edge a point surely lies.

   Orientations carry Shewchuk's static error bound (Adaptive Precision Floating-Point Arithmetic, 1997, bound A). */
#ifndef ECOREDLINE_OUTLINES_H
#define ECOREDLINE_OUTLINES_H

#include <math.h>

#include "kernel.h"

enum dimension { POINT, LINE, POLYGON };

#define ROUNDING 1.1102230246251565e-16                   /* 2^-53 */
#define BOUND ((3.0 + 16.0 * ROUNDING) * ROUNDING)         /* of an orientation, times the sum of its two products */
#define HAIR 1e-12 /* degrees: some units of the last place, within which GEOS takes two places for one */

typedef struct {
    const double *xy;
    const int64_t *ring_start; /* first vertex of each ring or line, and the end */
    const int64_t *shape_ring; /* first ring of each shape, and the end */
    int8_t *turn;              /* per ring: 1 with the inside on its left, -1 on its right, 0 unknown or a line */
    double *box;               /* per shape: west, south, east, north */
    const uint8_t *dimension;  /* per shape */
} outlines;

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double greatest(double a, double b) { return a > b ? a : b; }

/* On which side of the line from u to v a point lies: 1 left, -1 right, 0 in doubt or within a hair of the line. */
static inline int side(double ux, double uy, double vx, double vy, double x, double y, double *det, double *doubt) {
    double left = (ux - x) * (vy - y), right = (uy - y) * (vx - x);
    *det = left - right;
    *doubt = BOUND * (fabs(left) + fabs(right));
    double clear = *doubt + HAIR * (fabs(vx - ux) + fabs(vy - uy));
    return *det > clear ? 1 : -*det > clear ? -1 : 0;
}

#endif
