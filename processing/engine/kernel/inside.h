/* What is inside a shape laid flat: a grid of cells over it tells most places without asking its sides. */
#ifndef ECOREDLINE_INSIDE_H
#define ECOREDLINE_INSIDE_H

#include "kernel.h"

#define CELLS 24 /* each way */

typedef struct {
    double x0, y0, x1, y1, sign; /* counterclockwise about the shape if sign is 1 */
} Side;

enum { OUTSIDE, INSIDE, MIXED };

typedef struct {
    double west, south, per_x, per_y; /* cells per metre */
    uint8_t cell[CELLS][CELLS];       /* MIXED where a side may come */
} Grid;

static inline int cell_of(double metres, double per_metre) {
    double cell = metres * per_metre;
    return cell < 0.0 ? 0 : cell >= CELLS ? CELLS - 1 : (int)cell;
}

/* Where the middles of rows cross sides, the state of the middles of cells further east turns over. */
static void turn_over(Grid *g, const Side *e, int south, int north) {
    for (int row = south; row <= north; row++) {
        double y = (row + 0.5) / g->per_y + g->south;
        if ((e->y0 > y) == (e->y1 > y)) continue;
        double x = e->x0 + (y - e->y0) / (e->y1 - e->y0) * (e->x1 - e->x0), at = (x - g->west) * g->per_x + 0.5;
        int column = at < 0.0 ? 0 : (int)at;
        if (column < CELLS) g->cell[row][column] ^= INSIDE;
    }
}

static void make_grid(Grid *g, const double *bounds, const Side *side, const double *around, int64_t n) {
    double width = bounds[2] - bounds[0], height = bounds[3] - bounds[1];
    g->west = bounds[0];
    g->south = bounds[1];
    g->per_x = width > 0.0 ? CELLS / width : 1.0;
    g->per_y = height > 0.0 ? CELLS / height : 1.0;
    for (int64_t i = 0; i < n; i++) {
        int south = cell_of(around[4 * i + 1] - g->south, g->per_y);
        turn_over(g, side + i, south, cell_of(around[4 * i + 3] - g->south, g->per_y));
    }
    for (int row = 0; row < CELLS; row++)
        for (int column = 1; column < CELLS; column++) g->cell[row][column] ^= g->cell[row][column - 1];
    for (int64_t i = 0; i < n; i++) {
        const double *box = around + 4 * i;
        int west = cell_of(box[0] - g->west, g->per_x), east = cell_of(box[2] - g->west, g->per_x);
        int south = cell_of(box[1] - g->south, g->per_y), north = cell_of(box[3] - g->south, g->per_y);
        for (int row = south; row <= north; row++)
            for (int column = west; column <= east; column++) g->cell[row][column] = MIXED;
    }
}

/* The state of all of a box that reaches into the bounds of the shape. */
static int state_of(const Grid *g, const double *box) {
    int west = cell_of(box[0] - g->west, g->per_x), east = cell_of(box[2] - g->west, g->per_x);
    int south = cell_of(box[1] - g->south, g->per_y), north = cell_of(box[3] - g->south, g->per_y);
    for (int row = south; row <= north; row++)
        for (int column = west; column <= east; column++)
            if (g->cell[row][column] == MIXED) return MIXED;
    return g->cell[south][west]; /* between two cells that differ there is a side */
}

static int inside(const Grid *g, const Side *side, int64_t n, double x, double y) {
    const double box[4] = {x, y, x, y};
    int odd = 0, state = state_of(g, box);
    if (state != MIXED) return state;
    for (int64_t i = 0; i < n; i++) {
        const Side *e = side + i;
        int begins = e->y0 > y, ends = e->y1 > y;
        double left = (e->x1 - e->x0) * (y - e->y0) - (x - e->x0) * (e->y1 - e->y0);
        odd ^= (begins != ends) & ((left > 0.0) == ends);
    }
    return odd;
}

#endif
