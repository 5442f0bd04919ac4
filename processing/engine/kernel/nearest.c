/* Nearest segments of lines to sites: branch and bound over a tree of boxes, in longitude and latitude.
 *
 * Told are lines that cross a site, or lie inside it, beyond doubt, and lines that are apart by more than a hair. The
 * rest is handed back as ASK, and as LEFT where too many pairs are as near as the nearest: GEOS tells there. */
#include <string.h>

#include "boxtree.h"
#include "ground.h"
#include "site_edges.h"

#define CANDIDATES 128
#define NO_FEATURE INT32_MAX

enum { NONE, FOUND, ASK, LEFT };

typedef struct {
    int64_t job, feature;
    double site_lon, site_lat, lon, lat, metres;
} Found;

typedef struct {
    Edge a, b;
    int32_t feature;
    double metres;
} Candidate;

typedef struct {
    const Lines *lines;
    const Ground *ground;
    int64_t low, high;
    double bound; /* what is rated further is of no interest */
    int32_t n, crowded;
    int32_t met, in_doubt; /* the least feature that is met beyond doubt, or in doubt; NO_FEATURE */
    double met_lon, met_lat; /* where */
    Candidate candidate[CANDIDATES];
} Search;

static void drop_far(Search *s) {
    int32_t kept = 0;
    for (int32_t i = 0; i < s->n; i++)
        if (s->candidate[i].metres <= s->bound) s->candidate[kept++] = s->candidate[i];
    s->n = kept;
}

/* Of features that are met the least counts, so what is at least as great is of no interest any more. */
static void meet(Search *s, int32_t feature, double lon, double lat) {
    s->met = feature;
    s->met_lon = lon;
    s->met_lat = lat;
    s->bound = DOUBT_M;
    s->n = 0;
}

static void doubt(Search *s, int32_t feature) {
    s->in_doubt = feature < s->in_doubt ? feature : s->in_doubt;
    s->bound = DOUBT_M;
}

static inline double along(double from, double to, double t) {
    return t == 0.0 ? from : t == 1.0 ? to : from + t * (to - from);
}

static void consider(Search *s, const Edge *a, const Edge *b, int32_t feature) {
    Closest found = rated(s->ground, a, b);
    if (found.metres > s->bound) return;
    if (found.how == CROSSING) {
        meet(s, feature, along(a->lon[0], a->lon[1], found.at_a), along(a->lat[0], a->lat[1], found.at_a));
        return;
    }
    if (found.how == DOUBTFUL) {
        doubt(s, feature);
        return;
    }
    double bound = beyond_rated(s->ground, found.metres);
    s->bound = bound < s->bound ? bound : s->bound;
    if (s->n == CANDIDATES) drop_far(s);
    if (s->n == CANDIDATES) {
        s->crowded = 1;
        return;
    }
    s->candidate[s->n++] = (Candidate){*a, *b, feature, found.metres};
}

static inline int too_far(const Search *s, double gap2) {
    double least = s->ground->least;
    return gap2 * least * least > s->bound * s->bound;
}

/* A first bound from vertices, so that few of the first edges are rated at length. */
static void bound_by_vertices(Search *s, const Piece *piece, const Edge *segment) {
    double least = INFINITY;
    for (int32_t k = 0; k < piece->n; k++) {
        double u = piece->edge[k].u[0] - segment->u[0], v = piece->edge[k].v[0] - segment->v[0];
        double d = u * u + v * v;
        least = d < least ? d : least;
    }
    /* Parallels grow towards the equator by less than they shrink as far away from it. */
    double bound = beyond_rated(s->ground, sqrt(least) * (2.0 - s->ground->least));
    s->bound = bound < s->bound ? bound : s->bound;
}

static void look_into(Search *s, const Piece *piece, int64_t leaf) {
    const Lines *lines = s->lines;
    const Ground *g = s->ground;
    const double *xy = lines->xy + 2 * (int64_t)lines->first[leaf], *leaf_box = box_of(lines, 0, leaf);
    int32_t count = lines->count[leaf], n = count ? count : 1;
    Edge segment[FAN];
    double box[FAN][4];
    for (int32_t j = 0; j < n; j++) {
        const double *p = xy + 2 * j, *q = count ? p + 2 : p;
        segment[j] = (Edge){{p[0], q[0]}, {p[1], q[1]}, {0.0, 0.0}, {0.0, 0.0}};
        to_ground(g, &segment[j]);
        box_of_edge(&segment[j], box[j]);
    }
    if (!s->n) bound_by_vertices(s, piece, &segment[n / 2]);
    for (int32_t i = 0; i < piece->n; i += BLOCK) {
        const double *block = piece->block[i / BLOCK];
        int32_t end = i + BLOCK < piece->n ? i + BLOCK : piece->n;
        if (too_far(s, gap2(block, leaf_box, g->per_lon, g->per_lat))) continue;
        for (int32_t j = 0; j < n; j++) {
            if (too_far(s, gap2(block, box[j], g->per_lon, g->per_lat))) continue;
            for (int32_t k = i; k < end; k++) {
                if (too_far(s, gap2(piece->edge_box[k], box[j], g->per_lon, g->per_lat))) continue;
                consider(s, &piece->edge[k], &segment[j], lines->feature[leaf]);
                if (lines->feature[leaf] >= s->met) return;
            }
        }
    }
}

/* Push the children that may be near enough, the nearest on top. */
static int32_t push(const Search *s, const Piece *piece, int64_t parent, int32_t level, Visit *stack, int32_t n) {
    int64_t from, to;
    span(parent, level, s->low, s->high, &from, &to);
    int32_t base = n;
    for (int64_t node = from; node < to; node++) {
        double gap = gap2(piece->box, box_of(s->lines, level, node), s->ground->per_lon, s->ground->per_lat);
        if (too_far(s, gap)) continue;
        int32_t at = n++;
        for (; at > base && stack[at - 1].gap2 < gap; at--) stack[at] = stack[at - 1];
        stack[at] = (Visit){gap, node, level};
    }
    return n;
}

static void descend(Search *s, const Piece *piece) {
    Visit stack[MAX_STACK];
    int32_t n = push(s, piece, -1, top_level(s->low, s->high), stack, 0);
    while (n && !s->crowded) {
        Visit visit = stack[--n];
        if (too_far(s, visit.gap2)) continue;
        if (!visit.level && s->lines->feature[visit.node] >= s->met) continue;
        if (visit.level) n = push(s, piece, visit.node, visit.level - 1, stack, n);
        else look_into(s, piece, visit.node);
    }
}

/* The least feature with a line inside an area, surely or within 2 cm of its border. A line that does not cross the
 * border has all of its vertices there, so the first one of each leaf is looked at. */
static void look_inside(Search *s, const Sites *sites, int64_t site) {
    const Lines *lines = s->lines;
    const double *box = sites->box + 4 * site;
    Visit stack[MAX_STACK];
    int32_t n = 0, level = top_level(s->low, s->high);
    for (int64_t parent = -1, from, to;;) {
        span(parent, level, s->low, s->high, &from, &to);
        for (int64_t node = to - 1; node >= from; node--) /* the first on top: features come ascending */
            if (gap2(box, box_of(lines, level, node), 1.0, 1.0) == 0.0) stack[n++] = (Visit){0.0, node, level};
        while (n && !stack[n - 1].level) {
            int64_t leaf = stack[--n].node;
            const double *p = lines->xy + 2 * (int64_t)lines->first[leaf];
            if (p[0] < box[0] || p[0] > box[2] || p[1] < box[1] || p[1] > box[3]) continue;
            int in = inside(sites, site, p[0], p[1]);
            if (!in) continue;
            if (in > 0) meet(s, lines->feature[leaf], p[0], p[1]);
            else doubt(s, lines->feature[leaf]);
            return;
        }
        if (!n) return;
        Visit visit = stack[--n];
        parent = visit.node;
        level = visit.level - 1;
    }
}

static int same_place(const Found *a, const Found *b) {
    return a->feature == b->feature && a->site_lon == b->site_lon && a->site_lat == b->site_lat && a->lon == b->lon &&
           a->lat == b->lat;
}

/* Write the candidates that may be the nearest, each pair of points once; return how many there are. */
static int64_t tell(Search *s, int64_t job, Found *out, int64_t room) {
    double least = INFINITY;
    Closest near[CANDIDATES];
    int64_t n = 0;
    if (s->met < NO_FEATURE) {
        if (room) out[0] = (Found){job, s->met, s->met_lon, s->met_lat, s->met_lon, s->met_lat, 0.0};
        return 1;
    }
    drop_far(s);
    for (int32_t i = 0; i < s->n; i++) {
        near[i] = polished(s->ground, &s->candidate[i].a, &s->candidate[i].b);
        least = near[i].metres < least ? near[i].metres : least;
    }
    for (int32_t i = 0; i < s->n; i++) {
        if (near[i].metres > beyond_polished(s->ground, least)) continue;
        const Candidate *c = &s->candidate[i];
        Found found = {job, c->feature, along(c->a.lon[0], c->a.lon[1], near[i].at_a),
                       along(c->a.lat[0], c->a.lat[1], near[i].at_a), along(c->b.lon[0], c->b.lon[1], near[i].at_b),
                       along(c->b.lat[0], c->b.lat[1], near[i].at_b), near[i].metres};
        int64_t j = 0;
        while (j < n && j < room && !same_place(&out[j], &found)) j++;
        if (j < n && j < room) continue;
        if (n < room) out[n] = found;
        n++;
    }
    return n;
}

/* Build the boxes of all levels from the vertices. */
EXPORT void nearest_boxes(const Lines *lines) {
    for (int64_t leaf = 0; leaf < lines->n_leaves; leaf++) {
        const double *p = lines->xy + 2 * (int64_t)lines->first[leaf];
        double *box = lines->boxes + 4 * leaf;
        for (int32_t i = 0; i <= lines->count[leaf]; i++) {
            double vertex[4] = {p[2 * i], p[2 * i + 1], p[2 * i], p[2 * i + 1]};
            if (i) widen(box, vertex);
            else memcpy(box, vertex, sizeof vertex);
        }
    }
    int64_t below = lines->n_leaves;
    for (int32_t level = 1; level < lines->n_levels; level++) {
        for (int64_t i = 0; i < below; i++) {
            double *box = lines->boxes + 4 * (lines->level[level] + (i >> FAN_BITS));
            if (i & (FAN - 1)) widen(box, box_of(lines, level - 1, i));
            else memcpy(box, box_of(lines, level - 1, i), 4 * sizeof(double));
        }
        below = (below + FAN - 1) >> FAN_BITS;
    }
}

/* Which labels have a leaf whose box may be within reach of each site's; returns their number, writes what fits. */
EXPORT int64_t nearest_labels(const Lines *lines, const double *box, const Ground *ground, int64_t n_sites,
                              double reach_m, int64_t *site, int64_t *label, int64_t room) {
    int64_t n = 0;
    for (int64_t i = 0; i < n_sites; i++) {
        const Ground *g = ground + i;
        double limit = beyond_rated(g, reach_m) / g->least, limit2 = limit * limit;
        Visit stack[MAX_STACK];
        int32_t depth = 0, level = top_level(0, lines->n_leaves);
        int64_t last = -1, parent = -1, from, to;
        for (;;) {
            span(parent, level, 0, lines->n_leaves, &from, &to);
            for (int64_t node = to - 1; node >= from; node--) /* the first on top: labels come ascending */
                if (gap2(box + 4 * i, box_of(lines, level, node), g->per_lon, g->per_lat) <= limit2)
                    stack[depth++] = (Visit){0.0, node, level};
            Visit visit = {0.0, 0, 0};
            int found = 0;
            while (depth && !found) {
                visit = stack[--depth];
                int64_t low = visit.node << (FAN_BITS * visit.level), high = (visit.node + 1) << (FAN_BITS * visit.level);
                high = high < lines->n_leaves ? high : lines->n_leaves;
                if (lines->label[low] == last && lines->label[high - 1] == last) continue;
                if (visit.level) found = 1;
                else {
                    last = lines->label[visit.node];
                    if (n < room) {
                        site[n] = i;
                        label[n] = last;
                    }
                    n++;
                }
            }
            if (!found) break;
            parent = visit.node;
            level = visit.level - 1;
        }
    }
    return n;
}

/* The nearest pairs of a site and a range of leaves for each job; returns their number, writes what fits. */
EXPORT int64_t nearest_search(const Lines *lines, const Sites *sites, const int64_t *site, const int64_t *low,
                              const int64_t *high, const double *limit_m, int64_t n_jobs, uint8_t *state, Found *out,
                              int64_t room) {
    int64_t n = 0;
    Search s;
    Piece piece;
    s.lines = lines;
    for (int64_t job = 0; job < n_jobs; job++) {
        int64_t i = site[job], told = 0;
        state[job] = NONE;
        if (low[job] >= high[job]) continue;
        s.ground = sites->ground + i;
        s.low = low[job];
        s.high = high[job];
        s.bound = beyond_rated(s.ground, limit_m[job]);
        s.n = s.crowded = 0;
        s.met = s.in_doubt = NO_FEATURE;
        if (sites->areal[i]) look_inside(&s, sites, i);
        Cursor at = {sites->site_run[i], 0, 0};
        while (!s.crowded) {
            next_piece(sites, s.ground, sites->site_run[i + 1], &at, &piece);
            if (!piece.n) break;
            descend(&s, &piece);
        }
        if (s.crowded) state[job] = LEFT;
        else if (s.in_doubt < s.met) state[job] = ASK;
        else told = tell(&s, job, n < room ? out + n : out, n < room ? room - n : 0);
        state[job] = told ? FOUND : state[job];
        n += told;
    }
    return n;
}

/* A vertex of a line, how far the lines are from it at most, and the place on them that tells so. */
typedef struct {
    int64_t vertex;
    double most, lon, lat;
} Known;

typedef struct {
    Search *search;
    const Sites *sites;
    const double *xy, *way; /* way along the vertices, m: never less than it is */
    double limit, deepest;  /* the latter is never more than it is */
    Found *out;
    int64_t n, room;
    uint8_t state; /* of the group; but for FOUND it is given up */
} Dive;

static double most_between(const Ground *g, const double *p, double lon, double lat, double limit) {
    Edge a = {{p[0], p[0]}, {p[1], p[1]}, {0.0, 0.0}, {0.0, 0.0}}, b = {{lon, lon}, {lat, lat}, {0.0, 0.0}, {0.0, 0.0}};
    to_ground(g, &a);
    to_ground(g, &b);
    double metres = beyond_rated(g, rated(g, &a, &b).metres);
    return metres < limit ? metres : INFINITY; /* the ground is good for no more */
}

/* Search at a vertex from which the lines are `known->most` away at most. */
static void dive_at(Dive *d, Known *known) {
    Search *s = d->search;
    const double *p = d->xy + 2 * known->vertex;
    Found found[CANDIDATES];
    Piece piece = {.n = 1};
    s->ground = d->sites->ground + known->vertex;
    s->bound = beyond_rated(s->ground, known->most < d->limit ? known->most : d->limit);
    s->n = s->crowded = 0;
    s->met = s->in_doubt = NO_FEATURE;
    piece.edge[0] = (Edge){{p[0], p[0]}, {p[1], p[1]}, {0.0, 0.0}, {0.0, 0.0}};
    to_ground(s->ground, piece.edge);
    box_of_edge(piece.edge, piece.edge_box[0]);
    memcpy(piece.block[0], piece.edge_box[0], sizeof piece.box);
    memcpy(piece.box, piece.edge_box[0], sizeof piece.box);
    descend(s, &piece);
    if (!s->crowded && s->in_doubt < s->met) {
        *known = (Known){known->vertex, 2.0 * DOUBT_M, p[0], p[1]};
        return;
    }
    int64_t told = s->crowded ? 0 : tell(s, known->vertex, found, CANDIDATES), least = 0;
    d->state = s->crowded ? LEFT : told ? FOUND : NONE;
    for (int64_t i = 0; i < told; i++) {
        least = found[i].metres < found[least].metres ? i : least;
        if (d->n + i < d->room) d->out[d->n + i] = found[i];
    }
    d->n += told;
    if (!told) return;
    double metres = found[least].metres, most = beyond_polished(s->ground, metres), at_least = 2.0 * metres - most;
    *known = (Known){known->vertex, most, found[least].lon, found[least].lat};
    d->deepest = at_least > d->deepest ? at_least : d->deepest;
}

/* What two vertices tell of a third; where it may be deeper than all so far it is searched at. */
static Known looked_at(Dive *d, int64_t vertex, const Known *a, const Known *b) {
    const Ground *g = d->sites->ground + vertex;
    const double *p = d->xy + 2 * vertex;
    Known known = {vertex, INFINITY, 0.0, 0.0};
    for (int i = 0; i < 2; i++) {
        const Known *other = i ? b : a;
        double most = most_between(g, p, other->lon, other->lat, d->limit);
        if (most < known.most) known = (Known){vertex, most, other->lon, other->lat};
    }
    if (known.most > d->deepest) dive_at(d, &known);
    return known;
}

typedef struct {
    Known a, b;
} Stretch;

/* Between two vertices none is deeper than half of what both are and the way between them. */
static inline int may_be_deeper(const Dive *d, const Stretch *s) {
    double way = d->way[s->b.vertex] - d->way[s->a.vertex];
    return s->b.vertex - s->a.vertex > 1 && !(0.5 * (s->a.most + s->b.most + way) <= d->deepest);
}

static void dive(Dive *d, int64_t first, int64_t last) {
    Stretch stack[2 * 64];
    int32_t n = 0;
    Known middle = {(first + last) / 2, INFINITY, 0.0, 0.0};
    dive_at(d, &middle);
    if (d->state != FOUND) return;
    Known start = first < middle.vertex ? looked_at(d, first, &middle, &middle) : middle;
    Known end = last > middle.vertex && d->state == FOUND ? looked_at(d, last, &middle, &middle) : middle;
    stack[n++] = (Stretch){start, middle};
    stack[n++] = (Stretch){middle, end};
    while (n && d->state == FOUND) {
        Stretch s = stack[--n];
        if (!may_be_deeper(d, &s)) continue;
        middle = looked_at(d, (s.a.vertex + s.b.vertex) / 2, &s.a, &s.b);
        int left_first = s.a.most > s.b.most;
        stack[n++] = left_first ? (Stretch){middle, s.b} : (Stretch){s.a, middle};
        stack[n++] = left_first ? (Stretch){s.a, middle} : (Stretch){middle, s.b};
    }
}

/* The ways along vertices, in metres that are never too few; far ones count as further than any. */
static void measure_ways(const Sites *sites, int64_t from, int64_t to, double limit, double *way) {
    way[from] = 0.0;
    for (int64_t i = from + 1; i < to; i++) {
        double step = most_between(sites->ground + i, sites->xy + 2 * i, sites->xy[2 * i - 2], sites->xy[2 * i - 1], limit);
        way[i] = way[i - 1] + (step < limit ? step : 1e9);
    }
}

/* Like nearest_search of the vertices of each group, but only of those that may be the deepest, the furthest from the
 * lines in a range of leaves; vertices within a hair of them are none. A group is given up at a vertex that is LEFT or
 * has NONE. Returns the number of pairs, writes what fits. */
EXPORT int64_t nearest_deepest(const Lines *lines, const Sites *sites, const int64_t *start, const int64_t *end,
                               const int64_t *low, const int64_t *high, double limit_m, int64_t n_groups, double *way,
                               uint8_t *state, Found *out, int64_t room) {
    Search s;
    Dive d = {&s, sites, sites->xy, way, limit_m, 0.0, out, 0, room, FOUND};
    s.lines = lines;
    for (int64_t i = 0; i < n_groups; i++) {
        state[i] = NONE;
        if (low[i] >= high[i] || start[i] >= end[i]) continue;
        s.low = low[i];
        s.high = high[i];
        d.deepest = 0.0;
        d.state = FOUND;
        measure_ways(sites, start[i], end[i], limit_m, way);
        dive(&d, start[i], end[i] - 1);
        state[i] = d.state;
    }
    return d.n;
}
