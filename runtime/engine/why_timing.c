/* When a mandate asks something of its subject: as clauses, where it asks nothing; and as a condition that what would have to change must leave as it is. See why_standing.h.
 * Knows: the timings of mandates. Does not know: what is required. */
#include "lang/check/texpr.h"
#include "runtime/engine/parts.h"
#include "runtime/engine/why_standing.h"

const char *standing_period_words(const struct standing *standing, int64_t period) {
    struct buffer out = {0};
    value_write(&out, value_int(period), type_of_kind(TYPE_PERIOD), VALUE_PLAIN);
    const char *words = arena_copy_string(standing->account->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

/* ---- why nothing is required ---- */

static struct texpr *compare_day(struct account *account, enum operation operation, struct texpr *day, int64_t limit) {
    struct texpr *sides[] = {day, texpr_int(account->arena, TYPE_DATE, limit, day->span)};
    return texpr_operation(account->arena, operation, type_of_kind(TYPE_BOOL), day->span, 2, sides);
}

/* A day of the mandate as a clause, in words of its own: the day stands in the policy, and what it is held against does not. */
static bool add_day(struct standing *standing, const char *name, struct texpr *day, enum operation operation, int64_t limit, struct failure *failure) {
    struct account *account = standing->account;
    struct value value;
    bool is_answered;
    int count = account->clauses.count;
    if (!account_ask(account, day, &value, &is_answered, failure))
        return false;
    bool is_missing = is_answered && value.kind == VALUE_MISSING;
    struct texpr *condition = is_missing ? texpr_unary(account->arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), day) : compare_day(account, operation, day, limit);
    if (!account_add_clause(account, name, NULL, condition, true, failure))
        return false;
    const char *words = account_words(account, day->span);
    const char *against = is_missing ? "is known" : why_with_day(account, operation == OPERATION_AT_MOST ? "is %s or earlier" : "is %s or later", limit);
    if (account->clauses.count > count)
        account->clauses.items[count]->part->words = arena_format(account->arena, "%s %s", words, against);
    return true;
}

/* Has the period that was asked about begun? */
static bool add_begun(struct standing *standing, struct failure *failure) {
    struct account *account = standing->account;
    struct span span = standing->mandate->name_span;
    int count = account->clauses.count;
    struct texpr *today = texpr_create(account->arena, TEXPR_TODAY, why_date(), span);
    int64_t first = period_first_day(standing->wanted, standing->session->program->fiscal_month);
    if (!account_add_clause(account, "every", NULL, compare_day(account, OPERATION_AT_LEAST, today, first), true, failure))
        return false;
    if (account->clauses.count > count)
        account->clauses.items[count]->part->words = arena_format(account->arena, "%s has begun", standing_period_words(standing, standing->wanted));
    return true;
}

/* Of what is asked for every so often: the period that was asked about, or any, has begun and lies between the days that the mandate says. */
static bool add_periods(struct standing *standing, struct failure *failure) {
    const struct tmandate *mandate = standing->mandate;
    int month = standing->session->program->fiscal_month;
    int64_t today = standing->session->options.today, last = standing->wanted == NO_DAY ? today : period_last_day(standing->wanted, month);
    if (standing->wanted != NO_DAY && period_first_day(standing->wanted, month) > today)
        return add_begun(standing, failure);
    if (mandate->from && !add_day(standing, "from", mandate->from, OPERATION_AT_MOST, last < today ? last : today, failure))
        return false;
    return !mandate->until || standing->wanted == NO_DAY || add_day(standing, "until", mandate->until, OPERATION_AT_LEAST, period_first_day(standing->wanted, month), failure);
}

bool standing_add_timing(struct standing *standing, struct failure *failure) {
    const struct tmandate *mandate = standing->mandate;
    if (mandate->timing == TIMING_EVERY)
        return add_periods(standing, failure);
    if (mandate->timing != TIMING_BY)
        return true;
    bool has_end = mandate->effective_until != INT64_MAX;
    return add_day(standing, "by", mandate->by, has_end ? OPERATION_AT_MOST : OPERATION_AT_LEAST, has_end ? mandate->effective_until : mandate->effective_from, failure);
}

/* ---- with what would have to change ---- */

/* The day is known, where it may be missing, and that. */
static struct texpr *known_and(struct account *account, struct texpr *day, struct texpr *condition) {
    return day->type.optional ? texpr_and(account->arena, texpr_unary(account->arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), day), condition) : condition;
}

static struct texpr *period_stays_asked(const struct standing *standing) {
    struct account *account = standing->account;
    const struct tmandate *mandate = standing->mandate;
    struct type truth = type_of_kind(TYPE_BOOL);
    int month = standing->session->program->fiscal_month;
    struct texpr *whole = NULL;
    if (mandate->from)
        whole = known_and(account, mandate->from, compare_day(account, OPERATION_AT_MOST, mandate->from, period_last_day(standing->meant->period, month)));
    if (mandate->until) {
        struct texpr *goes_on = compare_day(account, OPERATION_AT_LEAST, mandate->until, period_first_day(standing->meant->period, month));
        struct texpr *is_missing = texpr_unary(account->arena, TEXPR_NOT, truth, texpr_unary(account->arena, TEXPR_IS_KNOWN, truth, mandate->until));
        whole = texpr_and(account->arena, whole, mandate->until->type.optional ? texpr_binary(account->arena, TEXPR_OR, truth, is_missing, goes_on) : goes_on);
    }
    return whole;
}

static struct texpr *day_stays_asked(const struct standing *standing) {
    struct account *account = standing->account;
    const struct tmandate *mandate = standing->mandate;
    struct texpr *whole = NULL;
    if (mandate->effective_from != INT64_MIN)
        whole = compare_day(account, OPERATION_AT_LEAST, mandate->by, mandate->effective_from);
    if (mandate->effective_until != INT64_MAX)
        whole = texpr_and(account->arena, whole, compare_day(account, OPERATION_AT_MOST, mandate->by, mandate->effective_until));
    return known_and(account, mandate->by, whole);
}

/* With what would have to change it must still be required: in terms of the element as clauses have it. */
struct texpr *standing_stays_asked(const struct standing *standing) {
    const struct tmandate *mandate = standing->mandate;
    struct texpr *whole = mandate->timing == TIMING_EVERY ? period_stays_asked(standing) : mandate->timing == TIMING_BY ? day_stays_asked(standing) : NULL;
    struct tvar *element = parts_question(mandate)->sources[0].variable;
    return whole ? account_substitute(standing->account, whole, mandate->element, texpr_variable(standing->account->arena, element, mandate->name_span)) : NULL;
}
