/* Where the outline of a part crosses that of a piece, and in which order along either. */
#ifndef ECOREDLINE_CROSSINGS_H
#define ECOREDLINE_CROSSINGS_H

#include "edge_tree.h"

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
    double x, y;   /* from where crossings are told */
    double box[4]; /* what the boxes of part and piece have in common */
} common;

typedef struct {
    near_edge *near;
    crossing *found;
    int32_t *order;
    int64_t most;
} scratch;

/* List the edges of the piece that reach into the common box. */
static int64_t edges_near(const shape *piece, const common *c, near_edge *near) {
    const outlines *of = piece->of;
    const double *box = of->box + 4 * piece->row;
    double west = c->box[0], south = c->box[1], east = c->box[2], north = c->box[3];
    int64_t n = 0;
    for (int64_t ring = piece->first_ring; ring < piece->end_ring; ring++) {
        for (int64_t i = of->ring_start[ring]; i + 1 < of->ring_start[ring + 1]; i++) {
            double x0 = of->xy[2 * i], y0 = of->xy[2 * i + 1], x1 = of->xy[2 * i + 2], y1 = of->xy[2 * i + 3];
            if ((x0 < west && x1 < west) || (x0 > east && x1 > east)) continue;
            if ((y0 < south && y1 < south) || (y0 > north && y1 > north)) continue;
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
static int cross(const double *a, int turn, const near_edge *b, const common *c, crossing *out) {
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
    out->x = a[0] - c->x + out->share[0] * ax;
    out->y = a[1] - c->y + out->share[0] * ay;
    out->edge[1] = b->edge;
    out->enters[0] = to * b->turn > 0;
    out->enters[1] = end * turn > 0;
    return 1;
}

/* Cross the edges first … last of a ring of the part with those near; return how many crossings there are then, -1 in
   doubt or without room. */
static int64_t cross_run(const outlines *of, int64_t ring, int64_t first, int64_t last, const common *c,
                         const scratch *s, int64_t n_near, int64_t n, uint8_t *own) {
    for (int64_t i = first; i < last; i++) {
        const double *a = of->xy + 2 * i;
        double west = least(a[0], a[2]), east = greatest(a[0], a[2]);
        double south = least(a[1], a[3]), north = greatest(a[1], a[3]);
        if (east < c->box[0] || west > c->box[2] || north < c->box[1] || south > c->box[3]) continue;
        if (west == east && south == north) continue;
        for (int64_t j = 0; j < n_near; j++) {
            const near_edge *b = s->near + j;
            if ((b->x0 < west && b->x1 < west) || (b->x0 > east && b->x1 > east)) continue;
            if ((b->y0 < south && b->y1 < south) || (b->y0 > north && b->y1 > north)) continue;
            if (n == s->most) return -1;
            int met = cross(a, of->turn[ring], b, c, s->found + n);
            if (met < 0) return -1;
            if (!met) continue;
            s->found[n++].edge[0] = i;
            *own |= (uint8_t)b->own;
        }
    }
    return n;
}

/* Find where the outlines cross, in the order of the part's edges: their number, -1 in doubt or without room. */
static int64_t crossings(const shape *part, const shape *piece, const common *c, const scratch *s, uint8_t *own) {
    const outlines *of = part->of;
    int64_t n = 0, n_near = edges_near(piece, c, s->near);
    if (!n_near) return 0;
    if (part->tree) {
        walk w;
        walk_begin(&w, part, c->box);
        for (int64_t leaf; n >= 0 && (leaf = walk_on(&w)) >= 0;) {
            int64_t first = part->tree->first[leaf];
            n = cross_run(of, part->tree->feature[leaf], first, first + part->tree->count[leaf], c, s, n_near, n, own);
        }
        return n;
    }
    for (int64_t ring = part->first_ring; n >= 0 && ring < part->end_ring; ring++)
        n = cross_run(of, ring, of->ring_start[ring], of->ring_start[ring + 1] - 1, c, s, n_near, n, own);
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

/* Whether rounding could have mixed up two crossings that follow each other on one edge. */
static int mixed_up(const crossing *a, const crossing *b, int of) {
    return a->edge[of] == b->edge[of] && b->share[of] - a->share[of] <= a->doubt[of] + b->doubt[of];
}

#endif
