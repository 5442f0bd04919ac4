/* The edges of sites, read piece by piece without memory of their own, and what is inside an area. */
#ifndef ECOREDLINE_SITE_EDGES_H
#define ECOREDLINE_SITE_EDGES_H

#include <string.h>

#include "boxtree.h"
#include "ground.h"

#define MAX_EDGE_DEG 0.001
#define PIECE 64        /* edges of a site looked for at once */
#define BLOCK 8         /* of them under one box */

typedef struct {
    const double *xy;
    const int64_t *run_start; /* first vertex of each run: a ring, a line or a point; one more at the end */
    const int64_t *site_run;  /* first run of each site; one more at the end */
    const double *box;        /* west, south, east, north of each site */
    const uint8_t *areal;
    const Ground *ground;
} Sites;

typedef struct {
    Edge edge[PIECE];
    double edge_box[PIECE][4], box[4], block[PIECE / BLOCK][4];
    int32_t n;
} Piece;

/* Where the reading of a site's edges stands; long edges are read in equal parts. */
typedef struct {
    int64_t run, vertex;
    int32_t part;
} Cursor;

static inline void box_of_edge(const Edge *e, double *box) {
    box[0] = e->lon[0] < e->lon[1] ? e->lon[0] : e->lon[1];
    box[1] = e->lat[0] < e->lat[1] ? e->lat[0] : e->lat[1];
    box[2] = e->lon[0] < e->lon[1] ? e->lon[1] : e->lon[0];
    box[3] = e->lat[0] < e->lat[1] ? e->lat[1] : e->lat[0];
}

/* The next edge of a site; 0 at its end. */
static int next_edge(const Sites *sites, int64_t end, Cursor *at, Edge *e) {
    while (at->run < end) {
        int64_t first = sites->run_start[at->run], last = sites->run_start[at->run + 1] - 1;
        int64_t i = first + at->vertex;
        if (i > last || (i == last && last > first)) {
            at->run++;
            at->vertex = 0;
            continue;
        }
        const double *p = sites->xy + 2 * i, *q = last > first ? p + 2 : p;
        double dx = q[0] - p[0], dy = q[1] - p[1], length2 = dx * dx + dy * dy;
        int32_t parts = length2 > MAX_EDGE_DEG * MAX_EDGE_DEG ? (int32_t)(sqrt(length2) / MAX_EDGE_DEG) + 1 : 1;
        int is_last = at->part + 1 == parts;
        *e = (Edge){{p[0], q[0]}, {p[1], q[1]}, {0.0, 0.0}, {0.0, 0.0}};
        if (parts > 1) {
            double from = (double)at->part / parts, to = (double)(at->part + 1) / parts;
            e->lon[0] = p[0] + from * dx;
            e->lat[0] = p[1] + from * dy;
            e->lon[1] = is_last ? q[0] : p[0] + to * dx;
            e->lat[1] = is_last ? q[1] : p[1] + to * dy;
        }
        at->part = is_last ? 0 : at->part + 1;
        at->vertex += is_last;
        return 1;
    }
    return 0;
}

static void next_piece(const Sites *sites, const Ground *ground, int64_t end, Cursor *at, Piece *piece) {
    piece->n = 0;
    while (piece->n < PIECE && next_edge(sites, end, at, &piece->edge[piece->n])) {
        Edge *e = &piece->edge[piece->n];
        double *box = piece->edge_box[piece->n];
        to_ground(ground, e);
        box_of_edge(e, box);
        double *block = piece->block[piece->n / BLOCK];
        if (piece->n % BLOCK) widen(block, box);
        else memcpy(block, box, 4 * sizeof(double));
        if (piece->n) widen(piece->box, box);
        else memcpy(piece->box, box, 4 * sizeof(double));
        piece->n++;
    }
}

/* Whether a point is inside an area: 1, 0, or -1 within 2 cm of its border: even-odd over all rings. */
static int inside(const Sites *sites, int64_t site, double lon, double lat) {
    const Ground *g = sites->ground + site;
    const double hair = 2.0 * DOUBT_M, across = hair / g->per_lon, up = hair / g->per_lat;
    int in = 0;
    for (int64_t run = sites->site_run[site]; run < sites->site_run[site + 1]; run++)
        for (int64_t i = sites->run_start[run]; i + 1 < sites->run_start[run + 1]; i++) {
            const double *p = sites->xy + 2 * i;
            if ((p[1] > lat + up && p[3] > lat + up) || (p[1] < lat - up && p[3] < lat - up)) continue;
            if (p[0] < lon - across && p[2] < lon - across) continue;
            double at, dx = (p[2] - p[0]) * g->per_lon, dy = (p[3] - p[1]) * g->per_lat;
            double x = (lon - p[0]) * g->per_lon, y = (lat - p[1]) * g->per_lat;
            if (to_segment(x, y, dx, dy, dx * dx + dy * dy, &at) < hair * hair) return -1;
            if ((p[1] > lat) != (p[3] > lat) && x < y / dy * dx) in = !in;
        }
    return in;
}

#endif
