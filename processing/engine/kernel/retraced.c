/* Which lines may run over one stretch twice, so that their length is not that of the place they take. */
#include "edge_tree.h"

/* Whether both ends of one edge lie on the line of another, or within a hair of it. */
static int along(const double *a, const double *b) {
    double det, doubt;
    return !side(b[0], b[1], b[2], b[3], a[0], a[1], &det, &doubt) &&
           !side(b[0], b[1], b[2], b[3], a[2], a[3], &det, &doubt);
}

/* Whether two edges of a line may run over one stretch; the next edge may go straight on. */
static int run_together(const double *a, const double *b) {
    if ((a[0] < b[0] && a[0] < b[2] && a[2] < b[0] && a[2] < b[2]) ||
        (a[0] > b[0] && a[0] > b[2] && a[2] > b[0] && a[2] > b[2]) ||
        (a[1] < b[1] && a[1] < b[3] && a[3] < b[1] && a[3] < b[3]) ||
        (a[1] > b[1] && a[1] > b[3] && a[3] > b[1] && a[3] > b[3]))
        return 0;
    if (!along(a, b) && !along(b, a)) return 0;
    return b != a + 2 || (a[2] - a[0]) * (b[2] - b[0]) + (a[3] - a[1]) * (b[3] - b[1]) <= 0.0;
}

/* Compare the edges of a run with those of the same or a later run of its line: 1 if two may run over one stretch. */
static int runs_together(const double *xy, int64_t first, int64_t end, int64_t other, int64_t other_end) {
    for (int64_t i = first; i < end; i++)
        for (int64_t j = other > i ? other : i + 1; j < other_end; j++)
            if (run_together(xy + 2 * i, xy + 2 * j)) return 1;
    return 0;
}

/* The same for a line under a tree; 1 also where more than `most` runs would have to be compared. */
static int twice_in_tree(const shape *line, int64_t most) {
    const Lines *tree = line->tree;
    for (int64_t leaf = line->low; leaf < line->high; leaf++) {
        int64_t first = tree->first[leaf];
        walk w;
        walk_begin(&w, line, box_of(tree, 0, leaf));
        for (int64_t other; (other = walk_on(&w)) >= 0;) {
            if (other < leaf) continue;
            if (most-- == 0) return 1;
            int64_t next = tree->first[other], end = first + tree->count[leaf];
            if (runs_together(line->of->xy, first, end, next, next + tree->count[other])) return 1;
        }
    }
    return 0;
}

/* Clear the mark of marked lines that surely run over no stretch twice. Those with a tree are looked at as far as
   `most` pairs of neighbouring runs. */
EXPORT void lines_once(int64_t n, const outlines *of, const Lines *tree, const int64_t *leaf, uint8_t *marked,
                       int64_t most) {
    for (int64_t row = 0; row < n; row++) {
        if (!marked[row] || of->dimension[row] != LINE) continue;
        shape line = shape_at(of, row, tree, leaf);
        int64_t first = of->ring_start[line.first_ring], last = of->ring_start[line.end_ring] - 1;
        int twice = line.tree ? twice_in_tree(&line, most) : runs_together(of->xy, first, last, first, last);
        marked[row] = (uint8_t)twice;
    }
}
