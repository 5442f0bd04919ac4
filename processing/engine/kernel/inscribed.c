/* The largest disc inside polygons of a plane: branch and bound over boxes.
 *
 * Over a box the distance to a side lies below a linear function of the place, a roof: exactly where all of the box sees
 * the inside of the side, and but for the bend of a circle where it sees an end. The greatest minimum of the roofs
 * (roofs.h) bounds every disc about a place in the box. So a box on the middle line between two sides is settled at
 * once, however long that line is, and the place of the greatest minimum is the next one to be measured: where middle
 * lines meet that is the centre itself. */
#include <math.h>
#include <stddef.h>

#include "kernel.h"
#include "roofs.h"

#define MOST_DEPTH 192
#define LARGE 0.25 /* roofs over a box that reaches further than so many distances are hardly ever low enough, */
#define FEW 6      /* but so few sides may be those of a narrow band */
#define ASTRIDE 3
#define SHORT 32 /* sides: such a list is not worth a shorter one */
#define SIDES_A_BOX 1024 /* so many are counted as one more box */
#define HAIR_M 1e-6 /* on which side of a line that is nearer a place lies is in doubt */

typedef struct {
    double x, y, dx, dy, per_length2;
    double end_y; /* as the next side has it: y + dy may be off by rounding, and what is inside would be, too */
} Side;

typedef struct {
    const Side *side;
    int64_t n;
    double best, tolerance;
    int64_t boxes; /* how many more may be looked at */
    double *squares;
    Roof *roof;
    int32_t *list, *list_end; /* the part of the lists' room that is free */
} Search;

static inline double share_along(const Side *s, double x, double y) {
    return ((x - s->x) * s->dx + (y - s->y) * s->dy) * s->per_length2;
}

static inline double square_to(const Side *s, double x, double y, double *ex, double *ey) {
    double t = share_along(s, x, y);
    t = larger(0.0, smaller(1.0, t));
    *ex = x - s->x - t * s->dx;
    *ey = y - s->y - t * s->dy;
    return *ex * *ex + *ey * *ey;
}

/* Even-odd over all rings, of a place in the box. */
static int is_inside(const Search *s, const Box *box, double x, double y) {
    int in = 0;
    for (int64_t i = 0; i < box->n_row; i++) {
        const Side *e = s->side + box->row[i];
        if ((e->y > y) != (e->end_y > y) && e->x + (y - e->y) / e->dy * e->dx > x) in = !in;
    }
    return in;
}

/* Whether all of the box sees the inside of a side: then its distance is that to a line. */
static inline int sees_inside(const Side *e, const Box *box) {
    double t = share_along(e, box->x, box->y);
    double reach = (box->half_x * fabs(e->dx) + box->half_y * fabs(e->dy)) * e->per_length2;
    return t - reach >= 0.0 && t + reach <= 1.0;
}

/* A roof over the distance to a side, flat where the box sees an end of it from close by or has its middle on it, and
 * whether it is the one of a line that may cross the box. */
static Roof roof_over(const Side *e, const Box *box, double reach, int *astride) {
    double ex, ey, d = sqrt(square_to(e, box->x, box->y, &ex, &ey));
    *astride = 0;
    if (d > HAIR_M && sees_inside(e, box)) {
        /* Across the side: the way to the middle tells which side of it that is, and no more where it is short. */
        double left = e->dx * ey - e->dy * ex, unit = left < 0.0 ? -sqrt(e->per_length2) : sqrt(e->per_length2);
        Roof r = {d, -e->dy * unit, e->dx * unit};
        *astride = highest(&r, box) > 2.0 * d;
        return r;
    }
    if (d > 2.0 * reach) return (Roof){d + reach * reach / (2.0 * (d - reach)), ex / d, ey / d};
    return (Roof){d + reach, 0.0, 0.0};
}

/* Build the roofs over the sides of a box; the number of those astride it, -1 where an end of a side may be in it or
 * they are too many. */
static int build_roofs(Search *s, const Box *box, double reach, int32_t *astride) {
    int n = 0, ends = 0;
    for (int64_t i = 0; i < box->n; i++) {
        int crosses;
        s->roof[i] = roof_over(s->side + box->side[i], box, reach, &crosses);
        if (crosses && n < ASTRIDE) astride[n++] = (int32_t)i;
        else ends |= crosses || (s->roof[i].gx == 0.0 && s->roof[i].gy == 0.0);
        if (crosses && ends) s->roof[i] = (Roof){highest(s->roof + i, box), 0.0, 0.0};
    }
    if (!ends) return n;
    for (int i = 0; i < n; i++) s->roof[astride[i]] = (Roof){highest(s->roof + astride[i], box), 0.0, 0.0};
    return -1;
}

static inline void turn_over(Roof *r) { *r = (Roof){-r->a, -r->gx, -r->gy}; }

/* The highest place in a box under all roofs. Where lines cross the box, a place inside the polygon is beyond an even
 * number of them if the middle is inside too, and else beyond an odd one: each choice has a peak of its own. */
static Peak peak_in(Search *s, const Box *box, double reach) {
    int32_t astride[ASTRIDE];
    int n = build_roofs(s, box, reach, astride);
    double close = 0.125 * s->tolerance;
    Peak peak = {0, {0, 0, 0}, box->inside ? -INFINITY : box->bound, 0.0, 0.0}, other;
    if (n < 0) return box->inside ? peak_of_all(s->roof, box->n, box, close) : peak;
    peak.height = -INFINITY;
    for (int choice = 0; choice < 1 << n; choice++) {
        int beyond = 0;
        for (int i = 0; i < n; i++) beyond += choice >> i & 1;
        if ((beyond & 1) == box->inside) continue;
        for (int i = 0; i < n; i++)
            if (choice >> i & 1) turn_over(s->roof + astride[i]);
        other = peak_of_all(s->roof, box->n, box, close);
        if (other.height > peak.height) peak = other;
        for (int i = 0; i < n; i++)
            if (choice >> i & 1) turn_over(s->roof + astride[i]);
    }
    return peak;
}

static double nearest_of(const Search *s, const int32_t *list, int64_t n, double x, double y) {
    double least = INFINITY, ex, ey;
    for (int64_t i = 0; i < n; i++) least = smaller(least, square_to(s->side + list[i], x, y, &ex, &ey));
    return sqrt(least);
}

/* Measure the place in a box that its roofs point to. */
static void try_place(Search *s, const Box *box, double x, double y) {
    double way = sqrt((x - box->x) * (x - box->x) + (y - box->y) * (y - box->y));
    double distance = nearest_of(s, box->side, box->n, x, y);
    if (distance <= s->best) return;
    if (way < box->distance ? box->inside : is_inside(s, box, x, y)) s->best = distance;
}

/* Keep the sides that may be the nearest of a place in the box; where there is no room for a list, all of them. */
static void keep_near(Search *s, Box *box, double reach) {
    double limit = box->distance + 2.0 * reach;
    limit = limit * limit * (1.0 + 1e-12);
    if (s->list_end - s->list < box->n) return;
    int32_t *kept = s->list;
    int64_t n = 0;
    for (int64_t i = 0; i < box->n; i++) {
        kept[n] = box->side[i];
        n += s->squares[i] <= limit;
    }
    box->side = kept;
    box->n = n;
    s->list += n;
}

static inline int may_hold_larger(const Search *s, const Box *box) { return box->bound > s->best + s->tolerance; }

/* Keep the sides that a ray may meet; rounding cannot put what it meets further west than both ends by more than a hair. */
static void keep_row(Search *s, Box *box) {
    if (box->n_row <= SHORT || s->list_end - s->list < box->n_row) return;
    double west = box->x - box->half_x - HAIR_M, south = box->y - box->half_y, north = box->y + box->half_y;
    int32_t *kept = s->list;
    int64_t n = 0;
    for (int64_t i = 0; i < box->n_row; i++) {
        const Side *e = s->side + box->row[i];
        kept[n] = box->row[i];
        n += smaller(e->y, e->end_y) <= north && larger(e->y, e->end_y) >= south && e->x + larger(0.0, e->dx) >= west;
    }
    box->row = kept;
    box->n_row = n;
    s->list += n;
}

/* Measure a box whose sides are those of the box around it; 0 where it holds no larger disc. */
static int measure(Search *s, Box *box, const Box *around) {
    double reach = sqrt(box->half_x * box->half_x + box->half_y * box->half_y), least = INFINITY, ex, ey;
    for (int64_t i = 0; i < box->n; i++) {
        s->squares[i] = square_to(s->side + box->side[i], box->x, box->y, &ex, &ey);
        least = smaller(least, s->squares[i]);
    }
    box->distance = sqrt(least);
    box->bound = box->distance + reach;
    if (!may_hold_larger(s, box)) return 0;
    /* The way from the middle of the box around it is as long as this box reaches. */
    box->inside = around && reach < around->distance ? around->inside : is_inside(s, box, box->x, box->y);
    if (box->inside) s->best = larger(s->best, box->distance);
    else box->bound = reach - box->distance;
    if (!may_hold_larger(s, box)) return 0;
    keep_near(s, box, reach);
    if (box->n > FEW && reach > LARGE * box->distance) return 1; /* it is to be split anyway */
    Peak peak = peak_in(s, box, reach);
    box->bound = smaller(box->bound, peak.height);
    if (!may_hold_larger(s, box)) return 0;
    try_place(s, box, box->x + peak.u, box->y + peak.v);
    return may_hold_larger(s, box);
}

/* Split a box in two or in four, and look into the parts, the most promising first. */
static void look_into(Search *s, Box *box, int depth) {
    int32_t *mark = s->list;
    if (box->half_x + box->half_y > box->distance) keep_row(s, box);
    int columns = 1 + (box->half_x > 0.7 * box->half_y), rows = 1 + (box->half_y > 0.7 * box->half_x), n = 0;
    Box part[4];
    for (int i = 0; i < columns * rows; i++) {
        Box *p = part + n;
        *p = *box;
        p->half_x /= columns;
        p->half_y /= rows;
        p->x += (2 * (i % columns) + 1 - columns) * p->half_x;
        p->y += (2 * (i / columns) + 1 - rows) * p->half_y;
        s->boxes -= 1 + (p->n + p->n_row) / SIDES_A_BOX;
        n += measure(s, p, box);
    }
    if (depth == MOST_DEPTH) s->boxes = 0;
    while (n && s->boxes > 0) {
        int first = 0;
        for (int i = 1; i < n; i++) first = part[i].bound > part[first].bound ? i : first;
        Box most = part[first];
        part[first] = part[--n];
        if (!may_hold_larger(s, &most)) break;
        look_into(s, &most, depth + 1);
    }
    s->list = mark;
}

/* The sides of the rings of a polygon, the box around them, and the radius of a disc as large as its first ring; 0 where
 * a coordinate is no number. */
static int read_sides(const double *xy, const int64_t *ring_start, int64_t ring, int64_t end, Side *side, Search *s,
                      Box *box) {
    *box = (Box){0};
    double area = 0.0, west = INFINITY, south = INFINITY, east = -INFINITY, north = -INFINITY;
    s->n = 0;
    for (int64_t first = ring; ring < end; ring++)
        for (int64_t i = ring_start[ring], start = i; i + 1 < ring_start[ring + 1]; i++) {
            const double *p = xy + 2 * i;
            double dx = p[2] - p[0], dy = p[3] - p[1], length2 = dx * dx + dy * dy;
            if (!isfinite(length2)) return 0;
            if (ring == first) area += (p[0] - xy[2 * start]) * dy - (p[1] - xy[2 * start + 1]) * dx;
            west = smaller(west, p[0]);
            east = larger(east, p[0]);
            south = smaller(south, p[1]);
            north = larger(north, p[1]);
            if (length2 > 0.0) side[s->n++] = (Side){p[0], p[1], dx, dy, 1.0 / length2, p[3]};
        }
    box->x = 0.5 * (west + east);
    box->y = 0.5 * (south + north);
    box->half_x = 0.5 * (east - west);
    box->half_y = 0.5 * (north - south);
    box->bound = smaller(smaller(box->half_x, box->half_y), sqrt(fabs(area) / 6.28));
    return 1;
}

/* Raise `best` to the radius of the largest disc inside a polygon, if it is larger; 0 where that takes too long. */
static int look_into_polygon(Search *s, const Box *around, int64_t boxes, double tolerance, int32_t *list) {
    Box box = *around;
    s->boxes = boxes;
    s->tolerance = tolerance;
    if (!may_hold_larger(s, &box)) return 1;
    for (int64_t i = 0; i < s->n; i++) list[i] = (int32_t)i;
    s->list = list + s->n;
    box.side = list;
    box.row = list;
    box.n = box.n_row = s->n;
    if (measure(s, &box, NULL)) look_into(s, &box, 0);
    return s->boxes > 0;
}

/* For each of n shapes, polygons apart in planes of their own, the radius of the largest disc inside, less by the
 * tolerance at most, or by ten times that where it takes more than so many boxes; NaN where even that takes more.
 * Room is for 10 numbers a side, and lists for at least as many. */
EXPORT void inscribed_radii(int64_t n, const int64_t *shape_polygon, const int64_t *polygon_ring,
                            const int64_t *ring_start, const double *xy, double tolerance, int64_t boxes,
                            double *room, int64_t most_sides, int32_t *list, int64_t list_room, double *radius) {
    Side *side = (Side *)room;
    Search s = {side, 0, 0.0, tolerance, 0, room + 6 * most_sides, (Roof *)(room + 7 * most_sides), list,
                list + list_room};
    for (int64_t i = 0; i < n; i++) {
        int told = 1;
        s.best = 0.0;
        for (int64_t k = shape_polygon[i]; told && k < shape_polygon[i + 1]; k++) {
            Box box;
            told = read_sides(xy, ring_start, polygon_ring[k], polygon_ring[k + 1], side, &s, &box) &&
                   (look_into_polygon(&s, &box, boxes, tolerance, list) ||
                    look_into_polygon(&s, &box, boxes, 10.0 * tolerance, list));
        }
        radius[i] = told ? s.best : NAN;
    }
}
