/* The list of a review as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format", 2020): one run, its rules, a result for each item. See review.h.
 * Columns count characters (columnKind); the end column is that after the last. Paths are relative to where the command ran, which SARIF calls %SRCROOT%. */
#include "runtime/render/review.h"

#include "lang/base/text.h"
#include "runtime/value/value.h"
#include <ctype.h>
#include <string.h>

static const char *const level_words[] = {[REVIEW_ERROR] = "error", [REVIEW_WARNING] = "warning", [REVIEW_NOTE] = "note"};

static void write_string(struct buffer *out, const char *text) {
    json_write_text(out, text, strlen(text));
}

static void write_message(struct buffer *out, const char *name, const char *text) {
    buffer_add_format(out, "\"%s\": {\"text\": ", name);
    write_string(out, text);
    buffer_add_char(out, '}');
}

/* What is no letter, digit or one of the signs that a path may hold is written as %XX (RFC 3986). */
static void write_uri(struct buffer *out, const char *path) {
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    buffer_add_string(out, *path == '/' ? "\"file://" : "\"");
    for (; *path; path++)
        if (isalnum((unsigned char)*path) || strchr("/-._~", *path))
            buffer_add_char(out, *path);
        else
            buffer_add_format(out, "%%%02X", (unsigned)(unsigned char)*path);
    buffer_add_char(out, '"');
}

static void write_place(struct buffer *out, const struct review_place *place) {
    buffer_add_string(out, "\"physicalLocation\": {\"artifactLocation\": {\"uri\": ");
    write_uri(out, place->path);
    if (*place->path != '/')
        buffer_add_string(out, ", \"uriBaseId\": \"%SRCROOT%\"");
    buffer_add_format(out, "}, \"region\": {\"startLine\": %u, \"startColumn\": %u, \"endLine\": %u, \"endColumn\": %u}}", place->line, place->column, place->end_line, place->end_column);
}

static void write_rule(struct buffer *out, const struct review_rule *rule) {
    buffer_add_string(out, "{\"id\": ");
    write_string(out, rule->id);
    if (rule->name) {
        buffer_add_string(out, ", \"name\": ");
        write_string(out, rule->name);
    }
    buffer_add_string(out, ", ");
    write_message(out, "shortDescription", rule->summary && *rule->summary ? rule->summary : rule->id);
    if (rule->help && *rule->help) {
        buffer_add_string(out, ", ");
        write_message(out, "fullDescription", rule->help);
        buffer_add_string(out, ", ");
        write_message(out, "help", rule->help);
    }
    buffer_add_format(out, ", \"defaultConfiguration\": {\"level\": \"%s\"}}", level_words[rule->level]);
}

static void write_locations(struct buffer *out, const struct review_item *item) {
    if (!item->place.path && !item->element)
        return;
    buffer_add_string(out, ",\n     \"locations\": [{");
    if (item->place.path)
        write_place(out, &item->place);
    if (item->element) {
        buffer_add_string(out, item->place.path ? ", \"logicalLocations\": [{\"fullyQualifiedName\": " : "\"logicalLocations\": [{\"fullyQualifiedName\": ");
        write_string(out, item->element);
        buffer_add_string(out, "}]");
    }
    buffer_add_string(out, "}]");
    if (item->second.path) {
        buffer_add_string(out, ",\n     \"relatedLocations\": [{\"id\": 1, ");
        write_place(out, &item->second);
        buffer_add_string(out, ", ");
        write_message(out, "message", item->second_words ? item->second_words : "");
        buffer_add_string(out, "}]");
    }
}

/* FNV-1a over what stays the same when lines move: so that a service knows a finding again. */
static uint64_t hash_text(uint64_t hash, const char *text) {
    for (; text && *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return (hash ^ 0xFF) * 1099511628211u;
}

static void write_result(struct buffer *out, const struct review *review, const struct review_item *item) {
    const struct review_rule *rule = &review->rules.items[item->rule];
    struct buffer words = {0};
    if (item->element)
        buffer_add_format(&words, "%s: ", item->element);
    buffer_add_string(&words, item->message);
    if (item->hint)
        buffer_add_format(&words, "\n%s", item->hint);
    uint64_t hash = hash_text(hash_text(hash_text(hash_text(14695981039346656037u, rule->id), item->place.path), item->element), item->message);
    buffer_add_string(out, "{\"ruleId\": ");
    write_string(out, rule->id);
    buffer_add_format(out, ", \"ruleIndex\": %d, \"level\": \"%s\", ", item->rule, level_words[item->level]);
    write_message(out, "message", buffer_string(&words));
    write_locations(out, item);
    buffer_add_format(out, ",\n     \"partialFingerprints\": {\"remitFinding/v1\": \"%016llx\"}}", (unsigned long long)hash);
    buffer_free(&words);
}

void review_write_sarif(struct buffer *out, const struct review *review) {
    buffer_add_string(out, "{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n \"version\": \"2.1.0\",\n \"runs\": [{\n  \"tool\": {\"driver\": {\"name\": ");
    write_string(out, review->tool);
    buffer_add_string(out, ", \"semanticVersion\": \"0.1.0\", \"rules\": [");
    for (int i = 0; i < review->rules.count; i++) {
        buffer_add_string(out, i ? ",\n    " : "\n    ");
        write_rule(out, &review->rules.items[i]);
    }
    buffer_add_string(out, "\n  ]}},\n  \"columnKind\": \"unicodeCodePoints\",\n  \"originalUriBaseIds\": {\"%SRCROOT%\": {\"description\": {\"text\": \"The folder that the command ran in.\"}}},\n  \"results\": [");
    for (int i = 0; i < review->items.count; i++) {
        buffer_add_string(out, i ? ",\n    " : "\n    ");
        write_result(out, review, &review->items.items[i]);
    }
    buffer_add_string(out, "\n  ]\n }]\n}\n");
}
