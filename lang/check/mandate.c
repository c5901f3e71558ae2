/* Mandates: what an office requires of whom, by when, and who may excuse it.
 * Knows: the clauses of a mandate. Does not know: who may declare it (authority.c), how its obligations are asked for (obligations.c). */
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <assert.h>
#include <string.h>

struct mandate_check {
    struct checker *checker;
    struct tmandate *mandate;
    struct node_mandate *written;
    struct node *timing;      /* EVERY, BY or BEFORE; NULL: none */
    struct context outside;   /* where the subject is known, */
    struct context within;    /* and the period */
    bool good;
};

static void refuse(struct mandate_check *check) {
    check->good = false;
}

/* ---- timing ---- */

static const char *const timing_words[] = {[NODE_EVERY] = "every", [NODE_BY_DATE] = "by", [NODE_BEFORE] = "before"};

static void find_timing(struct mandate_check *check) {
    static const enum node_kind kinds[] = {NODE_EVERY, NODE_BY_DATE, NODE_BEFORE};
    for (int i = 0; i < check->written->clauses.count; i++) {
        struct node *clause = check->written->clauses.items[i];
        bool is_timing = false;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            is_timing = is_timing || clause->kind == kinds[k];
        if (is_timing && check->timing) {
            struct diagnostic *said = diagnostic_add(check->checker->diagnostics, DIAG_TIMING_TWICE, clause->span, timing_words[clause->kind]);
            diagnostic_second(check->checker->diagnostics, said, check->timing->span, "it is asked for here");
            refuse(check);
        } else if (is_timing)
            check->timing = clause;
    }
}

static bool uses_period(struct mandate_check *check, struct node *node, const struct texpr *expression) {
    if (!check->mandate->period || !texpr_uses(expression, check->mandate->period))
        return false;
    diagnostic_add(check->checker->diagnostics, DIAG_PERIOD_OF_ITSELF, node->span);
    return true;
}

/* A day of the subject, which may be missing. */
static struct texpr *check_day(struct mandate_check *check, struct context *context, struct node *node, const char *what) {
    if (!node)
        return NULL;
    struct texpr *day = check_as(context, node, type_optional(type_of_kind(TYPE_DATE), true), what);
    if (!is_poison(day))
        return day;
    refuse(check);
    return NULL;
}

static void check_every(struct mandate_check *check) {
    struct tmandate *mandate = check->mandate;
    struct node_every *every = AS(every, EVERY, check->timing);
    mandate->timing = TIMING_EVERY;
    if (!check_cadence(check->checker, every->cadence, &mandate->cadence))
        refuse(check);
    mandate->period = variable_create(check->checker, intern_string(check->checker->names, "period"), type_of_kind(TYPE_PERIOD));
    check->within.scope = scope_push(check->checker, check->within.scope, SCOPE_VARIABLE, mandate->period->name, mandate->period, NULL);
}

static void check_from_until(struct mandate_check *check, struct context *context) {
    struct tmandate *mandate = check->mandate;
    struct node_every *every = AS(every, EVERY, check->timing);
    mandate->from = check_day(check, context, every->from, "the day after `from`");
    mandate->until = check_day(check, context, every->until, "the day after `until`");
    if ((mandate->from && uses_period(check, every->from, mandate->from)) || (mandate->until && uses_period(check, every->until, mandate->until)))
        refuse(check);
}

/* The field of the subject that the gate is on, and the value that it shall not have before. */
static void check_before(struct mandate_check *check) {
    struct checker *checker = check->checker;
    struct tmandate *mandate = check->mandate;
    struct node_before *before = AS(before, BEFORE, check->timing);
    mandate->timing = TIMING_GATE;
    struct texpr *path = check_expression(&check->outside, before->path, NULL);
    bool is_own = path->kind == TEXPR_FIELD && path->base->kind == TEXPR_VARIABLE && path->base->variable == mandate->element;
    if (is_poison(path) || !is_own || path->field->index < FIELD_FIRST_OWN) {
        if (!is_poison(path)) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_GATE_FIELD, before->path->span, source_words(checker, before->path), mandate->record->name);
            diagnostic_hint(checker->diagnostics, said, "Name a field that is set: `before stage becomes delivery`.");
        }
        refuse(check);
        return;
    }
    mandate->gate_field = path->field;
    mandate->gate_value = check_as(&check->outside, before->value, type_optional(path->field->type, false), "what a gate's field becomes");
    if (!is_poison(mandate->gate_value) && (mandate->gate_value->kind == TEXPR_CONSTANT || mandate->gate_value->kind == TEXPR_REFERENCE))
        return;
    if (!is_poison(mandate->gate_value))
        diagnostic_add(checker->diagnostics, DIAG_GATE_VALUE, before->value->span);
    refuse(check);
}

/* `by` wants the lets, `every` gives the period to them. */
static void begin_timing(struct mandate_check *check) {
    if (!check->timing)
        check->mandate->timing = TIMING_ALWAYS;
    else if (check->timing->kind == NODE_EVERY)
        check_every(check);
    else if (check->timing->kind == NODE_BEFORE)
        check_before(check);
    else
        check->mandate->timing = TIMING_BY;
}

/* Where the day is missing nothing is required: so it is known in all that follows. */
static void check_by(struct mandate_check *check, struct context *context) {
    struct checker *checker = check->checker;
    struct texpr *day = check_day(check, context, AS(by_date, BY_DATE, check->timing)->date, "the day after `by`");
    check->mandate->by = day;
    if (day && day->type.optional)
        check->within.facts = facts_when(checker, check->within.facts, texpr_unary(checker->arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), day), true);
}

/* Once the lets are known, which its days may use. The exceptions are asked of what is required on them, and make sure of nothing here. */
static void end_timing(struct mandate_check *check) {
    struct context context = check->within;
    context.facts = check->outside.facts;
    if (check->mandate->timing == TIMING_EVERY)
        check_from_until(check, &context);
    else if (check->mandate->timing == TIMING_BY)
        check_by(check, &context);
}

static int count_to_last_let(struct node_list clauses) {
    int count = 0;
    for (int i = 0; i < clauses.count; i++)
        if (clauses.items[i]->kind == NODE_LET)
            count = i + 1;
    return count;
}

/* ---- what is required ---- */

static bool is_mandatory(enum modal modal) {
    return modal == MODAL_SHALL || modal == MODAL_SHALL_NOT;
}

static struct texpr *check_requirement(struct mandate_check *check, struct context *context, struct node *node) {
    static const char *const words[] = {[MODAL_SHALL] = "`shall`", [MODAL_SHALL_NOT] = "`shall not`", [MODAL_SHOULD] = "`should`", [MODAL_SHOULD_NOT] = "`should not`"};
    struct node_requirement *requirement = AS(requirement, REQUIREMENT, node);
    struct texpr *condition = check_condition(context, requirement->condition, words[requirement->modal]);
    if (is_poison(condition)) {
        refuse(check);
        return NULL;
    }
    bool is_negated = requirement->modal == MODAL_SHALL_NOT || requirement->modal == MODAL_SHOULD_NOT;
    return is_negated ? texpr_unary(check->checker->arena, TEXPR_NOT, type_of_kind(TYPE_BOOL), condition) : condition;
}

/* Each exception is asked only where those before it do not apply; what it asks for instead, only where it does. */
static void check_exception(struct mandate_check *check, struct node *node, const struct node *own) {
    struct checker *checker = check->checker;
    struct node_except *except = AS(except, EXCEPT, node);
    struct tmandate_exception exception = {.label = clause_exception(checker, except->label), .span = node->span};
    exception.condition = check_condition(&check->within, except->condition, "`when`");
    if (is_poison(exception.condition)) {
        refuse(check);
        return;
    }
    if (except->requirement) {
        struct context when = check->within;
        when.facts = facts_when(checker, when.facts, exception.condition, true);
        exception.requirement = check_requirement(check, &when, except->requirement);
        const struct node_requirement *asked = AS(requirement, REQUIREMENT, except->requirement);
        exception.modal = (enum modal)asked->modal;
        if (own && is_mandatory((enum modal)asked->modal) != is_mandatory((enum modal)((const struct node_requirement *)own)->modal)) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_MODALS_DIFFER, except->requirement->span);
            diagnostic_second(checker->diagnostics, said, own->span, "its own requirement is here");
            refuse(check);
        }
    }
    for (int i = 0; i < check->mandate->exception_count; i++)
        if (strcmp(check->mandate->exceptions[i].label, exception.label) == 0) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_EXCEPTION_TWICE, except->label->span, exception.label);
            diagnostic_second(checker->diagnostics, said, check->mandate->exceptions[i].span, "it is named here");
            refuse(check);
        }
    check->mandate->exceptions[check->mandate->exception_count++] = exception;
    check->within.facts = facts_when(checker, check->within.facts, exception.condition, false);
}

/* ---- the other clauses ---- */

static void check_waivable(struct mandate_check *check, struct node *node) {
    struct tmandate *mandate = check->mandate;
    struct node_waivable *waivable = AS(waivable, WAIVABLE, node);
    mandate->granters = clause_actors(check->checker, waivable->granters, &mandate->granter_count);
    mandate->endorsers = clause_actors(check->checker, waivable->through, &mandate->endorser_count);
    bool is_whole = mandate->granter_count == waivable->granters.count && mandate->endorser_count == waivable->through.count;
    bool good = !waivable->up_to || clause_fixed_length(&check->outside, waivable->up_to, "`up to`", "up to 90 days", &mandate->waived_up_to);
    if (!is_whole || !good)
        refuse(check);
}

static void check_escalate(struct mandate_check *check, struct node *node) {
    struct tmandate *mandate = check->mandate;
    struct node_escalate *escalate = AS(escalate, ESCALATE, node);
    struct decimal count;
    int64_t after = 1;
    if (!clause_actor(check->checker, escalate->to, &mandate->escalated_to))
        refuse(check);
    bool is_number = !escalate->after || (read_number(AS(int_literal, INT_LITERAL, escalate->after)->text, &count) && decimal_to_int(count, &after));
    if (!is_number || after > LIMIT_BREACHES) {
        diagnostic_add(check->checker->diagnostics, DIAG_BREACHES_TOO_MANY, escalate->after->span, (int)LIMIT_BREACHES);
        refuse(check);
        return;
    }
    if (after < 1) {
        diagnostic_add(check->checker->diagnostics, DIAG_BREACHES_COUNT, escalate->after->span);
        refuse(check);
        return;
    }
    mandate->escalated_after = (int)after;
    if (after > 1 && mandate->timing != TIMING_EVERY) {
        struct diagnostic *said = diagnostic_add(check->checker->diagnostics, DIAG_BREACHES_NEVER_MANY, escalate->after->span, (long long)after);
        diagnostic_hint(check->checker->diagnostics, said, "Leave `after` out, or say how often it is required: `every month from start`.");
        refuse(check);
    }
}

static void check_effort(struct mandate_check *check, struct node *node) {
    struct tlength *effort = &check->mandate->effort;
    if (!clause_fixed_length(&check->outside, AS(effort, EFFORT, node)->burden, "`effort`", "effort 2 hours", effort))
        refuse(check);
    else if (effort->kind == TYPE_SPAN) {
        struct diagnostic *said = diagnostic_add(check->checker->diagnostics, DIAG_LENGTH_NOT_FIXED, AS(effort, EFFORT, node)->burden->span, "`effort`");
        diagnostic_hint(check->checker->diagnostics, said, "Work is counted in hours and days: `effort 2 hours`.");
        refuse(check);
    }
}

/* What is given as it stands is whole days, and not less than none: a day is in time or it is not. */
static bool is_grace(struct mandate_check *check, const struct node *node, const struct texpr *length) {
    bool is_negated = length->kind == TEXPR_OPERATION && length->operation == OPERATION_NEGATE;
    const struct texpr *constant = is_negated ? length->arguments[0] : length;
    if (constant->kind != TEXPR_CONSTANT)
        return true;
    int64_t amount = is_negated ? -constant->constant.integer : constant->constant.integer;
    if (amount < 0)
        diagnostic_add(check->checker->diagnostics, DIAG_GRACE_TAKES_TIME, node->span);
    else if (constant->type.kind == TYPE_DURATION && amount % DAY_SECONDS != 0)
        diagnostic_add(check->checker->diagnostics, DIAG_GRACE_IN_DAYS, node->span);
    else
        return true;
    return false;
}

static void check_within(struct mandate_check *check, struct node *node) {
    struct node *grace = AS(within, WITHIN, node)->grace;
    if (check->mandate->timing == TIMING_GATE) {
        struct diagnostic *said = diagnostic_add(check->checker->diagnostics, DIAG_CLAUSE_MEANS_NOTHING, node->span, "within", "a gate");
        diagnostic_hint(check->checker->diagnostics, said, "What a gate requires is there before the change. Leave `within` out.");
        refuse(check);
        return;
    }
    check->mandate->within = clause_length(&check->within, grace, "`within`", "within 2 working days");
    if (!check->mandate->within || uses_period(check, grace, check->mandate->within) || !is_grace(check, grace, check->mandate->within))
        refuse(check);
    else if (check->mandate->timing == TIMING_ALWAYS && texpr_uses(check->mandate->within, check->mandate->element)) {
        struct diagnostic *said = diagnostic_add(check->checker->diagnostics, DIAG_LENGTH_NOT_FIXED, grace->span, "`within` of what is required at all times");
        diagnostic_hint(check->checker->diagnostics, said, "Write `within 2 working days`.");
        refuse(check);
    }
}

static void check_clause(struct mandate_check *check, struct node *node, const struct node *own) {
    struct checker *checker = check->checker;
    struct tmandate *mandate = check->mandate;
    switch (node->kind) {
    case NODE_LET: {
        struct node_let *let = AS(let, LET, node);
        struct texpr *value = check_expression(&check->within, let->value, NULL);
        check->within.scope = scope_push(checker, check->within.scope, SCOPE_VALUE, name_text(let->name), NULL, value);
        mandate->lets[mandate->let_count++] = (struct tlet){name_text(let->name), value};
        break;
    }
    case NODE_EXCEPT: check_exception(check, node, own); break;
    case NODE_WITHIN: check_within(check, node); break;
    case NODE_WAIVABLE: check_waivable(check, node); break;
    case NODE_EFFORT: check_effort(check, node); break;
    case NODE_ESCALATE: check_escalate(check, node); break;
    case NODE_REMEDY: mandate->remedy = clause_words(checker, AS(remedy, REMEDY, node)->text, "remedy"); break;
    case NODE_BECAUSE: mandate->because = clause_words(checker, AS(because, BECAUSE, node)->text, "because"); break;
    case NODE_CITATION: mandate->citation = clause_words(checker, AS(citation, CITATION, node)->text, "source"); break;
    case NODE_EFFECTIVE:
        clause_effective(checker, node, &mandate->effective_from, &mandate->effective_until);
        mandate->effective_span = node->span;
        break;
    case NODE_FOR: case NODE_EVERY: case NODE_BY_DATE: case NODE_BEFORE: case NODE_REQUIREMENT: case NODE_DATED: break;
    default: assert(!"the parser takes no other clause in a mandate"); break;
    }
}

/* ---- the whole ---- */

static bool name_is_free(struct checker *checker, const struct node_mandate *written, const char *name) {
    const struct tmandate *mandate = program_find_mandate(checker->program, name);
    const struct trule *rule = program_find_rule(checker->program, name);
    if (!mandate && !rule)
        return true;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_DECLARED_TWICE, written->name->span, mandate ? "the mandate" : "the rule", name);
    diagnostic_second(checker->diagnostics, said, mandate ? mandate->span : rule->span, "it is declared here");
    return false;
}

/* Each of the clauses that a mandate has once, and those that it cannot do without. */
static bool find_clauses(struct mandate_check *check, struct node **source, struct node **requirement) {
    static const struct {
        enum node_kind kind;
        const char *word;
    } once[] = {{NODE_WITHIN, "within"},   {NODE_WAIVABLE, "waivable"}, {NODE_EFFORT, "effort"},       {NODE_ESCALATE, "escalate"},
                {NODE_REMEDY, "remedy"},   {NODE_BECAUSE, "because"},   {NODE_EFFECTIVE, "effective"}, {NODE_DATED, "dated"}};
    struct checker *checker = check->checker;
    struct node_list clauses = check->written->clauses;
    *source = clause_find(checker, clauses, NODE_FOR, "for");
    *requirement = clause_find(checker, clauses, NODE_REQUIREMENT, "shall");
    for (size_t i = 0; i < sizeof once / sizeof *once; i++)
        clause_find(checker, clauses, once[i].kind, once[i].word);
    if (*source && *requirement)
        return true;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_MANDATE_CLAUSE_WANTED, check->written->name->span, check->mandate->name, *source ? "shall" : "for");
    diagnostic_hint(checker->diagnostics, said, *source ? "Say what is required: `shall exists statuses[reported_on in period]`." : "Say of what: `for initiative where …`.");
    return false;
}

static bool find_office(struct mandate_check *check) {
    struct checker *checker = check->checker;
    struct node_mandate *written = check->written;
    if (!written->office || !written->domain) {
        const char *lacks = written->office ? "on what domain" : written->domain ? "by which office" : "by which office, and on what domain";
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_MANDATE_OF_NOBODY, written->name->span, check->mandate->name, lacks);
        diagnostic_hint(checker->diagnostics, said, "Write `mandate %s \"…\" by OFFICE on DOMAIN { … }`.", check->mandate->name);
        return false;
    }
    check->mandate->office = clause_key(checker, written->office, "office");
    check->mandate->domain = clause_key(checker, written->domain, "domain");
    return check->mandate->office && check->mandate->domain;
}

static void check_clauses(struct mandate_check *check, struct node *requirement) {
    struct node_list clauses = check->written->clauses;
    check->mandate->exceptions = ARENA_ARRAY(check->checker->arena, struct tmandate_exception, clauses.count);
    check->mandate->lets = ARENA_ARRAY(check->checker->arena, struct tlet, clauses.count);
    begin_timing(check);
    int lets = count_to_last_let(clauses);
    for (int i = 0; i < lets; i++)
        check_clause(check, clauses.items[i], requirement);
    end_timing(check);
    for (int i = lets; i < clauses.count; i++)
        check_clause(check, clauses.items[i], requirement);
    check->mandate->modal = (enum modal)AS(requirement, REQUIREMENT, requirement)->modal;
    check->mandate->is_mandatory = is_mandatory(check->mandate->modal);
    check->mandate->requirement = check_requirement(check, &check->within, requirement); /* last: the exceptions are asked before it */
    struct node *dated = NULL;
    for (int i = 0; i < clauses.count; i++)
        dated = clauses.items[i]->kind == NODE_DATED ? clauses.items[i] : dated;
    if (dated)
        check->mandate->dated = check_day(check, &check->within, AS(dated, DATED, dated)->date, "the day after `dated`");
}

/* False: something of it is wrong, which has been said. */
static bool check_whole(struct mandate_check *check) {
    struct checker *checker = check->checker;
    struct tmandate *mandate = check->mandate;
    int errors = checker->diagnostics->error_count;
    struct node *source, *requirement;
    bool has_office = find_office(check), has_clauses = find_clauses(check, &source, &requirement);
    find_timing(check);
    if (!has_clauses)
        return false;
    struct node_for_clause *clause = AS(for_clause, FOR, source);
    struct context context = {.checker = checker};
    struct texpr *collection;
    if (!check_source(&context, clause->binder, clause->source, clause->condition, &collection, &mandate->element, &check->outside) ||
        !clause_source(checker, collection, clause->source, mandate->element, &mandate->record, &mandate->where))
        return false;
    mandate->source = collection;
    check->within = check->outside;
    check_clauses(check, requirement);
    return has_office && check->good && checker->diagnostics->error_count == errors;
}

void check_mandate(struct checker *checker, struct node *node) {
    struct node_mandate *written = AS(mandate, MANDATE, node);
    const char *name = intern_string(checker->names, name_text(written->name));
    if (!name_is_free(checker, written, name))
        return;
    struct tmandate *mandate = ARENA_NEW(checker->arena, struct tmandate);
    *mandate = (struct tmandate){.name = name, .title = written->title ? name_text(written->title) : name, .doc = written->doc, .was = was_note(checker, RENAMED_MANDATE, NULL, written->name, written->was), .span = node->span, .name_span = written->name->span,
                                 .effective_from = INT64_MIN, .effective_until = INT64_MAX, .escalated_after = 1};
    struct mandate_check check = {.checker = checker, .mandate = mandate, .written = written, .good = true};
    budget_renew(checker);
    if (!check_whole(&check)) {
        LIST_ADD(checker->arena, &checker->broken_mandates, name);
        return;
    }
    LIST_ADD(checker->arena, &checker->program->mandates, mandate);
    name_table_add(checker->arena, &checker->program->mandate_names, mandate->name);
}
