/* Metres about the middle of a site, and the nearest points of two short edges.
 *
 * u, v are metres along the parallel and the meridian of the middle. `rated` measures a pair of edges by the scale of
 * its own middle latitude; `polished` looks for it in the conformal plane that is level about it. Edges are short
 * (0.001 degree at most), so both are good to what their callers allow for: see the wrapper. */
#ifndef ECOREDLINE_GROUND_H
#define ECOREDLINE_GROUND_H

#include <math.h>

#include "kernel.h"

typedef struct {
    double lon, lat;          /* the middle, degrees */
    double per_lon, per_lat;  /* metres per degree there */
    double wide1, wide2;      /* parallels: 1 + wide1 v + wide2 v^2 times as long */
    double tall1;             /* meridian degrees: 1 + tall1 v times as long */
    double grow1, grow2, grow3; /* isometric latitude: v (1 + grow1 v + grow2 v^2 + grow3 v^3) */
    double sine, cosine;      /* of the middle latitude */
    double parallel, meridian; /* radius of its parallel and of curvature of its meridian, m */
    double least;             /* no metre within reach is shorter than this many metres of u, v */
    double edge;              /* by which share of themselves two `rated` distances may be ordered wrongly, */
    double curve;             /* and this times their square, like two `polished` ones */
} Ground;

typedef struct {
    double lon[2], lat[2]; /* degrees */
    double u[2], v[2];
} Edge;

#define SAG_M 3e-4 /* an edge straight in lon/lat leaves the straight edge of a plane by less than half of it */

enum { APART, CROSSING, DOUBTFUL };

typedef struct {
    double metres, at_a, at_b; /* shares of the way along both edges */
    int how;
} Closest;

#define DOUBT_M 0.01 /* an end that is nearer to the other edge's line leaves it in doubt whether the edges cross */

static inline void to_ground(const Ground *g, Edge *e) {
    for (int i = 0; i < 2; i++) {
        e->u[i] = (e->lon[i] - g->lon) * g->per_lon;
        e->v[i] = (e->lat[i] - g->lat) * g->per_lat;
    }
}

/* Squared distance of a point to a segment that begins at the origin, and where along it. */
static inline double to_segment(double x, double y, double dx, double dy, double length2, double *at) {
    double t = length2 > 0.0 ? (x * dx + y * dy) / length2 : 0.0;
    t = t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;
    double ex = x - t * dx, ey = y - t * dy;
    *at = t;
    return ex * ex + ey * ey;
}

static inline int beyond_doubt(double cross, double length2) {
    return cross * cross >= DOUBT_M * DOUBT_M * length2;
}

/* Nearest points of segments a and b, given the way from a's start to b's. */
static Closest closest(double ax, double ay, double bx, double by, double px, double py) {
    double aa = ax * ax + ay * ay, bb = bx * bx + by * by, t[4], d[4];
    double b0 = ax * py - ay * px, b1 = b0 + ax * by - ay * bx; /* on which side of a's line b's ends are */
    double a0 = by * px - bx * py, a1 = a0 + bx * ay - by * ax;
    if (aa > 0.0 && bb > 0.0 && ((b0 <= 0.0 && b1 >= 0.0) || (b0 >= 0.0 && b1 <= 0.0)) &&
        ((a0 <= 0.0 && a1 >= 0.0) || (a0 >= 0.0 && a1 <= 0.0))) {
        if (!beyond_doubt(b0, aa) || !beyond_doubt(b1, aa) || !beyond_doubt(a0, bb) || !beyond_doubt(a1, bb))
            return (Closest){0.0, 0.0, 0.0, DOUBTFUL};
        return (Closest){0.0, a0 / (a0 - a1), b0 / (b0 - b1), CROSSING};
    }
    d[0] = to_segment(px, py, ax, ay, aa, &t[0]);
    d[1] = to_segment(px + bx, py + by, ax, ay, aa, &t[1]);
    d[2] = to_segment(-px, -py, bx, by, bb, &t[2]);
    d[3] = to_segment(ax - px, ay - py, bx, by, bb, &t[3]);
    int best = 0;
    for (int i = 1; i < 4; i++) best = d[i] < d[best] ? i : best;
    double metres = sqrt(d[best]);
    return (Closest){metres, best < 2 ? t[best] : best - 2, best < 2 ? best : t[best],
                     metres < DOUBT_M ? DOUBTFUL : APART};
}

static inline double parallel_at(const Ground *g, double v) { return 1.0 + v * (g->wide1 + v * g->wide2); }

/* Up to which distance a pair may be nearer than one that is rated, or polished, at `metres`. */
static inline double beyond_rated(const Ground *g, double metres) {
    return metres * (1.0 + g->edge + g->curve * metres * metres) + SAG_M;
}

static inline double beyond_polished(const Ground *g, double metres) {
    return metres * (1.0 + 1e-7 + g->curve * metres * metres) + SAG_M;
}

static Closest rated(const Ground *g, const Edge *a, const Edge *b) {
    double v = 0.25 * (a->v[0] + a->v[1] + b->v[0] + b->v[1]);
    double wide = parallel_at(g, v), tall = 1.0 + v * g->tall1;
    return closest((a->u[1] - a->u[0]) * wide, (a->v[1] - a->v[0]) * tall, (b->u[1] - b->u[0]) * wide,
                   (b->v[1] - b->v[0]) * tall, (b->u[0] - a->u[0]) * wide, (b->v[0] - a->v[0]) * tall);
}

static inline double isometric(const Ground *g, double v) {
    return v * (1.0 + v * (g->grow1 + v * (g->grow2 + v * g->grow3)));
}

static Closest polished(const Ground *g, const Edge *a, const Edge *b) {
    double u = 0.25 * (a->u[0] + a->u[1] + b->u[0] + b->u[1]), v = 0.25 * (a->v[0] + a->v[1] + b->v[0] + b->v[1]);
    double turn = v / g->meridian, middle = isometric(g, v), x[4], y[4];
    double bend = (g->sine + turn * (g->cosine - 0.5 * turn * g->sine)) / (2.0 * g->parallel);
    for (int i = 0; i < 4; i++) {
        const Edge *e = i < 2 ? a : b;
        double r = e->u[i & 1] - u, i_ = isometric(g, e->v[i & 1]) - middle;
        x[i] = r - 2.0 * bend * r * i_; /* w = z + i sin(lat) z^2 / 2 */
        y[i] = i_ + bend * (r * r - i_ * i_);
    }
    Closest out = closest(x[1] - x[0], y[1] - y[0], x[3] - x[2], y[3] - y[2], x[2] - x[0], y[2] - y[0]);
    out.metres *= parallel_at(g, v);
    return out;
}

#endif
