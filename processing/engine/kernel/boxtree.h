/* Lines as one array of vertices under a static tree of boxes: eight segments a leaf, eight nodes a node. */
#ifndef ECOREDLINE_BOXTREE_H
#define ECOREDLINE_BOXTREE_H

#include "kernel.h"

#define FAN_BITS 3
#define FAN (1 << FAN_BITS)
#define MAX_LEVELS 12
#define MAX_STACK (MAX_LEVELS * FAN)

typedef struct {
    const double *xy;         /* lon, lat of each vertex; segments join neighbours within a leaf */
    const int32_t *first;     /* first vertex of each leaf */
    const uint8_t *count;     /* its segments; 0 where it is one point */
    const int32_t *feature;   /* of each leaf */
    const int32_t *label;     /* of each leaf, ascending */
    double *boxes;            /* west, south, east, north of the leaves, then of each level above them */
    int64_t level[MAX_LEVELS]; /* where each level begins, in boxes */
    int64_t n_leaves;
    int64_t n_levels;
} Lines;

typedef struct {
    double gap2;
    int64_t node;
    int32_t level;
} Visit;

static inline const double *box_of(const Lines *lines, int32_t level, int64_t node) {
    return lines->boxes + 4 * (lines->level[level] + node);
}

static inline void widen(double *box, const double *other) {
    box[0] = other[0] < box[0] ? other[0] : box[0];
    box[1] = other[1] < box[1] ? other[1] : box[1];
    box[2] = other[2] > box[2] ? other[2] : box[2];
    box[3] = other[3] > box[3] ? other[3] : box[3];
}

/* Between two boxes along both axes, each axis in its own scale. */
static inline double gap2(const double *a, const double *b, double x_scale, double y_scale) {
    double x1 = a[0] - b[2], x2 = b[0] - a[2], y1 = a[1] - b[3], y2 = b[1] - a[3];
    double x = x1 > x2 ? x1 : x2, y = y1 > y2 ? y1 : y2;
    x = x > 0.0 ? x * x_scale : 0.0;
    y = y > 0.0 ? y * y_scale : 0.0;
    return x * x + y * y;
}

/* The lowest level on which a range of leaves lies under at most eight nodes. */
static inline int32_t top_level(int64_t low, int64_t high) {
    int32_t level = 0;
    while (((high - 1) >> (FAN_BITS * level)) - (low >> (FAN_BITS * level)) >= FAN) level++;
    return level;
}

/* Nodes of a level under one parent, or the first ones of a range, that hold leaves of the range. */
static inline void span(int64_t parent, int32_t level, int64_t low, int64_t high, int64_t *from, int64_t *to) {
    int64_t a = low >> (FAN_BITS * level), b = ((high - 1) >> (FAN_BITS * level)) + 1;
    if (parent >= 0) {
        int64_t left = parent << FAN_BITS;
        a = a > left ? a : left;
        b = b < left + FAN ? b : left + FAN;
    }
    *from = a;
    *to = b;
}

#endif
