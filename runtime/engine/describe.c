/* What a name is: records and their fields, enums, rules, reports, functions, modules. See session.h. */
#include "lang/check/stdlib_text.h"
#include "runtime/engine/session.h"

#include <string.h>

static void describe_field(struct session *session, const struct field *field, FILE *out) {
    const char *type = type_text(session->arena, field->type);
    const char *note = field->kind == FIELD_DERIVED ? "derived" : field->kind == FIELD_SET ? "set" : "";
    if (field->kind == FIELD_INVERSE)
        fprintf(out, "  %-20s all %s whose %s is this\n", field->name, field->inverse_of->record->name, field->inverse_of->name);
    else
        fprintf(out, "  %-20s %s%s%s%s%s\n", field->name, type, *note ? ", " : "", note, field->doc ? "  # " : "", field->doc ? field->doc : "");
}

static void describe_record(struct session *session, const struct record_type *record, FILE *out) {
    fprintf(out, "record %s \"%s\"\n", record->name, record->title);
    if (record->doc)
        fprintf(out, "%s\n", record->doc);
    if (record->runtime_filled)
        fprintf(out, "Filled by Remit; anyone may query it.\n");
    for (int i = FIELD_KEY; i < record->field_count; i++)
        describe_field(session, record->fields[i], out);
    if (record->key_count) {
        fprintf(out, "  key");
        for (int i = 0; i < record->key_count; i++)
            fprintf(out, "%s %s", i ? "," : "", record->key[i]->name);
        fprintf(out, "\n");
    }
}

static void print_source(struct session *session, struct span span, FILE *out) {
    const struct source *source = source_get(session->sources, span.file);
    struct place place = source_place(session->sources, span.file, span.start);
    fprintf(out, "%.*s\n(%s:%u)\n", (int)(span.end - span.start), source->text + span.start, source->path, place.line);
}

static bool describe_enum(struct session *session, const char *name, FILE *out) {
    for (int i = 0; i < session->program->enums.count; i++) {
        const struct enum_type *enumeration = session->program->enums.items[i];
        if (strcmp(enumeration->name, name) != 0)
            continue;
        fprintf(out, "enum %s, in this order:\n", name);
        for (int v = 0; v < enumeration->value_count; v++) {
            bool titled = strcmp(enumeration->values[v].name, enumeration->values[v].title) != 0;
            fprintf(out, "  %s%s%s%s\n", enumeration->values[v].name, titled ? " \"" : "", titled ? enumeration->values[v].title : "", titled ? "\"" : "");
        }
        return true;
    }
    return false;
}

/* A value of enums, of as many as have one of that name. */
static bool describe_value(struct session *session, const char *name, FILE *out) {
    bool found = false;
    for (int i = 0; i < session->program->enums.count; i++) {
        const struct enum_type *enumeration = session->program->enums.items[i];
        int ordinal = enum_find_value(enumeration, name);
        if (ordinal < 0)
            continue;
        found = true;
        bool titled = strcmp(enumeration->values[ordinal].title, name) != 0;
        fprintf(out, "%s%s%s%s is a value of %s:", name, titled ? " \"" : "", titled ? enumeration->values[ordinal].title : "", titled ? "\"" : "", enumeration->name);
        for (int v = 0; v < enumeration->value_count; v++)
            fprintf(out, "%s %s", v ? "," : "", enumeration->values[v].name);
        fprintf(out, "\n");
    }
    return found;
}

static const struct {
    const char *name, *help;
} types[] = {
    {"bool", "A truth value: true, false."},
    {"int", "A whole number of 64 bits: 12, 1_000, 2k."},
    {"number", "A ratio or a weight, an IEEE double: 1.5, 110%."},
    {"money", "An amount, exact to a ten-thousandth, in one currency: 100 USD, 2.4M USD. `money in EUR` names another currency than that of the settings."},
    {"text", "Unicode text: \"Smart meters\". Values stand in braces: \"{name} is late\"."},
    {"date", "A day: 2026-03-31, today."},
    {"datetime", "A day and a time, to the second: 2026-03-31T17:00, now."},
    {"duration", "Exact time: 2 hours, 30 days, 2 weeks. What two dates differ by."},
    {"span", "Calendar months: 3 months, 1 quarter, 2 years. Added to a date."},
    {"working_days", "Days without weekends and holidays: 5 working days. Added to a date."},
    {"period", "A week, month, quarter, year or fiscal year: 2026-W12, 2026-03, 2026Q1, 2026, FY2026Q1. Has `start` and `end`."},
    {"set", "Members of a record type, of an enum, or texts: `set of office`. Given in brackets: [PMO, CMO]."},
};

/* `int` and others are functions as well, which are described beside them. */
static bool describe_type(const char *name, FILE *out) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0) {
            fprintf(out, "type %s\n%s\n", name, types[i].help);
            return true;
        }
    return false;
}

static const char *letter_words(char letter) {
    switch (letter) {
    case 'b': return "bool";
    case 'i': case 'I': return "int";
    case 'n': return "number";
    case 'm': return "money";
    case 't': case 'T': return "text";
    case 'd': return "date";
    case 'D': return "datetime";
    case 'u': return "duration";
    case 'p': return "period";
    default: return "value";
    }
}

static bool describe_builtin(const char *name, FILE *out) {
    const char *parameters;
    const char *help = builtin_help(name, &parameters);
    if (!help)
        return false;
    fprintf(out, "%s(", name);
    for (const char *letter = parameters; *letter; letter++)
        fprintf(out, "%s%s", letter == parameters ? "" : ", ", letter_words(*letter));
    fprintf(out, ")\n%s\n", help);
    return true;
}

static bool describe_aggregate(const char *name, FILE *out) {
    static const struct {
        const char *name, *use, *help;
    } aggregates[] = {
        {"count", "count(COLLECTION)", "How many there are; with a path, how many values are not missing."},
        {"sum", "sum(COLLECTION.FIELD)", "The sum; of nothing it is 0. Missing values are passed over."},
        {"avg", "avg(COLLECTION.FIELD)", "The mean; missing of nothing."},
        {"latest", "latest(COLLECTION by FIELD)", "The element with the greatest value; of equals the one recorded last. latest(3, … by …) is the three newest."},
        {"earliest", "earliest(COLLECTION by FIELD)", "The element with the least value; of equals the one recorded first."},
        {"streak", "streak(COLLECTION by FIELD where CONDITION)", "How many of the newest in a row satisfy the condition."},
        {"longest_gap", "longest_gap(COLLECTION by DATE)", "The longest time between neighbours; missing of fewer than two."},
        {"join", "join(COLLECTION.TEXT, \", \")", "The texts, one after another."},
        {"distinct", "distinct(COLLECTION.FIELD)", "The values without repeats."},
        {"transitive", "transitive(children)", "All that is reached in one step or more, however deep; a cycle is walked once."},
        {"periods", "periods(week, DATE, DATE)", "The periods, in order, that have a day from the first date to the second: by day, week, month, quarter, year, fiscal_quarter, fiscal_year, or so many, as 2 weeks."},
        {"convert", "convert(MONEY, EUR, on DATE)", "The amount in another currency, by the latest rate on or before the date."},
    };
    for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates; i++)
        if (strcmp(aggregates[i].name, name) == 0) {
            fprintf(out, "%s\n%s\n", aggregates[i].use, aggregates[i].help);
            return true;
        }
    return false;
}

static bool describe_path(struct session *session, const char *name, FILE *out) {
    const char *dot = strchr(name, '.');
    if (!dot)
        return false;
    struct record_type *record = program_find_record(session->program, arena_copy(session->arena, name, (size_t)(dot - name)));
    const struct field *field = record ? record_find_field(record, dot + 1) : NULL;
    if (!field || dot[1] == '_')
        return false;
    fprintf(out, "field of %s:\n", record->name);
    describe_field(session, field, out);
    if (field->kind == FIELD_DERIVED && field->index >= FIELD_FIRST_OWN && field->value) {
        const struct source *source = source_get(session->sources, field->value->span.file);
        fprintf(out, "  = %.*s\n", (int)(field->value->span.end - field->value->span.start), source->text + field->value->span.start);
    }
    return true;
}

static bool describe_definition(struct session *session, const char *name, FILE *out) {
    struct span span;
    bool found = checker_definition_span(session->checker, name, &span);
    if (found)
        print_source(session, span, out);
    return found;
}

/* ---- words of the language ---- */

static const struct {
    const char *word, *help, *section;
} language_words[] = {
#define WORD(word, help, section) {word, help, section},
#include "runtime/engine/words.def"
#undef WORD
};
enum { WORD_COUNT = sizeof language_words / sizeof *language_words };

static int find_word(const char *word) {
    for (int i = 0; i < WORD_COUNT; i++)
        if (strcmp(language_words[i].word, word) == 0)
            return i;
    return -1;
}

bool session_has_word(const char *word) {
    return find_word(word) >= 0;
}

static bool describe_word(const char *name, FILE *out) {
    int position = find_word(name);
    if (position >= 0)
        fprintf(out, "%s: %s\n(the reference, lang/REFERENCE.md: %s)\n", name, language_words[position].help, language_words[position].section);
    return position >= 0;
}

/* What only a module would bring: a field, a record, a rule, a value. */
static const char *module_of(struct session *session, const char *name) {
    const char *dot = strchr(name, '.');
    const char *record = dot ? arena_copy(session->arena, name, (size_t)(dot - name)) : NULL;
    return checker_module_of(session->checker, record, dot ? dot + 1 : name);
}

static bool unknown(struct session *session, const char *name, struct failure *failure) {
    struct nearest nearest;
    nearest_start(&nearest, name);
    for (int i = 0; i < session->program->records.count; i++)
        nearest_offer(&nearest, session->program->records.items[i]->name);
    for (int i = 0; i < session->program->enums.count; i++) {
        const struct enum_type *enumeration = session->program->enums.items[i];
        nearest_offer(&nearest, enumeration->name);
        for (int v = 0; v < enumeration->value_count; v++)
            nearest_offer(&nearest, enumeration->values[v].name);
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        nearest_offer(&nearest, types[i].name);
    for (int i = 0; i < WORD_COUNT; i++)
        nearest_offer(&nearest, language_words[i].word);
    for (int i = 0; i < session->program->rules.count; i++)
        nearest_offer(&nearest, session->program->rules.items[i]->name);
    for (int i = 0; i < session->program->mandates.count; i++)
        nearest_offer(&nearest, session->program->mandates.items[i]->name);
    for (int i = 0; i < session->program->reports.count; i++)
        nearest_offer(&nearest, session->program->reports.items[i]->name);
    for (int i = 0; i < session->program->records.count; i++)
        if (!session->program->records.items[i]->runtime_filled)
            session->world.offer_keys(session->world.context, session->program->records.items[i]->name, &nearest);
    failure_set(failure, DIAG_NOTHING_TO_DESCRIBE, name);
    const char *module = module_of(session, name);
    if (module)
        failure_hint(failure, "The module `%s` brings it: write `use %s` at the top of the policy. `describe %s` shows all that it brings.", module, module, module);
    else if (nearest.best)
        failure_hint(failure, "did you mean `%s`?", nearest.best);
    return false;
}

bool session_describe(struct session *session, const char *name, FILE *out, struct failure *failure) {
    const struct record_type *record = program_find_record(session->program, name);
    const struct trule *rule = program_find_rule(session->program, name);
    const struct tmandate *mandate = program_find_mandate(session->program, name);
    const struct treport *report = program_find_report(session->program, name);
    if (record) {
        describe_record(session, record, out);
        return true;
    }
    if (rule || mandate || report) {
        const char *doc = rule ? rule->doc : mandate ? mandate->doc : report->doc;
        if (doc)
            fprintf(out, "%s\n", doc);
        print_source(session, rule ? rule->span : mandate ? mandate->span : report->span, out);
        return true;
    }
    /* A type may be a function as well, and a type or a value the key of a record. */
    bool is_found = describe_type(name, out);
    if (describe_path(session, name, out) || describe_enum(session, name, out) || describe_builtin(name, out) || describe_aggregate(name, out) || describe_definition(session, name, out))
        return true;
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        if (strcmp(module->name, name) == 0) {
            fprintf(out, "module %s of the standard library:\n\n%s", name, module->text);
            return true;
        }
    is_found = describe_value(session, name, out) || is_found;
    int count;
    if (!session_describe_rows(session, name, out, &count, failure))
        return false;
    return count > 0 || is_found || describe_word(name, out) || unknown(session, name, failure);
}
