/* Terms of a plan: made once for each meaning, so that equal parts of different rules are evaluated once. See plan.h.
 * Knows: what makes two terms the same. Does not know: how they are evaluated. */
#include "runtime/eval/plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum form form_of(struct type type) {
    if (type.kind == TYPE_BOOL)
        return FORM_TRUTH;
    switch (type_representation(type)) {
    case REPRESENTATION_NUMBER:
        return FORM_NUMBER;
    case REPRESENTATION_TEXT:
        return FORM_TEXT;
    default:
        return FORM_INT;
    }
}

/* ---- spaces ---- */

struct space *space_add(struct plan *plan, enum space_kind kind, struct record_type *record, struct space *outer) {
    struct space *space = ARENA_NEW(plan->arena, struct space);
    space->kind = kind;
    space->record = record;
    space->outer = outer;
    space->depth = outer ? outer->depth + 1 : 0;
    space->stamp = ++plan->stamp;
    space->level = INT32_MAX;
    if (kind == SPACE_ROOT || kind == SPACE_CHILD) {
        space->field_columns = ARENA_ARRAY(plan->arena, int, record->field_count);
        for (int i = 0; i < record->field_count; i++)
            space->field_columns[i] = -1;
    }
    LIST_ADD(plan->arena, &plan->spaces, space);
    return space;
}

struct space *space_root(struct space *space) {
    while (space && space->kind != SPACE_ROOT)
        space = space->outer;
    return space;
}

bool space_is_within(const struct space *space, const struct space *outer) {
    while (space && space != outer)
        space = space->outer;
    return space != NULL;
}

/* Of two spaces on one way from the outside inwards. */
struct space *space_deepest(struct space *a, struct space *b) {
    struct space *deepest = a->depth >= b->depth ? a : b;
    assert(space_is_within(deepest, a) && space_is_within(deepest, b));
    return deepest;
}

/* ---- equal terms ---- */

static uint64_t mix(uint64_t hash, uint64_t part) {
    hash = (hash ^ part) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static uint64_t term_hash(const struct term *term) {
    uint64_t hash = mix(term->kind, (uint64_t)term->operation);
    hash = mix(hash, (uintptr_t)term->space);
    for (int i = 0; i < term->input_count; i++)
        hash = mix(hash, (uintptr_t)term->inputs[i]);
    hash = mix(hash, (uintptr_t)term->field);
    hash = mix(hash, (uintptr_t)term->target);
    hash = mix(hash, (uintptr_t)term->over);
    hash = mix(hash, (uintptr_t)term->mask);
    hash = mix(hash, (uintptr_t)term->value);
    hash = mix(hash, (uintptr_t)term->expression);
    if (term->kind == TERM_CONSTANT)
        hash = mix(hash, value_hash(term->constant));
    return hash;
}

static bool types_same(struct type a, struct type b) {
    a.optional = b.optional = false;
    return type_same(a, b);
}

static bool bindings_same(const struct term *a, const struct term *b) {
    if (a->binding_count != b->binding_count)
        return false;
    for (int i = 0; i < a->binding_count; i++) {
        const struct walk_binding *x = &a->bindings[i], *y = &b->bindings[i];
        if (x->variable != y->variable || x->value != y->value || x->target != y->target || x->row != y->row)
            return false;
    }
    return true;
}

static bool terms_same(const struct term *a, const struct term *b) {
    if (a->kind != b->kind || a->form != b->form || a->space != b->space || a->operation != b->operation || a->input_count != b->input_count || a->field != b->field ||
        a->table != b->table || a->target != b->target || a->over != b->over || a->mask != b->mask || a->value != b->value || a->by != b->by ||
        a->aggregate != b->aggregate || a->unit != b->unit || a->expression != b->expression || !types_same(a->type, b->type) || !types_same(a->first, b->first))
        return false;
    if (a->factor.mantissa != b->factor.mantissa || a->factor.scale != b->factor.scale)
        return false;
    if (a->kind == TERM_CONSTANT && (a->constant.kind != b->constant.kind || value_compare(a->constant, b->constant) != 0))
        return false;
    for (int i = 0; i < a->input_count; i++)
        if (a->inputs[i] != b->inputs[i])
            return false;
    return bindings_same(a, b);
}

static int *place_of(struct plan *plan, const struct term *term) {
    size_t mask = (size_t)plan->place_count - 1, at = (size_t)term->hash & mask;
    while (plan->places[at] >= 0) {
        const struct term *there = plan->terms.items[plan->places[at]];
        if (there->hash == term->hash && terms_same(there, term))
            break;
        at = (at + 1) & mask;
    }
    return &plan->places[at];
}

static void grow_places(struct plan *plan) {
    plan->place_count = plan->place_count ? plan->place_count * 2 : 256;
    plan->places = ARENA_ARRAY(plan->arena, int, plan->place_count);
    for (int i = 0; i < plan->place_count; i++)
        plan->places[i] = -1;
    for (int i = 0; i < plan->terms.count; i++)
        *place_of(plan, plan->terms.items[i]) = i;
}

/* ---- levels: see plan.c ---- */

static int at_least(int level, const struct term *term) {
    return term && term->level > level ? term->level : level;
}

static int level_of(const struct term *term) {
    int level = 0;
    for (int i = 0; i < term->input_count; i++)
        level = at_least(level, term->inputs[i]);
    for (int i = 0; i < term->binding_count; i++) {
        level = at_least(level, term->bindings[i].value);
        level = at_least(level, term->bindings[i].row);
    }
    for (const struct space *space = term->over ? term->over : term->space; space; space = space->outer)
        level = at_least(level, space->base);
    level = at_least(at_least(at_least(level, term->mask), term->value), term->by);
    if (term->kind == TERM_FROM_ROW)
        level = at_least(level, term->target);
    if (term->kind == TERM_FROM_TABLE && term->target->kind != TERM_COLUMN && term->target->kind != TERM_ID && term->target->level + 1 > level)
        level = term->target->level + 1;
    return level;
}

/* A term found again is wanted in both places. */
static void want_for_both(struct term *term, struct term *wanted) {
    if (term->wanted != wanted)
        term->wanted = NULL;
}

/* What follows from one row of children alone is evaluated for the children, not for each pair they stand in. */
static struct term *lift(struct plan *plan, const struct term *made) {
    const struct term *index = NULL;
    if (made->space->kind != SPACE_PAIR || made->kind < TERM_OPERATION || made->kind > TERM_TO_INT)
        return NULL;
    for (int i = 0; i < made->input_count; i++) {
        const struct term *input = made->inputs[i];
        if (input->space == plan->once)
            continue;
        if (input->kind != TERM_FROM_ROW || input->inputs[0]->kind != TERM_INDEX || (index && input->inputs[0] != index))
            return NULL;
        index = input->inputs[0];
    }
    if (!index)
        return NULL;
    struct term lifted = *made, from = {.kind = TERM_FROM_ROW, .form = made->form, .type = made->type, .space = made->space, .input_count = 1};
    lifted.space = made->space->target;
    lifted.inputs = ARENA_ARRAY(plan->arena, struct term *, made->input_count);
    for (int i = 0; i < made->input_count; i++) {
        lifted.inputs[i] = made->inputs[i]->space == plan->once ? made->inputs[i] : made->inputs[i]->target;
        if (made->inputs[i]->space != plan->once)
            from.inputs = made->inputs[i]->inputs;
    }
    from.target = term_add(plan, &lifted);
    return term_add(plan, &from);
}

struct term *term_add(struct plan *plan, const struct term *made) {
    struct term *lifted = lift(plan, made);
    if (lifted)
        return lifted;
    struct term copy = *made;
    copy.hash = term_hash(&copy);
    if (plan->terms.count * 2 >= plan->place_count)
        grow_places(plan);
    int *place = place_of(plan, &copy);
    if (*place >= 0) {
        want_for_both(plan->terms.items[*place], made->wanted);
        return plan->terms.items[*place];
    }
    struct term *term = ARENA_NEW(plan->arena, struct term);
    *term = copy;
    if (copy.input_count) {
        term->inputs = ARENA_ARRAY(plan->arena, struct term *, copy.input_count);
        memcpy(term->inputs, copy.inputs, sizeof *copy.inputs * (size_t)copy.input_count);
    }
    term->level = level_of(term);
    if (term->wanted && term->wanted->level > term->level)
        term->wanted = NULL; /* not to be evaluated later than it could be */
    *place = plan->terms.count;
    LIST_ADD(plan->arena, &plan->terms, term);
    return term;
}

/* ---- making them ---- */

struct term *term_constant(struct plan *plan, struct type type, struct value value) {
    struct term term = {.kind = TERM_CONSTANT, .form = form_of(type), .space = plan->once, .type = type, .constant = value_keep(plan->arena, value)};
    return term_add(plan, &term);
}

struct term *term_leaf(struct plan *plan, enum term_kind kind, enum form form, struct space *space, struct field *field) {
    struct term term = {.kind = kind, .form = form, .space = space, .field = field};
    term.type = field ? field->type : (struct type){.kind = TYPE_INT};
    if (field && space->field_columns[field->index] < 0) {
        space->field_columns[field->index] = space->fields.count;
        LIST_ADD(plan->arena, &space->fields, field);
    }
    return term_add(plan, &term);
}

struct term *term_with(struct plan *plan, enum term_kind kind, enum form form, struct type type, int count, struct term *const *inputs) {
    struct term *expanded[3];
    struct term term = {.kind = kind, .form = form, .type = type, .space = plan->once, .input_count = count};
    term.inputs = count <= 3 ? expanded : ARENA_ARRAY(plan->arena, struct term *, count);
    for (int i = 0; i < count; i++)
        term.space = space_deepest(term.space, inputs[i]->space);
    for (int i = 0; i < count; i++)
        term.inputs[i] = term_expand(plan, inputs[i], term.space);
    return term_add(plan, &term);
}

/* A term outside, for use in a space within. What is the same for all elements stays one value. */
struct term *term_expand(struct plan *plan, struct term *term, struct space *space) {
    if (term->space == space || term->space == plan->once)
        return term;
    assert(space->outer && "a term of a space that is not around this one");
    struct term *input = term_expand(plan, term, space->outer);
    struct term expand = {.kind = TERM_EXPAND, .form = term->form, .space = space, .type = term->type, .inputs = &input, .input_count = 1};
    return term_add(plan, &expand);
}

static struct term *truth_constant(struct plan *plan, bool truth) {
    return term_constant(plan, (struct type){.kind = TYPE_BOOL}, value_int(truth));
}

struct term *term_and(struct plan *plan, struct term *left, struct term *right) {
    if (!left || !right)
        return left ? left : right;
    if (left == right)
        return left;
    struct term *always = truth_constant(plan, true);
    if (left == always || right == always)
        return left == always ? right : left;
    return term_with(plan, TERM_AND, FORM_TRUTH, (struct type){.kind = TYPE_BOOL}, 2, (struct term *const[]){left, right});
}

struct term *term_not(struct plan *plan, struct term *truth) {
    return term_with(plan, TERM_NOT, FORM_TRUTH, (struct type){.kind = TYPE_BOOL}, 1, &truth);
}

struct term *term_asked(struct plan *plan, struct term *value) {
    struct type type = {.kind = TYPE_BOOL};
    struct term *sides[] = {term_with(plan, TERM_IS_KNOWN, FORM_TRUTH, type, 1, &value), term_with(plan, TERM_IS_MISSING, FORM_TRUTH, type, 1, &value)};
    return term_with(plan, TERM_OR, FORM_TRUTH, type, 2, sides);
}

struct term *term_as(struct plan *plan, struct term *term, enum form form) {
    if (term->form == form)
        return term;
    if (term->kind == TERM_CONSTANT && term->constant.kind == VALUE_MISSING) {
        static const enum type_kind kinds[] = {[FORM_INT] = TYPE_INT, [FORM_NUMBER] = TYPE_NUMBER, [FORM_TEXT] = TYPE_TEXT, [FORM_TRUTH] = TYPE_BOOL};
        return term_constant(plan, (struct type){.kind = kinds[form]}, value_missing());
    }
    if (form == FORM_TRUTH && term->form == FORM_INT)
        return term_with(plan, TERM_TO_TRUTH, form, term->type, 1, &term);
    if (form == FORM_INT && term->form == FORM_TRUTH)
        return term_with(plan, TERM_TO_INT, form, term->type, 1, &term);
    return NULL;
}
