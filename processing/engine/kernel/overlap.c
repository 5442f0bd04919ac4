/* Lays connected parts of sites over pieces of features and says how each pair lies.

   Every answer rests on signs that rounding cannot turn: orientations with Shewchuk's static error bound (Adaptive
   Precision Floating-Point Arithmetic, 1997, bound A) and comparisons of coordinates as they are. Where a sign is in
   doubt (touching, shared edges, a corner on an edge), or places lie within a hair, the answer is ASK: GEOS decides.

   The common area follows from Green's theorem: what of either outline lies in the other shape bounds it. */
#include "crossings.h"

enum outcome { APART, INSIDE, HOLDS, PARTIAL, ASK };

#define RADIANS 0.017453292519943295

typedef struct {
    common at;
    double *moments;
    int32_t n_moments;
    double turn;
    double *segments; /* of lines: x0, y0, x1, y1 each */
    int64_t room, n_segments;
} pair;

/* Take a stretch of an outline, given from the origin of the pair, into the measure. */
static void take(pair *p, double x0, double y0, double x1, double y1) {
    if (p->segments) {
        if (p->n_segments < p->room) {
            double *out = p->segments + 4 * p->n_segments;
            out[0] = x0 + p->at.x, out[1] = y0 + p->at.y, out[2] = x1 + p->at.x, out[3] = y1 + p->at.y;
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
        take(p, xy[2 * i] - p->at.x, xy[2 * i + 1] - p->at.y, xy[2 * i + 2] - p->at.x, xy[2 * i + 3] - p->at.y);
}

/* Take the stretch of a ring from one crossing to the next; `round`: over the ring's first vertex. */
static void take_between(pair *p, const double *xy, int64_t first, int64_t last, const crossing *a, const crossing *b,
                         int of, int round) {
    int64_t begin = a->edge[of] + 1, end = b->edge[of];
    if (!round && a->edge[of] == end) {
        take(p, a->x, a->y, b->x, b->y);
        return;
    }
    take(p, a->x, a->y, xy[2 * begin] - p->at.x, xy[2 * begin + 1] - p->at.y);
    if (round) {
        take_vertices(p, xy, begin, last);
        begin = first;
    }
    take_vertices(p, xy, begin, end);
    take(p, xy[2 * end] - p->at.x, xy[2 * end + 1] - p->at.y, b->x, b->y);
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

/* Take what of a ring with crossings order[0 … n) lies in the other shape: 0 if it was taken; without crossings, whether
   the ring lies in it whole (1) or out of it (2); -1 in doubt. */
static int take_any_ring(pair *p, const outlines *of, int64_t ring, const shape *in, const scratch *s,
                         const int32_t *order, int64_t n, int which) {
    int64_t first = of->ring_start[ring], end = of->ring_start[ring + 1];
    if (!of->turn[ring]) return -1;
    p->turn = of->turn[ring];
    if (n) return take_ring(p, of, ring, s, order, n, which) ? 0 : -1;
    int inside = locate(in, of->xy[2 * first], of->xy[2 * first + 1]);
    if (inside > 0) take_vertices(p, of->xy, first, end - 1);
    return inside < 0 ? -1 : inside ? 1 : 2;
}

/* How many of the crossings from `at` on are of the ring that ends before a vertex. */
static int64_t crossings_until(const scratch *s, int64_t at, int64_t n, int64_t end, int which) {
    int64_t to = at;
    while (to < n && s->found[s->order[to]].edge[which] < end) to++;
    return to - at;
}

/* Take what of the outline of one shape lies in the other; which rings lie in it whole, and which out of it, is told
   as bits 1 and 2 of the answer, -1 in doubt. */
static int take_outline(pair *p, const shape *a, const shape *in, const scratch *s, int64_t n, int which) {
    const outlines *of = a->of;
    int seen = 0;
    int64_t at = 0;
    sort_along(s, n, which);
    for (int64_t ring = a->first_ring; ring < a->end_ring; ring++) {
        int64_t some = crossings_until(s, at, n, of->ring_start[ring + 1], which);
        int how = take_any_ring(p, of, ring, in, s, s->order + at, some, which);
        if (how < 0) return -1;
        at += some;
        seen |= how;
    }
    return seen;
}

/* The same for a shape of so many rings that only those near the other shape are looked at: the rest are out of it. */
static int take_outline_near(pair *p, const shape *a, const shape *in, const scratch *s, int64_t n, int which) {
    int seen = 0;
    int64_t at = 0, last = -1, n_rings = 0;
    walk w;
    sort_along(s, n, which);
    walk_begin(&w, a, p->at.box);
    for (int64_t leaf; (leaf = walk_on(&w)) >= 0;) {
        int64_t ring = a->tree->feature[leaf];
        if (ring == last) continue;
        last = ring;
        n_rings++;
        int64_t some = crossings_until(s, at, n, a->of->ring_start[ring + 1], which);
        int how = take_any_ring(p, a->of, ring, in, s, s->order + at, some, which);
        if (how < 0) return -1;
        at += some;
        seen |= how;
    }
    return n_rings < a->end_ring - a->first_ring ? seen | 2 : seen;
}

static int polygon_over(pair *p, const shape *part, const shape *piece, const scratch *s, uint8_t *own) {
    int64_t n = crossings(part, piece, &p->at, s, own);
    if (n < 0) return ASK;
    int many = part->tree && part->end_ring - part->first_ring > 1;
    int mine = many ? take_outline_near(p, part, piece, s, n, 0) : take_outline(p, part, piece, s, n, 0);
    if (mine < 0) return ASK;
    int theirs = take_outline(p, piece, part, s, n, 1);
    if (theirs < 0) return ASK;
    if (n) return PARTIAL;
    if (!((mine | theirs) & 1)) return APART;
    /* A part round a hole of the piece lies in it with its outline only. */
    if (mine == 1 && theirs == 2) return INSIDE;
    return theirs == 1 && mine == 2 ? HOLDS : PARTIAL;
}

static int line_over(pair *p, const shape *part, const shape *piece, const scratch *s, uint8_t *own) {
    const double *xy = part->of->xy;
    int64_t first = part->of->ring_start[part->first_ring], last = part->of->ring_start[part->first_ring + 1] - 1;
    int64_t n = crossings(part, piece, &p->at, s, own);
    if (n < 0) return ASK;
    int inside = locate(piece, xy[2 * first], xy[2 * first + 1]);
    if (inside < 0) return ASK;
    if (!n) return inside ? INSIDE : APART;
    sort_along(s, n, 0);
    crossing here = {.edge = {first - 1}, .x = xy[2 * first] - p->at.x, .y = xy[2 * first + 1] - p->at.y};
    for (int64_t i = 0; i < n; i++) {
        const crossing *next = s->found + s->order[i];
        if (next->enters[0] == inside || (i && mixed_up(&here, next, 0))) return ASK;
        if (inside) take_between(p, xy, first, last, &here, next, 0, 0);
        inside = next->enters[0];
        here = *next;
    }
    if (inside) {
        int64_t begin = here.edge[0] + 1;
        take(p, here.x, here.y, xy[2 * begin] - p->at.x, xy[2 * begin + 1] - p->at.y);
        take_vertices(p, xy, begin, last);
    }
    return PARTIAL;
}

static int point_over(const shape *part, const shape *piece) {
    const double *xy = part->of->xy + 2 * part->of->ring_start[part->first_ring];
    int inside = locate(piece, xy[0], xy[1]);
    return inside < 0 ? ASK : inside ? INSIDE : APART;
}

static int lay(pair *p, const shape *part, const shape *piece, const scratch *s, uint8_t *own) {
    const double *a = part->of->box + 4 * part->row, *b = piece->of->box + 4 * piece->row;
    double *box = p->at.box;
    box[0] = greatest(a[0], b[0]), box[1] = greatest(a[1], b[1]);
    box[2] = least(a[2], b[2]), box[3] = least(a[3], b[3]);
    if (box[0] > box[2] || box[1] > box[3]) return APART;
    p->at.x = box[0];
    int dimension = part->of->dimension[part->row];
    if (dimension == POINT) return point_over(part, piece);
    if (dimension == LINE) return line_over(p, part, piece, s, own);
    p->segments = NULL;
    return polygon_over(p, part, piece, s, own);
}

EXPORT int64_t overlap_scratch(int64_t most_edges, int64_t most_crossings) {
    return most_edges * (int64_t)sizeof(near_edge) + most_crossings * (int64_t)(sizeof(crossing) + sizeof(int32_t));
}

/* Lay n parts over a piece each, parts by their tree where `leaf` says that they have one. Of polygons the moments
   about `middle` (degrees) of the common area's outline are told, of lines the stretches inside, `n_segments` per pair
   one after the other. Returns how many pairs were laid: fewer where the next one finds no room behind those before. */
EXPORT int64_t overlap_pairs(int64_t n, const outlines *parts, const Lines *tree, const int64_t *leaf,
                             const int64_t *part, const outlines *pieces, const int64_t *piece, const double *middle,
                             int32_t n_moments, uint8_t *outcome, uint8_t *own, double *moments, double *segments,
                             int64_t room, int64_t *n_segments, void *buffer, int64_t most_edges,
                             int64_t most_crossings) {
    scratch s = {.near = buffer, .most = most_crossings};
    s.found = (crossing *)(s.near + most_edges);
    s.order = (int32_t *)(s.found + most_crossings);
    int64_t left = room;
    for (int64_t i = 0; i < n; i++) {
        shape a = shape_at(parts, part[i], tree, leaf), b = shape_at(pieces, piece[i], NULL, NULL);
        pair p = {.at = {.y = middle[i]}, .moments = moments + i * n_moments, .n_moments = n_moments};
        p.segments = segments, p.room = left;
        own[i] = 0;
        for (int32_t k = 0; k < n_moments; k++) p.moments[k] = 0.0;
        int how = lay(&p, &a, &b, &s, own + i);
        if (p.n_segments > left) {
            if (left < room) return i;
            how = ASK;
        }
        outcome[i] = (uint8_t)how;
        n_segments[i] = how == PARTIAL ? p.n_segments : 0;
        segments += 4 * n_segments[i], left -= n_segments[i];
    }
    return n;
}
