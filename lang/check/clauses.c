/* Clauses that rules, mandates and reports have in common, and what those name: offices and domains, texts, days, lengths of time.
 * Knows: clauses one by one. Does not know: the declarations they stand in. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

const char *clause_key(struct checker *checker, struct node *node, const char *record) {
    struct record_type *type = program_find_record(checker->program, record);
    if (!node || !type)
        return NULL;
    struct context context = {.checker = checker};
    struct texpr *reference = key_reference(&context, type, name_text(node), node->span);
    return is_poison(reference) ? NULL : reference->text;
}

static int64_t fixed_day(struct checker *checker, struct node *node, int64_t otherwise) {
    if (!node)
        return otherwise;
    struct context context = {.checker = checker};
    struct texpr *day = check_as(&context, node, type_of_kind(TYPE_DATE), "the day of `effective`");
    if (is_poison(day))
        return otherwise;
    if (day->kind != TEXPR_CONSTANT) {
        diagnostic_add(checker->diagnostics, DIAG_DAY_NOT_FIXED, node->span);
        return otherwise;
    }
    return day->constant.integer;
}

void clause_effective(struct checker *checker, struct node *node, int64_t *from, int64_t *until) {
    struct node_effective *effective = AS(effective, EFFECTIVE, node);
    *from = fixed_day(checker, effective->from, INT64_MIN);
    *until = fixed_day(checker, effective->until, INT64_MAX);
    if (*until < *from)
        diagnostic_add(checker->diagnostics, DIAG_ENDS_BEFORE_IT_BEGINS, node->span);
}

const char *clause_words(struct checker *checker, struct node *node, const char *clause) {
    const struct node_text_literal *literal = node->kind == NODE_TEXT_LITERAL ? AS(text_literal, TEXT_LITERAL, node) : NULL;
    if (literal && (literal->parts.count == 0 || (literal->parts.count == 1 && literal->parts.items[0]->kind == NODE_TEXT_PART)))
        return name_text(node);
    diagnostic_add(checker->diagnostics, DIAG_WORDS_WANTED, node->span, clause);
    return "";
}

const char *clause_exception(struct checker *checker, struct node *node) {
    int errors = checker->diagnostics->error_count;
    const char *label = clause_words(checker, node, "except");
    if (checker->diagnostics->error_count == errors && !label[strspn(label, " \t\n")])
        diagnostic_add(checker->diagnostics, DIAG_EXCEPTION_WITHOUT_NAME, node->span);
    return label;
}

bool clause_source(struct checker *checker, struct texpr *collection, struct node *node, struct tvar *variable, struct record_type **record, struct texpr **where) {
    struct texpr *element = texpr_variable(checker->arena, variable, node->span);
    struct texpr *source = collection;
    for (; source->kind == TEXPR_FILTER; source = source->source) {
        struct texpr *condition = substitute(checker, source->condition, source->variable, element, node->span);
        *where = texpr_and(checker->arena, condition, *where);
    }
    if (source->kind == TEXPR_ALL) {
        *record = source->type.element->record;
        return true;
    }
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_RULE_SOURCE, node->span);
    diagnostic_hint(checker->diagnostics, said, "Name a record type: `for initiative where …`.");
    return false;
}

struct node *clause_find(struct checker *checker, struct node_list clauses, enum node_kind kind, const char *word) {
    struct node *found = NULL;
    for (int i = 0; i < clauses.count; i++) {
        if (clauses.items[i]->kind != kind)
            continue;
        if (found) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_CLAUSE_REPEATED, clauses.items[i]->span, word);
            diagnostic_second(checker->diagnostics, said, found->span, "it is said here");
        } else
            found = clauses.items[i];
    }
    return found;
}

/* ---- those who act ---- */

static const char *const actor_types[] = {"office", "body", "person"};
enum { ACTOR_TYPES = sizeof actor_types / sizeof *actor_types };

static bool is_actor(struct checker *checker, struct record_type *type, const char *key) {
    const struct world *world = checker->world;
    return type && (key_find(checker, type, key) || (world && world->key_exists && world->key_exists(world->context, type->name, key)));
}

static void say_unknown_actor(struct checker *checker, struct node *node) {
    const struct world *world = checker->world;
    struct nearest nearest;
    nearest_start(&nearest, name_text(node));
    for (int t = 0; t < ACTOR_TYPES; t++) {
        struct record_type *type = program_find_record(checker->program, actor_types[t]);
        for (int i = 0; i < checker->keys.count; i++)
            if (checker->keys.items[i].record == type)
                nearest_offer(&nearest, checker->keys.items[i].key);
        if (world && world->offer_keys)
            world->offer_keys(world->context, actor_types[t], &nearest);
    }
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_ACTOR, node->span, name_text(node));
    if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
}

bool clause_actor(struct checker *checker, struct node *node, struct tactor *actor) {
    *actor = (struct tactor){.span = node->span};
    for (int t = 0; t < ACTOR_TYPES; t++) {
        struct record_type *type = program_find_record(checker->program, actor_types[t]);
        if (!is_actor(checker, type, name_text(node)))
            continue;
        if (actor->record) {
            diagnostic_add(checker->diagnostics, DIAG_ACTOR_AMBIGUOUS, node->span, name_text(node), actor->record->name, type->name);
            return false;
        }
        actor->record = type;
        actor->key = intern_string(checker->names, name_text(node));
    }
    if (!actor->record)
        say_unknown_actor(checker, node);
    return actor->record != NULL;
}

struct tactor *clause_actors(struct checker *checker, struct node_list nodes, int *count) {
    struct tactor *actors = ARENA_ARRAY(checker->arena, struct tactor, nodes.count);
    *count = 0;
    for (int i = 0; i < nodes.count; i++)
        if (clause_actor(checker, nodes.items[i], &actors[*count]))
            ++*count;
    return actors;
}

/* ---- lengths of time ---- */

struct texpr *clause_length(struct context *context, struct node *node, const char *clause, const char *example) {
    struct checker *checker = context->checker;
    struct texpr *length = check_expression(context, node, NULL);
    if (is_poison(length))
        return NULL;
    enum type_kind kind = length->type.kind;
    if (kind != TYPE_DURATION && kind != TYPE_SPAN && kind != TYPE_WORKING_DAYS) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_WRONG_TYPE, node->span, clause, "a length of time", type_words(checker, length->type));
        diagnostic_hint(checker->diagnostics, said, "Write `%s`.", example);
        return NULL;
    }
    if (length->type.optional) {
        require_known(context, length, node);
        return NULL;
    }
    return length;
}

bool clause_fixed_length(struct context *context, struct node *node, const char *clause, const char *example, struct tlength *fixed) {
    struct checker *checker = context->checker;
    struct texpr *length = clause_length(context, node, clause, example);
    if (!length)
        return false;
    if (length->kind != TEXPR_CONSTANT || length->constant.integer <= 0) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_LENGTH_NOT_FIXED, node->span, clause);
        diagnostic_hint(checker->diagnostics, said, "Write `%s`.", example);
        return false;
    }
    *fixed = (struct tlength){length->type.kind, length->constant.integer};
    return true;
}
