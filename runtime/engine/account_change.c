/* What would have to change, in words. See account_say.h.
 * Knows: how changes are said. Does not know: how they were found (mend.c). */
#include "lang/base/civil.h"
#include "lang/base/decimal.h"
#include "lang/check/texpr.h"
#include "runtime/engine/account_say.h"

#include <string.h>

/* ---- values ---- */

/* With all digits of a number. */
static void write_exact(struct saying *text, struct value value, struct type type) {
    if (type.kind == TYPE_NUMBER && value.kind != VALUE_MISSING)
        value_write(text->out, value, type, VALUE_PLAIN);
    else
        say_value(text, value, type);
}

static size_t exact_length(struct value value, struct type type) {
    struct buffer out = {0};
    struct saying text = {.out = &out};
    write_exact(&text, value, type);
    size_t length = out.length;
    buffer_free(&out);
    return length;
}

/* ---- changes ---- */

static bool is_time(struct type type) {
    return type.kind == TYPE_DATE || type.kind == TYPE_DATETIME || type.kind == TYPE_PERIOD;
}

/* Of a range without end: is it shorter to say what it begins after, "more than 100", than "101 or more"? */
static bool begins_after(const struct account_change *change) {
    struct type type = change->type;
    bool has_parts = type.kind == TYPE_MONEY || type.kind == TYPE_NUMBER || type.kind == TYPE_DURATION;
    bool is_up = change->least.kind != VALUE_MISSING, is_open = change->is_order && is_up != (change->most.kind != VALUE_MISSING);
    return is_open && has_parts && change->before.kind != VALUE_MISSING && exact_length(change->before, type) < exact_length(is_up ? change->least : change->most, type);
}

static void write_open_range(struct saying *text, const struct account_change *change, bool is_up) {
    struct buffer *out = text->out;
    struct type type = change->type;
    struct value end = is_up ? change->least : change->most;
    if (begins_after(change)) {
        buffer_add_string(out, is_up ? "more than " : "less than ");
        write_exact(text, change->before, type);
        return;
    }
    write_exact(text, end, type);
    buffer_add_string(out, is_time(type) ? is_up ? " or later" : " or earlier" : is_up ? " or more" : " or less");
}

static void write_range(struct saying *text, const struct account_change *change) {
    struct buffer *out = text->out;
    bool has_least = change->least.kind != VALUE_MISSING, has_most = change->most.kind != VALUE_MISSING;
    if (!has_least || !has_most) {
        write_open_range(text, change, has_least);
        return;
    }
    if (value_compare(change->least, change->most) == 0) {
        write_exact(text, change->least, change->type);
        return;
    }
    buffer_add_string(out, "from ");
    write_exact(text, change->least, change->type);
    buffer_add_string(out, " to ");
    write_exact(text, change->most, change->type);
}

static void write_any_of(struct saying *text, const struct account_change *change) {
    struct buffer *out = text->out;
    for (int i = 0; i < change->values.count; i++) {
        buffer_add_string(out, i == 0 ? "" : i == change->values.count - 1 ? " or " : ", ");
        say_value(text, change->values.items[i], change->type);
    }
}

/* How far it is: "(10.00 USD more)", "(over 10.00 USD more)", "(3 days later)". */
static void write_distance(struct saying *text, const struct account_change *change) {
    struct buffer *out = text->out;
    struct type type = change->type;
    struct value now = change->now, nearest = change->nearest, gap = value_missing();
    if (!change->is_order || now.kind == VALUE_MISSING || type.kind == TYPE_PERIOD || nearest.kind == VALUE_MISSING)
        return;
    bool is_up = value_compare(nearest, now) > 0, is_over = begins_after(change) && value_compare(change->before, now) != 0;
    int64_t difference;
    nearest = is_over ? change->before : nearest;
    if (type.kind == TYPE_NUMBER)
        gap = value_number(is_up ? nearest.number - now.number : now.number - nearest.number);
    else if (is_up ? int_subtract(nearest.integer, now.integer, &difference) : int_subtract(now.integer, nearest.integer, &difference))
        gap = value_int(type.kind == TYPE_DATE ? difference * DAY_SECONDS : difference);
    if (gap.kind == VALUE_MISSING)
        return;
    struct buffer shown = {0};
    value_write(&shown, gap, is_time(type) ? type_of_kind(TYPE_DURATION) : type, VALUE_SHOWN);
    if (strcmp(buffer_string(&shown), "0") != 0) /* less than people are shown */
        buffer_add_format(out, " (%s%s %s)", is_over ? "over " : "", buffer_string(&shown), is_time(type) ? is_up ? "later" : "earlier" : is_up ? "more" : "less");
    buffer_free(&shown);
}

static void write_value_change(struct saying *text, const struct account_change *change) {
    struct buffer *out = text->out;
    bool was_known = change->now.kind != VALUE_MISSING, has_range = change->is_order && (change->least.kind != VALUE_MISSING || change->most.kind != VALUE_MISSING);
    say_words(text, change->words);
    buffer_add_format(out, " %s ", change->verb ? change->verb : "were");
    if (!was_known && !change->verb)
        buffer_add_string(out, has_range || change->values.count ? "known, and " : "known");
    if (has_range)
        write_range(text, change);
    else
        write_any_of(text, change);
    if (change->is_other && was_known)
        buffer_add_string(out, "another");
    if (change->or_missing)
        buffer_add_string(out, has_range || change->values.count || change->is_other ? ", or missing" : "missing");
    buffer_add_string(out, ": it is ");
    write_exact(text, change->now, change->type);
    write_distance(text, change);
}

static void write_rows_change(struct saying *text, const struct account_change *change) {
    struct buffer *out = text->out;
    bool must_be = change->kind == CHANGE_TO_ROWS;
    char all[32], matching[32];
    say_count(all, sizeof all, change->all);
    say_count(matching, sizeof matching, change->matching);
    if (change->is_member) {
        say_value(text, change->nearest, change->type);
        buffer_add_string(out, must_be ? " were in " : " were not in ");
        say_words(text, change->words);
        return;
    }
    if (!must_be && change->condition) {
        buffer_add_string(out, "no row of ");
        say_words(text, change->words);
        buffer_add_string(out, " had ");
        say_words(text, change->condition);
        if (change->mends.count)
            buffer_add_format(out, ": %s has, and would not if", change->row);
        else
            buffer_add_format(out, ": %s of %s ha%s", matching, all, change->matching == 1 ? "s" : "ve");
        return;
    }
    say_words(text, change->words);
    if (!must_be) {
        buffer_add_format(out, " had no rows: it has %s", all);
        return;
    }
    buffer_add_string(out, " had a row");
    if (change->condition) {
        buffer_add_string(out, " with ");
        say_words(text, change->condition);
    }
    if (change->all == 0)
        buffer_add_string(out, ": it has none");
    else if (change->mends.count)
        buffer_add_format(out, ": of %s the nearest is %s, and would do if%s", all, change->row, change->mends.count > 1 ? " all of these were so" : "");
    else
        buffer_add_format(out, ": of %s none has", all);
}

void say_mends(struct saying *text, const struct mend_list *mends, int depth) {
    for (int m = 0; m < mends->count; m++) {
        const struct account_mend *mend = mends->items[m];
        for (int c = 0; c < mend->choices.count; c++) {
            const struct account_change *change = mend->choices.items[c];
            say_line(text, depth + (c && mends->count > 1), c ? "or " : "");
            if (change->kind == CHANGE_VALUE)
                write_value_change(text, change);
            else
                write_rows_change(text, change);
            say_end(text);
            say_mends(text, &change->mends, depth + 1);
        }
    }
}

