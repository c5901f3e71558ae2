/* What a check found, shown: for people a table of what is required, one of findings, one of waivers that need a look; for programs one list of all. See checking.h.
 * Knows: columns, words. Does not know: how anything was found. */
#include "lang/base/civil.h"
#include "runtime/engine/checking.h"
#include "runtime/engine/scratch.h"

#include <stdlib.h>
#include <string.h>

/* ---- types and columns ---- */

static struct type type_of(enum type_kind kind) {
    return (struct type){.kind = kind};
}

static struct type enum_named(const struct session *session, const char *name) {
    for (int i = 0; i < session->program->enums.count; i++)
        if (strcmp(session->program->enums.items[i]->name, name) == 0)
            return (struct type){.kind = TYPE_ENUM, .enumeration = session->program->enums.items[i]};
    return type_of(TYPE_TEXT);
}

static struct row_column column(const char *label, struct type type) {
    return (struct row_column){.label = label, .type = type};
}

static int64_t count_found(const struct checking *checking) {
    int64_t total = 0;
    for (int i = 0; i < checking->rules.count; i++)
        total += checking->counts[i];
    return total;
}

static bool is_for_people(const struct checking *checking) {
    enum render_format format = checking->session->options.render.format;
    return format == RENDER_TABLE || format == RENDER_MARKDOWN;
}

/* ---- waivers that need a look ---- */

bool check_waiver_needs_look(const struct checking *checking, const struct waiver *waiver) {
    switch (waiver_state(waiver, checking->session->options.today)) {
    case WAIVER_FLAWED: case WAIVER_NEEDLESS: return true;
    case WAIVER_ENDED: return waiver->breached > 0;
    default: return false;
    }
}

const char *check_waiver_words(const struct checking *checking, const struct waiver *waiver) {
    switch (waiver_state(waiver, checking->session->options.today)) {
    case WAIVER_FLAWED: return arena_format(checking->arena, "does not count: %s", waiver->flaw);
    case WAIVER_NEEDLESS: return waiver->asked ? "is not needed: what it waives is met" : "is not needed: nothing is required there";
    default: return waiver->breached == 1 ? "has ended, and what it waived is breached" : arena_format(checking->arena, "has ended, and %d that it could have waived are breached", waiver->breached);
    }
}

static int count_to_look_at(const struct checking *checking) {
    int count = 0;
    for (int i = 0; i < checking->waivers.list.count; i++)
        count += check_waiver_needs_look(checking, &checking->waivers.list.items[i]);
    return count;
}

/* ---- rows that come from others ---- */

/* A stream that turns each row of another into one of its own. */
struct turned {
    struct rows base;
    struct checking *checking;
    struct rows *from;
    void (*turn)(struct checking *checking, const struct value *from, struct value *to);
    struct value *row;
};

static enum rows_step turned_next(struct rows *base, const struct value **row, struct failure *failure) {
    struct turned *turned = (struct turned *)base;
    const struct value *from;
    enum rows_step step = rows_next(turned->from, &from, failure);
    if (step != ROWS_ROW)
        return step;
    turned->turn(turned->checking, from, turned->row);
    *row = turned->row;
    return ROWS_ROW;
}

static void turned_close(struct rows *base) {
    struct turned *turned = (struct turned *)base;
    rows_close(turned->from);
    free(turned->row);
    free(turned);
}

/* Takes the rows it is made from; NULL gives NULL. */
static struct rows *turn_rows(struct checking *checking, struct rows *from, const struct row_column *columns, int count, void (*turn)(struct checking *, const struct value *, struct value *)) {
    struct turned *turned = from ? calloc(1, sizeof *turned) : NULL;
    if (!from)
        return NULL;
    struct value *row = calloc((size_t)count, sizeof *row);
    if (!turned || !row)
        abort();
    *turned = (struct turned){.base = {.columns = columns, .column_count = count, .next = turned_next, .close = turned_close}, .checking = checking, .from = from, .turn = turn, .row = row};
    return &turned->base;
}

static bool render(struct checking *checking, struct rows *rows, const char *title, struct failure *failure) {
    struct render_options options = checking->session->options.render;
    options.title = title;
    if (checking->shown++ && options.format == RENDER_TABLE) /* each stands by itself */
        fputc('\n', checking->session->options.out);
    bool good = rows && render_rows(checking->session->options.out, rows, &options, NULL, failure);
    rows_close(rows);
    return good;
}

/* ---- for people ---- */

static const char *state_words(bool is_mandatory, enum obligation_state state) {
    return state == OBLIGATION_WAIVED ? "waived" : is_mandatory ? "breached" : "advice not taken";
}

enum { PEOPLE_COLUMNS = 10 };

static void turn_for_people(struct checking *checking, const struct value *from, struct value *to) {
    (void)checking;
    enum obligation_state state = (enum obligation_state)from[OBLIGATION_STATE].integer;
    to[0] = scratch_text(state_words(from[OBLIGATION_MANDATORY].integer, state));
    to[1] = from[OBLIGATION_MANDATE];
    to[2] = from[OBLIGATION_ELEMENT];
    to[3] = from[OBLIGATION_PERIOD];
    to[4] = from[OBLIGATION_DUE];
    to[5] = from[OBLIGATION_SINCE];
    to[6] = state == OBLIGATION_WAIVED ? value_missing() : from[OBLIGATION_IN_A_ROW];
    to[7] = from[OBLIGATION_COUNT];
    to[8] = from[OBLIGATION_ESCALATED];
    to[9] = from[OBLIGATION_WAIVER].kind == VALUE_TEXT ? from[OBLIGATION_WAIVER] : from[OBLIGATION_EXCEPTION].kind == VALUE_TEXT ? from[OBLIGATION_EXCEPTION] : from[OBLIGATION_TITLE];
}

static bool show_obligations(struct checking *checking, struct failure *failure) {
    const struct row_column columns[PEOPLE_COLUMNS] = {
        column("State", type_of(TYPE_TEXT)), column("Mandate", type_of(TYPE_TEXT)), column("Element", type_of(TYPE_TEXT)), column("Period", type_of(TYPE_PERIOD)),
        column("Due", type_of(TYPE_DATE)), column("Since", type_of(TYPE_DATE)), column("In a row", type_of(TYPE_INT)), column("In all", type_of(TYPE_INT)),
        column("Escalated to", type_of(TYPE_TEXT)), column("What", type_of(TYPE_TEXT))};
    if (checking->all.states[OBLIGATION_BREACHED] + checking->all.states[OBLIGATION_WAIVED] == 0)
        return true;
    return render(checking, turn_rows(checking, obligations_rows(checking->obligations, true, failure), columns, PEOPLE_COLUMNS, turn_for_people), "What is required", failure);
}

static bool show_findings(struct checking *checking, struct failure *failure) {
    const struct row_column columns[FINDING_COLUMNS] = {
        column("Severity", enum_named(checking->session, "severity")), column("Rule", type_of(TYPE_TEXT)), column("Record", type_of(TYPE_TEXT)), column("Element", type_of(TYPE_TEXT)),
        column("Since", type_of(TYPE_DATE)), column("Message", type_of(TYPE_TEXT))};
    bool is_table = checking->session->options.render.format == RENDER_TABLE;
    if (count_found(checking) == 0 && (is_table || checking->mandates.count))
        return true;
    return render(checking, findings_rows(checking->findings, columns, failure), checking->mandates.count ? "What was found" : NULL, failure);
}

static bool show_waivers(struct checking *checking, struct failure *failure) {
    enum { COLUMNS = 6 };
    const struct row_column columns[COLUMNS] = {column("Waiver of", type_of(TYPE_TEXT)), column("Element", type_of(TYPE_TEXT)), column("Granted by", type_of(TYPE_TEXT)),
                                                column("From", type_of(TYPE_DATE)), column("Until", type_of(TYPE_DATE)), column("It", type_of(TYPE_TEXT))};
    int count = count_to_look_at(checking), row = 0;
    struct value *values = ARENA_ARRAY(checking->arena, struct value, count * COLUMNS);
    for (int i = 0; i < checking->waivers.list.count; i++) {
        const struct waiver *waiver = &checking->waivers.list.items[i];
        if (!check_waiver_needs_look(checking, waiver))
            continue;
        struct value *to = values + row++ * COLUMNS;
        to[0] = scratch_text(waiver->mandate_name);
        to[1] = scratch_text(waiver->element);
        to[2] = scratch_text(waiver->granted_by);
        to[3] = value_int(waiver->days.from);
        to[4] = value_int(waiver->days.until);
        to[5] = scratch_text(check_waiver_words(checking, waiver));
    }
    int width = checking->session->options.render.width;
    checking->session->options.render.width = 0; /* what is wrong with a waiver is said to its end, however narrow the terminal is */
    bool good = count == 0 || render(checking, list_rows(columns, COLUMNS, values, count), "Waivers to look at", failure);
    checking->session->options.render.width = width;
    return good;
}

/* ---- for programs: one list ---- */

enum listed {
    LISTED_KIND, LISTED_NAME, LISTED_RECORD, LISTED_ELEMENT, LISTED_SEVERITY, LISTED_STATE, LISTED_MANDATORY, LISTED_PERIOD, LISTED_DUE, LISTED_SINCE, LISTED_IN_A_ROW, LISTED_ESCALATED,
    LISTED_EXCEPTION, LISTED_WAIVER, LISTED_MESSAGE, LISTED_COLUMNS
};

static void clear_listed(struct value *to, const char *kind) {
    for (int i = 0; i < LISTED_COLUMNS; i++)
        to[i] = value_missing();
    to[LISTED_KIND] = scratch_text(kind);
}

static void list_finding(struct checking *checking, const struct value *from, struct value *to) {
    (void)checking;
    clear_listed(to, "finding");
    static const enum listed places[FINDING_COLUMNS] = {LISTED_SEVERITY, LISTED_NAME, LISTED_RECORD, LISTED_ELEMENT, LISTED_SINCE, LISTED_MESSAGE};
    for (int i = 0; i < FINDING_COLUMNS; i++)
        to[places[i]] = from[i];
}

static void list_obligation(struct checking *checking, const struct value *from, struct value *to) {
    (void)checking;
    clear_listed(to, "obligation");
    static const struct {
        enum listed to;
        enum obligation_column from;
    } places[] = {{LISTED_NAME, OBLIGATION_MANDATE},       {LISTED_RECORD, OBLIGATION_RECORD},       {LISTED_ELEMENT, OBLIGATION_ELEMENT},     {LISTED_STATE, OBLIGATION_STATE},
                  {LISTED_MANDATORY, OBLIGATION_MANDATORY}, {LISTED_PERIOD, OBLIGATION_PERIOD},      {LISTED_DUE, OBLIGATION_DUE},             {LISTED_SINCE, OBLIGATION_SINCE},
                  {LISTED_IN_A_ROW, OBLIGATION_IN_A_ROW},   {LISTED_ESCALATED, OBLIGATION_ESCALATED}, {LISTED_EXCEPTION, OBLIGATION_EXCEPTION}, {LISTED_WAIVER, OBLIGATION_WAIVER},
                  {LISTED_MESSAGE, OBLIGATION_TITLE}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        to[places[i].to] = from[places[i].from];
}

static void list_waiver(struct checking *checking, const struct waiver *waiver, struct value *to) {
    clear_listed(to, "waiver");
    to[LISTED_NAME] = scratch_text(waiver->mandate_name);
    to[LISTED_RECORD] = waiver->mandate ? scratch_text(waiver->mandate->record->name) : value_missing();
    to[LISTED_ELEMENT] = scratch_text(waiver->element);
    to[LISTED_SINCE] = value_int(waiver->days.from);
    to[LISTED_DUE] = value_int(waiver->days.until);
    to[LISTED_WAIVER] = scratch_text(waiver->granted_by);
    to[LISTED_MESSAGE] = scratch_text(check_waiver_words(checking, waiver));
}

/* One stream after another. */
struct joined {
    struct rows base;
    struct rows *parts[3];
    int at;
};

static enum rows_step joined_next(struct rows *base, const struct value **row, struct failure *failure) {
    struct joined *joined = (struct joined *)base;
    enum rows_step step = ROWS_END;
    while (joined->at < 3 && (step = rows_next(joined->parts[joined->at], row, failure)) == ROWS_END)
        joined->at++;
    return step;
}

static void joined_close(struct rows *base) {
    struct joined *joined = (struct joined *)base;
    for (int i = 0; i < 3; i++)
        rows_close(joined->parts[i]);
    free(joined);
}

static bool show_list(struct checking *checking, struct failure *failure) {
    const struct row_column columns[LISTED_COLUMNS] = {
        [LISTED_KIND] = column("kind", type_of(TYPE_TEXT)), [LISTED_NAME] = column("name", type_of(TYPE_TEXT)), [LISTED_RECORD] = column("record", type_of(TYPE_TEXT)),
        [LISTED_ELEMENT] = column("element", type_of(TYPE_TEXT)), [LISTED_SEVERITY] = column("severity", enum_named(checking->session, "severity")),
        [LISTED_STATE] = column("state", enum_named(checking->session, "obligation_state")), [LISTED_MANDATORY] = column("mandatory", type_of(TYPE_BOOL)),
        [LISTED_PERIOD] = column("period", type_of(TYPE_PERIOD)), [LISTED_DUE] = column("due", type_of(TYPE_DATE)), [LISTED_SINCE] = column("since", type_of(TYPE_DATE)),
        [LISTED_IN_A_ROW] = column("in_a_row", type_of(TYPE_INT)), [LISTED_ESCALATED] = column("escalated_to", type_of(TYPE_TEXT)), [LISTED_EXCEPTION] = column("exception", type_of(TYPE_TEXT)),
        [LISTED_WAIVER] = column("waiver", type_of(TYPE_TEXT)), [LISTED_MESSAGE] = column("message", type_of(TYPE_TEXT))};
    int count = count_to_look_at(checking), row = 0;
    struct value *values = ARENA_ARRAY(checking->arena, struct value, count * LISTED_COLUMNS);
    for (int i = 0; i < checking->waivers.list.count; i++)
        if (check_waiver_needs_look(checking, &checking->waivers.list.items[i]))
            list_waiver(checking, &checking->waivers.list.items[i], values + row++ * LISTED_COLUMNS);
    struct rows *obligations = turn_rows(checking, obligations_rows(checking->obligations, false, failure), columns, LISTED_COLUMNS, list_obligation);
    struct rows *findings = obligations ? turn_rows(checking, findings_rows(checking->findings, columns, failure), columns, LISTED_COLUMNS, list_finding) : NULL;
    if (!findings) {
        rows_close(obligations);
        return false;
    }
    struct joined *joined = calloc(1, sizeof *joined);
    if (!joined)
        abort();
    *joined = (struct joined){.base = {.columns = columns, .column_count = LISTED_COLUMNS, .next = joined_next, .close = joined_close},
                              .parts = {obligations, findings, list_rows(columns, LISTED_COLUMNS, values, count)}};
    return render(checking, &joined->base, NULL, failure);
}

bool check_show(struct checking *checking, struct failure *failure) {
    if (checking->session->options.review != REVIEW_NONE)
        return check_show_review(checking, failure);
    if (!is_for_people(checking))
        return show_list(checking, failure);
    return show_obligations(checking, failure) && show_findings(checking, failure) && show_waivers(checking, failure);
}

/* ---- the summary ---- */

static bool show_rule_counts(struct checking *checking, struct failure *failure) {
    enum { COLUMNS = 3 };
    const struct row_column columns[COLUMNS] = {column("rule", type_of(TYPE_TEXT)), column("severity", enum_named(checking->session, "severity")), column("findings", type_of(TYPE_INT))};
    struct value *values = ARENA_ARRAY(checking->arena, struct value, checking->rules.count * COLUMNS);
    for (int i = 0; i < checking->rules.count; i++) {
        struct value *row = values + i * COLUMNS;
        row[0] = scratch_text(checking->rules.items[i]->name);
        row[1] = value_int(checking->rules.items[i]->severity);
        row[2] = value_int(checking->counts[i]);
    }
    return render(checking, list_rows(columns, COLUMNS, values, checking->rules.count), NULL, failure);
}

enum { STATE_COLUMNS = OBLIGATION_STATES + 2 };

static void mandate_counts(struct checking *checking, int mandate, struct value *row) {
    const struct tmandate *of = checking->mandates.items[mandate];
    row[0] = scratch_text(of->name);
    row[1] = value_int(of->is_mandatory);
    for (int state = 0; state < OBLIGATION_STATES; state++)
        row[2 + state] = value_int(checking->by_mandate[mandate].states[OBLIGATION_STATES - 1 - state]);
}

static bool show_mandate_counts(struct checking *checking, struct failure *failure) {
    struct row_column columns[STATE_COLUMNS] = {column("mandate", type_of(TYPE_TEXT)), column("mandatory", type_of(TYPE_BOOL))};
    for (int state = 0; state < OBLIGATION_STATES; state++)
        columns[2 + state] = column(obligation_state_name((enum obligation_state)(OBLIGATION_STATES - 1 - state)), type_of(TYPE_INT));
    struct value *values = ARENA_ARRAY(checking->arena, struct value, checking->mandates.count * STATE_COLUMNS);
    for (int i = 0; i < checking->mandates.count; i++)
        mandate_counts(checking, i, values + i * STATE_COLUMNS);
    return render(checking, list_rows(columns, STATE_COLUMNS, values, checking->mandates.count), NULL, failure);
}

/* For programs the counts of rules and mandates stand in one list too. */
static bool list_counts(struct checking *checking, struct failure *failure) {
    enum { COLUMNS = OBLIGATION_STATES + 5 };
    struct row_column columns[COLUMNS] = {column("kind", type_of(TYPE_TEXT)), column("name", type_of(TYPE_TEXT)), column("severity", enum_named(checking->session, "severity")),
                                          column("mandatory", type_of(TYPE_BOOL)), column("findings", type_of(TYPE_INT))};
    for (int state = 0; state < OBLIGATION_STATES; state++)
        columns[5 + state] = column(obligation_state_name((enum obligation_state)(OBLIGATION_STATES - 1 - state)), type_of(TYPE_INT));
    int count = checking->rules.count + checking->mandates.count;
    struct value *values = ARENA_ARRAY(checking->arena, struct value, count * COLUMNS), counts[STATE_COLUMNS];
    for (int i = 0; i < count * COLUMNS; i++)
        values[i] = value_missing();
    for (int i = 0; i < checking->rules.count; i++) {
        struct value *row = values + i * COLUMNS;
        row[0] = scratch_text("rule");
        row[1] = scratch_text(checking->rules.items[i]->name);
        row[2] = value_int(checking->rules.items[i]->severity);
        row[4] = value_int(checking->counts[i]);
    }
    for (int i = 0; i < checking->mandates.count; i++) {
        struct value *row = values + (checking->rules.count + i) * COLUMNS;
        mandate_counts(checking, i, counts);
        row[0] = scratch_text("mandate");
        row[1] = counts[0];
        row[3] = counts[1];
        memcpy(row + 5, counts + 2, sizeof *row * OBLIGATION_STATES);
    }
    return render(checking, list_rows(columns, COLUMNS, values, count), NULL, failure);
}

bool check_show_summary(struct checking *checking, struct failure *failure) {
    if (!is_for_people(checking))
        return list_counts(checking, failure);
    return (checking->rules.count == 0 || show_rule_counts(checking, failure)) && (checking->mandates.count == 0 || show_mandate_counts(checking, failure));
}

/* ---- counts in words ---- */

/* Nothing in force: a check that finds nothing must not be taken for one that looked. */
static void tell_nothing(struct session *session) {
    struct buffer day = {0};
    date_write(&day, session->options.today);
    if (session->program->rules.count + session->program->mandates.count)
        fprintf(session->options.err, "nothing was checked: no rule and no mandate is in force on %s\n", buffer_string(&day));
    else
        fputs("nothing was checked: there are no rules and no mandates; name a policy that has some, `remit check PATH`\n", session->options.err);
    buffer_free(&day);
}

static void write_kept(struct checking *checking, struct buffer *line, int64_t added, int64_t gone, const char *gone_word) {
    if (checking->later != INT64_MIN) {
        buffer_add_string(line, "; nothing is kept, since a check of ");
        date_write(line, checking->later);
        buffer_add_string(line, " is kept already");
    } else if (!checking->keeps)
        buffer_add_string(line, checking->options->summary || checking->session->options.read_only ? "; nothing is kept" : "; nothing is kept, since the store may not be written");
    else
        buffer_add_format(line, "; %lld new, %lld %s", (long long)added, (long long)gone, gone_word);
}

static void tell_findings(struct checking *checking) {
    struct type severity = enum_named(checking->session, "severity");
    int64_t total = count_found(checking), counts[16] = {0};
    for (int i = 0; i < checking->rules.count; i++)
        counts[checking->rules.items[i]->severity] += checking->counts[i];
    struct buffer line = {0};
    buffer_add_format(&line, "%lld finding%s", (long long)total, total == 1 ? "" : "s");
    const char *separator = ": ";
    for (int level = severity.kind == TYPE_ENUM ? severity.enumeration->value_count - 1 : -1; level >= 0; level--)
        if (counts[level]) {
            buffer_add_format(&line, "%s%lld %s", separator, (long long)counts[level], severity.enumeration->values[level].name);
            separator = ", ";
        }
    write_kept(checking, &line, checking->kept.added, checking->kept.cleared, "cleared");
    fprintf(checking->session->options.err, "%s (%d rule%s)\n", buffer_string(&line), checking->rules.count, checking->rules.count == 1 ? "" : "s");
    buffer_free(&line);
}

static void tell_obligations(struct checking *checking) {
    static const char *const words[OBLIGATION_STATES] = {"met", "met late", "pending", "waived", "breached"};
    const struct obligation_counts *all = &checking->all;
    int64_t total = 0;
    for (int state = 0; state < OBLIGATION_STATES; state++)
        total += all->states[state];
    struct buffer line = {0};
    buffer_add_format(&line, "%lld obligation%s", (long long)total, total == 1 ? "" : "s");
    const char *separator = ": ";
    for (int state = OBLIGATION_STATES - 1; state >= 0; state--) {
        int64_t advice = state == OBLIGATION_BREACHED ? all->states[state] - all->mandatory_breached : 0;
        if (!all->states[state])
            continue;
        buffer_add_format(&line, "%s%lld %s", separator, (long long)all->states[state], words[state]);
        if (advice)
            buffer_add_format(&line, " (%lld of them advice)", (long long)advice);
        separator = ", ";
    }
    write_kept(checking, &line, all->added, all->ended, "ended");
    fprintf(checking->session->options.err, "%s (%d mandate%s)\n", buffer_string(&line), checking->mandates.count, checking->mandates.count == 1 ? "" : "s");
    buffer_free(&line);
}

static void note_failing(struct checking *checking) {
    struct session *session = checking->session;
    for (int i = 0; i < checking->rules.count; i++)
        if (checking->counts[i] && checking->rules.items[i]->severity >= session->options.fail_on)
            session->failing_check = true;
    if (checking->all.mandatory_breached)
        session->failing_check = true;
}

void check_tell_counts(struct checking *checking) {
    struct session *session = checking->session;
    note_failing(checking);
    if (session->options.quiet)
        return;
    session_speaks(session);
    fflush(session->options.out);
    if (checking->rules.count + checking->mandates.count == 0)
        tell_nothing(session);
    if (checking->rules.count)
        tell_findings(checking);
    if (checking->mandates.count)
        tell_obligations(checking);
    if (!session->is_store_policy)
        fputs("this is not the policy that the store keeps, and says nothing of what that one requires\n", session->options.err);
    int waivers = checking->options->summary ? 0 : count_to_look_at(checking);
    if (waivers && !is_for_people(checking))
        fprintf(session->options.err, "%d waiver%s to look at\n", waivers, waivers == 1 ? "" : "s");
}
