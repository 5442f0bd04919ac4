/* What is told of each outline once: its box, and on which side of each ring the inside lies. */
#include "outlines.h"

/* Fill in on which side each ring has its inside (a shell itself, a hole the polygon), and each shape's box. */
EXPORT void outline_turns(int64_t n, const outlines *of) {
    const double *xy = of->xy;
    for (int64_t shape = 0; shape < n; shape++) {
        int64_t shell = of->shape_ring[shape], rings = of->shape_ring[shape + 1];
        double *b = of->box + 4 * shape;
        b[0] = b[1] = INFINITY, b[2] = b[3] = -INFINITY;
        for (int64_t i = of->ring_start[shell]; i < of->ring_start[rings]; i++) {
            b[0] = least(b[0], xy[2 * i]), b[2] = greatest(b[2], xy[2 * i]);
            b[1] = least(b[1], xy[2 * i + 1]), b[3] = greatest(b[3], xy[2 * i + 1]);
        }
        for (int64_t ring = shell; ring < rings; ring++) {
            int64_t first = of->ring_start[ring], end = of->ring_start[ring + 1];
            double x = first < end ? xy[2 * first] : 0.0, y = first < end ? xy[2 * first + 1] : 0.0;
            double twice = 0.0, size = 0.0;
            for (int64_t i = first; i + 1 < end; i++) {
                double left = (xy[2 * i] - x) * (xy[2 * i + 3] - y), right = (xy[2 * i + 1] - y) * (xy[2 * i + 2] - x);
                twice += left - right;
                size += fabs(left) + fabs(right);
            }
            int sure = of->dimension[shape] == POLYGON && fabs(twice) > (double)(end - first + 8) * ROUNDING * size;
            of->turn[ring] = (int8_t)(sure ? ((twice > 0) == (ring == shell) ? 1 : -1) : 0);
        }
    }
}
