/* Lays connected parts of sites over pieces of features and says how each pair lies.

   Every answer rests on signs that rounding cannot turn: orientations with Shewchuk's static error bound (Adaptive
   Precision Floating-Point Arithmetic, 1997, bound A) and comparisons of coordinates as they are. Where a sign is in
   doubt (touching, shared edges, a corner on an edge), or places lie within a hair, the answer is ASK: GEOS decides.

   The common area follows from Green's theorem: what of either outline lies in the other shape bounds it. */
#include "kernel.h"

#include <math.h>
#include <stddef.h>

enum outcome { APART, INSIDE, HOLDS, PARTIAL, ASK };
enum dimension { POINT, LINE, POLYGON };

#define ROUNDING 1.1102230246251565e-16                   /* 2^-53 */
#define BOUND ((3.0 + 16.0 * ROUNDING) * ROUNDING)         /* of an orientation, times the sum of its two products */
#define HAIR 1e-12 /* degrees: some units of the last place, within which GEOS takes two places for one */
#define RADIANS 0.017453292519943295

typedef struct {
    const double *xy;
    const int64_t *ring_start; /* first vertex of each ring or line, and the end */
    const int64_t *shape_ring; /* first ring of each shape, and the end */
    int8_t *turn;              /* per ring: 1 with the inside on its left, -1 on its right, 0 unknown or a line */
    double *box;               /* per shape: west, south, east, north */
    const uint8_t *dimension;  /* per shape */
} outlines;

typedef struct {
    double x0, y0, x1, y1;
    int64_t edge;
    int32_t turn, own; /* own: an edge of the feature itself, not of a line along which it was cut */
} near_edge;

typedef struct {
    int64_t edge[2];   /* of the part, of the piece: the vertex at which it begins */
    double share[2];   /* where on either edge, 0 to 1 */
    double doubt[2];   /* by how much that may be wrong */
    double x, y;       /* from the origin of the pair */
    int32_t enters[2]; /* whether the part, walked as stored, enters the piece here; the piece the part */
} crossing;

typedef struct {
    near_edge *near;
    crossing *found;
    int32_t *order;
    int64_t most;
} scratch;

typedef struct {
    double x, y; /* origin of the pair */
    double west, south, east, north; /* what both boxes have in common */
    double *moments;
    int32_t n_moments;
    double turn;
    double *segments; /* of lines: x0, y0, x1, y1 each */
    int64_t room, n_segments;
} pair;

static double least(double a, double b) { return a < b ? a : b; }
static double greatest(double a, double b) { return a > b ? a : b; }

/* On which side of the line from u to v a point lies: 1 left, -1 right, 0 in doubt or within a hair of the line. */
static int side(double ux, double uy, double vx, double vy, double x, double y, double *det, double *doubt) {
    double left = (ux - x) * (vy - y), right = (uy - y) * (vx - x);
    *det = left - right;
    *doubt = BOUND * (fabs(left) + fabs(right));
    double clear = *doubt + HAIR * (fabs(vx - ux) + fabs(vy - uy));
    return *det > clear ? 1 : -*det > clear ? -1 : 0;
}

/* Whether a point lies in a polygon: 1, 0, or -1 on its outline or too near to tell. */
static int locate(const outlines *of, int64_t shape, double x, double y) {
    const double *box = of->box + 4 * shape;
    if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) return 0;
    int inside = 0;
    for (int64_t ring = of->shape_ring[shape]; ring < of->shape_ring[shape + 1]; ring++) {
        for (int64_t i = of->ring_start[ring]; i + 1 < of->ring_start[ring + 1]; i++) {
            double ux = of->xy[2 * i], uy = of->xy[2 * i + 1], vx = of->xy[2 * i + 2], vy = of->xy[2 * i + 3];
            if ((uy > y && vy > y) || (uy < y && vy < y)) continue;
            if (uy == y && vy == y) {
                if (least(ux, vx) <= x && x <= greatest(ux, vx)) return -1;
                continue;
            }
            if ((ux == x && uy == y) || (vx == x && vy == y)) return -1;
            if ((uy > y) == (vy > y)) continue;
            if (ux < x && vx < x) continue;
            if (ux > x && vx > x) {
                inside = !inside;
                continue;
            }
            double det, doubt;
            int where = side(ux, uy, vx, vy, x, y, &det, &doubt);
            if (!where) return -1;
            if ((where > 0) == (vy > uy)) inside = !inside;
        }
    }
    return inside;
}

/* List the edges of the piece that reach into the common box. */
static int64_t edges_near(const outlines *of, int64_t shape, const pair *p, near_edge *near) {
    const double *box = of->box + 4 * shape;
    int64_t n = 0;
    for (int64_t ring = of->shape_ring[shape]; ring < of->shape_ring[shape + 1]; ring++) {
        for (int64_t i = of->ring_start[ring]; i + 1 < of->ring_start[ring + 1]; i++) {
            double x0 = of->xy[2 * i], y0 = of->xy[2 * i + 1], x1 = of->xy[2 * i + 2], y1 = of->xy[2 * i + 3];
            if ((x0 < p->west && x1 < p->west) || (x0 > p->east && x1 > p->east)) continue;
            if ((y0 < p->south && y1 < p->south) || (y0 > p->north && y1 > p->north)) continue;
            if (x0 == x1 && y0 == y1) continue;
            /* Cutting lines bound the piece: what lies off its box at both ends is an edge as it was read. */
            int own = least(x0, x1) > box[0] && least(y0, y1) > box[1] && greatest(x0, x1) < box[2] &&
                      greatest(y0, y1) < box[3];
            near[n++] = (near_edge){x0, y0, x1, y1, i, of->turn[ring], own};
        }
    }
    return n;
}

/* Cross one edge of the part with one of the piece: 1 and the crossing, 0 apart, -1 in doubt. */
static int cross(const double *a, int turn, const near_edge *b, const pair *p, crossing *out) {
    double det[4], doubt[4];
    int from = side(b->x0, b->y0, b->x1, b->y1, a[0], a[1], det, doubt);
    int to = side(b->x0, b->y0, b->x1, b->y1, a[2], a[3], det + 1, doubt + 1);
    if (from * to > 0) return 0;
    int start = side(a[0], a[1], a[2], a[3], b->x0, b->y0, det + 2, doubt + 2);
    int end = side(a[0], a[1], a[2], a[3], b->x1, b->y1, det + 3, doubt + 3);
    if (start * end > 0) return 0;
    if (!from || !to || !start || !end) return -1;
    double ax = a[2] - a[0], ay = a[3] - a[1], bx = b->x1 - b->x0, by = b->y1 - b->y0;
    double reach[2] = {greatest(fabs(ax), fabs(ay)), greatest(fabs(bx), fabs(by))};
    for (int i = 0; i < 2; i++) {
        double whole = fabs(det[2 * i]) + fabs(det[2 * i + 1]);
        out->share[i] = fabs(det[2 * i]) / whole;
        out->doubt[i] = 2 * (doubt[2 * i] + doubt[2 * i + 1]) / whole + 8 * ROUNDING + HAIR / reach[i];
    }
    out->x = a[0] - p->x + out->share[0] * ax;
    out->y = a[1] - p->y + out->share[0] * ay;
    out->edge[1] = b->edge;
    out->enters[0] = to * b->turn > 0;
    out->enters[1] = end * turn > 0;
    return 1;
}

/* Find where the outlines cross, in the order of the part's edges: their number, -1 in doubt or without room. */
static int64_t crossings(const outlines *parts, int64_t part, const outlines *pieces, int64_t piece, const pair *p,
                         const scratch *s, uint8_t *own) {
    int64_t n_near = edges_near(pieces, piece, p, s->near), n = 0;
    for (int64_t ring = parts->shape_ring[part]; n_near && ring < parts->shape_ring[part + 1]; ring++) {
        for (int64_t i = parts->ring_start[ring]; i + 1 < parts->ring_start[ring + 1]; i++) {
            const double *a = parts->xy + 2 * i;
            double west = least(a[0], a[2]), east = greatest(a[0], a[2]);
            double south = least(a[1], a[3]), north = greatest(a[1], a[3]);
            if (east < p->west || west > p->east || north < p->south || south > p->north) continue;
            if (west == east && south == north) continue;
            for (int64_t j = 0; j < n_near; j++) {
                const near_edge *b = s->near + j;
                if ((b->x0 < west && b->x1 < west) || (b->x0 > east && b->x1 > east)) continue;
                if ((b->y0 < south && b->y1 < south) || (b->y0 > north && b->y1 > north)) continue;
                if (n == s->most) return -1;
                int met = cross(a, parts->turn[ring], b, p, s->found + n);
                if (met < 0) return -1;
                if (!met) continue;
                s->found[n++].edge[0] = i;
                *own |= (uint8_t)b->own;
            }
        }
    }
    return n;
}

static int before(const crossing *a, const crossing *b, int of) {
    return a->edge[of] != b->edge[of] ? a->edge[of] < b->edge[of] : a->share[of] < b->share[of];
}

/* Sort the crossings along the outline of the part (0) or of the piece (1), by Shell's method. */
static void sort_along(const scratch *s, int64_t n, int of) {
    for (int64_t i = 0; i < n; i++) s->order[i] = (int32_t)i;
    int64_t gap = 1;
    while (gap < n / 3) gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3) {
        for (int64_t i = gap; i < n; i++) {
            int32_t one = s->order[i];
            int64_t j = i;
            for (; j >= gap && before(s->found + one, s->found + s->order[j - gap], of); j -= gap)
                s->order[j] = s->order[j - gap];
            s->order[j] = one;
        }
    }
}

/* Take a stretch of an outline, given from the origin of the pair, into the measure. */
static void take(pair *p, double x0, double y0, double x1, double y1) {
    if (p->segments) {
        if (p->n_segments < p->room) {
            double *out = p->segments + 4 * p->n_segments;
            out[0] = x0 + p->x, out[1] = y0 + p->y, out[2] = x1 + p->x, out[3] = y1 + p->y;
        }
        p->n_segments++;
        return;
    }
    double step = p->turn * (x1 - x0), here = RADIANS * y0, there = RADIANS * y1;
    double power = there, homogeneous = here + there;
    p->moments[0] += homogeneous * step;
    for (int32_t k = 1; k < p->n_moments; k++) {
        power *= there;
        homogeneous = homogeneous * here + power;
        p->moments[k] += homogeneous * step;
    }
}

static void take_vertices(pair *p, const double *xy, int64_t first, int64_t last) {
    for (int64_t i = first; i < last; i++)
        take(p, xy[2 * i] - p->x, xy[2 * i + 1] - p->y, xy[2 * i + 2] - p->x, xy[2 * i + 3] - p->y);
}

/* Take the stretch of a ring from one crossing to the next; `round`: over the ring's first vertex. */
static void take_between(pair *p, const double *xy, int64_t first, int64_t last, const crossing *a, const crossing *b,
                         int of, int round) {
    int64_t begin = a->edge[of] + 1, end = b->edge[of];
    if (!round && a->edge[of] == end) {
        take(p, a->x, a->y, b->x, b->y);
        return;
    }
    take(p, a->x, a->y, xy[2 * begin] - p->x, xy[2 * begin + 1] - p->y);
    if (round) {
        take_vertices(p, xy, begin, last);
        begin = first;
    }
    take_vertices(p, xy, begin, end);
    take(p, xy[2 * end] - p->x, xy[2 * end + 1] - p->y, b->x, b->y);
}

/* Whether rounding could have mixed up two crossings that follow each other on one edge. */
static int mixed_up(const crossing *a, const crossing *b, int of) {
    return a->edge[of] == b->edge[of] && b->share[of] - a->share[of] <= a->doubt[of] + b->doubt[of];
}

/* Take what of a ring lies in the other shape, by its crossings order[0 … n): 0 if they do not alternate. */
static int take_ring(pair *p, const outlines *of, int64_t ring, const scratch *s, const int32_t *order, int64_t n,
                     int which) {
    for (int64_t i = 0; i < n; i++) {
        const crossing *a = s->found + order[i], *b = s->found + order[(i + 1) % n];
        int round = i + 1 == n;
        if (a->enters[which] == b->enters[which] || (!round && mixed_up(a, b, which))) return 0;
        if (a->enters[which])
            take_between(p, of->xy, of->ring_start[ring], of->ring_start[ring + 1] - 1, a, b, which, round);
    }
    return 1;
}

/* Take what of the outline of one shape lies in the other; which rings lie in it whole, and which out of it, is told
   as bits 1 and 2 of the answer, -1 in doubt. */
static int take_outline(pair *p, const outlines *of, int64_t shape, const outlines *in, int64_t other,
                        const scratch *s, int64_t n, int which) {
    int seen = 0;
    int64_t at = 0;
    sort_along(s, n, which);
    for (int64_t ring = of->shape_ring[shape]; ring < of->shape_ring[shape + 1]; ring++) {
        int64_t first = of->ring_start[ring], end = of->ring_start[ring + 1], from = at;
        if (!of->turn[ring]) return -1;
        p->turn = of->turn[ring];
        while (at < n && s->found[s->order[at]].edge[which] < end) at++;
        if (at > from) {
            if (!take_ring(p, of, ring, s, s->order + from, at - from, which)) return -1;
            continue;
        }
        int inside = locate(in, other, of->xy[2 * first], of->xy[2 * first + 1]);
        if (inside < 0) return -1;
        if (inside) take_vertices(p, of->xy, first, end - 1);
        seen |= inside ? 1 : 2;
    }
    return seen;
}

static int polygon_over(pair *p, const outlines *parts, int64_t part, const outlines *pieces, int64_t piece,
                        const scratch *s, uint8_t *own) {
    int64_t n = crossings(parts, part, pieces, piece, p, s, own);
    if (n < 0) return ASK;
    int mine = take_outline(p, parts, part, pieces, piece, s, n, 0);
    if (mine < 0) return ASK;
    int theirs = take_outline(p, pieces, piece, parts, part, s, n, 1);
    if (theirs < 0) return ASK;
    if (n) return PARTIAL;
    if (!((mine | theirs) & 1)) return APART;
    /* A part round a hole of the piece lies in it with its outline only. */
    if (mine == 1 && theirs == 2) return INSIDE;
    return theirs == 1 && mine == 2 ? HOLDS : PARTIAL;
}

static int line_over(pair *p, const outlines *parts, int64_t part, const outlines *pieces, int64_t piece,
                     const scratch *s, uint8_t *own) {
    int64_t ring = parts->shape_ring[part], first = parts->ring_start[ring], last = parts->ring_start[ring + 1] - 1;
    const double *xy = parts->xy;
    int64_t n = crossings(parts, part, pieces, piece, p, s, own);
    if (n < 0) return ASK;
    int inside = locate(pieces, piece, xy[2 * first], xy[2 * first + 1]);
    if (inside < 0) return ASK;
    if (!n) return inside ? INSIDE : APART;
    sort_along(s, n, 0);
    crossing here = {.edge = {first - 1}, .x = xy[2 * first] - p->x, .y = xy[2 * first + 1] - p->y};
    for (int64_t i = 0; i < n; i++) {
        const crossing *next = s->found + s->order[i];
        if (next->enters[0] == inside || (i && mixed_up(&here, next, 0))) return ASK;
        if (inside) take_between(p, xy, first, last, &here, next, 0, 0);
        inside = next->enters[0];
        here = *next;
    }
    if (inside) {
        int64_t begin = here.edge[0] + 1;
        take(p, here.x, here.y, xy[2 * begin] - p->x, xy[2 * begin + 1] - p->y);
        take_vertices(p, xy, begin, last);
    }
    return p->n_segments <= p->room ? PARTIAL : ASK;
}

static int point_over(const outlines *parts, int64_t part, const outlines *pieces, int64_t piece) {
    const double *xy = parts->xy + 2 * parts->ring_start[parts->shape_ring[part]];
    int inside = locate(pieces, piece, xy[0], xy[1]);
    return inside < 0 ? ASK : inside ? INSIDE : APART;
}

static int lay(pair *p, const outlines *parts, int64_t part, const outlines *pieces, int64_t piece, const scratch *s,
               uint8_t *own) {
    const double *a = parts->box + 4 * part, *b = pieces->box + 4 * piece;
    p->west = greatest(a[0], b[0]), p->south = greatest(a[1], b[1]);
    p->east = least(a[2], b[2]), p->north = least(a[3], b[3]);
    if (p->west > p->east || p->south > p->north) return APART;
    p->x = p->west;
    if (parts->dimension[part] == POINT) return point_over(parts, part, pieces, piece);
    if (parts->dimension[part] == LINE) return line_over(p, parts, part, pieces, piece, s, own);
    p->segments = NULL;
    return polygon_over(p, parts, part, pieces, piece, s, own);
}

EXPORT int64_t overlap_scratch(int64_t most_edges, int64_t most_crossings) {
    return most_edges * (int64_t)sizeof(near_edge) + most_crossings * (int64_t)(sizeof(crossing) + sizeof(int32_t));
}

/* Lay n parts over a piece each. Of polygons the moments about `middle` (degrees) of the common area's outline are
   told, of lines the stretches inside, `n_segments` per pair one after the other. */
EXPORT void overlap_pairs(int64_t n, const outlines *parts, const int64_t *part, const outlines *pieces,
                          const int64_t *piece, const double *middle, int32_t n_moments, uint8_t *outcome,
                          uint8_t *own, double *moments, double *segments, int64_t room, int64_t *n_segments,
                          void *buffer, int64_t most_edges, int64_t most_crossings) {
    scratch s = {.near = buffer, .most = most_crossings};
    s.found = (crossing *)(s.near + most_edges);
    s.order = (int32_t *)(s.found + most_crossings);
    for (int64_t i = 0; i < n; i++) {
        pair p = {.y = middle[i], .moments = moments + i * n_moments, .n_moments = n_moments};
        p.segments = segments, p.room = room;
        own[i] = 0;
        for (int32_t k = 0; k < n_moments; k++) p.moments[k] = 0.0;
        outcome[i] = (uint8_t)lay(&p, parts, part[i], pieces, piece[i], &s, own + i);
        n_segments[i] = outcome[i] == PARTIAL ? p.n_segments : 0;
        segments += 4 * n_segments[i], room -= n_segments[i];
    }
}

/* Whether both ends of one edge lie on the line of another, or within a hair of it. */
static int along(const double *a, const double *b) {
    double det, doubt;
    return !side(b[0], b[1], b[2], b[3], a[0], a[1], &det, &doubt) &&
           !side(b[0], b[1], b[2], b[3], a[2], a[3], &det, &doubt);
}

/* Whether two edges of a line may run over one stretch; the next edge may go straight on. */
static int run_together(const double *a, const double *b) {
    if ((a[0] < b[0] && a[0] < b[2] && a[2] < b[0] && a[2] < b[2]) ||
        (a[0] > b[0] && a[0] > b[2] && a[2] > b[0] && a[2] > b[2]) ||
        (a[1] < b[1] && a[1] < b[3] && a[3] < b[1] && a[3] < b[3]) ||
        (a[1] > b[1] && a[1] > b[3] && a[3] > b[1] && a[3] > b[3]))
        return 0;
    if (!along(a, b) && !along(b, a)) return 0;
    return b != a + 2 || (a[2] - a[0]) * (b[2] - b[0]) + (a[3] - a[1]) * (b[3] - b[1]) <= 0.0;
}

/* Clear the mark of marked lines that surely run over no stretch twice, those of at most `most` vertices. */
EXPORT void lines_once(int64_t n, const outlines *of, uint8_t *marked, int64_t most) {
    for (int64_t shape = 0; shape < n; shape++) {
        int64_t first = of->ring_start[of->shape_ring[shape]], end = of->ring_start[of->shape_ring[shape + 1]];
        if (!marked[shape] || of->dimension[shape] != LINE || end - first > most) continue;
        int twice = 0;
        for (int64_t i = first; i + 1 < end && !twice; i++)
            for (int64_t j = i + 1; j + 1 < end && !twice; j++) twice = run_together(of->xy + 2 * i, of->xy + 2 * j);
        marked[shape] = (uint8_t)twice;
    }
}

/* Fill in on which side each ring has its inside (a shell itself, a hole the polygon), and each shape's box. */
EXPORT void outline_turns(int64_t n, const outlines *of) {
    const double *xy = of->xy;
    for (int64_t shape = 0; shape < n; shape++) {
        int64_t shell = of->shape_ring[shape], rings = of->shape_ring[shape + 1];
        double *b = of->box + 4 * shape;
        b[0] = b[1] = INFINITY, b[2] = b[3] = -INFINITY;
        for (int64_t i = of->ring_start[shell]; i < of->ring_start[rings]; i++) {
            b[0] = least(b[0], xy[2 * i]), b[2] = greatest(b[2], xy[2 * i]);
            b[1] = least(b[1], xy[2 * i + 1]), b[3] = greatest(b[3], xy[2 * i + 1]);
        }
        for (int64_t ring = shell; ring < rings; ring++) {
            int64_t first = of->ring_start[ring], end = of->ring_start[ring + 1];
            double x = first < end ? xy[2 * first] : 0.0, y = first < end ? xy[2 * first + 1] : 0.0;
            double twice = 0.0, size = 0.0;
            for (int64_t i = first; i + 1 < end; i++) {
                double left = (xy[2 * i] - x) * (xy[2 * i + 3] - y), right = (xy[2 * i + 1] - y) * (xy[2 * i + 2] - x);
                twice += left - right;
                size += fabs(left) + fabs(right);
            }
            int sure = of->dimension[shape] == POLYGON && fabs(twice) > (double)(end - first + 8) * ROUNDING * size;
            of->turn[ring] = (int8_t)(sure ? ((twice > 0) == (ring == shell) ? 1 : -1) : 0);
        }
    }
}
