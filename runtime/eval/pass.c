/* Passes: which there are, and running them. See plan.c.
 * Knows: levels, tables, the elements' own cursor. Does not know: children's rows (child.c). */
#include "runtime/eval/plan.h"
#include "runtime/value/spill.h"

#include <stdlib.h>
#include <string.h>

/* The terms to be evaluated in one pass over a root, and what that takes. */
struct pass {
    struct space *root;
    int level;
    LIST_OF(struct term *) outputs; /* to be kept */
    const struct plan_visit *visits;
    int visit_count;
    bool needs_store;               /* reduces children */
    bool is_wanted;
};

/* ---- what a pass needs ---- */

struct needs {
    struct plan *plan;
    struct pass *pass;
    uint64_t now;
    LIST_OF(struct term *) columns; /* stored fields of the root */
};

static void note_needs(struct needs *needs, struct term *term);

static void note_space(struct needs *needs, const struct space *space) {
    struct term *made_with[SPACE_TERMS_MAX];
    for (int i = space ? space_terms(space, made_with) - 1 : -1; i >= 0; i--)
        note_needs(needs, made_with[i]);
}

static void note_parts(struct needs *needs, struct term *term) {
    for (int i = 0; i < term->input_count; i++)
        note_needs(needs, term->inputs[i]);
    for (int i = 0; i < term->binding_count; i++) {
        note_needs(needs, term->bindings[i].value);
        note_needs(needs, term->bindings[i].row);
    }
    note_needs(needs, term->mask);
    note_needs(needs, term->value);
    note_needs(needs, term->by);
    note_needs(needs, term->wanted);
    if (term->kind == TERM_FROM_ROW)
        note_needs(needs, term->target);
    note_space(needs, term->space);
    note_space(needs, term->over);
}

/* Aggregates and walks of lower levels are kept by the pass of that level, not evaluated again. */
static void note_needs(struct needs *needs, struct term *term) {
    struct pass *pass = needs->pass;
    if (!term || term->prepared == needs->now)
        return;
    term->prepared = needs->now;
    bool is_dear = term->kind == TERM_REDUCE || term->kind == TERM_WALK;
    if (term->space == pass->root && is_dear && term->level < pass->level) {
        table_keep(needs->plan, term);
        return;
    }
    if (term->space->kind == SPACE_CHILD)
        pass->needs_store = true;
    if (term->over && term->over->kind == SPACE_CHILD)
        pass->needs_store = true;
    if (term->space == pass->root && term->kind == TERM_COLUMN)
        LIST_ADD(needs->plan->arena, &needs->columns, term);
    note_parts(needs, term);
}

static bool is_output(const struct term *term, const struct pass *pass) {
    return term->is_kept && term->space == pass->root && term->level == pass->level && term->kind != TERM_COLUMN && term->kind != TERM_ID;
}

/* Finds the pass's outputs and needs. Passes of higher levels must have been asked before: they may want more to be kept. */
static void find_needs(struct plan *plan, struct pass *pass) {
    struct needs needs = {.plan = plan, .pass = pass, .now = ++plan->stamp};
    for (int i = 0; i < plan->terms.count; i++)
        if (is_output(plan->terms.items[i], pass)) {
            LIST_ADD(plan->arena, &pass->outputs, plan->terms.items[i]);
            note_parts(&needs, plan->terms.items[i]);
            if (plan->terms.items[i]->over && plan->terms.items[i]->over->kind == SPACE_CHILD)
                pass->needs_store = true;
        }
    pass->is_wanted = pass->outputs.count > 0;
    for (int i = 0; i < pass->visit_count; i++)
        if (pass->visits[i].root == pass->root && pass->visits[i].level == pass->level) {
            pass->is_wanted = true;
            for (int n = 0; n < pass->visits[i].terms.count; n++)
                note_needs(&needs, pass->visits[i].terms.items[n]);
        }
    if (pass->level == 0)
        pass->needs_store = true;
    if (pass->is_wanted && !pass->needs_store) {
        table_of(plan, pass->root);
        for (int i = 0; i < needs.columns.count; i++)
            table_keep(plan, needs.columns.items[i]);
    }
}

/* ---- running one ---- */

static bool visit_rows(struct plan *plan, struct pass *pass) {
    struct space *root = pass->root;
    for (int i = 0; i < pass->outputs.count; i++) {
        term_need(plan, pass->outputs.items[i]);
        if (plan->has_failed)
            return false;
        table_store(plan, root->table, pass->outputs.items[i]);
    }
    for (int i = 0; i < pass->visit_count; i++)
        if (pass->visits[i].root == root && pass->visits[i].level == pass->level && !pass->visits[i].visit(pass->visits[i].context, root))
            return false;
    return !plan->has_failed;
}

static bool begin_rows(struct plan *plan, struct pass *pass, int64_t position, int count) {
    struct space *root = pass->root;
    root->position = position;
    root->count = count;
    root->stamp = ++plan->stamp;
    root->batch.ids = root->ids;
    root->batch.columns = root->columns;
    root->batch.row_count = count;
    walker_release(plan->walker);
    arena_reset(plan->texts);
    return visit_rows(plan, pass);
}

static bool run_over_table(struct plan *plan, struct pass *pass) {
    struct space *root = pass->root;
    struct column *ids = &root->table->ids;
    bool good = true;
    if (!root->table_ids)
        root->table_ids = calloc(ROOT_ROWS, sizeof *root->table_ids);
    if (!root->table_ids)
        abort();
    for (int64_t at = 0; at < ids->count && good; at += ROOT_ROWS) {
        int count = ids->count - at < ROOT_ROWS ? (int)(ids->count - at) : ROOT_ROWS;
        for (int i = 0; i < count; i++)
            root->table_ids[i] = column_integer(ids, at + i);
        root->ids = root->table_ids;
        good = begin_rows(plan, pass, at, count);
    }
    return good;
}

/* The columns of the cursor's batch from a row on. */
static void borrow_rows(struct space *root, const struct batch *batch, int first) {
    root->ids = batch->ids + first;
    for (int i = 0; i < root->fields.count; i++) {
        const struct batch_column *from = &batch->columns[i];
        struct batch_column *to = &root->columns[i];
        to->missing = from->missing + first;
        to->integers = from->integers ? from->integers + first : NULL;
        to->numbers = from->numbers ? from->numbers + first : NULL;
        to->texts = from->texts ? from->texts + first : NULL;
        to->lengths = from->lengths ? from->lengths + first : NULL;
    }
}

static bool run_over_store(struct plan *plan, struct pass *pass) {
    struct space *root = pass->root;
    struct scan scan = {.record = root->record, .order = SCAN_BY_ID, .fields = root->fields.items, .field_count = root->fields.count};
    struct cursor *cursor = store_scan(plan->walker->inputs->store, &scan, plan->failure);
    const struct batch *batch = NULL;
    int64_t position = 0;
    bool good = true;
    if (!root->columns)
        root->columns = ARENA_ARRAY(plan->arena, struct batch_column, root->fields.count);
    while (good && cursor && (batch = cursor_next(cursor, plan->failure)) && batch->row_count > 0)
        for (int first = 0; first < batch->row_count && good; first += ROOT_ROWS) {
            int count = batch->row_count - first < ROOT_ROWS ? batch->row_count - first : ROOT_ROWS;
            borrow_rows(root, batch, first);
            good = begin_rows(plan, pass, position, count);
            position += count;
        }
    if (!cursor || !batch) {
        plan->has_failed = true;
        good = false;
    }
    cursor_close(cursor);
    return good;
}

static void close_children(struct plan *plan, const struct space *root) {
    for (int i = 0; i < plan->spaces.count; i++)
        if (plan->spaces.items[i]->kind == SPACE_CHILD && plan->spaces.items[i]->outer == root) {
            cursor_close(plan->spaces.items[i]->cursor);
            plan->spaces.items[i]->cursor = NULL;
        }
}

/* A table without rows has no pass in which its columns would be made. */
static void make_columns(struct plan *plan, struct pass *pass) {
    for (int i = 0; i < pass->outputs.count; i++)
        column_start(&pass->outputs.items[i]->column, plan->pool, pass->outputs.items[i]->form);
}

static bool run_pass(struct plan *plan, struct pass *pass) {
    struct space *root = pass->root;
    make_columns(plan, pass);
    root->level = pass->level;
    root->from_table = !pass->needs_store;
    bool good = pass->needs_store ? run_over_store(plan, pass) : run_over_table(plan, pass);
    root->level = INT32_MAX;
    root->from_table = false;
    close_children(plan, root);
    return good;
}

/* ---- all of them ---- */

static int highest_level(const struct plan *plan, const struct plan_visit *visits, int visit_count) {
    int level = 0;
    for (int i = 0; i < plan->terms.count; i++)
        if (plan->terms.items[i]->is_kept && plan->terms.items[i]->level > level)
            level = plan->terms.items[i]->level;
    for (int i = 0; i < visit_count; i++)
        if (visits[i].level > level)
            level = visits[i].level;
    return level;
}

static int root_count(const struct plan *plan) {
    int count = 0;
    for (int i = 0; i < plan->spaces.count; i++)
        count += plan->spaces.items[i]->kind == SPACE_ROOT;
    return count;
}

static bool load_tables(struct plan *plan) {
    for (int i = 0; i < plan->tables.count; i++)
        if (!table_load(plan, plan->tables.items[i]))
            return false;
    for (int i = 0; i < plan->tables.count; i++)
        if (!table_load_adjacencies(plan, plan->tables.items[i]))
            return false;
    return true;
}

/* Children that do not stand beside their owners are read by way of an index. */
bool plan_hold(struct plan *plan) {
    struct store *store = plan->walker->inputs->store;
    for (int i = 0; i < plan->spaces.count; i++) {
        struct space *space = plan->spaces.items[i];
        if (space->kind == SPACE_CHILD && space->record->owner != space->reference &&
            !store_ensure_path(store, space->reference, space->fields.items, space->fields.count, plan->failure))
            return false;
    }
    return store_hold(store, plan->failure);
}

static bool run_passes(struct plan *plan, struct pass *passes, int count) {
    bool good = load_tables(plan);
    for (int i = 0; i < count && good; i++)
        if (passes[i].is_wanted)
            good = run_pass(plan, &passes[i]);
    if (good && plan->pool->has_failed)
        good = failure_set(plan->failure, DIAG_STORE_TEMPORARY, spill_folder(), "a part of it could not be read back");
    return good && !plan->has_failed;
}

bool plan_run(struct plan *plan, const struct plan_visit *visits, int visit_count) {
    int levels = highest_level(plan, visits, visit_count) + 1, roots = root_count(plan);
    struct pass *passes = ARENA_ARRAY(plan->arena, struct pass, levels * roots);
    for (int level = levels - 1; level >= 0; level--)
        for (int i = 0, r = 0; i < plan->spaces.count; i++)
            if (plan->spaces.items[i]->kind == SPACE_ROOT) {
                struct pass *pass = &passes[level * roots + r++];
                *pass = (struct pass){.root = plan->spaces.items[i], .level = level, .visits = visits, .visit_count = visit_count};
                find_needs(plan, pass);
            }
    return !plan->has_failed && run_passes(plan, passes, levels * roots);
}
