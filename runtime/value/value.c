/* Values: order, hashing, text forms. See value.h. */
#include "runtime/value/value.h"
#include "lang/base/civil.h"
#include "lang/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct value value_from_constant(struct type type, const struct constant *constant) {
    switch (type.kind) {
    case TYPE_TEXT:
        return value_text(constant->text, constant->text_length);
    case TYPE_NUMBER:
        return value_number(constant->number);
    case TYPE_DECIMAL:
        return value_number(decimal_to_double(constant->decimal));
    default:
        return value_int(constant->integer);
    }
}

int value_compare(struct value a, struct value b) {
    if (a.kind == VALUE_MISSING || b.kind == VALUE_MISSING)
        return (a.kind == VALUE_MISSING) - (b.kind == VALUE_MISSING);
    switch (a.kind) {
    case VALUE_INT:
        return (a.integer > b.integer) - (a.integer < b.integer);
    case VALUE_NUMBER:
        return (a.number > b.number) - (a.number < b.number);
    default:
        return text_compare(a.text, a.length, b.text, b.length);
    }
}

uint64_t value_hash(struct value value) {
    uint64_t hash = UINT64_C(0x9E3779B97F4A7C15) + value.kind;
    switch (value.kind) {
    case VALUE_INT:
        hash ^= (uint64_t)value.integer;
        break;
    case VALUE_NUMBER: {
        double number = value.number == 0 ? 0 : value.number; /* the two zeros are equal */
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        hash ^= bits;
        break;
    }
    case VALUE_TEXT:
        for (uint32_t i = 0; i < value.length; i++)
            hash = (hash ^ (unsigned char)value.text[i]) * UINT64_C(0x100000001B3);
        break;
    default:
        break;
    }
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94D049BB133111EB);
    return hash ^ (hash >> 31);
}

struct value value_keep(struct arena *arena, struct value value) {
    if (value.kind == VALUE_TEXT)
        value.text = arena_copy(arena, value.text, value.length);
    return value;
}

bool type_is_numeric(struct type type) {
    return type.kind == TYPE_INT || type.kind == TYPE_NUMBER || type.kind == TYPE_DECIMAL || type.kind == TYPE_MONEY || type.kind == TYPE_DURATION ||
           type.kind == TYPE_SPAN || type.kind == TYPE_WORKING_DAYS;
}

/* ---- writing ---- */

void json_write_text(struct buffer *out, const char *bytes, size_t length) {
    buffer_add_char(out, '"');
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buffer_add(out, bytes + start, i - start);
        start = i + 1;
        static const char shorts[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
        if (c == '"' || c == '\\')
            buffer_add_format(out, "\\%c", c);
        else if (c < sizeof shorts && shorts[c])
            buffer_add_format(out, "\\%c", shorts[c]);
        else
            buffer_add_format(out, "\\u%04x", c);
    }
    buffer_add(out, bytes + start, length - start);
    buffer_add_char(out, '"');
}

/* Thousands apart from five digits on, so that a year stays a year. */
static void write_grouped_int(struct buffer *out, int64_t value) {
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)value);
    int start = digits[0] == '-';
    for (int i = 0; i < length; i++) {
        if (length - start > 4 && i > start && (length - i) % 3 == 0)
            buffer_add_char(out, ',');
        buffer_add_char(out, digits[i]);
    }
}

/* For people: at most four decimals, thousands apart. */
static void write_shown_number(struct buffer *out, double number) {
    if (!isfinite(number) || fabs(number) >= 1e15) {
        double_write(out, number);
        return;
    }
    double rounded = double_round(number, 4);
    char text[64];
    snprintf(text, sizeof text, "%.4f", fabs(rounded));
    char *point = strchr(text, '.');
    char *end = text + strlen(text);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
    if (rounded < 0)
        buffer_add_char(out, '-');
    int whole = (int)(point - text);
    for (int i = 0; text[i]; i++) {
        if (i && i < whole && (whole - i) % 3 == 0)
            buffer_add_char(out, ',');
        buffer_add_char(out, text[i]);
    }
}

/* Days, with a part where there is one: exact in at most 15 digits. */
static void write_days(struct buffer *out, int64_t seconds) {
    if (seconds % DAY_SECONDS == 0)
        buffer_add_format(out, "%lld", (long long)(seconds / DAY_SECONDS));
    else
        double_write(out, (double)seconds / DAY_SECONDS);
}

static void write_missing(struct buffer *out, enum value_form form) {
    buffer_add_string(out, form == VALUE_SHOWN ? "—" : form == VALUE_JSON ? "null" : "");
}

static void write_quoted(struct buffer *out, enum value_form form, const char *text) {
    if (form == VALUE_JSON)
        json_write_text(out, text, strlen(text));
    else
        buffer_add_string(out, text);
}

static void write_calendar(struct buffer *out, struct value value, struct type type, enum value_form form) {
    if (form == VALUE_JSON)
        buffer_add_char(out, '"');
    if (type.kind == TYPE_DATE)
        date_write(out, value.integer);
    else if (type.kind == TYPE_DATETIME)
        datetime_write(out, value.integer);
    else
        period_write(out, value.integer);
    if (form == VALUE_JSON)
        buffer_add_char(out, '"');
}

static void write_length(struct buffer *out, struct value value, struct type type, enum value_form form) {
    if (form != VALUE_SHOWN && type.kind == TYPE_DURATION)
        write_days(out, value.integer);
    else if (form != VALUE_SHOWN)
        buffer_add_format(out, "%lld", (long long)value.integer);
    else if (type.kind == TYPE_DURATION)
        duration_write(out, value.integer);
    else if (type.kind == TYPE_SPAN)
        span_write(out, value.integer);
    else
        working_days_write(out, value.integer);
}

static void write_enum(struct buffer *out, struct value value, struct type type, enum value_form form) {
    const struct enum_type *enumeration = type.enumeration;
    if (value.integer < 0 && value.integer >= -enumeration->gone_count) {
        write_quoted(out, form, enumeration->gone[-value.integer - 1]);
        return;
    }
    if (value.integer < 0 || value.integer >= enumeration->value_count) {
        write_quoted(out, form, "?");
        return;
    }
    const struct enum_value *named = &enumeration->values[value.integer];
    write_quoted(out, form, form == VALUE_SHOWN ? named->title : named->name);
}

void value_write(struct buffer *out, struct value value, struct type type, enum value_form form) {
    if (value.kind == VALUE_MISSING) {
        write_missing(out, form);
        return;
    }
    switch (type.kind) {
    case TYPE_BOOL:
        buffer_add_string(out, form == VALUE_SHOWN ? (value.integer ? "yes" : "no") : value.integer ? "true" : "false");
        break;
    case TYPE_NUMBER: case TYPE_DECIMAL:
        if (form == VALUE_SHOWN)
            write_shown_number(out, value.number);
        else if (form == VALUE_JSON && !isfinite(value.number))
            buffer_add_string(out, "null");
        else
            double_write(out, value.number);
        break;
    case TYPE_MONEY:
        money_write(out, value.integer, form == VALUE_SHOWN);
        if (form == VALUE_SHOWN && type.currency)
            buffer_add_format(out, " %s", type.currency);
        break;
    case TYPE_TEXT:
        if (form == VALUE_JSON)
            json_write_text(out, value.text, value.length);
        else
            buffer_add(out, value.text, value.length);
        break;
    case TYPE_DATE: case TYPE_DATETIME: case TYPE_PERIOD:
        write_calendar(out, value, type, form);
        break;
    case TYPE_DURATION: case TYPE_SPAN: case TYPE_WORKING_DAYS:
        write_length(out, value, type, form);
        break;
    case TYPE_ENUM:
        write_enum(out, value, type, form);
        break;
    default:
        if (form == VALUE_SHOWN)
            write_grouped_int(out, value.integer);
        else
            buffer_add_format(out, "%lld", (long long)value.integer);
        break;
    }
}
