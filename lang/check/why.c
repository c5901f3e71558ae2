/* `why` and `why not`: of which declaration the account is asked.
 * Knows: names of declarations. Does not know: how an account is made (runtime/engine). */
#include "lang/base/text.h"
#include "lang/check/checker.h"

/* The rules and mandates about a type of record: "`late`, `overspend`". */
struct naming {
    struct buffer words;
    int found;
};
enum { NAMES_SHOWN = 8 };

static void add_name(struct naming *naming, const char *name) {
    if (++naming->found <= NAMES_SHOWN)
        buffer_add_format(&naming->words, "%s`%s`", naming->found > 1 ? ", " : "", name);
}

static const char *names_about(struct checker *checker, const struct record_type *record) {
    const struct program *program = checker->program;
    struct naming naming = {0};
    for (int i = 0; i < program->rules.count; i++)
        if (program->rules.items[i]->record == record)
            add_name(&naming, program->rules.items[i]->name);
    for (int i = 0; i < program->mandates.count; i++)
        if (program->mandates.items[i]->record == record)
            add_name(&naming, program->mandates.items[i]->name);
    if (naming.found > NAMES_SHOWN)
        buffer_add_format(&naming.words, " and %d more", naming.found - NAMES_SHOWN);
    const char *kept = arena_copy_string(checker->arena, buffer_string(&naming.words));
    buffer_free(&naming.words);
    return kept;
}

/* What else the name may be is told: a report, a type of record, or a key where name and key were taken for one another. */
static void refuse_why(struct checker *checker, struct node_why *why) {
    const char *name = name_text(why->name), *key = name_text(why->key), *word = why->negated ? "why not" : "why";
    const struct record_type *record = program_find_record(checker->program, name);
    bool is_report = name_table_find(&checker->program->report_names, name) >= 0, is_swapped = program_find_rule(checker->program, key) || program_find_mandate(checker->program, key);
    if (!record && !is_report && !is_swapped) {
        unknown_rule_or_mandate(checker, why->name);
        return;
    }
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_WHY_OF_WHAT, why->name->span, name, record ? "a type of record" : is_report ? "a report" : "none");
    if (is_swapped)
        diagnostic_hint(checker->diagnostics, said, "The name of the rule or mandate comes first: `%s %s for %s`.", word, key, name);
    else if (is_report)
        diagnostic_hint(checker->diagnostics, said, "A report shows rows: `run %s`.", name);
    else if (*names_about(checker, record))
        diagnostic_hint(checker->diagnostics, said, "Rules and mandates about %s: %s.", name, names_about(checker, record));
}

/* Of what is asked for again and again, one period may be named. */
static bool check_why_period(struct context *context, struct node *written, const char *name, const struct tmandate *mandate, struct tcommand *command) {
    struct checker *checker = context->checker;
    if (!written)
        return true;
    if (!mandate || mandate->timing != TIMING_EVERY) {
        diagnostic_add(checker->diagnostics, mandate ? DIAG_NO_PERIODS : DIAG_WHY_IN_PERIOD, written->span, name);
        return false;
    }
    command->period = check_named_period(context, written);
    return !is_poison(command->period);
}

struct tcommand *check_why(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_why *why = AS(why, WHY, node);
    const char *name = name_text(why->name);
    const struct tmandate *mandate = program_find_mandate(checker->program, name);
    if (!mandate && !program_find_rule(checker->program, name)) {
        refuse_why(checker, why);
        return NULL;
    }
    struct tcommand *command = ARENA_NEW(checker->arena, struct tcommand);
    *command = (struct tcommand){.kind = COMMAND_WHY, .span = node->span, .name = name, .key = name_text(why->key), .key_span = why->key->span, .negated = why->negated != 0};
    return check_why_period(context, why->period, name, mandate, command) ? command : NULL;
}
