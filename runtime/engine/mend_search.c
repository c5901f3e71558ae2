/* The nearest value with which a condition holds. See mend.h.
 * Values that have an order are looked for in both directions: at the values that the condition compares with, and in growing steps, until it holds; then between the last place where it
 * did not and the first where it did, by halves, down to the unit. So a condition that turns once between two such places is answered exactly, and what is found has always been
 * tried. Other values are tried one by one, the nearest first.
 * Knows: kinds of values. Does not know: what the values are of. */
#include "lang/base/civil.h"
#include "lang/check/texpr.h"
#include "runtime/engine/mend.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES_MOST = 40000, SEEDS_MOST = 40, TRIES_PER_STOP = 64, VALUES_KEPT = 12, SPAN_MONTHS_MOST = 12 * 9999, WORKING_DAYS_MOST = 260 * 9999, PERIODS_AWAY_MOST = 20000 };

/* ---- trying ---- */

bool mend_holds(struct mending *mending, const struct texpr *frame) {
    const struct session_options *options = &mending->account->session->options;
    struct value value;
    bool is_answered;
    if (mending->failure->kind != FAILURE_NONE || ++mending->tries > TRIES_MOST)
        return false;
    if (mending->tries % TRIES_PER_STOP == 0 && options->should_stop && options->should_stop(options->stop_context)) {
        failure_set(mending->failure, DIAG_STORE_STOPPED);
        return false;
    }
    mending->is_unanswered = !account_ask(mending->account, frame, &value, &is_answered, mending->failure) || !is_answered;
    return !mending->is_unanswered && value.kind == VALUE_INT && value.integer;
}

struct trial {
    struct mending *mending;
    const struct texpr *frame;
    struct leaf *leaf;
    bool is_number;
    int64_t unit;            /* of whole numbers: what lies between one place and the next */
    int64_t lowest, highest; /* places */
    int64_t points[SEEDS_MOST * 3 + 140];
    int point_count;
    struct value seeds[SEEDS_MOST]; /* what the condition compares with, of the leaf's type */
    int seed_count;
};

static bool holds_with(struct trial *trial, struct value value) {
    session_bind(trial->mending->account->session, trial->leaf->variable, value);
    return mend_holds(trial->mending, trial->frame);
}

/* ---- places: whole numbers in the order of values, one for each value ---- */

static int64_t place_of_number(double number) {
    int64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >= 0 ? bits : INT64_MIN - bits;
}

static int64_t place_of(const struct trial *trial, struct value value) {
    return value.kind == VALUE_NUMBER ? place_of_number(value.number) : value.integer / trial->unit;
}

static struct value value_at(const struct trial *trial, int64_t place) {
    if (!trial->is_number)
        return value_int(place * trial->unit);
    int64_t bits = place >= 0 ? place : INT64_MIN - place;
    double number;
    memcpy(&number, &bits, sizeof number);
    return value_number(number);
}

static bool holds_at(struct trial *trial, int64_t place) {
    return holds_with(trial, value_at(trial, place));
}

/* Is the duration one between days, so that it is whole days whatever the days are? */
static bool is_whole_days(const struct texpr *expression) {
    switch (expression->kind) {
    case TEXPR_CONSTANT:
        return expression->constant.integer % DAY_SECONDS == 0;
    case TEXPR_AGGREGATE:
        return expression->aggregate == AGGREGATE_LONGEST_GAP ? expression->by->type.kind == TYPE_DATE : expression->aggregate != AGGREGATE_AVERAGE && expression->value && is_whole_days(expression->value);
    case TEXPR_DEFAULT:
        return is_whole_days(expression->arguments[0]) && is_whole_days(expression->arguments[1]);
    case TEXPR_OPERATION:
        if (expression->operation == OPERATION_ADD || expression->operation == OPERATION_SUBTRACT)
            return is_whole_days(expression->arguments[0]) && is_whole_days(expression->arguments[1]);
        return expression->operation == OPERATION_DATE_DIFFERENCE;
    default:
        return false;
    }
}

/* The places that values of the leaf's type may have. False: they have no order to go by. */
static bool find_range(struct trial *trial, int64_t about) {
    const struct texpr *leaf = trial->leaf->expression;
    trial->lowest = INT64_MIN;
    trial->highest = INT64_MAX;
    switch (leaf->type.kind) {
    case TYPE_INT: case TYPE_MONEY:
        break;
    case TYPE_DURATION:
        if (is_whole_days(trial->leaf->whole)) {
            trial->unit = DAY_SECONDS;
            trial->lowest = DAY_MIN - DAY_MAX;
            trial->highest = DAY_MAX - DAY_MIN;
        }
        break;
    case TYPE_NUMBER:
        trial->is_number = true;
        trial->lowest = place_of_number(-DBL_MAX);
        trial->highest = place_of_number(DBL_MAX);
        break;
    case TYPE_DATE:
        trial->lowest = leaf->kind == TEXPR_TODAY ? trial->mending->account->session->options.today : DAY_MIN; /* it will not be an earlier day again */
        trial->highest = DAY_MAX;
        break;
    case TYPE_DATETIME:
        trial->lowest = (int64_t)DAY_MIN * DAY_SECONDS;
        trial->highest = (int64_t)DAY_MAX * DAY_SECONDS + DAY_SECONDS - 1;
        break;
    case TYPE_SPAN:
        trial->lowest = -SPAN_MONTHS_MOST;
        trial->highest = SPAN_MONTHS_MOST;
        break;
    case TYPE_WORKING_DAYS:
        trial->lowest = -WORKING_DAYS_MOST;
        trial->highest = WORKING_DAYS_MOST;
        break;
    case TYPE_PERIOD:
        trial->lowest = about - PERIODS_AWAY_MOST;
        trial->highest = about + PERIODS_AWAY_MOST;
        break;
    default:
        return false;
    }
    bool is_count = leaf->kind == TEXPR_AGGREGATE && (leaf->aggregate == AGGREGATE_COUNT || leaf->aggregate == AGGREGATE_STREAK || leaf->aggregate == AGGREGATE_LONGEST_GAP);
    if (is_count)
        trial->lowest = 0;
    return true;
}

/* ---- what the condition compares with ---- */

static void add_seed(struct trial *trial, struct value value) {
    if (trial->seed_count < SEEDS_MOST)
        trial->seeds[trial->seed_count++] = value;
}

/* A day is held against a period by its first and last day. */
static void note_period(struct trial *trial, const struct texpr *period) {
    struct value value;
    bool is_answered;
    int month = trial->mending->account->session->program->fiscal_month;
    if (!account_ask(trial->mending->account, period, &value, &is_answered, trial->mending->failure) || !is_answered || value.kind == VALUE_MISSING)
        return;
    add_seed(trial, value_int(period_first_day(value.integer, month)));
    add_seed(trial, value_int(period_last_day(value.integer, month)));
}

static bool note_seed(const struct texpr *part, void *context) {
    struct trial *trial = context;
    if (part->kind == TEXPR_OPERATION && part->operation == OPERATION_DATE_IN_PERIOD && trial->leaf->expression->type.kind == TYPE_DATE)
        note_period(trial, part->arguments[1]);
    struct type type = trial->leaf->expression->type;
    bool is_alike = part->type.kind == type.kind && (type.kind != TYPE_RECORD || part->type.record == type.record) && (type.kind != TYPE_ENUM || part->type.enumeration == type.enumeration);
    bool is_itself = part->kind == TEXPR_VARIABLE && part->variable == trial->leaf->variable;
    if (is_alike && !is_itself) {
        struct value value;
        bool is_answered;
        if (account_ask(trial->mending->account, part, &value, &is_answered, trial->mending->failure) && is_answered && value.kind != VALUE_MISSING)
            add_seed(trial, value_keep(trial->mending->account->arena, value));
    }
    return part->kind != TEXPR_AGGREGATE && part->kind != TEXPR_AT;
}

static void add_point(struct trial *trial, int64_t place) {
    if (place >= trial->lowest && place <= trial->highest)
        trial->points[trial->point_count++] = place;
}

static int compare_places(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Each seed with its neighbours, growing steps from where it is now, and the ends. */
static void find_points(struct trial *trial, int64_t from) {
    for (int i = 0; i < trial->seed_count; i++) {
        int64_t place = place_of(trial, trial->seeds[i]);
        add_point(trial, place);
        if (place < INT64_MAX)
            add_point(trial, place + 1);
        if (place > INT64_MIN)
            add_point(trial, place - 1);
    }
    for (int power = 0; power < 63; power += 2) {
        int64_t place;
        if (int_add(from, (int64_t)1 << power, &place))
            add_point(trial, place);
        if (int_add(from, -((int64_t)1 << power), &place))
            add_point(trial, place);
    }
    add_point(trial, trial->lowest);
    add_point(trial, trial->highest);
    qsort(trial->points, (size_t)trial->point_count, sizeof *trial->points, compare_places);
}

/* ---- one direction ---- */

/* Between a place where the condition comes out as it does at `known` and one where it does not: the last as at `known`. */
static int64_t last_alike(struct trial *trial, int64_t known, int64_t other, bool holds) {
    while (known != other && (known < other ? known + 1 < other : other + 1 < known)) {
        int64_t middle = known / 2 + other / 2 + (known % 2 + other % 2) / 2;
        if (middle == known || middle == other)
            break;
        if (holds_at(trial, middle) == holds)
            known = middle;
        else
            other = middle;
    }
    return known;
}

struct stretch { /* of places where it holds */
    bool found;
    int64_t nearest, before; /* the nearest, and the last before it where it does not hold */
    bool has_end;
    int64_t end;             /* the farthest in that direction */
};

/* From a place where it holds on to the end of the stretch. */
static void find_end(struct trial *trial, int64_t from, int direction, bool *has_end, int64_t *end) {
    int64_t last = from;
    *has_end = false;
    *end = from;
    for (int i = direction > 0 ? 0 : trial->point_count - 1; i >= 0 && i < trial->point_count; i += direction) {
        int64_t place = trial->points[i];
        if (direction > 0 ? place <= from : place >= from)
            continue;
        if (!holds_at(trial, place)) { /* where it has no answer any more, there is no end but that of numbers */
            *has_end = !trial->mending->is_unanswered;
            *end = *has_end ? last_alike(trial, last, place, true) : last;
            return;
        }
        last = place;
    }
}

static struct stretch search_way(struct trial *trial, int64_t from, int direction) {
    struct stretch stretch = {0};
    int64_t last = from;
    for (int i = direction > 0 ? 0 : trial->point_count - 1; i >= 0 && i < trial->point_count && !stretch.found; i += direction) {
        int64_t place = trial->points[i];
        if (direction > 0 ? place <= from : place >= from)
            continue;
        if (holds_at(trial, place)) {
            stretch.found = true;
            stretch.before = last_alike(trial, last, place, false);
            stretch.nearest = stretch.before + direction;
        }
        last = place;
    }
    if (stretch.found)
        find_end(trial, stretch.nearest, direction, &stretch.has_end, &stretch.end);
    return stretch;
}

static double distance(const struct trial *trial, int64_t a, int64_t b) {
    struct value x = value_at(trial, a), y = value_at(trial, b);
    double gap = trial->is_number ? x.number - y.number : (double)x.integer - (double)y.integer;
    return gap < 0 ? -gap : gap;
}

/* ---- changes ---- */

static struct account_change *make_change(struct trial *trial) {
    struct account *account = trial->mending->account;
    struct account_change *change = ARENA_NEW(account->arena, struct account_change);
    *change = (struct account_change){.kind = CHANGE_VALUE, .words = account_words(account, trial->leaf->expression->span), .type = trial->leaf->expression->type,
                                      .now = trial->leaf->now, .nearest = value_missing(), .before = value_missing(), .least = value_missing(), .most = value_missing()};
    return change;
}

static struct account_change *nearest_in_order(struct trial *trial, struct value *value) {
    int64_t from = place_of(trial, trial->leaf->now);
    find_points(trial, from);
    struct stretch up = search_way(trial, from, 1), down = search_way(trial, from, -1);
    if (!up.found && !down.found)
        return NULL;
    bool is_up = up.found && (!down.found || distance(trial, up.nearest, from) <= distance(trial, down.nearest, from));
    const struct stretch *stretch = is_up ? &up : &down;
    struct account_change *change = make_change(trial);
    change->is_order = true;
    *value = change->nearest = value_at(trial, stretch->nearest);
    change->before = value_at(trial, stretch->before);
    if (is_up || stretch->has_end)
        change->least = value_at(trial, is_up ? stretch->nearest : stretch->end);
    if (!is_up || stretch->has_end)
        change->most = value_at(trial, is_up ? stretch->end : stretch->nearest);
    return change;
}

/* Of a missing value: the first of the values compared with, or beside one, that would do, and how far it could be from that. */
static struct account_change *known_in_order(struct trial *trial, struct value *value) {
    int64_t today = trial->mending->account->session->options.today;
    int64_t from = trial->leaf->expression->type.kind == TYPE_DATE ? today : trial->leaf->expression->type.kind == TYPE_DATETIME ? today * DAY_SECONDS : 0;
    if (trial->leaf->expression->type.kind == TYPE_PERIOD && !trial->seed_count)
        return NULL;
    find_points(trial, trial->seed_count ? place_of(trial, trial->seeds[0]) : from);
    int64_t first = 0;
    bool found = false;
    for (int i = -1; i < trial->seed_count * 3 && !found; i++) {
        int64_t place = i < 0 ? trial->seed_count ? place_of(trial, trial->seeds[0]) : from : place_of(trial, trial->seeds[i / 3]) + (i % 3 == 0 ? 0 : i % 3 == 1 ? 1 : -1);
        found = place >= trial->lowest && place <= trial->highest && holds_at(trial, place);
        first = place;
    }
    for (int i = 0; i < trial->point_count && !found; i++) {
        found = holds_at(trial, trial->points[i]);
        first = trial->points[i];
    }
    if (!found)
        return NULL;
    struct account_change *change = make_change(trial);
    bool has_least, has_most;
    int64_t least, most;
    find_end(trial, first, -1, &has_least, &least);
    find_end(trial, first, 1, &has_most, &most);
    change->is_order = true;
    *value = change->nearest = value_at(trial, first);
    if (has_least)
        change->least = value_at(trial, least);
    if (has_most)
        change->most = value_at(trial, most);
    if (has_least != has_most)
        change->before = value_at(trial, has_least ? least - 1 : most + 1);
    return change;
}

/* ---- values without an order, or few of them ---- */

static const char *verb_of(enum operation operation) {
    return operation == OPERATION_TEXT_CONTAINS ? "contained" : operation == OPERATION_TEXT_STARTS ? "began with" : operation == OPERATION_TEXT_ENDS ? "ended with" : NULL;
}

struct verb_search {
    const struct tvar *variable;
    const char *verb;
};

static bool note_verb(const struct texpr *part, void *context) {
    struct verb_search *search = context;
    if (part->kind == TEXPR_OPERATION && verb_of(part->operation) && part->arguments[0]->kind == TEXPR_VARIABLE && part->arguments[0]->variable == search->variable)
        search->verb = verb_of(part->operation);
    return true;
}

/* The value as it is shown. */
static struct value shown_value(struct trial *trial, struct value value) {
    struct account *account = trial->mending->account;
    if (trial->leaf->expression->type.kind != TYPE_RECORD)
        return value;
    session_bind(account->session, trial->leaf->variable, value);
    struct value key = value_missing();
    bool is_answered;
    account_ask_shown(account, texpr_variable(account->arena, trial->leaf->variable, trial->leaf->expression->span), &key, &is_answered, trial->mending->failure);
    return key;
}

/* A record that refers to itself is no way out, and what is read of the one it refers to would be its own. */
static bool is_own(struct trial *trial, struct value candidate) {
    const struct texpr *leaf = trial->leaf->expression;
    struct value own;
    bool is_answered = false;
    bool may_be = leaf->type.kind == TYPE_RECORD && leaf->kind == TEXPR_FIELD && leaf->field->record == leaf->type.record;
    return may_be && account_ask(trial->mending->account, leaf->base, &own, &is_answered, trial->mending->failure) && is_answered && own.kind == VALUE_INT && own.integer == candidate.integer;
}

static void try_value(struct trial *trial, struct account_change **change, struct value candidate, struct value *value) {
    struct value now = trial->leaf->now;
    bool is_now = now.kind != VALUE_MISSING && value_compare(now, candidate) == 0;
    if (is_now || is_own(trial, candidate) || (*change && (*change)->values.count >= VALUES_KEPT) || !holds_with(trial, candidate))
        return;
    if (!*change) {
        *change = make_change(trial);
        *value = candidate;
        struct verb_search search = {trial->leaf->variable, NULL};
        texpr_walk(trial->frame, note_verb, &search);
        (*change)->verb = search.verb;
    }
    struct value shown = shown_value(trial, candidate);
    for (int i = 0; i < (*change)->values.count; i++)
        if (value_compare((*change)->values.items[i], shown) == 0)
            return;
    LIST_ADD(trial->mending->account->arena, &(*change)->values, shown);
}

struct path_search {
    const struct tvar *variable;
    bool found;
};

static bool note_path(const struct texpr *part, void *context) {
    struct path_search *search = context;
    search->found = search->found || (part->base && part->base->kind == TEXPR_VARIABLE && part->base->variable == search->variable);
    return !search->found;
}

/* A value that nothing is compared with: a record that is none (unless something is read of it), a text that no one writes. */
static struct account_change *try_another(struct trial *trial, struct value *value) {
    static const char no_text[] = "\xEF\xBF\xBD";
    enum type_kind kind = trial->leaf->expression->type.kind;
    struct value other = kind == TYPE_TEXT ? value_text(no_text, sizeof no_text - 1) : value_int(-1);
    struct path_search search = {trial->leaf->variable, false};
    texpr_walk(trial->frame, note_path, &search);
    if ((kind != TYPE_TEXT && kind != TYPE_RECORD) || search.found || !holds_with(trial, other))
        return NULL;
    struct account_change *change = make_change(trial);
    change->is_other = true;
    *value = other;
    return change;
}

static struct account_change *nearest_of_few(struct trial *trial, struct value *value) {
    struct account_change *change = NULL;
    struct type type = trial->leaf->expression->type;
    struct value now = trial->leaf->now;
    int count = type.kind == TYPE_BOOL ? 2 : type.kind == TYPE_ENUM ? type.enumeration->value_count : 0;
    int64_t from = now.kind == VALUE_MISSING ? 0 : now.integer;
    for (int away = 0; away < count; away++) {
        if (count && from + away < count)
            try_value(trial, &change, value_int(from + away), value);
        if (away && from - away >= 0)
            try_value(trial, &change, value_int(from - away), value);
    }
    for (int i = 0; count == 0 && i < trial->seed_count; i++)
        try_value(trial, &change, trial->seeds[i], value);
    return change || count ? change : try_another(trial, value);
}

struct account_change *mend_search(struct mending *mending, const struct texpr *frame, struct leaf *leaf, struct value *value) {
    struct trial *trial = ARENA_NEW(mending->account->arena, struct trial);
    *trial = (struct trial){.mending = mending, .frame = frame, .leaf = leaf, .unit = 1};
    session_bind(mending->account->session, leaf->variable, leaf->now);
    texpr_walk(frame, note_seed, trial);
    bool is_known = leaf->now.kind != VALUE_MISSING;
    bool is_order = find_range(trial, is_known ? place_of(trial, leaf->now) : trial->seed_count ? place_of(trial, trial->seeds[0]) : 0);
    struct account_change *change = !is_order ? nearest_of_few(trial, value) : is_known ? nearest_in_order(trial, value) : known_in_order(trial, value);
    if (is_known && leaf->variable->type.optional && holds_with(trial, value_missing())) {
        if (!change) {
            change = make_change(trial);
            *value = value_missing();
        }
        change->or_missing = true;
    }
    if (change)
        change->now = shown_value(trial, leaf->now);
    session_bind(mending->account->session, leaf->variable, leaf->now);
    return mending->failure->kind == FAILURE_NONE ? change : NULL;
}
