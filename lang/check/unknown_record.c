/* Messages about records and fields that are not there: which there are, and how one is declared, in the words of the type in question.
 * Knows: declared keys and titles, fields. Does not know: what named them. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

enum { NAMES_SHOWN = 6, FIELDS_SHOWN = 10 };

/* ---- records ---- */

/* Who writes a title where a key belongs. */
static const char *key_of_title(struct checker *checker, const struct record_type *record, const char *title) {
    const struct world *world = checker->world;
    for (int i = 0; i < checker->keys.count; i++)
        if (checker->keys.items[i].record == record && checker->keys.items[i].title && strcmp(checker->keys.items[i].title, title) == 0)
            return checker->keys.items[i].key;
    return world && world->key_of_title ? world->key_of_title(world->context, record->name, title) : NULL;
}

static bool is_plain_name(const char *key) {
    size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return key[0] != '\0' && key[length] == '\0' && !(key[0] >= '0' && key[0] <= '9');
}

/* `initiative METERS "…" { start: …  due: … }` */
static const char *declaration_of(struct checker *checker, const struct record_type *record, const char *key) {
    struct buffer words = {0};
    int wanted = 0;
    const char *quote = is_plain_name(key) ? "" : "\"";
    buffer_add_format(&words, "%s %s%s%s \"…\" {", record->name, quote, key, quote);
    for (int f = FIELD_FIRST_OWN; f < record->field_count; f++) {
        const struct own_field *own = (const struct own_field *)record->fields[f];
        bool has_default = record->fields[f]->standard || (own->node && own->node->kind == NODE_FIELD && AS(field, FIELD, own->node)->standard);
        if (record->fields[f]->kind == FIELD_STORED && !record->fields[f]->type.optional && !has_default)
            buffer_add_format(&words, "%s%s: …", wanted++ ? "  " : " ", record->fields[f]->name);
    }
    buffer_add_format(&words, "%s}", wanted ? " " : "");
    const char *declaration = arena_copy_string(checker->arena, buffer_string(&words));
    buffer_free(&words);
    return declaration;
}

void hint_key(struct checker *checker, struct diagnostic *said, const struct record_type *record, const char *key) {
    const char *meant = key_of_title(checker, record, key);
    if (meant) {
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", meant);
        return;
    }
    struct buffer names = {0};
    int count = 0;
    for (int i = 0; i < checker->keys.count; i++)
        if (checker->keys.items[i].record == record && count++ < NAMES_SHOWN)
            buffer_add_format(&names, "%s`%s`", count > 1 ? ", " : "", checker->keys.items[i].key);
    if (count > NAMES_SHOWN)
        buffer_add_format(&names, " and %d more", count - NAMES_SHOWN);
    if (count)
        diagnostic_hint(checker->diagnostics, said, "Declared %s %s. Another is declared with `%s`.", count == 1 ? "is" : "are", buffer_string(&names), declaration_of(checker, record, key));
    else
        diagnostic_hint(checker->diagnostics, said, "A record is named by its key, and is in the store already or declared: `%s`.", declaration_of(checker, record, key));
    buffer_free(&names);
}

/* ---- fields ---- */

static bool is_shown(const struct field *field, bool stored) {
    return field->name[0] != '_' && field->type.kind != TYPE_POISON && (!stored || field->kind == FIELD_STORED || field->kind == FIELD_SET);
}

void hint_fields(struct checker *checker, struct diagnostic *said, const struct record_type *record, const char *name, bool stored) {
    struct buffer names = {0};
    int count = 0;
    for (int f = FIELD_FIRST_OWN; f < record->field_count; f++)
        if (is_shown(record->fields[f], stored) && count++ < FIELDS_SHOWN)
            buffer_add_format(&names, "%s`%s`", count > 1 ? ", " : "", record->fields[f]->name);
    const char *all = count == 0 ? "It has no fields of its own" : count > FIELDS_SHOWN ? arena_format(checker->arena, "`describe %s` lists its fields", record->name)
                                                                                    : arena_format(checker->arena, count == 1 ? "Its only field is %s" : "Its fields are %s", buffer_string(&names));
    buffer_free(&names);
    if (record->runtime_filled)
        diagnostic_hint(checker->diagnostics, said, "%s.", all);
    else
        diagnostic_hint(checker->diagnostics, said, "%s. One of your own is added with `extend %s { %s: text? }`.", all, record->name, name);
}
