/* Values at run time, their order and their text forms.
 * Knows: types of the typed program. Does not know: SQLite, queries, terminals. */
#ifndef REMIT_RUNTIME_VALUE_VALUE_H
#define REMIT_RUNTIME_VALUE_VALUE_H

#include "lang/check/program.h"

struct buffer;

enum value_kind { VALUE_MISSING, VALUE_INT, VALUE_NUMBER, VALUE_TEXT };

/* 16 bytes. What an integer means is known from the expression's type. Text is UTF-8 in NFC and not always zero-terminated; whoever made the value says how long it lives. */
struct value {
    uint32_t length; /* of text, bytes */
    uint8_t kind;    /* enum value_kind */
    union {
        int64_t integer;
        double number;
        const char *text;
    };
};

static inline struct value value_missing(void) {
    return (struct value){.kind = VALUE_MISSING};
}
static inline struct value value_int(int64_t integer) {
    return (struct value){.kind = VALUE_INT, .integer = integer};
}
static inline struct value value_number(double number) {
    return (struct value){.kind = VALUE_NUMBER, .number = number};
}
static inline struct value value_text(const char *text, size_t length) {
    return (struct value){.kind = VALUE_TEXT, .length = (uint32_t)length, .text = text};
}
/* The value of a constant expression of that type. A TYPE_DECIMAL constant becomes its number. */
struct value value_from_constant(struct type type, const struct constant *constant);

/* -1, 0, 1: integers and numbers by size, text by code point, missing after everything. Both of one kind or missing. */
int value_compare(struct value a, struct value b);
uint64_t value_hash(struct value value); /* equal values hash alike */
/* Copies text into the arena; other values as they are. */
struct value value_keep(struct arena *arena, struct value value);

/* What it takes to write a value: titles of enum values come from the type. */
enum value_form {
    VALUE_SHOWN,  /* for people: 2,400,000.00 USD; 2026-03-31; 12 days; an enum value's title; yes/no; missing is — */
    VALUE_PLAIN,  /* for spreadsheets and programs: 2400000.00; 2026-03-31; durations as days with decimals where whole days do not do ("12", "0.5"); an enum value's name; true/false; missing is empty */
    VALUE_JSON    /* like PLAIN as JSON: money and decimals as numbers with their decimals, durations in days, missing is null */
};
/* A reference is written as its number: show its key instead (tcolumn.shown). */
void value_write(struct buffer *out, struct value value, struct type type, enum value_form form);
/* Text with JSON's escapes and quotes. */
void json_write_text(struct buffer *out, const char *bytes, size_t length);
/* True for types whose values stand to the right in a table: int, number, money, durations, spans, working days. */
bool type_is_numeric(struct type type);

#endif
