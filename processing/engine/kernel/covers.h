/* What lies within a limit of edges: a rectangle about each, a sector about each bend and end, all convex; and which
 * parts of a stretch they cover. */
#ifndef ECOREDLINE_COVERS_H
#define ECOREDLINE_COVERS_H

#include <math.h>

#include "kernel.h"

#define SLACK_M 1e-9  /* rectangles and sectors reach over the sides that they share */
#define ALIKE_M 1e-7  /* sides that run along one another so closely leave it open which one counts */
#define STRETCH_M 1e-6

typedef struct {
    double ax, ay, bx, by, wx, wy, length, reach; /* from a along w to b, and to each side */
} Box;

typedef struct {
    double x, y, radius, ux, uy, vx, vy, cosine, sine, chords; /* from u counterclockwise to v, the turn of a chord */
} Sector;

typedef struct {
    double x, y, dx, dy, length;
} Stretch;

typedef struct {
    double t0, t1;
    int alike;
} Range;

typedef struct {
    const Box *box;
    const Sector *sector;
    int64_t n_boxes, n_sectors;
    double *around;  /* west, south, east, north of each box, then of each sector */
    double *covered; /* from, to of covered stretches */
    int64_t n_covered;
    int64_t before;  /* what covered all of the stretch before */
    double alike0, alike1; /* where a stretch runs along another */
} Covers;

/* Clip to where `at` + t `slope` is 0 or more. */
static inline int clip(Range *r, double at, double slope, int outer) {
    double end = at + slope;
    if (outer && fabs(at) < ALIKE_M && fabs(end) < ALIKE_M) {
        r->alike = 1;
        return 1;
    }
    if (at >= 0.0 && end >= 0.0) return 1;
    if (at < 0.0 && end < 0.0) return 0;
    double t = at / (at - end);
    if (at < 0.0) r->t0 = t > r->t0 ? t : r->t0;
    else r->t1 = t < r->t1 ? t : r->t1;
    return r->t0 < r->t1;
}

static int in_box(const Box *b, const Stretch *s, Range *r) {
    double px = s->x - b->ax, py = s->y - b->ay;
    double aside = b->wx * py - b->wy * px, climb = b->wx * s->dy - b->wy * s->dx;
    if (!clip(r, b->reach - aside, -climb, 1) || !clip(r, b->reach + aside, climb, 1)) return 0;
    double along = px * b->wx + py * b->wy, step = s->dx * b->wx + s->dy * b->wy;
    return clip(r, along + SLACK_M, step, 0) && clip(r, b->length + SLACK_M - along, -step, 0);
}

static int in_sector(const Sector *c, const Stretch *s, Range *r) {
    double px = s->x - c->x, py = s->y - c->y;
    if (!clip(r, c->ux * py - c->uy * px + SLACK_M, c->ux * s->dy - c->uy * s->dx, 0)) return 0;
    if (!clip(r, c->vy * px - c->vx * py + SLACK_M, c->vy * s->dx - c->vx * s->dy, 0)) return 0;
    /* The middles of chords: half a turn from u; the half angle's cosine from that of the whole. */
    double half = sqrt(0.5 * (1.0 + c->cosine)), rise = c->sine / (2.0 * half), inner = c->radius * half;
    double x0 = px + r->t0 * s->dx, y0 = py + r->t0 * s->dy, x1 = px + r->t1 * s->dx, y1 = py + r->t1 * s->dy;
    double ex = x1 - x0, ey = y1 - y0, e2 = ex * ex + ey * ey;
    double t = e2 > 0.0 ? -(x0 * ex + y0 * ey) / e2 : 0.0;
    t = t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;
    double nx = x0 + t * ex, ny = y0 + t * ey, most = c->radius + STRETCH_M, least = inner - STRETCH_M;
    if (nx * nx + ny * ny > most * most) return 0;
    if (least > 0.0 && x0 * x0 + y0 * y0 < least * least && x1 * x1 + y1 * y1 < least * least) return 1;
    double mx = c->ux * half - c->uy * rise, my = c->uy * half + c->ux * rise;
    for (int64_t k = 0; k < (int64_t)c->chords; k++) {
        if (!clip(r, inner - (mx * px + my * py), -(mx * s->dx + my * s->dy), 1)) return 0;
        double next = mx * c->cosine - my * c->sine;
        my = my * c->cosine + mx * c->sine;
        mx = next;
    }
    return 1;
}

static inline int apart(const double *box, const double *other) {
    return (box[0] > other[2]) | (box[2] < other[0]) | (box[1] > other[3]) | (box[3] < other[1]); /* no branches */
}

static void widen(double *box, double x, double y) {
    box[0] = x < box[0] ? x : box[0];
    box[1] = y < box[1] ? y : box[1];
    box[2] = x > box[2] ? x : box[2];
    box[3] = y > box[3] ? y : box[3];
}

static inline int holds(const Box *b, double x, double y) {
    double px = x - b->ax, py = y - b->ay, along = px * b->wx + py * b->wy;
    return along >= 0.0 && along <= b->length && fabs(b->wx * py - b->wy * px) <= b->reach - STRETCH_M;
}

/* Where the tangents at both ends of an arc meet: all of it lies in the triangle with both; 0 if it turns too far. */
static int apex(const Sector *c, double *x, double *y) {
    double cosine = c->ux * c->vx + c->uy * c->vy, far = c->radius / (1.0 + cosine);
    if (cosine < 0.1 || c->ux * c->vy - c->uy * c->vx < 0.0) return 0;
    *x = c->x + far * (c->ux + c->vx);
    *y = c->y + far * (c->uy + c->vy);
    return 1;
}

static void sector_around(const Sector *c, double *around) {
    double r = c->radius, x, y;
    if (!apex(c, &x, &y)) {
        widen(around, c->x - r, c->y - r);
        widen(around, c->x + r, c->y + r);
        return;
    }
    widen(around, c->x, c->y);
    widen(around, x, y);
    widen(around, c->x + r * c->ux, c->y + r * c->uy);
    widen(around, c->x + r * c->vx, c->y + r * c->vy);
}

static void box_around(const Box *b, double *around) {
    double x = -b->reach * b->wy, y = b->reach * b->wx;
    widen(around, b->ax + x, b->ay + y);
    widen(around, b->ax - x, b->ay - y);
    widen(around, b->bx + x, b->by + y);
    widen(around, b->bx - x, b->by - y);
}

/* Note the boxes of all, and in `near` which come near a box; return how many. */
static int64_t note_around(Covers *c, const double *bounds, int64_t *near) {
    int64_t n = 0;
    for (int64_t i = 0; i < c->n_boxes + c->n_sectors; i++) {
        double *around = c->around + 4 * i;
        around[0] = around[1] = INFINITY;
        around[2] = around[3] = -INFINITY;
        if (i < c->n_boxes) box_around(c->box + i, around);
        else sector_around(c->sector + i - c->n_boxes, around);
        for (int k = 0; k < 4; k++) around[k] += (k & 2 ? 1.0 : -1.0) * STRETCH_M;
        if (!apart(around, bounds)) near[n++] = i;
    }
    return n;
}

/* Those of `near` that come near a box; return how many. */
static int64_t about(const Covers *c, const double *box, const int64_t *near, int64_t n_near, int64_t *out) {
    int64_t n = 0;
    for (int64_t k = 0; k < n_near; k++) {
        out[n] = near[k];
        n += !apart(c->around + 4 * near[k], box);
    }
    return n;
}

/* Those of `near` that come near a sector; -1 if a rectangle holds all of its arc. */
static int64_t about_sector(const Covers *c, int64_t own, const int64_t *near, int64_t n_near, int64_t *out) {
    const Sector *s = c->sector + own - c->n_boxes;
    double x, y, x0 = s->x + s->radius * s->ux, y0 = s->y + s->radius * s->uy;
    double x1 = s->x + s->radius * s->vx, y1 = s->y + s->radius * s->vy;
    int pointed = apex(s, &x, &y);
    int64_t n = about(c, c->around + 4 * own, near, n_near, out);
    for (int64_t k = 0; pointed && k < n && out[k] < c->n_boxes; k++) {
        const Box *b = c->box + out[k];
        if (holds(b, x, y) && holds(b, x0, y0) && holds(b, x1, y1)) return -1;
    }
    return n;
}

/* Note what one box or sector covers of a stretch; 0 if that is all of it. */
static inline int cover_by(Covers *c, const Stretch *s, int64_t i) {
    Range r = {0.0, 1.0, 0};
    if (!(i < c->n_boxes ? in_box(c->box + i, s, &r) : in_sector(c->sector + i - c->n_boxes, s, &r))) return 1;
    if (r.alike && (r.t1 - r.t0) * s->length > STRETCH_M) {
        c->alike0 = r.t0 < c->alike0 ? r.t0 : c->alike0;
        c->alike1 = r.t1 > c->alike1 ? r.t1 : c->alike1;
        return 1;
    }
    if (r.t0 <= 0.0 && r.t1 >= 1.0) return 0;
    c->covered[2 * c->n_covered] = r.t0;
    c->covered[2 * c->n_covered++ + 1] = r.t1;
    return 1;
}

/* Note where a stretch is covered by some but its own; 0 if all of it is. */
static int cover(Covers *c, const Stretch *s, int64_t own, const int64_t *some, int64_t n_some) {
    double x1 = s->x + s->dx, y1 = s->y + s->dy;
    double box[4] = {s->x < x1 ? s->x : x1, s->y < y1 ? s->y : y1, s->x < x1 ? x1 : s->x, s->y < y1 ? y1 : s->y};
    int64_t before = c->before;
    c->n_covered = 0;
    c->alike0 = 1.0;
    c->alike1 = 0.0;
    if (before >= 0 && before != own && !apart(c->around + 4 * before, box) && !cover_by(c, s, before)) return 0;
    c->n_covered = 0;
    for (int64_t k = 0; k < n_some; k++) {
        int64_t i = some[k];
        if (i == own || apart(c->around + 4 * i, box)) continue;
        if (!cover_by(c, s, i)) {
            c->before = i;
            return 0;
        }
    }
    return 1;
}

#endif
