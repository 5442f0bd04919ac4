/* How much of a shape lies further than a limit from edges, in one plane: by Green's theorem, without any overlay.
 *
 * Within the limit lies the union of a rectangle per edge and a sector per bend and end, all convex. What bounds the
 * rest of the shape are the stretches of its own edges in none of them, and those of their outer sides inside the
 * shape and in no other. Their vectors add up to nothing, for a border is closed: if they do not, rounding has told
 * some stretch wrongly, and the shape is handed back. */
#include <math.h>

#include "kernel.h"

#define SLACK_M 1e-9  /* rectangles and sectors reach over the sides that they share */
#define ALIKE_M 1e-7  /* sides that run along one another so closely leave it open which one counts */
#define STRETCH_M 1e-6
#define CLOSED_M 1e-5

typedef struct {
    double ax, ay, wx, wy, length, reach; /* from a along w, and to each side */
} Box;

typedef struct {
    double x, y, radius, ux, uy, vx, vy, cosine, sine, chords; /* from u counterclockwise to v, the turn of a chord */
} Sector;

typedef struct {
    double x0, y0, x1, y1, sign; /* counterclockwise about the shape if sign is 1 */
} Side;

typedef struct {
    const Side *side;
    const Box *box;
    const Sector *sector;
    int64_t n_sides, n_boxes, n_sectors, n_near;
    int64_t *near; /* which boxes, then sectors, come near the shape */
    double bounds[4];
    double *around;  /* west, south, east, north of each box, then of each sector */
    double *covered; /* from, to of covered stretches */
    double *cross;
    int64_t n_covered;
    double alike0, alike1; /* where a side runs along another */
    double tau, radius2;
    int areal, open;
    double total, dx, dy;
} Work;

typedef struct {
    double x, y, dx, dy, length;
} Stretch;

typedef struct {
    double t0, t1;
    int alike;
} Range;

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
    double along = px * b->wx + py * b->wy, step = s->dx * b->wx + s->dy * b->wy;
    double aside = b->wx * py - b->wy * px, climb = b->wx * s->dy - b->wy * s->dx;
    return clip(r, along + SLACK_M, step, 0) && clip(r, b->length + SLACK_M - along, -step, 0) &&
           clip(r, b->reach - aside, -climb, 1) && clip(r, b->reach + aside, climb, 1);
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

static inline int apart(const double *box, const double *stretch) {
    return box[0] > stretch[2] || box[2] < stretch[0] || box[1] > stretch[3] || box[3] < stretch[1];
}

/* Note where a stretch is covered by boxes and sectors but its own; 0 if all of it is. */
static int cover(Work *w, const Stretch *s, int64_t own) {
    double x1 = s->x + s->dx, y1 = s->y + s->dy;
    double box[4] = {s->x < x1 ? s->x : x1, s->y < y1 ? s->y : y1, s->x < x1 ? x1 : s->x, s->y < y1 ? y1 : s->y};
    w->n_covered = 0;
    w->alike0 = 1.0;
    w->alike1 = 0.0;
    for (int64_t k = 0; k < w->n_near; k++) {
        int64_t i = w->near[k];
        if (i == own || apart(w->around + 4 * i, box)) continue;
        Range r = {0.0, 1.0, 0};
        if (!(i < w->n_boxes ? in_box(w->box + i, s, &r) : in_sector(w->sector + i - w->n_boxes, s, &r))) continue;
        if (r.alike && (r.t1 - r.t0) * s->length > STRETCH_M) {
            w->alike0 = r.t0 < w->alike0 ? r.t0 : w->alike0;
            w->alike1 = r.t1 > w->alike1 ? r.t1 : w->alike1;
            continue;
        }
        if (r.t0 <= 0.0 && r.t1 >= 1.0) return 0;
        w->covered[2 * w->n_covered] = r.t0;
        w->covered[2 * w->n_covered++ + 1] = r.t1;
    }
    return 1;
}

static void sort_pairs(double *v, int64_t n, int64_t width) {
    for (int64_t gap = n / 2; gap > 0; gap /= 2)
        for (int64_t i = gap; i < n; i++) {
            double a = v[i * width], b = v[i * width + width - 1];
            int64_t j = i;
            for (; j >= gap && v[(j - gap) * width] > a; j -= gap) {
                v[j * width + width - 1] = v[(j - gap) * width + width - 1];
                v[j * width] = v[(j - gap) * width];
            }
            v[j * width + width - 1] = b;
            v[j * width] = a;
        }
}

static inline double under(double x, double radius2) { return x - x * x * x / (3.0 * radius2); }

/* Add what a stretch of the border of the rest bounds: area on the ellipsoid, under edges straight in degrees. */
static void add(Work *w, const Stretch *s, double t0, double t1, double sign) {
    double x0 = s->x + t0 * s->dx, x1 = s->x + t1 * s->dx, dx = x1 - x0, dy = (t1 - t0) * s->dy;
    if (w->alike1 - w->alike0 > 0.0) {
        double low = t0 > w->alike0 ? t0 : w->alike0, high = t1 < w->alike1 ? t1 : w->alike1;
        w->open |= (high - low) * s->length > STRETCH_M;
    }
    double middle = 0.5 * (x0 + x1);
    if (!w->areal) {
        double scale = 1.0 - (x0 * x0 + 4.0 * middle * middle + x1 * x1) / (12.0 * w->radius2);
        w->total += (t1 - t0) * s->length * scale;
        return;
    }
    double sum = under(x0, w->radius2) + 4.0 * under(middle, w->radius2) + under(x1, w->radius2);
    w->total += sign * (sum / 6.0 * dy + w->tau / 12.0 * dx * (2.0 * dy * dy + dx * dx));
    w->dx += sign * dx;
    w->dy += sign * dy;
}

/* Add those parts of t0..t1 that lie inside the shape. */
static void add_inside(Work *w, const Stretch *s, double t0, double t1, int64_t n, int within) {
    double from = t0;
    for (int64_t k = 0; k < n && w->cross[k] < t1; k++) {
        if (w->cross[k] > from) {
            if (within) add(w, s, from, w->cross[k], -1.0);
            from = w->cross[k];
        }
        within = !within;
    }
    if (within && t1 > from) add(w, s, from, t1, -1.0);
}

/* Note where the line of a stretch meets the sides of the shape; return whether it begins inside. */
static int crossings(Work *w, const Stretch *s, int64_t *n) {
    int within = 0;
    *n = 0;
    for (int64_t i = 0; i < w->n_sides; i++) {
        const Side *e = w->side + i;
        double a = s->dx * (e->y0 - s->y) - s->dy * (e->x0 - s->x), b = s->dx * (e->y1 - s->y) - s->dy * (e->x1 - s->x);
        if ((a > 0.0) == (b > 0.0)) continue;
        double u = a / (a - b), x = e->x0 + u * (e->x1 - e->x0) - s->x, y = e->y0 + u * (e->y1 - e->y0) - s->y;
        double t = (x * s->dx + y * s->dy) / (s->length * s->length);
        if (t < 0.0) within = !within;
        else if (t < 1.0) w->cross[(*n)++] = t;
    }
    sort_pairs(w->cross, *n, 1);
    return within;
}

static void lay(Work *w, double x0, double y0, double x1, double y1, int64_t own, double sign) {
    Stretch s = {x0, y0, x1 - x0, y1 - y0, 0.0};
    s.length = sqrt(s.dx * s.dx + s.dy * s.dy);
    double box[4] = {x0 < x1 ? x0 : x1, y0 < y1 ? y0 : y1, x0 < x1 ? x1 : x0, y0 < y1 ? y1 : y0};
    int outline = own >= 0;
    if (!(s.length > 0.0) || (outline && apart(w->bounds, box)) || !cover(w, &s, own)) return;
    sort_pairs(w->covered, w->n_covered, 2);
    int64_t n = 0;
    int within = outline ? crossings(w, &s, &n) : 0;
    double from = 0.0;
    for (int64_t k = 0; k <= w->n_covered; k++) {
        double to = k < w->n_covered ? w->covered[2 * k] : 1.0;
        if (to > from && outline) add_inside(w, &s, from, to, n, within);
        else if (to > from) add(w, &s, from, to, sign);
        if (k < w->n_covered && w->covered[2 * k + 1] > from) from = w->covered[2 * k + 1];
    }
}

static void lay_sector(Work *w, const Sector *c, int64_t own) {
    double ux = c->ux, uy = c->uy;
    for (int64_t k = 1; k <= (int64_t)c->chords; k++) {
        double vx = ux * c->cosine - uy * c->sine, vy = uy * c->cosine + ux * c->sine, r = c->radius;
        if (k == (int64_t)c->chords) vx = c->vx, vy = c->vy;
        lay(w, c->x + r * ux, c->y + r * uy, c->x + r * vx, c->y + r * vy, own, -1.0);
        ux = vx;
        uy = vy;
    }
}

static void widen(double *box, double x, double y) {
    box[0] = x < box[0] ? x : box[0];
    box[1] = y < box[1] ? y : box[1];
    box[2] = x > box[2] ? x : box[2];
    box[3] = y > box[3] ? y : box[3];
}

static void measure_around(Work *w) {
    const double nowhere[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (int k = 0; k < 4; k++) w->bounds[k] = nowhere[k];
    for (int64_t i = 0; i < w->n_sides; i++) {
        widen(w->bounds, w->side[i].x0, w->side[i].y0);
        widen(w->bounds, w->side[i].x1, w->side[i].y1);
    }
    for (int64_t i = 0; i < w->n_boxes; i++) {
        const Box *b = w->box + i;
        double *around = w->around + 4 * i;
        for (int k = 0; k < 4; k++) around[k] = nowhere[k];
        for (int k = 0; k < 4; k++) {
            double along = k & 1 ? b->length : 0.0, aside = k & 2 ? b->reach : -b->reach;
            widen(around, b->ax + along * b->wx - aside * b->wy, b->ay + along * b->wy + aside * b->wx);
        }
    }
    for (int64_t i = 0; i < w->n_sectors; i++) {
        const Sector *c = w->sector + i;
        double *around = w->around + 4 * (w->n_boxes + i), r = c->radius, ux = c->ux, uy = c->uy;
        for (int k = 0; k < 4; k++) around[k] = nowhere[k];
        widen(around, c->x, c->y);
        for (int64_t k = 0; k <= (int64_t)c->chords; k++) {
            widen(around, c->x + r * ux, c->y + r * uy);
            double next = ux * c->cosine - uy * c->sine;
            uy = uy * c->cosine + ux * c->sine;
            ux = next;
        }
    }
    w->n_near = 0;
    for (int64_t i = 0; i < w->n_boxes + w->n_sectors; i++) {
        for (int k = 0; k < 4; k++) w->around[4 * i + k] += (k & 2 ? 1.0 : -1.0) * STRETCH_M;
        if (!apart(w->around + 4 * i, w->bounds)) w->near[w->n_near++] = i;
    }
}

/* Measure the rest of n shapes, m2 or m; `open` marks those that must be told otherwise.
 *
 * Starts have one more at the end. `scratch` holds eight numbers for each side, box and sector of the largest shape,
 * `near` one. */
EXPORT void beyond_measures(int64_t n, const uint8_t *areal, const double *tau, const double *radius2,
                            const int64_t *side_start, const double *side, const int64_t *box_start, const double *box,
                            const int64_t *sector_start, const double *sector, double *scratch, int64_t *near,
                            double *measure, uint8_t *open) {
    for (int64_t i = 0; i < n; i++) {
        Work w;
        w.side = (const Side *)side + side_start[i];
        w.box = (const Box *)box + box_start[i];
        w.sector = (const Sector *)sector + sector_start[i];
        w.n_sides = side_start[i + 1] - side_start[i];
        w.n_boxes = box_start[i + 1] - box_start[i];
        w.n_sectors = sector_start[i + 1] - sector_start[i];
        int64_t both = w.n_boxes + w.n_sectors;
        w.near = near;
        w.around = scratch;
        w.covered = scratch + 4 * both;
        w.cross = scratch + 6 * both;
        w.tau = tau[i];
        w.radius2 = radius2[i];
        w.areal = areal[i];
        w.open = 0;
        w.total = w.dx = w.dy = 0.0;
        measure_around(&w);
        for (int64_t k = 0; k < w.n_sides; k++) {
            const Side *e = w.side + k;
            lay(&w, e->x0, e->y0, e->x1, e->y1, -1, e->sign);
        }
        for (int64_t j = 0; w.areal && j < w.n_near; j++) {
            int64_t k = w.near[j];
            if (k >= w.n_boxes) {
                lay_sector(&w, w.sector + k - w.n_boxes, k);
                continue;
            }
            const Box *b = w.box + k;
            double bx = b->ax + b->length * b->wx, by = b->ay + b->length * b->wy;
            double x = -b->reach * b->wy, y = b->reach * b->wx;
            lay(&w, b->ax - x, b->ay - y, bx - x, by - y, k, -1.0);
            lay(&w, bx + x, by + y, b->ax + x, b->ay + y, k, -1.0);
        }
        measure[i] = w.total;
        open[i] = (uint8_t)(w.open || fabs(w.dx) > CLOSED_M || fabs(w.dy) > CLOSED_M || w.total < -STRETCH_M);
    }
}
