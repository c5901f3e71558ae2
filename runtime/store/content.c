/* The canonical form of a row, as bytes that are hashed.
 * Knows: the catalog, values. Does not know: which rows, what is done with the bytes.
 *
 *   row     = integer(id) { natural(4 * code + kind) value } 0
 *   code    = 1 the own key, 2 the title, 2 + the position of a field
 *   value   = by kind: 0 integer | 1 the 8 bytes of a double, the low ones first | 2 natural(length) and the bytes of a text | 3 natural(the number of an enum's value)
 *   natural = 7 bits a byte, the low ones first; the high bit says that more follow
 *   integer = natural(2 * n), or of a negative one natural(-2 * n - 1)
 * Short, since hashing costs by the byte.
 * What is missing is not there, so a field that is added later changes nothing. */
#include "runtime/store/journal_inside.h"

#include <stdlib.h>
#include <string.h>

bool content_is_overwritten(const char *record, const char *field) {
    return strcmp(field, "last_seen") == 0 && (strcmp(record, "finding") == 0 || strcmp(record, "obligation") == 0);
}

static int compare_codes(const void *a, const void *b) {
    const struct content_field *x = a, *y = b;
    return (x->code > y->code) - (x->code < y->code);
}

struct content *content_of(struct arena *arena, const struct catalog_record *record) {
    struct content *content = ARENA_NEW(arena, struct content);
    content->record = record;
    content->owner = record->owner ? name_quote(arena, "", record->owner) : "0";
    content->order = record->owner ? arena_format(arena, "%s, \"_id\"", content->owner) : "\"_id\"";
    content->fields = ARENA_ARRAY(arena, struct content_field, record->fields.count + 2);
    content->fields[content->count++] = (struct content_field){.code = 1, .column = "\"_key\"", .name = "key"};
    content->fields[content->count++] = (struct content_field){.code = 2, .column = "\"_title\"", .name = "name"};
    for (int i = 0; i < record->fields.count; i++) {
        const struct catalog_field *field = record->fields.items[i];
        if (!field->is_set)
            content->fields[content->count++] = (struct content_field){.code = 2 + (int)field->position, .column = name_quote(arena, "", field->name), .name = field->name, .field = field,
                                                                       .is_overwritten = content_is_overwritten(record->name, field->name)};
    }
    qsort(content->fields, (size_t)content->count, sizeof *content->fields, compare_codes);
    struct buffer columns = {0};
    for (int i = 0; i < content->count; i++)
        buffer_add_format(&columns, ", %s", content->fields[i].column);
    content->columns = arena_copy_string(arena, buffer_string(&columns));
    buffer_free(&columns);
    return content;
}

enum { NATURAL_BYTES_MOST = 10 };

/* Room for so many bytes, of which the caller says how many it used. */
static inline char *reserve(struct buffer *out, size_t bytes) {
    if (out->length + bytes >= out->capacity) {
        size_t length = out->length;
        buffer_add_repeated(out, '\0', (int)bytes);
        out->length = length;
    }
    return out->bytes + out->length;
}

static inline char *write_natural(char *at, uint64_t natural) {
    for (; natural >= 0x80; natural >>= 7)
        *at++ = (char)(natural | 0x80);
    *at++ = (char)natural;
    return at;
}

static inline uint64_t zigzag(int64_t integer) {
    return integer < 0 ? ~((uint64_t)integer << 1) : (uint64_t)integer << 1;
}

void content_add_integer(struct buffer *out, int64_t integer) {
    char *at = reserve(out, NATURAL_BYTES_MOST);
    out->length = (size_t)(write_natural(at, zigzag(integer)) - out->bytes);
}

void content_add_text(struct buffer *out, const char *text, size_t length) {
    char *at = reserve(out, NATURAL_BYTES_MOST + length);
    at = write_natural(at, length);
    if (length)
        memcpy(at, text, length);
    out->length = (size_t)(at + length - out->bytes);
}

/* By ordinal they stand in order, those that are gone first. An ordinal that no value has is an edit, and stays what it is. */
static bool find_number(const struct catalog_field *field, int64_t ordinal, int64_t *number) {
    int64_t guess = ordinal - field->values[0].ordinal;
    if (guess >= 0 && guess < field->value_count && field->values[guess].ordinal == ordinal) {
        *number = field->values[guess].number;
        return true;
    }
    for (int i = 0; i < field->value_count; i++)
        if (field->values[i].ordinal == ordinal) {
            *number = field->values[i].number;
            return true;
        }
    return false;
}

enum content_kind { KIND_INTEGER, KIND_NUMBER, KIND_TEXT, KIND_ENUM };

static inline char *write_code(char *at, int code, enum content_kind kind) {
    return write_natural(at, (uint64_t)code << 2 | kind);
}

static char *write_number(char *at, double number) {
    uint64_t bits;
    double plain = number == 0 ? 0 : number; /* there is one zero */
    memcpy(&bits, &plain, sizeof bits);
    for (int i = 0; i < 8; i++)
        *at++ = (char)(bits >> (8 * i));
    return at;
}

void content_start(struct buffer *out, int64_t id) {
    buffer_clear(out);
    content_add_integer(out, id);
}

void content_add(struct buffer *out, int code, const struct catalog_field *field, struct value value) {
    if (value.kind == VALUE_MISSING)
        return;
    int64_t number;
    char *at = reserve(out, 2 * NATURAL_BYTES_MOST);
    if (value.kind == VALUE_INT && field && field->value_count && find_number(field, value.integer, &number))
        at = write_natural(write_code(at, code, KIND_ENUM), (uint64_t)number);
    else if (value.kind == VALUE_INT)
        at = write_natural(write_code(at, code, KIND_INTEGER), zigzag(value.integer));
    else if (value.kind == VALUE_NUMBER)
        at = write_number(write_code(at, code, KIND_NUMBER), value.number);
    else
        at = write_code(at, code, KIND_TEXT);
    out->length = (size_t)(at - out->bytes);
    if (value.kind == VALUE_TEXT)
        content_add_text(out, value.text, value.length);
}

void content_end(struct buffer *out) {
    buffer_add_char(out, '\0');
}

void content_add_row(struct buffer *out, const struct content *content, sqlite3_stmt *row, int first, int64_t id, bool with_overwritten) {
    content_start(out, id);
    for (int i = 0; i < content->count; i++)
        if (with_overwritten || !content->fields[i].is_overwritten)
            content_add(out, content->fields[i].code, content->fields[i].field, store_column_value(row, first + i));
    content_end(out);
}

void content_add_member(struct buffer *out, const struct catalog_field *set, int64_t id, struct value member) {
    content_start(out, id);
    content_add(out, 2 + (int)set->position, set, member);
    content_end(out);
}
