/* What decided, on one line, as messages quote it. See account.h.
 * Knows: which parts decide. Does not know: lines, tables (account_text.c). */
#include "runtime/engine/account_say.h"

#include <string.h>

enum { VALUES_QUOTED = 8, KEYS_QUOTED = 3, REASONS_QUOTED = 3 };

/* Writes "`words` is " with what goes before it; false when enough was said. */
static bool begin_value(struct saying *text, const char *words, const char *verb, int *quoted) {
    if (*quoted >= VALUES_QUOTED)
        return false;
    buffer_add_format(text->out, "%s`%s` %s ", (*quoted)++ ? ", " : "", words, verb);
    return true;
}

static void quote_value(struct saying *text, const struct account_part *part, int *quoted) {
    if (part->state == ACCOUNT_NOT_ASKED || !begin_value(text, part->words, "is", quoted))
        return;
    bool is_record = part->type.kind == TYPE_RECORD && part->value.kind != VALUE_MISSING;
    buffer_add_string(text->out, is_record ? "`" : "");
    say_value(text, part->value, part->type);
    buffer_add_string(text->out, is_record ? "`" : "");
}

static void quote_rows(struct saying *text, const struct account_part *part, int *quoted) {
    const struct account_rows *rows = part->rows;
    bool has_keys = rows->matching > 0 && rows->row_count > 0 && strcmp(rows->columns[0].label, "key") == 0;
    if (!begin_value(text, rows->whole, rows->matching ? "holds" : "is", quoted))
        return;
    if (!rows->matching)
        buffer_add_string(text->out, "empty");
    for (int r = 0; has_keys && r < rows->row_count && r < KEYS_QUOTED; r++) {
        buffer_add_string(text->out, r ? ", `" : "`");
        say_plain(text, rows->values[r * rows->column_count].text, rows->values[r * rows->column_count].length);
        buffer_add_char(text->out, '`');
    }
    if (has_keys && rows->matching > KEYS_QUOTED)
        buffer_add_format(text->out, " and %lld more", (long long)(rows->matching - KEYS_QUOTED));
    else if (rows->matching && !has_keys)
        buffer_add_format(text->out, "%lld row%s", (long long)rows->matching, rows->matching == 1 ? "" : "s");
}

/* Of parts that all must be so, those that came out so as the whole did; of others, all. */
static void quote_part(struct saying *text, const struct account_part *part, enum account_state state, int *quoted) {
    if (part->kind == ACCOUNT_VALUE) {
        quote_value(text, part, quoted);
        return;
    }
    bool is_all = part->kind == ACCOUNT_ALL || (part->kind == ACCOUNT_CONDITION && part->made_of); /* under a name stands all that it says */
    bool decides = state == ACCOUNT_FAILS ? is_all : part->kind == ACCOUNT_ANY;
    for (int i = 0; i < part->parts.count; i++) {
        const struct account_part *inner = part->parts.items[i];
        enum account_state wanted = part->kind == ACCOUNT_NOT ? (state == ACCOUNT_FAILS ? ACCOUNT_HOLDS : ACCOUNT_FAILS) : state;
        if (!decides || inner->state == state)
            quote_part(text, inner, wanted, quoted);
    }
    if (part->rows)
        quote_rows(text, part, quoted);
}

void account_quote_values(struct buffer *out, const struct account *account) {
    struct saying text = {.out = out, .account = account};
    int quoted = 0;
    for (int i = 0; i < account->clauses.count; i++)
        quote_part(&text, account->clauses.items[i]->part, account->clauses.items[i]->part->state, &quoted);
}

/* ---- why a whole holds or does not ---- */

/* "`words` does not hold: " with the values that made it so; of what must not hold, "`words` holds: ". */
static void quote_against(struct saying *text, const struct account_part *part, enum account_state against, int *reasons) {
    enum account_kind gone_through = against == ACCOUNT_FAILS ? ACCOUNT_ALL : ACCOUNT_ANY;
    if (part->kind == gone_through) {
        for (int i = 0; i < part->parts.count; i++)
            quote_against(text, part->parts.items[i], against, reasons);
        return;
    }
    int quoted = 0;
    if (part->state != against || (*reasons)++ >= REASONS_QUOTED)
        return;
    struct buffer values = {0};
    struct saying inner = {.out = &values, .account = text->account};
    quote_part(&inner, part, against, &quoted);
    buffer_add_format(text->out, "%s`%s` %s%s%s", *reasons > 1 ? "; " : "", part->words, against == ACCOUNT_FAILS ? "does not hold" : "holds", values.length ? ": " : "", buffer_string(&values));
    buffer_free(&values);
}

static void quote_exception(struct saying *text, const struct account_clause *clause, int *reasons) {
    int quoted = 0;
    if ((*reasons)++ >= REASONS_QUOTED)
        return;
    buffer_add_format(text->out, "%sthe exception \"%s\" applies: ", *reasons > 1 ? "; " : "", clause->label);
    quote_part(text, clause->part, ACCOUNT_HOLDS, &quoted);
}

void account_quote_reasons(struct buffer *out, const struct account *account) {
    struct saying text = {.out = out, .account = account};
    int reasons = 0, quoted = 0;
    for (int i = 0; i < account->clauses.count; i++) {
        const struct account_clause *clause = account->clauses.items[i];
        enum account_state wanted = clause->must_hold ? ACCOUNT_HOLDS : ACCOUNT_FAILS;
        if (clause->label && clause->part->state == ACCOUNT_HOLDS)
            quote_exception(&text, clause, &reasons);
        else if (!clause->label && account->holds && strcmp(clause->name, "where") != 0) {
            buffer_add_string(out, reasons ? "; " : "");
            reasons = 0;
            quote_part(&text, clause->part, wanted, &quoted);
        } else if (!clause->label && !account->holds)
            quote_against(&text, clause->part, clause->must_hold ? ACCOUNT_FAILS : ACCOUNT_HOLDS, &reasons);
    }    if (account->remark)
        buffer_add_format(out, "%s%s", out->length ? "; " : "", account->remark);
}
