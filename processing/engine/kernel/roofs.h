/* The greatest minimum over a box of functions linear in the place: a linear program with two unknowns and a height.
 *
 * Any mixture of the functions bounds it from above. The lowest mixture is of three of them at most and level, or of two
 * and level along one axis of the box; whichever mixture is found last bounds it, be it the lowest one or not. */
#ifndef ECOREDLINE_ROOFS_H
#define ECOREDLINE_ROOFS_H

#include <math.h>

#include "kernel.h"

#define STEPS 8 /* more are hardly ever needed, and fewer leave a bound as well */

static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double smaller(double a, double b) { return a < b ? a : b; }
static inline double signed_as(double size, double sign) { return sign < 0.0 ? -size : size; }

typedef struct {
    double x, y, half_x, half_y;
    double bound; /* no disc about a place in the box is larger */
    double distance;
    int32_t *side; /* those that may be the nearest of a place in the box */
    int64_t n;
    int32_t *row; /* those that a ray to the east from a place in the box may meet */
    int64_t n_row;
    int inside;
} Box;

/* No distance within the box is greater than a + gx u + gy v, with u, v from the middle of the box. */
typedef struct {
    double a, gx, gy;
} Roof;

static inline double at(const Roof *r, double u, double v) { return r->a + r->gx * u + r->gy * v; }

static inline double highest(const Roof *r, const Box *box) {
    return r->a + box->half_x * fabs(r->gx) + box->half_y * fabs(r->gy);
}

/* Up to three roofs whose greatest minimum over the box is known, where it is, and how high. */
typedef struct {
    int32_t n, roof[3];
    double height, u, v;
} Peak;

static void put(Peak *p, const Box *box, double u, double v) {
    p->u = larger(-box->half_x, smaller(box->half_x, u));
    p->v = larger(-box->half_y, smaller(box->half_y, v));
}

static Peak peak_of_one(const Roof *roof, int32_t i, const Box *box) {
    Peak p = {1, {i, 0, 0}, highest(roof + i, box), 0.0, 0.0};
    put(&p, box, roof[i].gx == 0.0 ? 0.0 : signed_as(box->half_x, roof[i].gx),
        roof[i].gy == 0.0 ? 0.0 : signed_as(box->half_y, roof[i].gy));
    return p;
}

/* Of all mixtures of two roofs the lowest one: level along one axis, unless one of the two is lowest by itself. */
static Peak peak_of_two(const Roof *roof, int32_t i, int32_t j, const Box *box) {
    const Roof *a = roof + i, *b = roof + j;
    Peak best = {2, {i, j, 0}, INFINITY, 0.0, 0.0};
    double dx = a->gx - b->gx, dy = a->gy - b->gy, rise = a->a - b->a;
    for (int axis = 0; axis < 2; axis++) {
        double span = axis ? dy : dx, share = span == 0.0 ? -1.0 : -(axis ? b->gy : b->gx) / span;
        if (!(share >= 0.0 && share <= 1.0)) continue;
        double gx = b->gx + share * dx, gy = b->gy + share * dy;
        double height = b->a + share * rise + box->half_x * fabs(gx) + box->half_y * fabs(gy);
        if (height >= best.height) continue;
        best.height = height;
        if (fabs(gx) + fabs(gy) < 1e-9) {
            double step = -rise / (dx * dx + dy * dy);
            put(&best, box, step * dx, step * dy);
        } else if (axis) {
            double u = signed_as(box->half_x, gx);
            put(&best, box, u, -(rise + dx * u) / dy);
        } else {
            double v = signed_as(box->half_y, gy);
            put(&best, box, -(rise + dy * v) / dx, v);
        }
    }
    return best;
}

/* The level mixture of three roofs. */
static Peak peak_of_three(const Roof *roof, int32_t i, int32_t j, int32_t k, const Box *box) {
    const Roof *a = roof + i, *b = roof + j, *c = roof + k;
    Peak p = {3, {i, j, k}, INFINITY, 0.0, 0.0};
    double of_a = b->gx * c->gy - b->gy * c->gx, of_b = c->gx * a->gy - c->gy * a->gx;
    double of_c = a->gx * b->gy - a->gy * b->gx, all = of_a + of_b + of_c;
    if (fabs(all) < 1e-9 || of_a * all < 0.0 || of_b * all < 0.0 || of_c * all < 0.0) return p;
    double x1 = a->gx - b->gx, y1 = a->gy - b->gy, r1 = b->a - a->a;
    double x2 = a->gx - c->gx, y2 = a->gy - c->gy, r2 = c->a - a->a;
    double gx = of_a * a->gx + of_b * b->gx + of_c * c->gx, gy = of_a * a->gy + of_b * b->gy + of_c * c->gy;
    double left = (box->half_x * fabs(gx) + box->half_y * fabs(gy)) / fabs(all); /* by rounding only */
    p.height = (of_a * a->a + of_b * b->a + of_c * c->a) / all + left;
    put(&p, box, (r1 * y2 - r2 * y1) / all, (x1 * r2 - x2 * r1) / all);
    return p;
}

static inline void take_lower(Peak *best, const Peak *other) {
    if (other->height < best->height) *best = *other;
}

static int32_t lowest_at(const Roof *roof, int64_t n, double u, double v, double *height) {
    int32_t least = 0;
    *height = INFINITY;
    for (int64_t i = 0; i < n; i++) {
        double h = at(roof + i, u, v);
        if (h < *height) {
            *height = h;
            least = (int32_t)i;
        }
    }
    return least;
}

/* The greatest minimum of roofs over a box, or a height somewhat above it. */
static Peak peak_of_all(const Roof *roof, int64_t n, const Box *box, double close) {
    double height;
    Peak peak = peak_of_one(roof, lowest_at(roof, n, 0.0, 0.0, &height), box);
    for (int step = 0; step < STEPS; step++) {
        int32_t k = lowest_at(roof, n, peak.u, peak.v, &height);
        if (height >= peak.height - close) break;
        Peak lower = peak_of_one(roof, k, box), other;
        for (int32_t i = 0; i < peak.n; i++) {
            other = peak_of_two(roof, peak.roof[i], k, box);
            take_lower(&lower, &other);
            for (int32_t j = 0; j < i; j++) {
                other = peak_of_three(roof, peak.roof[j], peak.roof[i], k, box);
                take_lower(&lower, &other);
            }
        }
        if (!(lower.height < peak.height)) break;
        peak = lower;
    }
    return peak;
}

#endif
