/* What an office may require and advise, what it does, of whom, and at what burden; and what a mandate is. See session.h.
 * Knows: mandates, offices. Does not know: obligations that are kept. */
#include "runtime/engine/mandates.h"

#include <string.h>

/* ---- burden ---- */

/* How many periods of the cadence a month has, on average over the 400 years of the calendar. */
static double periods_a_month(struct cadence cadence) {
    static const double days_a_month = 146097.0 / 4800;
    switch (cadence.unit) {
    case PERIOD_DAY: return days_a_month / cadence.count;
    case PERIOD_WEEK: return days_a_month / 7 / cadence.count;
    case PERIOD_MONTH: return 1.0 / cadence.count;
    case PERIOD_QUARTER: case PERIOD_FISCAL_QUARTER: return 1.0 / 3 / cadence.count;
    default: return 1.0 / 12 / cadence.count;
    }
}

static double effort_hours(const struct tmandate *mandate) {
    enum { HOURS_A_WORKING_DAY = 8 };
    if (mandate->effort.kind == TYPE_WORKING_DAYS)
        return (double)mandate->effort.amount * HOURS_A_WORKING_DAY;
    return (double)mandate->effort.amount / 3600;
}

double mandate_hours_a_month(const struct tmandate *mandate) {
    return mandate->timing == TIMING_EVERY ? effort_hours(mandate) * periods_a_month(mandate->cadence) : 0;
}

/* ---- words ---- */

const char *mandate_timing_words(struct session *session, const struct tmandate *mandate) {
    struct arena *arena = session->arena;
    switch (mandate->timing) {
    case TIMING_EVERY: {
        struct buffer out = {0};
        static const char *const units[] = {[PERIOD_DAY] = "day", [PERIOD_WEEK] = "week", [PERIOD_MONTH] = "month", [PERIOD_QUARTER] = "quarter", [PERIOD_YEAR] = "year",
                                            [PERIOD_FISCAL_QUARTER] = "fiscal quarter", [PERIOD_FISCAL_YEAR] = "fiscal year"};
        if (mandate->cadence.count == 1)
            buffer_add_format(&out, "every %s", units[mandate->cadence.unit]);
        else
            buffer_add_format(&out, "every %d %ss", mandate->cadence.count, units[mandate->cadence.unit]);
        const char *words = arena_copy_string(arena, buffer_string(&out));
        buffer_free(&out);
        return words;
    }
    case TIMING_BY: return arena_format(arena, "by %s", source_quote(arena, session->sources, mandate->by->span));
    case TIMING_GATE: return arena_format(arena, "before %s becomes %s", mandate->gate_field->name, source_quote(arena, session->sources, mandate->gate_value->span));
    default: return "always";
    }
}

const char *mandate_lapse_words(struct session *session, const struct tmandate *mandate) {
    bool is_early = session->options.today < mandate->effective_from, is_over = session->options.today > mandate->effective_until;
    struct buffer out = {0};
    if (!is_early && !is_over)
        return NULL;
    if (is_early ? mandate->begins_with_office : mandate->ends_with_office)
        buffer_add_format(&out, "%s %s on ", mandate->office, is_early ? "begins" : "ended");
    else
        buffer_add_format(&out, "effective %s ", is_early ? "from" : "until");
    date_write(&out, is_early ? mandate->effective_from : mandate->effective_until);
    const char *words = arena_copy_string(session->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

static bool count_subjects(struct session *session, const struct tmandate *mandate, int *count, struct failure *failure) {
    int64_t *ids;
    return session_collect_ids(session, mandate->source, &ids, count, failure);
}

static void write_hours(struct buffer *out, double hours) {
    if (hours >= 10)
        buffer_add_format(out, "%.0f hours", hours);
    else
        buffer_add_format(out, "%.1f hours", hours);
}

/* ---- an office ---- */

struct telling {
    struct session *session;
    FILE *out;
    double hours; /* a month, of all subjects */
};

/* "12 initiatives": of how many it is required now; nothing is where it is not in force, and there is no burden. */
static bool tell_mandate(struct telling *telling, const struct tmandate *mandate, struct failure *failure) {
    int count;
    const char *lapse = mandate_lapse_words(telling->session, mandate);
    if (lapse) {
        fprintf(telling->out, "    %-20s %s, on %s; not in force: %s\n", mandate->name, mandate_timing_words(telling->session, mandate), mandate->domain, lapse);
        return true;
    }
    if (!count_subjects(telling->session, mandate, &count, failure))
        return false;
    fprintf(telling->out, "    %-20s %s, on %s; of %d %s%s now", mandate->name, mandate_timing_words(telling->session, mandate), mandate->domain, count, mandate->record->name, count == 1 ? "" : "s");
    if (mandate->effort.amount) {
        double hours = mandate_hours_a_month(mandate) * count;
        struct buffer burden = {0};
        write_hours(&burden, mandate->timing == TIMING_EVERY ? hours : effort_hours(mandate));
        fprintf(telling->out, mandate->timing == TIMING_EVERY ? "; %s a month" : "; %s each", buffer_string(&burden));
        buffer_free(&burden);
        telling->hours += hours;
    }
    fputc('\n', telling->out);
    return true;
}

static bool tell_mandates(struct telling *telling, const char *office, bool is_mandatory, struct failure *failure) {
    const struct program *program = telling->session->program;
    bool any = false;
    for (int i = 0; i < program->mandates.count; i++) {
        const struct tmandate *mandate = program->mandates.items[i];
        if (strcmp(mandate->office, office) != 0 || mandate->is_mandatory != is_mandatory)
            continue;
        if (!any)
            fprintf(telling->out, "  %s\n", is_mandatory ? "requires (shall)" : "advises (should)");
        any = true;
        if (!tell_mandate(telling, mandate, failure))
            return false;
    }
    return true;
}

bool session_describe_office(struct session *session, const char *office, FILE *out, struct failure *failure) {
    struct telling telling = {session, out, 0};
    if (!tell_mandates(&telling, office, true, failure) || !tell_mandates(&telling, office, false, failure))
        return false;
    if (telling.hours > 0) {
        struct buffer burden = {0};
        write_hours(&burden, telling.hours);
        fprintf(out, "  burden               %s a month in all\n", buffer_string(&burden));
        buffer_free(&burden);
    }
    return true;
}
