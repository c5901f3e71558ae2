/* The list of a review, as JSON and as annotations of GitHub. See review.h. */
#include "runtime/render/review.h"

#include "lang/base/text.h"
#include "runtime/value/value.h"
#include <string.h>

static const char *const names[REVIEW_FORMATS] = {"", "json", "sarif", "junit", "github"};

enum review_format review_format_parse(const char *name) {
    for (int format = REVIEW_JSON; format < REVIEW_FORMATS; format++)
        if (strcmp(names[format], name) == 0)
            return (enum review_format)format;
    return REVIEW_NONE;
}

int review_add_rule(struct review *review, const struct review_rule *rule) {
    for (int i = 0; i < review->rules.count; i++)
        if (strcmp(review->rules.items[i].id, rule->id) == 0)
            return i;
    LIST_ADD(review->arena, &review->rules, *rule);
    return review->rules.count - 1;
}

/* ---- JSON: an array of objects ---- */

static const char *const level_words[] = {[REVIEW_ERROR] = "error", [REVIEW_WARNING] = "warning", [REVIEW_NOTE] = "note"};

static void write_text(struct buffer *out, const char *name, const char *text) {
    buffer_add_format(out, "\"%s\": ", name);
    if (text)
        json_write_text(out, text, strlen(text));
    else
        buffer_add_string(out, "null");
}

static void write_place(struct buffer *out, const struct review_place *place) {
    write_text(out, "file", place->path);
    if (place->path)
        buffer_add_format(out, ", \"line\": %u, \"column\": %u, \"end_line\": %u, \"end_column\": %u", place->line, place->column, place->end_line, place->end_column);
}

static void write_item(struct buffer *out, const struct review *review, const struct review_item *item) {
    const struct review_rule *rule = &review->rules.items[item->rule];
    buffer_add_char(out, '{');
    write_text(out, "code", rule->id);
    buffer_add_string(out, ", ");
    write_text(out, "name", rule->name);
    buffer_add_string(out, ", ");
    write_text(out, "level", level_words[item->level]);
    buffer_add_string(out, ", ");
    write_place(out, &item->place);
    buffer_add_string(out, ", ");
    write_text(out, "message", item->message);
    buffer_add_string(out, ", ");
    write_text(out, "hint", item->hint);
    if (item->element) {
        buffer_add_string(out, ", ");
        write_text(out, "element", item->element);
    }
    if (item->second.path) {
        buffer_add_string(out, ", \"second\": {");
        write_place(out, &item->second);
        buffer_add_string(out, ", ");
        write_text(out, "message", item->second_words);
        buffer_add_char(out, '}');
    }
    buffer_add_format(out, ", \"fixable\": %s}", item->is_mended_by_fix ? "true" : "false");
}

static void write_json(struct buffer *out, const struct review *review) {
    buffer_add_char(out, '[');
    for (int i = 0; i < review->items.count; i++) {
        buffer_add_string(out, i ? ",\n " : "\n ");
        write_item(out, review, &review->items.items[i]);
    }
    buffer_add_string(out, review->items.count ? "\n]\n" : "]\n");
}

/* ---- GitHub: workflow commands, a line each ---- */

static void write_escaped(struct buffer *out, const char *text, bool is_property) {
    for (; *text; text++)
        if (strchr("%\r\n", *text) || (is_property && strchr(":,", *text)))
            buffer_add_format(out, "%%%02X", (unsigned)(unsigned char)*text);
        else
            buffer_add_char(out, *text);
}

static void write_annotation(struct buffer *out, const struct review *review, const struct review_item *item) {
    static const char *const words[] = {[REVIEW_ERROR] = "error", [REVIEW_WARNING] = "warning", [REVIEW_NOTE] = "notice"};
    const struct review_rule *rule = &review->rules.items[item->rule];
    buffer_add_format(out, "::%s ", words[item->level]);
    if (item->place.path) {
        buffer_add_string(out, "file=");
        write_escaped(out, item->place.path, true);
        buffer_add_format(out, ",line=%u,endLine=%u", item->place.line, item->place.end_line);
        if (item->place.line == item->place.end_line) /* columns are only for one line */
            buffer_add_format(out, ",col=%u,endColumn=%u", item->place.column, item->place.end_column);
        buffer_add_char(out, ',');
    }
    buffer_add_string(out, "title=");
    write_escaped(out, rule->id, true);
    if (rule->name) {
        buffer_add_char(out, ' ');
        write_escaped(out, rule->name, true);
    }
    buffer_add_string(out, "::");
    if (item->element) {
        write_escaped(out, item->element, false);
        buffer_add_string(out, ": ");
    }
    write_escaped(out, item->message, false);
    if (item->hint) {
        buffer_add_string(out, "%0A");
        write_escaped(out, item->hint, false);
    }
    buffer_add_char(out, '\n');
}

void review_write(struct buffer *out, const struct review *review, enum review_format format) {
    switch (format) {
    case REVIEW_JSON: write_json(out, review); break;
    case REVIEW_SARIF: review_write_sarif(out, review); break;
    case REVIEW_JUNIT: review_write_junit(out, review); break;
    default:
        for (int i = 0; i < review->items.count; i++)
            write_annotation(out, review, &review->items.items[i]);
    }
}
