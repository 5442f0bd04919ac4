/* How much of a shape lies further than a limit from edges, in one plane: by Green's theorem, without any overlay.
 *
 * What bounds the rest of the shape are the stretches of its own sides that nothing covers (covers.h), and those of
 * the outer sides of rectangles and sectors inside the shape and in no other. Their vectors add up to nothing, for a
 * border is closed: if they do not, rounding has told some stretch wrongly, and the shape is handed back.
 *
 * Where the edges are all borders of one surface within the shape, the rest inside that surface is told from the rest
 * outside: the way from one to the other crosses edges an odd number of times, and no rest is near any edge. */
#include "covers.h"
#include "inside.h"

#define CLOSED_M 1e-5
#define AT_ONCE 8 /* sides that follow one another */

typedef struct {
    double total, dx, dy;
} Sum;

typedef struct {
    Covers covers;
    const Side *side;
    int64_t n_sides, n_near;
    int64_t *near, *some, *by; /* which boxes, then sectors, come near the shape; near what is laid; which sides do */
    int64_t n_some, n_by;
    double bounds[4];
    double *around; /* west, south, east, north of each side */
    double *cross;
    Grid grid;
    int within; /* whether an outline that is followed is inside the shape */
    double tau, radius2;
    int areal, apart, open;
    Sum sum[2];         /* on the side of the surface's border on which `from` is, and on the other */
    double from[2];     /* the first place of the rest that was met */
    double at[2];       /* the last, */
    int met, on;        /* whether there is any, and of which sum the last is */
} Work;

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

/* Whether the way from the first place of the rest crosses edges an odd number of times. */
static int crosses(const Work *w, double x, double y) {
    double dx = x - w->from[0], dy = y - w->from[1];
    int odd = 0;
    for (int64_t k = 0; k < w->n_near && w->near[k] < w->covers.n_boxes; k++) {
        const Box *b = w->covers.box + w->near[k];
        double ax = b->ax - w->from[0], ay = b->ay - w->from[1], bx = b->bx - w->from[0], by = b->by - w->from[1];
        double a = dx * ay - dy * ax, e = dx * by - dy * bx;
        if ((a > 0.0) == (e > 0.0)) continue;
        double t = (ax * (by - ay) - ay * (bx - ax)) / (dx * (by - ay) - dy * (bx - ax));
        odd ^= t > 0.0 && t < 1.0;
    }
    return odd;
}

/* Tell to which sum a place of the rest belongs. Two places nearer to one another than either to any edge are alike. */
static int sum_of(Work *w, double x, double y) {
    if (!w->apart) return 0;
    double dx = x - w->at[0], dy = y - w->at[1], reach = w->covers.n_boxes ? w->covers.box[0].reach : INFINITY;
    if (!w->met) {
        w->from[0] = x;
        w->from[1] = y;
        w->on = 0;
    } else if (dx * dx + dy * dy > reach * reach) {
        w->on = crosses(w, x, y);
    }
    w->met = 1;
    w->at[0] = x;
    w->at[1] = y;
    return w->on;
}

static inline double under(double x, double radius2) { return x - x * x * x / (3.0 * radius2); }

/* Add what a stretch of the border of the rest bounds: area on the ellipsoid, under edges straight in degrees. */
static void add(Work *w, const Stretch *s, double t0, double t1, double sign) {
    const Covers *c = &w->covers;
    double x0 = s->x + t0 * s->dx, x1 = s->x + t1 * s->dx, dx = x1 - x0, dy = (t1 - t0) * s->dy;
    if (c->alike1 - c->alike0 > 0.0) {
        double low = t0 > c->alike0 ? t0 : c->alike0, high = t1 < c->alike1 ? t1 : c->alike1;
        w->open |= (high - low) * s->length > STRETCH_M;
    }
    double middle = 0.5 * (x0 + x1);
    Sum *sum = w->sum + sum_of(w, middle, s->y + 0.5 * (t0 + t1) * s->dy);
    if (!w->areal) {
        double scale = 1.0 - (x0 * x0 + 4.0 * middle * middle + x1 * x1) / (12.0 * w->radius2);
        sum->total += (t1 - t0) * s->length * scale;
        return;
    }
    double mean = under(x0, w->radius2) + 4.0 * under(middle, w->radius2) + under(x1, w->radius2);
    sum->total += sign * (mean / 6.0 * dy + w->tau / 12.0 * dx * (2.0 * dy * dy + dx * dx));
    sum->dx += sign * dx;
    sum->dy += sign * dy;
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

/* Note where a stretch of an outline meets sides of the shape; return how often. */
static int64_t crossings(Work *w, const Stretch *s) {
    int64_t n = 0;
    for (int64_t k = 0; k < w->n_by; k++) {
        const Side *e = w->side + w->by[k];
        double a = s->dx * (e->y0 - s->y) - s->dy * (e->x0 - s->x), b = s->dx * (e->y1 - s->y) - s->dy * (e->x1 - s->x);
        if ((a > 0.0) == (b > 0.0)) continue;
        double u = a / (a - b), x = e->x0 + u * (e->x1 - e->x0) - s->x, y = e->y0 + u * (e->y1 - e->y0) - s->y;
        double t = (x * s->dx + y * s->dy) / (s->length * s->length);
        if (t >= 0.0 && t < 1.0) w->cross[n++] = t;
    }
    sort_pairs(w->cross, n, 1);
    return n;
}

/* Begin to follow an outline in a box from x, y: note which sides it may cross. 0 if none of it is in the shape. */
static int follow(Work *w, const double *around, double x, double y) {
    if (apart(w->bounds, around)) return 0;
    w->n_by = 0;
    w->within = state_of(&w->grid, around);
    if (w->within != MIXED) return w->within;
    for (int64_t i = 0; i < w->n_sides; i++) {
        w->by[w->n_by] = i;
        w->n_by += !apart(w->around + 4 * i, around);
    }
    w->within = inside(&w->grid, w->side, w->n_sides, x, y);
    return w->within || w->n_by > 0;
}

/* Note the parts of a stretch that nothing covers; of an outline (its own box or sector) those inside the shape. */
static void lay(Work *w, double x0, double y0, double x1, double y1, int64_t own, double sign) {
    Covers *c = &w->covers;
    Stretch s = {x0, y0, x1 - x0, y1 - y0, 0.0};
    int64_t n = 0;
    int outline = own >= 0, within = w->within;
    s.length = sqrt(s.dx * s.dx + s.dy * s.dy);
    if (!(s.length > 0.0)) return;
    if (outline) {
        n = w->n_by ? crossings(w, &s) : 0;
        w->within ^= n & 1; /* at its end */
        if (!n && !within) return;
    }
    if (!cover(c, &s, own, w->some, w->n_some)) return;
    sort_pairs(c->covered, c->n_covered, 2);
    double from = 0.0;
    for (int64_t k = 0; k <= c->n_covered; k++) {
        double to = k < c->n_covered ? c->covered[2 * k] : 1.0;
        if (to > from && outline) add_inside(w, &s, from, to, n, within);
        else if (to > from) add(w, &s, from, to, sign);
        if (k < c->n_covered && c->covered[2 * k + 1] > from) from = c->covered[2 * k + 1];
    }
}

static void lay_sector(Work *w, const Sector *c, int64_t own) {
    double ux = c->ux, uy = c->uy, r = c->radius;
    if (!follow(w, w->covers.around + 4 * own, c->x + r * ux, c->y + r * uy)) return;
    w->n_some = about_sector(&w->covers, own, w->near, w->n_near, w->some);
    if (w->n_some < 0) return;
    for (int64_t k = 1; k <= (int64_t)c->chords; k++) {
        double vx = ux * c->cosine - uy * c->sine, vy = uy * c->cosine + ux * c->sine;
        if (k == (int64_t)c->chords) vx = c->vx, vy = c->vy;
        lay(w, c->x + r * ux, c->y + r * uy, c->x + r * vx, c->y + r * vy, own, -1.0);
        ux = vx;
        uy = vy;
    }
}

static void lay_side_of_box(Work *w, double x0, double y0, double x1, double y1, int64_t own) {
    double around[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    widen(around, x0, y0);
    widen(around, x1, y1);
    if (!follow(w, around, x0, y0)) return;
    w->n_some = about(&w->covers, around, w->near, w->n_near, w->some);
    lay(w, x0, y0, x1, y1, own, -1.0);
}

static void lay_box(Work *w, const Box *b, int64_t own) {
    double x = -b->reach * b->wy, y = b->reach * b->wx;
    lay_side_of_box(w, b->ax - x, b->ay - y, b->bx - x, b->by - y, own);
    lay_side_of_box(w, b->bx + x, b->by + y, b->ax + x, b->ay + y, own);
}

static void lay_sides(Work *w) {
    for (int64_t i = 0; i < w->n_sides; i++) {
        const Side *e = w->side + i;
        if (i % AT_ONCE == 0) {
            double around[4] = {INFINITY, INFINITY, -INFINITY, -INFINITY};
            for (int64_t k = i; k < i + AT_ONCE && k < w->n_sides; k++) {
                widen(around, w->around[4 * k], w->around[4 * k + 1]);
                widen(around, w->around[4 * k + 2], w->around[4 * k + 3]);
            }
            w->n_some = about(&w->covers, around, w->near, w->n_near, w->some);
        }
        lay(w, e->x0, e->y0, e->x1, e->y1, -1, e->sign);
    }
}

static void note_sides(Work *w) {
    w->bounds[0] = w->bounds[1] = INFINITY;
    w->bounds[2] = w->bounds[3] = -INFINITY;
    for (int64_t i = 0; i < w->n_sides; i++) {
        const Side *e = w->side + i;
        double *around = w->around + 4 * i;
        around[0] = e->x0 < e->x1 ? e->x0 : e->x1;
        around[1] = e->y0 < e->y1 ? e->y0 : e->y1;
        around[2] = e->x0 < e->x1 ? e->x1 : e->x0;
        around[3] = e->y0 < e->y1 ? e->y1 : e->y0;
        widen(w->bounds, e->x0, e->y0);
        widen(w->bounds, e->x1, e->y1);
    }
    if (w->areal) make_grid(&w->grid, w->bounds, w->side, w->around, w->n_sides);
}

static void measure_rest(Work *w) {
    const Covers *c = &w->covers;
    note_sides(w);
    w->n_near = note_around(&w->covers, w->bounds, w->near);
    lay_sides(w);
    for (int64_t j = 0; w->areal && j < w->n_near; j++) {
        int64_t k = w->near[j];
        if (k < c->n_boxes) lay_box(w, c->box + k, k);
        else lay_sector(w, c->sector + k - c->n_boxes, k);
    }
}

/* Measure the rest of n shapes, m2 or m; `open` marks those that must be told otherwise.
 *
 * Starts have one more at the end. `apart` asks for the rest inside and outside a surface: `measure` has two numbers
 * per shape, the first on that side on which `place` (x, y) is. `scratch` holds eight numbers for each side, box and
 * sector of the largest shape, `near` two. */
EXPORT void beyond_measures(int64_t n, const uint8_t *areal, const uint8_t *apart, const double *tau,
                            const double *radius2, const int64_t *side_start, const double *side,
                            const int64_t *box_start, const double *box, const int64_t *sector_start,
                            const double *sector, double *scratch, int64_t *near, double *measure, double *place,
                            uint8_t *open) {
    for (int64_t i = 0; i < n; i++) {
        Work w = {0};
        Covers *c = &w.covers;
        w.side = (const Side *)side + side_start[i];
        w.n_sides = side_start[i + 1] - side_start[i];
        c->box = (const Box *)box + box_start[i];
        c->sector = (const Sector *)sector + sector_start[i];
        c->n_boxes = box_start[i + 1] - box_start[i];
        c->n_sectors = sector_start[i + 1] - sector_start[i];
        c->before = -1;
        int64_t both = c->n_boxes + c->n_sectors;
        w.near = near;
        w.some = near + both;
        w.by = near + 2 * both;
        c->around = scratch;
        c->covered = scratch + 4 * both;
        w.cross = scratch + 6 * both;
        w.around = w.cross + w.n_sides;
        w.tau = tau[i];
        w.radius2 = radius2[i];
        w.areal = areal[i];
        w.apart = apart[i];
        measure_rest(&w);
        for (int k = 0; k < 2; k++) {
            const Sum *sum = w.sum + k;
            measure[2 * i + k] = sum->total;
            place[2 * i + k] = w.from[k];
            w.open |= fabs(sum->dx) > CLOSED_M || fabs(sum->dy) > CLOSED_M || sum->total < -STRETCH_M;
        }
        open[i] = (uint8_t)w.open;
    }
}
