/* What identifies the rows of a record: natural keys, circles of them, and the fields `key` and `name` that every record has.
 * Knows: which fields a key lists. Does not know: keys that are declared with instances (names.c), how the store keeps keys apart. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

/* ---- which fields ---- */

void key_declare_natural(struct checker *checker, struct record_type *record, struct node *node) {
    struct node_key *key = AS(key, KEY, node);
    if (record->key_count) {
        diagnostic_add(checker->diagnostics, DIAG_SECOND_KEY, node->span, record->name);
        return;
    }
    record->key = ARENA_ARRAY(checker->arena, struct field *, key->names.count);
    for (int i = 0; i < key->names.count; i++) {
        struct field *field = record_find_field(record, name_text(key->names.items[i]));
        if (!field || field->kind != FIELD_STORED) {
            struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_KEY_OF_WHAT, key->names.items[i]->span, record->name, name_text(key->names.items[i]));
            struct nearest nearest;
            nearest_start(&nearest, name_text(key->names.items[i]));
            for (int f = FIELD_FIRST_OWN; f < record->field_count; f++)
                if (record->fields[f]->kind == FIELD_STORED)
                    nearest_offer(&nearest, record->fields[f]->name);
            if (nearest.best)
                diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
            record->key_count = 0;
            return;
        }
        record->key[record->key_count++] = field;
    }
}

/* ---- circles ---- */

/* A step of the way from a record to the records that its key refers to: the part of its key that is followed. */
struct key_step {
    struct record_type *record;
    int part; /* of record->key */
};
enum key_visit { KEY_NEW, KEY_ON_THE_WAY, KEY_SEEN };
enum { CIRCLE_SHOWN_MAX = 6 };

/* One message for the circle way[0 .. count-1], at the reference that closes it; then that key is forgotten, so that the circle is open. */
static void say_circle(struct checker *checker, const struct key_step *way, int count) {
    struct record_type *last = way[count - 1].record;
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_KEY_NEEDS_ITSELF, last->key[way[count - 1].part]->span, way[0].record->name);
    struct buffer words = {0};
    for (int i = 0; i < count && i < CIRCLE_SHOWN_MAX; i++)
        buffer_add_format(&words, "%s key of %s holds `%s`, a reference to %s", i ? i == count - 1 ? ", and the" : ", the" : "The", way[i].record->name,
                          way[i].record->key[way[i].part]->name, way[(i + 1) % count].record->name);
    diagnostic_hint(checker->diagnostics, said, "%s%s. Leave %s out of its key.", buffer_string(&words), count > CIRCLE_SHOWN_MAX ? ", and so on round to the first" : "",
                    count > 1 ? "one of these" : "it");
    buffer_free(&words);
    if (count > 1)
        diagnostic_second(checker->diagnostics, said, way[0].record->key[way[0].part]->span, "the circle starts here");
    last->key_count = 0;
}

/* Goes from one record along the references in keys, deeper and back, and says each circle that it meets. The way is a list, not recursion: keys may be nested as
 * deep as there are records. */
static void find_circles(struct checker *checker, struct record_type *start, enum key_visit *visits) {
    LIST_OF(struct key_step) way = {0};
    struct key_step first = {start, 0};
    LIST_ADD(checker->arena, &way, first);
    visits[start->index] = KEY_ON_THE_WAY;
    while (way.count) {
        struct key_step *step = &way.items[way.count - 1];
        if (step->part >= step->record->key_count) {
            visits[step->record->index] = KEY_SEEN;
            if (--way.count)
                way.items[way.count - 1].part++;
            continue;
        }
        struct type type = step->record->key[step->part]->type;
        if (type.kind != TYPE_RECORD || visits[type.record->index] == KEY_SEEN) {
            step->part++;
        } else if (visits[type.record->index] == KEY_ON_THE_WAY) {
            int from = way.count - 1;
            while (way.items[from].record != type.record)
                from--;
            say_circle(checker, way.items + from, way.count - from);
        } else {
            visits[type.record->index] = KEY_ON_THE_WAY;
            struct key_step next = {type.record, 0};
            LIST_ADD(checker->arena, &way, next);
        }
    }
}

void keys_refuse_circles(struct checker *checker) {
    enum key_visit *visits = ARENA_ARRAY(checker->arena, enum key_visit, checker->program->records.count);
    for (int i = 0; i < checker->program->records.count; i++)
        if (visits[i] == KEY_NEW && checker->program->records.items[i]->key_count)
            find_circles(checker, checker->program->records.items[i], visits);
}

/* ---- `key` and `name` ---- */

static struct texpr *stored_of_self(struct checker *checker, struct field *user, struct field *field) {
    struct texpr *expression = texpr_create(checker->arena, TEXPR_FIELD, field->type, field->span);
    expression->base = texpr_variable(checker->arena, user->self, field->span);
    expression->field = field;
    return expression;
}

void key_and_name_settle(struct checker *checker, struct record_type *record) {
    struct field *key = record->fields[FIELD_KEY], *name = record->fields[FIELD_NAME];
    struct type text = type_of_kind(TYPE_TEXT);
    struct context context = {.checker = checker};
    if (record->key_count) {
        struct texpr **parts = ARENA_ARRAY(checker->arena, struct texpr *, record->key_count * 2);
        int count = 0;
        for (int i = 0; i < record->key_count; i++) {
            if (i)
                parts[count++] = texpr_text(checker->arena, "/", 1, record->span);
            struct texpr *part = shown_value(&context, stored_of_self(checker, key, record->key[i]));
            parts[count++] = part->type.kind == TYPE_TEXT ? part : texpr_operation(checker->arena, OPERATION_TO_TEXT, type_optional(text, part->type.optional), record->span, 1, &part);
        }
        key->value = count == 1 ? parts[0] : texpr_with(checker->arena, TEXPR_TEXT, text, record->span, count, parts);
        if (key->value->type.optional)
            key->value = texpr_with(checker->arena, TEXPR_TEXT, text, record->span, count, parts);
    } else {
        struct texpr *id = texpr_create(checker->arena, TEXPR_ID, type_of_kind(TYPE_INT), record->span);
        id->base = texpr_variable(checker->arena, key->self, record->span);
        struct texpr *parts[] = {texpr_text(checker->arena, arena_format(checker->arena, "%s-", record->name), strlen(record->name) + 1, record->span),
                                 texpr_operation(checker->arena, OPERATION_TO_TEXT, text, record->span, 1, &id)};
        struct texpr *numbered = texpr_with(checker->arena, TEXPR_TEXT, text, record->span, 2, parts);
        key->value = texpr_binary(checker->arena, TEXPR_DEFAULT, text, stored_of_self(checker, key, record->fields[FIELD_OWN_KEY]), numbered);
    }
    struct texpr *self_key = texpr_create(checker->arena, TEXPR_DERIVED, text, record->span);
    self_key->base = texpr_variable(checker->arena, name->self, record->span);
    self_key->field = key;
    name->value = texpr_binary(checker->arena, TEXPR_DEFAULT, text, stored_of_self(checker, name, record->fields[FIELD_OWN_TITLE]), self_key);
}

