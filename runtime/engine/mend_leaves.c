/* The leaves of a condition, and the condition with variables in their places. See mend.h.
 * The condition is written out and turned so that `not` stands before single questions only. Each value of its own in it, a leaf, gets a variable, bound to what it is now. Where a leaf depends
 * on one that is changed, it is not bound but worked out anew.
 * Knows: what depends on what. Does not know: which values are tried. */
#include "runtime/engine/mend.h"
#include "lang/check/texpr.h"

#include <string.h>

enum { PARTS_WRITTEN_OUT_MOST = 20000 };

/* ---- writing out ---- */

/* What stands behind a name: a derived field's value (missing where its record is), the body of a definition's call. NULL: it is no name. */
static struct texpr *open_name(struct account *account, const struct texpr *part) {
    struct arena *arena = account->arena;
    if (part->kind == TEXPR_LET)
        return account_substitute(account, part->arguments[1], part->variable, part->arguments[0]);
    if (part->kind != TEXPR_DERIVED || part->field->index < FIELD_FIRST_OWN)
        return NULL;
    struct texpr *value = account_substitute(account, part->field->value, part->field->self, part->base);
    if (!part->base->type.optional)
        return value;
    struct texpr *rows[] = {texpr_unary(arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), part->base), value, texpr_create(arena, TEXPR_MISSING, part->type, part->span)};
    return texpr_with(arena, TEXPR_CASE, part->type, part->span, 3, rows);
}

static const struct texpr *open_any(const struct texpr *part, void *context) {
    return open_name(context, part);
}

static const struct texpr *open_call(const struct texpr *part, void *context) {
    return part->kind == TEXPR_LET ? open_name(context, part) : NULL;
}

/* All names in it, in each other too; as it stands where that would be too much. */
static struct texpr *write_out(struct account *account, struct texpr *expression, bool *is_too_large) {
    int64_t budget = PARTS_WRITTEN_OUT_MOST;
    struct texpr *whole = texpr_replace(account->arena, expression, open_any, account, &account->session->program->variable_count, &budget);
    *is_too_large = budget < 0;
    return *is_too_large ? expression : whole;
}

struct texpr *mend_negation(struct account *account, struct texpr *condition) {
    return texpr_with(account->arena, TEXPR_NOT, type_of_kind(TYPE_BOOL), condition->span, 1, &condition);
}

/* `not` goes inwards, conditions that go by a name are opened. Single questions stay as they are, but for calls in them. */
static struct texpr *turn_inwards(struct account *account, struct texpr *condition, bool is_negated) {
    struct arena *arena = account->arena;
    int64_t budget = PARTS_WRITTEN_OUT_MOST;
    switch (condition->kind) {
    case TEXPR_NOT:
        return turn_inwards(account, condition->arguments[0], !is_negated);
    case TEXPR_AND: case TEXPR_OR: {
        if (texpr_is_range(condition) && !is_negated)
            break;
        struct texpr *turned = texpr_with(arena, (condition->kind == TEXPR_AND) != is_negated ? TEXPR_AND : TEXPR_OR, condition->type, condition->span, condition->argument_count, condition->arguments);
        for (int i = 0; i < turned->argument_count; i++)
            turned->arguments[i] = turn_inwards(account, condition->arguments[i], is_negated);
        return turned;
    }
    case TEXPR_LET: case TEXPR_DERIVED:
        if (condition->kind == TEXPR_DERIVED && (condition->base->type.optional || condition->field->index < FIELD_FIRST_OWN))
            break;
        return turn_inwards(account, open_name(account, condition), is_negated);
    default:
        break;
    }
    struct texpr *asked = texpr_replace(arena, condition, open_call, account, &account->session->program->variable_count, &budget);
    asked = budget < 0 ? condition : asked;
    return is_negated ? mend_negation(account, asked) : asked;
}

/* ---- leaves ---- */

struct leaf *mend_find_leaf(const struct mending *mending, const struct texpr *expression) {
    for (int i = 0; i < mending->leaves.count; i++)
        if (texpr_equal(mending->leaves.items[i]->expression, expression))
            return mending->leaves.items[i];
    return NULL;
}

static bool is_bound(const struct session *session, const struct tvar *variable) {
    for (int i = 0; i < session->bindings.count; i++)
        if (session->bindings.items[i].variable == variable)
            return true;
    return false;
}

static bool is_given(const struct account *account, const struct texpr *expression) {
    for (int i = 0; expression->kind == TEXPR_VARIABLE && i < account->given.count; i++)
        if (account->given.items[i] == expression->variable)
            return true;
    return false;
}

/* Nothing that anyone could change: what was asked about, what was, a record itself, its key, the hour, an exchange rate; or what does not depend on the row. */
static bool is_fixed(const struct mending *mending, const struct texpr *expression) {
    bool is_element = expression->kind == TEXPR_ID || expression->kind == TEXPR_NOW || expression->kind == TEXPR_AT || expression->kind == TEXPR_REQUIRE || is_given(mending->account, expression) || (expression->kind == TEXPR_VARIABLE && expression->type.kind == TYPE_RECORD);
    bool is_key = expression->kind == TEXPR_DERIVED && expression->field->index == FIELD_KEY && expression->base->kind == TEXPR_VARIABLE;
    return is_element || is_key || (mending->only && !texpr_uses(expression, mending->only));
}

static void add_leaf(struct mending *mending, struct texpr *expression) {
    struct account *account = mending->account;
    struct leaf *leaf = mend_find_leaf(mending, expression);
    if (leaf) {
        leaf->variable->type.optional = leaf->variable->type.optional || expression->type.optional;
        return;
    }
    leaf = ARENA_NEW(account->arena, struct leaf);
    bool is_answered = false;
    leaf->expression = expression;
    leaf->whole = write_out(account, expression, &leaf->is_too_large);
    leaf->variable = account_variable(account, "it", expression->type);
    leaf->is_fixed = is_fixed(mending, expression);
    if (mending->failure->kind == FAILURE_NONE)
        account_ask(account, expression, &leaf->now, &is_answered, mending->failure);
    leaf->now = is_answered ? value_keep(account->arena, leaf->now) : value_missing();
    leaf->is_unanswered = !is_answered;
    LIST_ADD(account->arena, &mending->leaves, leaf);
}

/* The outermost values of their own, in the order written. */
static void find_leaves(struct mending *mending, struct texpr *expression) {
    bool is_named = expression->kind != TEXPR_CONSTANT && expression->type.kind != TYPE_BOOL && account_is_let(mending->account, expression);
    if (is_named || texpr_is_leaf(expression)) {
        add_leaf(mending, expression);
        return;
    }
    for (int i = 0; i < expression->argument_count; i++)
        find_leaves(mending, expression->arguments[i]);
}

/* ---- leaves within others: what a name or an aggregate was worked out from ---- */

struct within {
    struct mending *mending;
    bool has_today;
    LIST_OF(const struct texpr *) fields;
};

static bool is_over_all(const struct texpr *aggregate) {
    const struct texpr *collection = aggregate->source;
    while (collection->kind == TEXPR_FILTER || collection->kind == TEXPR_MAP || collection->kind == TEXPR_NEWEST)
        collection = collection->source;
    return collection->kind == TEXPR_ALL || collection->kind == TEXPR_QUERY;
}

/* To go through all rows of a type again and again takes too long. */
static bool note_within(const struct texpr *part, void *context) {
    struct within *within = context;
    struct mending *mending = within->mending;
    if (part->kind == TEXPR_TODAY)
        within->has_today = true;
    if (part->kind == TEXPR_AT || (part->kind == TEXPR_AGGREGATE && is_over_all(part)))
        return false;
    bool is_field = part->kind == TEXPR_FIELD && part->base->kind == TEXPR_VARIABLE && is_bound(mending->account->session, part->base->variable);
    if (is_field && part->field->index >= FIELD_FIRST_OWN && (!mending->only || part->base->variable == mending->only))
        LIST_ADD(mending->account->arena, &within->fields, part);
    return !is_field;
}

static struct texpr *copy_of(struct account *account, const struct texpr *expression) {
    struct texpr *copy = ARENA_NEW(account->arena, struct texpr);
    *copy = *expression;
    return copy;
}

static void find_leaves_within(struct mending *mending) {
    int count = mending->leaves.count;
    bool has_today = false;
    for (int i = 0; i < count; i++) {
        struct leaf *leaf = mending->leaves.items[i];
        struct within within = {.mending = mending};
        bool is_plain = leaf->expression->kind == TEXPR_FIELD && leaf->expression->base->kind == TEXPR_VARIABLE;
        if (is_plain || leaf->is_fixed || leaf->expression->kind == TEXPR_TODAY)
            continue;
        texpr_walk(leaf->whole, note_within, &within);
        for (int f = 0; f < within.fields.count; f++)
            add_leaf(mending, copy_of(mending->account, within.fields.items[f]));
        has_today = has_today || within.has_today;
    }
    if (has_today && !mending->only)
        add_leaf(mending, texpr_create(mending->account->arena, TEXPR_TODAY, type_of_kind(TYPE_DATE), (struct span){0, 0, 0}));
}

/* ---- frames: conditions in which variables stand for leaves ---- */

struct finding {
    const struct leaf *leaf;
    bool found;
};

static bool note_leaf(const struct texpr *part, void *context) {
    struct finding *finding = context;
    finding->found = finding->found || texpr_equal(part, finding->leaf->expression) || texpr_equal(part, finding->leaf->whole);
    return !finding->found && part->kind != TEXPR_AT;
}

static bool contains(const struct texpr *expression, const struct leaf *leaf) {
    struct finding finding = {leaf, false};
    texpr_walk(expression, note_leaf, &finding);
    return finding.found;
}

static bool depends_on_changed(const struct mending *mending, const struct leaf *leaf) {
    for (int i = 0; i < mending->leaves.count; i++)
        if (mending->leaves.items[i]->is_changed && mending->leaves.items[i] != leaf && contains(leaf->whole, mending->leaves.items[i]))
            return true;
    return false;
}

static struct texpr *variable_of(struct mending *mending, const struct leaf *leaf, const struct texpr *part) {
    struct texpr *variable = texpr_variable(mending->account->arena, leaf->variable, part->span);
    variable->type = part->type;
    return variable;
}

static const struct texpr *put_variable(const struct texpr *part, void *context) {
    struct mending *mending = context;
    for (int i = 0; i < mending->leaves.count; i++) {
        const struct leaf *leaf = mending->leaves.items[i];
        if (part == leaf->whole && !leaf->is_changed) /* it was put here to be gone through: others may be it, or stand in it */
            continue;
        if (texpr_equal(part, leaf->expression)) {
            if (leaf->is_changed || (!leaf->is_unanswered && !depends_on_changed(mending, leaf)))
                return variable_of(mending, leaf, part);
            return leaf->whole;
        }
        if (leaf->is_changed && texpr_equal(part, leaf->whole))
            return variable_of(mending, leaf, part);
    }
    return NULL;
}

/* With the leaves that are changed, and the varied one (or NULL), as variables of which others may depend. */
struct texpr *mend_make_frame(struct mending *mending, const struct texpr *condition, struct leaf *varied) {
    int64_t budget = PARTS_WRITTEN_OUT_MOST * 4;
    bool was_changed = varied && varied->is_changed;
    if (varied)
        varied->is_changed = true;
    struct texpr *frame = texpr_replace(mending->account->arena, condition, put_variable, mending, &mending->account->session->program->variable_count, &budget);
    if (varied)
        varied->is_changed = was_changed;
    return budget < 0 ? NULL : frame;
}

bool mend_holds_now(struct mending *mending, const struct texpr *condition) {
    struct texpr *frame = mend_make_frame(mending, condition, NULL);
    return frame && mend_holds(mending, frame);
}

static void bind_leaf(struct mending *mending, const struct leaf *leaf) {
    session_bind(mending->account->session, leaf->variable, leaf->is_changed ? leaf->changed : leaf->now);
}

void mend_change_leaf(struct mending *mending, struct leaf *leaf, bool is_changed, struct value value) {
    leaf->is_changed = is_changed;
    leaf->changed = value;
    bind_leaf(mending, leaf);
}

/* Does the condition read the leaf, itself or through others? */
bool mend_reads(const struct mending *mending, const struct texpr *condition, const struct leaf *leaf) {
    if (contains(condition, leaf))
        return true;
    for (int i = 0; i < mending->leaves.count; i++)
        if (mending->leaves.items[i] != leaf && contains(mending->leaves.items[i]->whole, leaf) && contains(condition, mending->leaves.items[i]))
            return true;
    return false;
}

/* ---- what a change of a field would touch beside it ---- */

struct finding_unbound {
    const struct session *session;
    bool found;
};

static bool note_unbound(const struct texpr *part, void *context) {
    struct finding_unbound *finding = context;
    finding->found = finding->found || (part->kind == TEXPR_VARIABLE && !is_bound(finding->session, part->variable));
    return !finding->found;
}

/* Is it surely another record than the one whose field is to change? */
static bool is_another_record(const struct mending *mending, const struct texpr *base, const struct texpr *element) {
    struct finding_unbound unbound = {mending->account->session, false};
    struct value a, b;
    bool has_a, has_b;
    texpr_walk(base, note_unbound, &unbound);
    if (unbound.found || !account_ask(mending->account, base, &a, &has_a, mending->failure) || !account_ask(mending->account, element, &b, &has_b, mending->failure))
        return false;
    return has_a && has_b && (a.kind == VALUE_MISSING || a.integer != b.integer);
}

static bool is_in_key(const struct record_type *record, const struct field *field) {
    for (int i = 0; i < record->key_count; i++)
        if (record->key[i] == field)
            return true;
    return false;
}

struct touching {
    const struct mending *mending;
    const struct texpr *changed; /* base . field */
    bool found;
};

/* The same field read through another way, the collection that a reference makes, the key that a field is part of. */
static bool note_touched(const struct texpr *part, void *context) {
    struct touching *touching = context;
    const struct texpr *changed = touching->changed;
    const struct field *field = changed->field;
    bool is_key = (part->kind == TEXPR_DERIVED && part->field->index < FIELD_FIRST_OWN && is_in_key(part->field->record, field)) ||
                  (part->kind == TEXPR_REFERENCE && is_in_key(part->type.record, field));
    if (is_key || (part->kind == TEXPR_INVERSE && part->field->inverse_of == field))
        touching->found = true;
    else if (part->kind == TEXPR_FIELD && part->field == field && !texpr_equal(part, changed))
        touching->found = !is_another_record(touching->mending, part->base, changed->base);
    return !touching->found && part->kind != TEXPR_AT;
}

/* A field of the record may be read where it is not seen to be that record's: then it cannot be told here what would be if it were other. */
static bool is_touched_elsewhere(const struct mending *mending, const struct texpr *whole, const struct leaf *leaf) {
    struct touching touching = {mending, leaf->expression, false};
    if (leaf->expression->kind != TEXPR_FIELD)
        return false;
    texpr_walk(whole, note_touched, &touching);
    for (int i = 0; i < mending->leaves.count && !touching.found; i++) {
        touching.found = mending->leaves.items[i] != leaf && mending->leaves.items[i]->is_too_large;
        if (!touching.found)
            texpr_walk(mending->leaves.items[i]->whole, note_touched, &touching);
    }
    return touching.found;
}

/* ---- all of them ---- */

struct texpr *mend_start(struct mending *mending, struct texpr *condition) {
    struct texpr *whole = turn_inwards(mending->account, condition, false);
    find_leaves(mending, whole);
    find_leaves_within(mending);
    for (int i = 0; i < mending->leaves.count; i++)
        mending->leaves.items[i]->is_fixed = mending->leaves.items[i]->is_fixed || is_touched_elsewhere(mending, whole, mending->leaves.items[i]);
    for (int i = 0; i < mending->leaves.count; i++)
        bind_leaf(mending, mending->leaves.items[i]);
    return whole;
}
