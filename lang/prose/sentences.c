/* Sentences: of mandates, rules and exceptions. */
#include "lang/prose/inside.h"

#include <string.h>

static struct node *clause_of(const struct node_list *clauses, enum node_kind kind) {
    for (int i = 0; i < clauses->count; i++)
        if (clauses->items[i]->kind == kind)
            return clauses->items[i];
    return NULL;
}

/* The name that the clause gives the element. */
static struct prose named(const struct prose *prose, struct node *for_clause) {
    struct prose result = *prose;
    if (for_clause)
        result.binder = name_of(AS(for_clause, FOR, for_clause)->binder);
    return result;
}

static const char *type_words(const struct prose *prose) {
    return prose->record ? prose_title(prose->arena, prose->record->title ? prose->record->title : prose->record->name) : "record";
}

void prose_subject(struct buffer *out, const struct prose *prose, const char *one, struct node *for_clause) {
    struct prose of = named(prose, for_clause);
    const char *words = type_words(prose);
    if (strcmp(one, "a") == 0)
        buffer_add_string(out, with_article(prose->arena, words));
    else
        buffer_add_format(out, "%s %s", one, words);
    struct node *source = for_clause ? AS(for_clause, FOR, for_clause)->source : NULL;
    if (source && source->kind == NODE_FILTER)
        write_attributes(out, &of, AS(filter, FILTER, source)->condition, false);
    if (for_clause && AS(for_clause, FOR, for_clause)->condition)
        write_attributes(out, &of, AS(for_clause, FOR, for_clause)->condition, false);
}

/* ---- when ---- */

static void write_day(struct buffer *out, const struct prose *prose, const char *word, struct node *day) {
    if (day)
        buffer_add_format(out, " %s %s", word, value_of(prose, day));
}

/* ", every month from its start,": between commas; nothing of what holds at all times. */
static void write_timing(struct buffer *out, const struct prose *prose, const struct node_list *clauses) {
    struct node *every = clause_of(clauses, NODE_EVERY), *by = clause_of(clauses, NODE_BY_DATE), *before = clause_of(clauses, NODE_BEFORE);
    if (every) {
        buffer_add_format(out, ", every %s", prose_words(prose->arena, source_quote(prose->arena, prose->sources, AS(every, EVERY, every)->cadence->span)));
        write_day(out, prose, "from", AS(every, EVERY, every)->from);
        write_day(out, prose, "until", AS(every, EVERY, every)->until);
        buffer_add_char(out, ',');
    } else if (by)
        buffer_add_format(out, ", by %s,", value_of(prose, AS(by_date, BY_DATE, by)->date));
    else if (before)
        buffer_add_format(out, ", before its %s becomes %s,", noun_of(prose, AS(before, BEFORE, before)->path) ? noun_of(prose, AS(before, BEFORE, before)->path) : "field", value_of(prose, AS(before, BEFORE, before)->value));
}

/* ---- sentences ---- */

static const char *verb_of(int modal) {
    return modal == MODAL_SHALL || modal == MODAL_SHALL_NOT ? "requires" : "advises";
}

void prose_mandate(struct buffer *out, const struct prose *prose, const char *office, struct node *node) {
    const struct node_mandate *mandate = AS(mandate, MANDATE, node);
    struct node *for_clause = clause_of(&mandate->clauses, NODE_FOR), *required = clause_of(&mandate->clauses, NODE_REQUIREMENT);
    struct prose of = named(prose, for_clause);
    int modal = required ? AS(requirement, REQUIREMENT, required)->modal : MODAL_SHALL;
    bool is_not = modal == MODAL_SHALL_NOT || modal == MODAL_SHOULD_NOT;
    buffer_add_format(out, "The %s %s", office, verb_of(modal));
    write_timing(out, &of, &mandate->clauses);
    buffer_add_string(out, " that ");
    prose_subject(out, prose, is_not ? "no" : "each", for_clause);
    buffer_add_char(out, ' ');
    if (required)
        prose_predicate(out, &of, AS(requirement, REQUIREMENT, required)->condition);
    buffer_add_char(out, '.');
}

void prose_rule(struct buffer *out, const struct prose *prose, struct node *node) {
    const struct node_rule *rule = AS(rule, RULE, node);
    struct node *for_clause = clause_of(&rule->clauses, NODE_FOR), *when = clause_of(&rule->clauses, NODE_WHEN), *raise = clause_of(&rule->clauses, NODE_RAISE);
    struct prose of = named(prose, for_clause);
    const char *severity = raise ? name_of(AS(raise, RAISE, raise)->severity) : NULL;
    buffer_add_format(out, "Raised%s%s for ", severity ? " as " : "", severity ? severity : "");
    prose_subject(out, prose, "each", for_clause);
    if (when) {
        buffer_add_string(out, " that ");
        prose_predicate(out, &of, AS(when, WHEN, when)->condition);
    }
    buffer_add_char(out, '.');
}

void prose_exception(struct buffer *out, const struct prose *prose, struct node *node, bool of_rule) {
    const struct node_except *except = AS(except, EXCEPT, node);
    buffer_add_format(out, "“%s”: %swhere it ", plain_text(except->label) ? plain_text(except->label) : "", of_rule ? "not " : "");
    prose_predicate(out, prose, except->condition);
    if (of_rule)
        buffer_add_char(out, '.');
    else if (!except->requirement)
        buffer_add_string(out, ", nothing is asked.");
    else {
        const struct node_requirement *instead = AS(requirement, REQUIREMENT, except->requirement);
        bool is_not = instead->modal == MODAL_SHALL_NOT || instead->modal == MODAL_SHOULD_NOT;
        buffer_add_format(out, ", it is %s instead that it ", instead->modal == MODAL_SHALL || instead->modal == MODAL_SHALL_NOT ? "required" : "advised");
        if (is_not)
            buffer_add_string(out, "does not do this: it ");
        prose_predicate(out, prose, instead->condition);
        buffer_add_char(out, '.');
    }
}
