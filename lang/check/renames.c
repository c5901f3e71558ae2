/* Names that records, fields, rules and mandates had before: `was`.
 * Knows: what is declared. Does not know: what a store keeps under the old names. */
#include "lang/check/checker.h"

#include <string.h>

const char *was_note(struct checker *checker, enum renamed_kind kind, const struct record_type *record, struct node *name, struct node *was) {
    if (!was)
        return NULL;
    struct renamed renamed = {kind, record, name, was};
    LIST_ADD(checker->arena, &checker->renames, renamed);
    return intern_string(checker->names, name_text(was));
}

static bool is_there(const struct checker *checker, const struct renamed *renamed) {
    const char *was = name_text(renamed->was);
    switch (renamed->kind) {
    case RENAMED_RECORD:
        return program_find_record(checker->program, was) != NULL;
    case RENAMED_FIELD:
        return record_find_field(renamed->record, was) != NULL;
    case RENAMED_RULE:
        return program_find_rule(checker->program, was) != NULL;
    case RENAMED_MANDATE:
        return program_find_mandate(checker->program, was) != NULL;
    }
    return false;
}

static const struct renamed *find_other(const struct checker *checker, int position) {
    const struct renamed *renamed = &checker->renames.items[position];
    for (int i = 0; i < position; i++) {
        const struct renamed *other = &checker->renames.items[i];
        if (other->kind == renamed->kind && other->record == renamed->record && strcmp(name_text(other->was), name_text(renamed->was)) == 0)
            return other;
    }
    return NULL;
}

void check_renames(struct checker *checker) {
    for (int i = 0; i < checker->renames.count; i++) {
        const struct renamed *renamed = &checker->renames.items[i], *other = find_other(checker, i);
        const char *was = name_text(renamed->was);
        if (is_there(checker, renamed))
            diagnostic_add(checker->diagnostics, DIAG_WAS_STILL_THERE, renamed->was->span, name_text(renamed->name), was, was);
        else if (other)
            diagnostic_add(checker->diagnostics, DIAG_WAS_TWICE, renamed->was->span, name_text(other->name), name_text(renamed->name), was);
    }
}
