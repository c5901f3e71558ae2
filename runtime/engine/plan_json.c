/* A plan as JSON: one object, with the same data as the text, whole. See plan.h.
 * Knows: JSON. Does not know: sentences. */
#include "runtime/engine/plan.h"

#include <string.h>

/* What is being written: how deep, and whether something stands before on the same level. */
struct json {
    struct buffer *out;
    int depth;
    bool has_before;
};

static void begin(struct json *json, const char *name) {
    if (json->has_before)
        buffer_add_char(json->out, ',');
    if (json->depth) {
        buffer_add_char(json->out, '\n');
        buffer_add_repeated(json->out, ' ', json->depth * 2);
    }
    json->has_before = true;
    if (!name) /* of a list */
        return;
    json_write_text(json->out, name, strlen(name));
    buffer_add_string(json->out, ": ");
}

static void open_with(struct json *json, const char *name, char bracket) {
    begin(json, name);
    buffer_add_char(json->out, bracket);
    json->depth++;
    json->has_before = false;
}

static void close_with(struct json *json, char bracket) {
    json->depth--;
    if (json->has_before) {
        buffer_add_char(json->out, '\n');
        buffer_add_repeated(json->out, ' ', json->depth * 2);
    }
    buffer_add_char(json->out, bracket);
    json->has_before = true;
}

static void write_string(struct json *json, const char *name, const char *text) {
    begin(json, name);
    if (text)
        json_write_text(json->out, text, strlen(text));
    else
        buffer_add_string(json->out, "null");
}

static void write_number(struct json *json, const char *name, int64_t number) {
    begin(json, name);
    buffer_add_format(json->out, "%lld", (long long)number);
}

static void write_bool(struct json *json, const char *name, bool value) {
    begin(json, name);
    buffer_add_string(json->out, value ? "true" : "false");
}

/* ---- parts of a plan ---- */

static void write_impact(struct json *json, const struct plan_impact *impact) {
    static const char *const relations[] = {"equal", "stronger", "weaker", "different"};
    open_with(json, NULL, '{');
    write_string(json, "kind", impact->is_at_gate ? "gate" : diff_what_word(impact->what));
    write_string(json, "name", impact->name);
    write_string(json, "record", impact->record);
    write_bool(json, "is_changed", impact->change != NULL);
    write_string(json, "relation", relations[plan_relation(impact)]);
    write_number(json, "before", impact->before);
    write_number(json, "after", impact->after);
    write_number(json, "stronger", impact->stronger);
    write_number(json, "weaker", impact->weaker);
    open_with(json, "steps", '[');
    for (int i = 0; i < impact->steps.count; i++) {
        open_with(json, NULL, '{');
        write_string(json, "before", impact->steps.items[i].before);
        write_string(json, "after", impact->steps.items[i].after);
        write_number(json, "count", impact->steps.items[i].count);
        close_with(json, '}');
    }
    close_with(json, ']');
    open_with(json, "examples", '[');
    for (int i = 0; i < impact->examples.count; i++) {
        const struct plan_verdict *verdict = &impact->examples.items[i];
        open_with(json, NULL, '{');
        write_string(json, "element", verdict->element);
        write_string(json, "period", verdict->period);
        write_string(json, "before", verdict->before);
        write_string(json, "after", verdict->after);
        write_string(json, "because", verdict->because);
        close_with(json, '}');
    }
    close_with(json, ']');
    close_with(json, '}');
}

static void write_change(struct json *json, const struct diff_change *change) {
    static const char *const kinds[] = {"added", "changed", "renamed", "removed"};
    open_with(json, NULL, '{');
    write_string(json, "change", kinds[change->kind]);
    write_string(json, "kind", diff_what_word(change->what));
    write_string(json, "name", change->name);
    write_string(json, "was", change->was);
    write_string(json, "record", change->record);
    write_string(json, "key", change->key);
    open_with(json, "parts", '[');
    for (int i = 0; i < change->parts.count; i++) {
        const struct diff_part *part = &change->parts.items[i];
        open_with(json, NULL, '{');
        write_string(json, "clause", part->clause);
        write_string(json, "label", part->label);
        write_string(json, "old", part->old_text);
        write_string(json, "new", part->new_text);
        close_with(json, '}');
    }
    close_with(json, ']');
    close_with(json, '}');
}

static void write_data(struct json *json, const struct plan *plan) {
    static const char *const kinds[] = {"new", "wanted", "lost", "retyped", "value gone", "value new", "reordered", "carried over"};
    open_with(json, "data", '[');
    for (int i = 0; i < plan->data.count; i++) {
        const struct plan_data *data = &plan->data.items[i];
        open_with(json, NULL, '{');
        write_string(json, "kind", kinds[data->kind]);
        write_string(json, "name", data->name);
        write_number(json, "rows", data->rows);
        write_bool(json, "loses", data->loses);
        write_bool(json, "is_allowed", data->is_allowed);
        write_string(json, "what", data->words);
        close_with(json, '}');
    }
    close_with(json, ']');
}

static void write_drift(struct json *json, const struct plan *plan) {
    open_with(json, "drift", '[');
    for (int i = 0; i < plan->drift.count; i++) {
        const struct plan_drift *drift = &plan->drift.items[i];
        open_with(json, NULL, '{');
        write_string(json, "record", drift->record);
        write_string(json, "key", drift->key);
        write_string(json, "field", drift->field);
        write_string(json, "declared", drift->declared);
        write_string(json, "found", drift->found);
        write_bool(json, "is_set_back", drift->is_set_back);
        close_with(json, '}');
    }
    close_with(json, ']');
}

static void write_loosened(struct json *json, const struct plan *plan) {
    open_with(json, "loosened", '[');
    for (int i = 0; i < plan->loosened.count; i++) {
        open_with(json, NULL, '{');
        write_string(json, "mandate", plan->loosened.items[i].mandate);
        write_string(json, "office", plan->loosened.items[i].office);
        write_string(json, "how", plan->loosened.items[i].how);
        close_with(json, '}');
    }
    close_with(json, ']');
}

void plan_write_json(struct buffer *out, const struct plan *plan, const struct plan_look *look) {
    struct json json = {.out = out};
    struct buffer summary = {0};
    plan_write_summary(&summary, plan);
    open_with(&json, NULL, '{');
    write_string(&json, "title", look->title);
    write_string(&json, "summary", buffer_string(&summary));
    buffer_free(&summary);
    write_bool(&json, "is_empty", plan_is_empty(plan));
    write_string(&json, "refused", plan->refused);
    write_loosened(&json, plan);
    open_with(&json, "changes", '[');
    for (int i = 0; i < plan->diff->changes.count; i++)
        write_change(&json, &plan->diff->changes.items[i]);
    close_with(&json, ']');
    write_data(&json, plan);
    open_with(&json, "verdicts", '[');
    for (int i = 0; i < plan->impacts.count && !plan->refused; i++)
        write_impact(&json, &plan->impacts.items[i]);
    close_with(&json, ']');
    write_number(&json, "unaffected", plan->unaffected);
    write_drift(&json, plan);
    open_with(&json, "noise", '[');
    for (int i = 0; i < plan->noise_count; i++)
        write_string(&json, NULL, plan->noise[i]);
    close_with(&json, ']');
    close_with(&json, '}');
    buffer_add_char(out, '\n');
}
