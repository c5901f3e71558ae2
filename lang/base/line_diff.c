/* Unified differences. See line_diff.h.
 * The algorithm is Myers' ("An O(ND) Difference Algorithm and Its Variations", 1986): for each number of changed lines, how far each diagonal of the table of old and new lines can be
 * followed; the way is read back from the end. What the texts have in common at either end is set apart first. */
#include "lang/base/line_diff.h"

#include "lang/base/arena.h"
#include "lang/base/text.h"
#include <string.h>

enum { CONTEXT_LINES = 3, CHANGES_MAX = 3000 };

struct line {
    const char *text;
    size_t length; /* with its newline */
};
struct lines {
    struct line *items;
    int count, capacity;
};

/* What became of the old and new lines: each old one is kept or gone, each new one kept or added. */
struct comparison {
    struct arena *arena;
    struct lines old, new;
    bool *is_gone, *is_added;
};

static struct lines split(struct arena *arena, const char *text) {
    struct lines lines = {0};
    while (*text) {
        size_t length = strcspn(text, "\n");
        length += text[length] == '\n';
        struct line line = {text, length};
        LIST_ADD(arena, &lines, line);
        text += length;
    }
    return lines;
}

static bool is_same(struct line a, struct line b) {
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* The part that differs: first .. end - 1 of each. */
struct stretch {
    int old_first, old_end, new_first, new_end;
};

static struct stretch trim(const struct comparison *comparison) {
    const struct lines *old = &comparison->old, *new = &comparison->new;
    struct stretch stretch = {0, old->count, 0, new->count};
    while (stretch.old_first < old->count && stretch.new_first < new->count && is_same(old->items[stretch.old_first], new->items[stretch.new_first]))
        stretch.old_first++, stretch.new_first++;
    while (stretch.old_end > stretch.old_first && stretch.new_end > stretch.new_first && is_same(old->items[stretch.old_end - 1], new->items[stretch.new_end - 1]))
        stretch.old_end--, stretch.new_end--;
    return stretch;
}

/* ---- the fewest changes ---- */

/* How far diagonal k (old - new) is followed with so many changes: reached[changes][k + changes]. */
struct ways {
    int **reached;
    int changes; /* of the shortest way */
};

static int step(const struct ways *ways, int changes, int k) {
    const int *before = ways->reached[changes - 1] + changes - 1;
    bool adds = k == -changes || (k != changes && before[k - 1] < before[k + 1]);
    return adds ? before[k + 1] : before[k - 1] + 1;
}

/* False when more than CHANGES_MAX are needed. */
static bool find_way(struct comparison *comparison, struct stretch stretch, struct ways *ways) {
    int old_count = stretch.old_end - stretch.old_first, new_count = stretch.new_end - stretch.new_first;
    int most = old_count + new_count < CHANGES_MAX ? old_count + new_count : CHANGES_MAX;
    ways->reached = ARENA_ARRAY(comparison->arena, int *, most + 1);
    for (int changes = 0; changes <= most; changes++) {
        ways->reached[changes] = ARENA_ARRAY(comparison->arena, int, 2 * changes + 1);
        for (int k = -changes; k <= changes; k += 2) {
            int x = changes ? step(ways, changes, k) : 0, y = x - k;
            while (x < old_count && y >= 0 && y < new_count && is_same(comparison->old.items[stretch.old_first + x], comparison->new.items[stretch.new_first + y]))
                x++, y++;
            ways->reached[changes][k + changes] = x;
            if (x >= old_count && y >= new_count) {
                ways->changes = changes;
                return true;
            }
        }
    }
    return false;
}

static void mark_way(struct comparison *comparison, struct stretch stretch, const struct ways *ways) {
    int x = stretch.old_end - stretch.old_first, y = stretch.new_end - stretch.new_first;
    for (int changes = ways->changes; changes > 0; changes--) {
        int k = x - y;
        const int *before = ways->reached[changes - 1] + changes - 1;
        bool adds = k == -changes || (k != changes && before[k - 1] < before[k + 1]);
        x = before[adds ? k + 1 : k - 1]; /* where the change was made from */
        y = x - (adds ? k + 1 : k - 1);
        if (adds)
            comparison->is_added[stretch.new_first + y] = true;
        else
            comparison->is_gone[stretch.old_first + x] = true;
    }
}

static void compare(struct comparison *comparison) {
    struct stretch stretch = trim(comparison);
    struct ways ways = {0};
    comparison->is_gone = ARENA_ARRAY(comparison->arena, bool, comparison->old.count + 1);
    comparison->is_added = ARENA_ARRAY(comparison->arena, bool, comparison->new.count + 1);
    if (find_way(comparison, stretch, &ways)) {
        mark_way(comparison, stretch, &ways);
        return;
    }
    for (int i = stretch.old_first; i < stretch.old_end; i++)
        comparison->is_gone[i] = true;
    for (int i = stretch.new_first; i < stretch.new_end; i++)
        comparison->is_added[i] = true;
}

/* ---- hunks ---- */

static void write_line(struct buffer *out, char sign, struct line line) {
    buffer_add_char(out, sign);
    buffer_add(out, line.text, line.length);
    if (line.length == 0 || line.text[line.length - 1] != '\n')
        buffer_add_string(out, "\n\\ No newline at end of file\n");
}

/* Goes over what is gone and added there, or over one line that is kept; writes it when out is there. */
static void pass(const struct comparison *comparison, struct buffer *out, int *old, int *new) {
    bool is_kept = true;
    for (; *old < comparison->old.count && comparison->is_gone[*old]; ++*old, is_kept = false)
        if (out)
            write_line(out, '-', comparison->old.items[*old]);
    for (; *new < comparison->new.count && comparison->is_added[*new]; ++*new, is_kept = false)
        if (out)
            write_line(out, '+', comparison->new.items[*new]);
    if (!is_kept)
        return;
    if (out)
        write_line(out, ' ', comparison->old.items[*old]);
    ++*old;
    ++*new;
}

static bool is_at_change(const struct comparison *comparison, int old, int new) {
    return (old < comparison->old.count && comparison->is_gone[old]) || (new < comparison->new.count && comparison->is_added[new]);
}

/* The end of the hunk that begins with a change at old, new: after it come more than twice the context of kept lines, or the end. */
static void find_end(const struct comparison *comparison, int *old, int *new) {
    int kept = 0;
    while (*old < comparison->old.count || *new < comparison->new.count) {
        kept = is_at_change(comparison, *old, *new) ? 0 : kept + 1;
        if (kept > 2 * CONTEXT_LINES) {
            *old -= kept - 1 - CONTEXT_LINES;
            *new -= kept - 1 - CONTEXT_LINES;
            return;
        }
        pass(comparison, NULL, old, new);
    }
    int more = kept > CONTEXT_LINES ? kept - CONTEXT_LINES : 0;
    *old -= more;
    *new -= more;
}

/* "3,2": the first line and how many; of none the line before. */
static void write_range(struct buffer *out, int first, int end) {
    if (end - first == 1)
        buffer_add_format(out, "%d", first + 1);
    else
        buffer_add_format(out, "%d,%d", end == first ? first : first + 1, end - first);
}

static void write_hunk(const struct comparison *comparison, struct buffer *out, int *old, int *new) {
    int before = *old < CONTEXT_LINES ? *old : CONTEXT_LINES, old_end = *old, new_end = *new;
    *old -= before;
    *new -= before;
    find_end(comparison, &old_end, &new_end);
    buffer_add_string(out, "@@ -");
    write_range(out, *old, old_end);
    buffer_add_string(out, " +");
    write_range(out, *new, new_end);
    buffer_add_string(out, " @@\n");
    while (*old < old_end || *new < new_end)
        pass(comparison, out, old, new);
}

bool line_diff_write(struct buffer *out, const char *old_name, const char *new_name, const char *old_text, const char *new_text) {
    if (strcmp(old_text, new_text) == 0)
        return false;
    struct arena *arena = arena_create();
    struct comparison comparison = {.arena = arena, .old = split(arena, old_text), .new = split(arena, new_text)};
    compare(&comparison);
    buffer_add_format(out, "--- %s\n+++ %s\n", old_name, new_name);
    for (int old = 0, new = 0; old < comparison.old.count || new < comparison.new.count;)
        if (is_at_change(&comparison, old, new))
            write_hunk(&comparison, out, &old, &new);
        else
            old++, new++;
    arena_destroy(arena);
    return true;
}
