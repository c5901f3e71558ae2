/* `why` and `why not`: of which declaration the account is asked.
 * Knows: names of declarations. Does not know: how an account is made (runtime/engine). */
#include "lang/base/text.h"
#include "lang/check/checker.h"

static void say_unknown(struct checker *checker, const struct node *node) {
    struct nearest nearest;
    nearest_start(&nearest, name_text(node));
    for (int i = 0; i < checker->program->rules.count; i++)
        nearest_offer(&nearest, checker->program->rules.items[i]->name);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_RULE, node->span, name_text(node));
    if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
}

/* The rules about a type of record: "`late`, `overspend`". */
static const char *rule_words(struct checker *checker, const struct record_type *record) {
    enum { RULES_SHOWN = 8 };
    struct buffer words = {0};
    int found = 0;
    for (int i = 0; i < checker->program->rules.count; i++)
        if (checker->program->rules.items[i]->record == record && ++found <= RULES_SHOWN)
            buffer_add_format(&words, "%s`%s`", found > 1 ? ", " : "", checker->program->rules.items[i]->name);
    if (found > RULES_SHOWN)
        buffer_add_format(&words, " and %d more", found - RULES_SHOWN);
    const char *kept = arena_copy_string(checker->arena, buffer_string(&words));
    buffer_free(&words);
    return kept;
}

/* What else the name may be is told: a report, a type of record, or a key where rule and key were taken for one another. */
static void refuse_why(struct checker *checker, struct node_why *why) {
    const char *name = name_text(why->name), *key = name_text(why->key), *word = why->negated ? "why not" : "why";
    const struct record_type *record = program_find_record(checker->program, name);
    bool is_report = name_table_find(&checker->program->report_names, name) >= 0, is_swapped = program_find_rule(checker->program, key) != NULL;
    if (!record && !is_report && !is_swapped) {
        say_unknown(checker, why->name);
        return;
    }
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_WHY_OF_WHAT, why->name->span, name, record ? "a type of record" : is_report ? "a report" : "none");
    if (is_swapped)
        diagnostic_hint(checker->diagnostics, said, "The rule comes first: `%s %s for %s`.", word, key, name);
    else if (is_report)
        diagnostic_hint(checker->diagnostics, said, "A report shows rows: `run %s`.", name);
    else if (*rule_words(checker, record))
        diagnostic_hint(checker->diagnostics, said, "Rules about %s are: %s.", name, rule_words(checker, record));
}

struct tcommand *check_why(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_why *why = AS(why, WHY, node);
    const struct trule *rule = program_find_rule(checker->program, name_text(why->name));
    if (!rule) {
        refuse_why(checker, why);
        return NULL;
    }
    if (why->period) {
        diagnostic_add(checker->diagnostics, DIAG_WHY_IN_PERIOD, why->period->span, rule->name);
        return NULL;
    }
    struct tcommand *command = ARENA_NEW(checker->arena, struct tcommand);
    *command = (struct tcommand){.kind = COMMAND_WHY, .span = node->span, .name = rule->name, .key = name_text(why->key), .key_span = why->key->span, .negated = why->negated != 0};
    return command;
}
