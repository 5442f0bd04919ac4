/* The edges of a large shape under a tree of boxes: those near a box, and whether a point is inside.

   Small shapes have no tree; their edges are read one after the other. */
#ifndef ECOREDLINE_EDGE_TREE_H
#define ECOREDLINE_EDGE_TREE_H

#include <stddef.h>

#include "boxtree.h"
#include "outlines.h"

/* One of many outlines. The leaves of a tree lie in the order of the edges; `feature` is the ring of each. */
typedef struct {
    const outlines *of;
    int64_t row, first_ring, end_ring;
    const Lines *tree; /* NULL where there is none */
    int64_t low, high; /* its leaves */
} shape;

typedef struct {
    const shape *of;
    const double *box;
    Visit stack[MAX_STACK];
    int32_t n;
} walk;

static inline shape shape_at(const outlines *of, int64_t row, const Lines *tree, const int64_t *leaf) {
    shape s = {of, row, of->shape_ring[row], of->shape_ring[row + 1], NULL, 0, 0};
    if (leaf && leaf[row] < leaf[row + 1]) s.tree = tree, s.low = leaf[row], s.high = leaf[row + 1];
    return s;
}

static inline void walk_under(walk *w, int64_t parent, int32_t level) {
    const shape *s = w->of;
    int64_t from, to;
    span(parent, level, s->low, s->high, &from, &to);
    for (int64_t node = to - 1; node >= from; node--) { /* the first on top: edges come in their order */
        const double *a = box_of(s->tree, level, node), *b = w->box;
        if (a[0] <= b[2] && a[1] <= b[3] && a[2] >= b[0] && a[3] >= b[1]) w->stack[w->n++] = (Visit){0.0, node, level};
    }
}

/* Begin to walk over the leaves whose boxes meet a box. */
static inline void walk_begin(walk *w, const shape *of, const double *box) {
    w->of = of;
    w->box = box;
    w->n = 0;
    walk_under(w, -1, top_level(of->low, of->high));
}

/* The next leaf, -1 at the end. */
static inline int64_t walk_on(walk *w) {
    while (w->n) {
        Visit at = w->stack[--w->n];
        if (!at.level) return at.node;
        walk_under(w, at.node, at.level - 1);
    }
    return -1;
}

/* Whether the ray from a point to the east crosses an edge: 1, 0, or -1 where the point is on it or within a hair. */
static inline int ray_crosses(const double *u, double x, double y) {
    double ux = u[0], uy = u[1], vx = u[2], vy = u[3];
    if ((uy > y && vy > y) || (uy < y && vy < y)) return 0;
    if (uy == y && vy == y) return least(ux, vx) <= x && x <= greatest(ux, vx) ? -1 : 0;
    if ((ux == x && uy == y) || (vx == x && vy == y)) return -1;
    if ((uy > y) == (vy > y)) return 0;
    if (ux < x && vx < x) return 0;
    if (ux > x && vx > x) return 1;
    double det, doubt;
    int where = side(ux, uy, vx, vy, x, y, &det, &doubt);
    return where ? (where > 0) == (vy > uy) : -1;
}

static inline int ray_crosses_run(const double *xy, int64_t first, int64_t last, double x, double y) {
    int odd = 0;
    for (int64_t i = first; i < last; i++) {
        int crosses = ray_crosses(xy + 2 * i, x, y);
        if (crosses < 0) return -1;
        odd ^= crosses;
    }
    return odd;
}

/* Whether a ray crosses the edges of some leaves, all of them ahead, an odd number of times: their ends tell. */
static inline int ray_crosses_ahead(const shape *s, int64_t from, int64_t to, double y) {
    const Lines *tree = s->tree;
    const double *xy = s->of->xy;
    int64_t begin = tree->first[from], end = tree->first[to - 1] + tree->count[to - 1];
    int odd = (xy[2 * begin + 1] > y) != (xy[2 * end + 1] > y);
    int32_t ring = tree->feature[from], last_ring = tree->feature[to - 1];
    if (ring == last_ring) return odd;
    /* Rings are closed: the rest of the first one, whole ones that count for nothing, the beginning of the last one. */
    int64_t close = s->of->ring_start[ring + 1] - 1, open = s->of->ring_start[last_ring];
    return odd ^ ((xy[2 * close + 1] > y) != (xy[2 * open + 1] > y));
}

static inline int locate_in_tree(const shape *s, double x, double y) {
    Visit stack[MAX_STACK];
    int32_t n = 0, level = top_level(s->low, s->high);
    int odd = 0;
    for (int64_t parent = -1, from, to;;) {
        span(parent, level, s->low, s->high, &from, &to);
        for (int64_t node = from; node < to; node++) {
            const double *box = box_of(s->tree, level, node);
            if (box[1] > y || box[3] < y || box[2] < x) continue;
            if (box[0] > x) {
                int64_t low = node << (FAN_BITS * level), high = (node + 1) << (FAN_BITS * level);
                odd ^= ray_crosses_ahead(s, low > s->low ? low : s->low, high < s->high ? high : s->high, y);
            } else if (level) {
                stack[n++] = (Visit){0.0, node, level};
            } else {
                int64_t first = s->tree->first[node];
                int crosses = ray_crosses_run(s->of->xy, first, first + s->tree->count[node], x, y);
                if (crosses < 0) return -1;
                odd ^= crosses;
            }
        }
        if (!n) return odd;
        Visit visit = stack[--n];
        parent = visit.node;
        level = visit.level - 1;
    }
}

/* Whether a point lies in a polygon: 1, 0, or -1 on its outline or too near to tell. */
static inline int locate(const shape *s, double x, double y) {
    const double *box = s->of->box + 4 * s->row;
    if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) return 0;
    if (s->tree) return locate_in_tree(s, x, y);
    int odd = 0;
    for (int64_t ring = s->first_ring; ring < s->end_ring; ring++) {
        int crosses = ray_crosses_run(s->of->xy, s->of->ring_start[ring], s->of->ring_start[ring + 1] - 1, x, y);
        if (crosses < 0) return -1;
        odd ^= crosses;
    }
    return odd;
}

#endif
