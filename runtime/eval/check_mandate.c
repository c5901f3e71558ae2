/* What mandates require of all their subjects, asked in the passes of a check. See checking.h.
 * A mandate's question (lang/check/obligations.c) becomes terms of the subject, or of the subject and its periods. What the plan could not evaluate is walked, which says why, or gives the answer. */
#include "runtime/eval/checking.h"

struct mandate_check {
    struct checking *checking;
    const struct tmandate *mandate;
    int position;
    struct term *condition;       /* a truth: which subjects it is about; NULL: all */
    struct plan_periods *periods; /* or NULL */
    struct term *due, *outcome, *dated;
    int next;                     /* row of the root that is asked next */
    int64_t subject;              /* the one at hand, */
    int handed;                   /* how much of it has been handed over, */
    bool is_walked;               /* and whether it is walked: then the plan's rows of it are passed over */
};

/* ---- as terms ---- */

static struct term *compile_value(struct mandate_check *check, struct space *root, const struct tquery *query, int column) {
    struct plan *plan = &check->checking->plan;
    const struct texpr *value = query->columns[column].value;
    return check->periods ? plan_compile_of_period(plan, check->periods, value, NULL) : plan_compile(plan, root, query->sources[0].variable, value, check->condition);
}

void mandate_check_add(struct checking *checking, const struct tmandate *mandate, int position) {
    struct plan *plan = &checking->plan;
    const struct tquery *query = mandate->all;
    const struct tvar *element = query->sources[0].variable;
    const struct texpr *condition = mandate->timing == TIMING_EVERY ? mandate->where : query->condition;
    struct space *root = plan_root(plan, mandate->record);
    struct mandate_check *check = ARENA_NEW(plan->arena, struct mandate_check);
    *check = (struct mandate_check){.checking = checking, .mandate = mandate, .position = position};
    check->condition = condition ? term_as(plan, plan_compile(plan, root, element, condition, NULL), FORM_TRUTH) : NULL;
    if (mandate->timing == TIMING_EVERY)
        check->periods = plan_periods(plan, root, element, query->sources[1].variable, query->sources[1].collection, check->condition);
    check->due = compile_value(check, root, query, MANDATE_DUE);
    check->outcome = compile_value(check, root, query, MANDATE_OUTCOME);
    check->dated = compile_value(check, root, query, MANDATE_DATED);
    LIST_ADD(plan->arena, &checking->mandates, check);
}

/* ---- handing over ---- */

static bool hand_over(struct mandate_check *check, const struct asked *asked) {
    struct checking *checking = check->checking;
    return checking->sink->asked(checking->sink->context, check->mandate, asked, checking->failure);
}

static void begin_subject(struct mandate_check *check, int64_t id) {
    check->subject = id;
    check->handed = 0;
    check->is_walked = false;
}

/* ---- walking one subject ---- */

struct walking {
    struct mandate_check *check;
    int passed_over; /* of what has been handed over already */
    bool by_sink;    /* it was the sink that stopped it */
};

static enum step walk_answer(void *context) {
    struct walking *walking = context;
    struct mandate_check *check = walking->check;
    const struct tquery *query = check->mandate->one;
    struct value row[MANDATE_COLUMNS];
    for (int i = 0; i < MANDATE_COLUMNS; i++)
        if (!walk(&check->checking->walker, query->columns[i].value, &row[i]))
            return STEP_FAILED;
    struct asked asked = asked_of_row(row);
    if (walking->passed_over++ < check->handed)
        return STEP_ON;
    walking->by_sink = !hand_over(check, &asked);
    return walking->by_sink ? STEP_FAILED : STEP_ON;
}

static bool walk_subject(struct mandate_check *check) {
    struct checking *checking = check->checking;
    const struct tmandate *mandate = check->mandate;
    struct walking walking = {.check = check};
    check->is_walked = true;
    checking->walker.failure = checking->failure;
    struct slot before = walker_bind(&checking->walker, mandate->subject, (struct element){value_int(check->subject), NULL});
    bool good = walk_sources(&checking->walker, mandate->one, walk_answer, &walking) != STEP_FAILED;
    walker_unbind(&checking->walker, mandate->subject, before);
    checking->walker.failure = &checking->ignored;
    if (!good && !walking.by_sink && !checking->failure->has_span)
        checking->failure->span = mandate->span;
    if (!good && !walking.by_sink && checking->failure->kind == FAILURE_PROGRAM) {
        checking->failed = check->position;
        checking_name(checking, mandate->subject, mandate->record, check->subject, arena_format(checking->plan.arena, "mandate `%s`", mandate->name));
    }
    return good;
}

/* ---- asking, row by row ---- */

static int place(const struct term *term, int row) {
    return term->space->kind == SPACE_ONCE ? 0 : row;
}

/* False: it has failed. */
static inline bool take_day(const struct term *term, int row, int64_t *day) {
    const struct vector *result = &term->result;
    int at = place(term, row);
    if (!result->is_plain && result->states[at] != STATE_KNOWN) {
        *day = NO_DAY;
        return result->states[at] == STATE_MISSING;
    }
    *day = result->integers[at];
    return true;
}

static bool ask(struct mandate_check *check, int row, int64_t period) {
    struct asked asked = {.id = check->subject, .period = period};
    int64_t outcome;
    if (!take_day(check->due, row, &asked.due) || !take_day(check->outcome, row, &outcome) || !take_day(check->dated, row, &asked.dated))
        return walk_subject(check);
    asked.outcome = (int)outcome;
    check->handed++;
    return hand_over(check, &asked);
}

static enum truth truth_of(const struct term *condition, int row) {
    return condition ? (enum truth)condition->result.truths[place(condition, row)] : TRUTH_TRUE;
}

static bool has_failed(const struct term *term, int row) {
    return term_state(term, row) == STATE_FAILED;
}

/* Subjects that the plan cannot say periods of are walked, in their order, as far as `end`. */
static bool walk_up_to(struct mandate_check *check, int end) {
    const struct space *root = check->periods->root;
    for (; check->next < end; check->next++) {
        enum truth truth = truth_of(check->condition, check->next);
        begin_subject(check, root->ids[check->next]);
        bool is_undecided = truth == TRUTH_FAILED || (truth == TRUTH_TRUE && (has_failed(check->periods->space->from, check->next) || has_failed(check->periods->space->until, check->next)));
        if (is_undecided && !walk_subject(check))
            return false;
    }
    return true;
}

static bool ask_periods(void *context, const struct plan_periods *periods) {
    struct mandate_check *check = context;
    const struct space *space = periods->space;
    for (int k = 0; k < space->segment_count; k++) {
        int subject = space->first_outer + k;
        if (!walk_up_to(check, subject + 1)) /* none where it goes on with one */
            return false;
        if (truth_of(check->condition, subject) != TRUTH_TRUE)
            continue;
        for (int row = space->offsets[k]; row < space->offsets[k + 1] && !check->is_walked; row++)
            if (!ask(check, row, space->index[row]))
                return false;
    }
    return true;
}

static bool visit_with_periods(void *context, struct space *root) {
    struct mandate_check *check = context;
    struct plan *plan = &check->checking->plan;
    check->next = 0;
    if (check->condition)
        term_need(plan, check->condition);
    term_need(plan, check->periods->space->from);
    term_need(plan, check->periods->space->until);
    return !plan->has_failed && plan_visit_periods(plan, check->periods, ask_periods, check) && walk_up_to(check, root->count);
}

static bool visit_subjects(void *context, struct space *root) {
    struct mandate_check *check = context;
    struct plan *plan = &check->checking->plan;
    struct term *terms[] = {check->condition, check->due, check->outcome, check->dated};
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (terms[i])
            term_need(plan, terms[i]);
    for (int row = 0; row < root->count && !plan->has_failed; row++) {
        enum truth truth = truth_of(check->condition, row);
        if (truth != TRUTH_TRUE && truth != TRUTH_FAILED)
            continue;
        begin_subject(check, root->ids[row]);
        if (!(truth == TRUTH_FAILED ? walk_subject(check) : ask(check, row, NO_DAY)))
            return false;
    }
    return !plan->has_failed;
}

void mandate_check_place(struct mandate_check *check, struct plan_visit *visit) {
    struct plan *plan = &check->checking->plan;
    struct term *terms[] = {check->condition, check->due, check->outcome, check->dated};
    *visit = (struct plan_visit){.root = plan_root(plan, check->mandate->record), .visit = check->periods ? visit_with_periods : visit_subjects, .context = check};
    if (check->periods) {
        visit->level = plan_ask_periods(plan, check->periods, visit);
        return;
    }
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        if (terms[i]) {
            LIST_ADD(plan->arena, &visit->terms, terms[i]);
            visit->level = terms[i]->level > visit->level ? terms[i]->level : visit->level;
        }
}
