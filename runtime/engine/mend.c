/* What would have to change for conditions to come out otherwise. See account.h, mend.h.
 * A change is a value for one of the condition's leaves with which it holds. What is offered has been tried on the whole condition. Where no single change will do, parts that fail are mended
 * one after another, and what was found together is tried together.
 * Knows: how changes are put together. Does not know: what leaves are (mend_leaves.c), how a value is found (mend_search.c). */
#include "runtime/engine/mend.h"
#include "lang/check/texpr.h"

#include <string.h>

enum { CHOICES_MOST = 6, COMBINATIONS_MOST = 100, ROWS_DEEP = 2 };

/* ---- rows that would have to be there, or not ---- */

static bool mend_condition(struct account *account, struct texpr *condition, const struct tvar *only, int depth, struct mend_list *mends, struct failure *failure);

static struct texpr *all_of(struct account *account, const struct account_collection *apart) {
    struct texpr *all = NULL;
    for (int i = 0; i < apart->conditions.count; i++)
        all = texpr_and(account->arena, all, apart->conditions.items[i]);
    return all;
}

static bool mend_row(struct mending *mending, struct texpr *collection, bool must_hold, struct account_change *change) {
    struct account *account = mending->account;
    struct account_collection apart;
    struct value element;
    bool found;
    if (!account_nearest_row(account, collection, &apart, &element, &found, mending->failure))
        return false;
    struct texpr *condition = all_of(account, &apart);
    if (!found || !condition || apart.variable->type.kind != TYPE_RECORD)
        return true;
    session_bind(account->session, apart.variable, element);
    struct value key;
    bool is_answered;
    struct texpr *row = texpr_variable(account->arena, apart.variable, collection->span);
    row->type.optional = false;
    if (!account_ask_shown(account, row, &key, &is_answered, mending->failure))
        return false;
    if (is_answered && key.kind == VALUE_TEXT)
        change->row = arena_copy(account->arena, key.text, key.length);
    return mend_condition(account, must_hold ? condition : mend_negation(account, condition), apart.variable, mending->depth + 1, &change->mends, mending->failure);
}

static void describe_rows(struct mending *mending, struct leaf *leaf, bool must_be, struct account_change *change) {
    struct account *account = mending->account;
    struct texpr *exists = leaf->expression, *member = texpr_member(exists);
    struct texpr *collection = member ? exists->source->source : exists->source;
    struct account_collection apart = account_take_apart(account, collection);
    bool is_answered;
    *change = (struct account_change){.kind = must_be ? CHANGE_TO_ROWS : CHANGE_TO_NO_ROWS, .words = account_words(account, apart.base->span), .condition = apart.filter, .nearest = value_missing()};
    if (!apart.filter && exists->value && exists->value->type.optional)
        change->condition = arena_format(account->arena, "%s is known", account_label(account, exists->value, exists->variable));
    if (!account_count(account, collection, exists->variable, exists->value, &change->matching, mending->failure) ||
        !account_count(account, apart.base, NULL, NULL, &change->all, mending->failure))
        return;
    if (member) {
        change->is_member = true;
        change->type = member->type;
        account_ask_shown(account, member, &change->nearest, &is_answered, mending->failure);
        return;
    }
    bool has_one = must_be ? change->all > 0 : change->matching == 1;
    if (has_one && mending->depth < ROWS_DEEP)
        mend_row(mending, collection, must_be, change);
}

/* ---- one change ---- */

static bool is_exists(const struct leaf *leaf) {
    return leaf->expression->kind == TEXPR_AGGREGATE && leaf->expression->aggregate == AGGREGATE_EXISTS && leaf->expression->source->kind != TEXPR_GROUP && leaf->expression->variable;
}

/* The nearest value of the leaf with which the condition holds, all else being as it is bound. NULL: there is none. */
static struct account_change *change_for(struct mending *mending, const struct texpr *condition, struct leaf *leaf, struct value *value) {
    struct texpr *frame = mend_make_frame(mending, condition, leaf);
    struct account_change *change = frame ? mend_search(mending, frame, leaf, value) : NULL;
    if (change && leaf->expression->kind == TEXPR_TODAY)
        change->words = "today";
    if (change && is_exists(leaf))
        describe_rows(mending, leaf, value->integer != 0, change);
    return change;
}

/* A field of a record that is missing cannot have a value, where the condition asks for that record, too: the record comes first. */
static bool lacks_record(const struct mending *mending, const struct leaf *leaf) {
    const struct texpr *expression = leaf->expression;
    const struct leaf *record = expression->kind == TEXPR_FIELD || expression->kind == TEXPR_DERIVED ? mend_find_leaf(mending, expression->base) : NULL;
    return record && (record->is_changed ? record->changed : record->now).kind == VALUE_MISSING;
}

static bool may_change(const struct mending *mending, const struct leaf *leaf) {
    return !leaf->is_fixed && !leaf->is_unanswered && !leaf->is_changed && !lacks_record(mending, leaf);
}

static struct account_mend *add_mend(struct account *account, struct mend_list *mends, struct account_change *first) {
    struct account_mend *mend = ARENA_NEW(account->arena, struct account_mend);
    if (first)
        LIST_ADD(account->arena, &mend->choices, first);
    LIST_ADD(account->arena, mends, mend);
    return mend;
}

/* ---- several changes ---- */

struct condition_list {
    struct texpr **items;
    int count, capacity;
};

static void take_conjuncts(struct mending *mending, struct texpr *condition, struct condition_list *list) {
    if (condition->kind != TEXPR_AND || texpr_is_range(condition)) {
        LIST_ADD(mending->account->arena, list, condition);
        return;
    }
    for (int i = 0; i < condition->argument_count; i++)
        take_conjuncts(mending, condition->arguments[i], list);
}

/* One leaf that was changed to mend one condition. */
struct step {
    struct leaf *leaf;
    const struct texpr *condition;
    struct account_change *change;
};
struct step_list {
    struct step *items;
    int count, capacity;
};

static bool mend_all(struct mending *mending, const struct condition_list *conditions, int at, const struct texpr *whole, struct step_list *steps);

/* Of an `or`, one side will do. */
static bool mend_side(struct mending *mending, const struct condition_list *conditions, int at, const struct texpr *whole, struct step_list *steps) {
    struct texpr *either = conditions->items[at];
    for (int i = 0; either->kind == TEXPR_OR && i < either->argument_count; i++) {
        struct condition_list list = {0};
        take_conjuncts(mending, either->arguments[i], &list);
        for (int rest = at + 1; rest < conditions->count; rest++)
            LIST_ADD(mending->account->arena, &list, conditions->items[rest]);
        if (mend_all(mending, &list, 0, whole, steps))
            return true;
    }
    return false;
}

/* Mends the conditions from `at` on, each with one change more, and tries the whole at the end. What does not lead there is taken back. */
static bool mend_all(struct mending *mending, const struct condition_list *conditions, int at, const struct texpr *whole, struct step_list *steps) {
    if (mending->failure->kind != FAILURE_NONE || ++mending->combinations > COMBINATIONS_MOST)
        return false;
    if (at == conditions->count)
        return mend_holds_now(mending, whole);
    const struct texpr *condition = conditions->items[at];
    if (mend_holds_now(mending, condition))
        return mend_all(mending, conditions, at + 1, whole, steps);
    for (int i = 0; i < mending->leaves.count; i++) {
        struct leaf *leaf = mending->leaves.items[i];
        struct value value;
        struct account_change *change = may_change(mending, leaf) && mend_reads(mending, condition, leaf) ? change_for(mending, condition, leaf, &value) : NULL;
        if (!change)
            continue;
        mend_change_leaf(mending, leaf, true, value);
        struct step step = {leaf, condition, change};
        LIST_ADD(mending->account->arena, steps, step);
        if (mend_all(mending, conditions, at + 1, whole, steps))
            return true;
        steps->count--;
        mend_change_leaf(mending, leaf, false, value);
    }
    return mend_side(mending, conditions, at, whole, steps);
}

/* The nearest change of the step's leaf, the others being made, now on the whole. True when it is another than before. */
static bool settle(struct mending *mending, const struct texpr *whole, struct step *step) {
    struct value before = step->leaf->changed, value;
    mend_change_leaf(mending, step->leaf, false, before);
    struct account_change *change = change_for(mending, whole, step->leaf, &value);
    step->change = change ? change : step->change;
    mend_change_leaf(mending, step->leaf, true, change ? value : before);
    return change && value_compare(value, before) != 0;
}

/* What else would do in place of one of the steps, the others being made. */
static void find_others(struct mending *mending, const struct texpr *whole, const struct step *step, struct account_mend *mend) {
    struct value value = step->leaf->changed, other;
    mend_change_leaf(mending, step->leaf, false, value);
    for (int i = 0; i < mending->leaves.count && mend->choices.count < CHOICES_MOST; i++) {
        struct leaf *leaf = mending->leaves.items[i];
        struct account_change *change =
            leaf != step->leaf && may_change(mending, leaf) && mend_reads(mending, step->condition, leaf) ? change_for(mending, whole, leaf, &other) : NULL;
        if (change)
            LIST_ADD(mending->account->arena, &mend->choices, change);
    }
    mend_change_leaf(mending, step->leaf, true, value);
}

/* Each change was found for one condition. On the whole, with the others made, it may have to be another, and then the others, too: they are gone through until they stay. */
static void mend_together(struct mending *mending, const struct condition_list *failing, const struct texpr *whole, struct mend_list *mends) {
    enum { ROUNDS_MOST = 4 };
    struct step_list steps = {0};
    if (!mend_all(mending, failing, 0, whole, &steps))
        return;
    bool is_other = true;
    for (int round = 0; round < ROUNDS_MOST && is_other; round++) {
        is_other = false;
        for (int i = 0; i < steps.count; i++)
            is_other = settle(mending, whole, &steps.items[i]) || is_other;
    }
    for (int i = 0; i < steps.count; i++)
        find_others(mending, whole, &steps.items[i], add_mend(mending->account, mends, steps.items[i].change));
}

/* ---- all of it ---- */

static bool is_read_by_any(const struct mending *mending, const struct condition_list *conditions, const struct leaf *leaf) {
    for (int i = 0; i < conditions->count; i++)
        if (mend_reads(mending, conditions->items[i], leaf))
            return true;
    return false;
}

static void mend_alone(struct mending *mending, const struct condition_list *failing, const struct texpr *whole, struct mend_list *mends) {
    struct account_mend *mend = NULL;
    for (int i = 0; i < mending->leaves.count && (!mend || mend->choices.count < CHOICES_MOST); i++) {
        struct leaf *leaf = mending->leaves.items[i];
        struct value value;
        struct account_change *change = may_change(mending, leaf) && is_read_by_any(mending, failing, leaf) ? change_for(mending, whole, leaf, &value) : NULL;
        if (change && mend)
            LIST_ADD(mending->account->arena, &mend->choices, change);
        else if (change)
            mend = add_mend(mending->account, mends, change);
    }
}

static bool mend_condition(struct account *account, struct texpr *condition, const struct tvar *only, int depth, struct mend_list *mends, struct failure *failure) {
    struct mending mending = {.account = account, .only = only, .depth = depth, .failure = failure};
    struct texpr *whole = mend_start(&mending, condition);
    struct condition_list all = {0}, failing = {0};
    take_conjuncts(&mending, whole, &all);
    for (int i = 0; i < all.count; i++)
        if (!mend_holds_now(&mending, all.items[i]))
            LIST_ADD(account->arena, &failing, all.items[i]);
    if (!failing.count)
        return failure->kind == FAILURE_NONE;
    mend_alone(&mending, &failing, whole, mends);
    if (!mends->count)
        mend_together(&mending, &failing, whole, mends);
    return failure->kind == FAILURE_NONE;
}

bool account_find_mends(struct account *account, struct failure *failure) {
    struct texpr *whole = account->also;
    account->has_mends = true;
    for (int i = 0; i < account->clauses.count; i++) {
        const struct account_clause *clause = account->clauses.items[i];
        whole = texpr_and(account->arena, whole, clause->must_hold ? clause->condition : mend_negation(account, clause->condition));
    }
    return !whole || mend_condition(account, whole, NULL, 0, &account->mends, failure);
}
