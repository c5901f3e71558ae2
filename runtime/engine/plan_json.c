/* A plan as JSON: one object, with the same data as the text, whole. See plan.h.
 * Knows: JSON. Does not know: sentences. */
#include "runtime/engine/plan.h"
#include "runtime/engine/json_tree.h"

#include <string.h>

/* ---- parts of a plan ---- */

static void write_impact(struct json *json, const struct plan_impact *impact) {
    static const char *const relations[] = {"equal", "stronger", "weaker", "different"};
    json_open(json, NULL, '{');
    json_string(json, "kind", impact->is_at_gate ? "gate" : diff_what_word(impact->what));
    json_string(json, "name", impact->name);
    json_string(json, "record", impact->record);
    json_bool(json, "is_changed", impact->change != NULL);
    json_string(json, "relation", relations[plan_relation(impact)]);
    json_number(json, "before", impact->before);
    json_number(json, "after", impact->after);
    json_number(json, "stronger", impact->stronger);
    json_number(json, "weaker", impact->weaker);
    json_open(json, "steps", '[');
    for (int i = 0; i < impact->steps.count; i++) {
        json_open(json, NULL, '{');
        json_string(json, "before", impact->steps.items[i].before);
        json_string(json, "after", impact->steps.items[i].after);
        json_number(json, "count", impact->steps.items[i].count);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_open(json, "examples", '[');
    for (int i = 0; i < impact->examples.count; i++) {
        const struct plan_verdict *verdict = &impact->examples.items[i];
        json_open(json, NULL, '{');
        json_string(json, "element", verdict->element);
        json_string(json, "period", verdict->period);
        json_string(json, "before", verdict->before);
        json_string(json, "after", verdict->after);
        json_string(json, "because", verdict->because);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void write_change(struct json *json, const struct diff_change *change) {
    static const char *const kinds[] = {"added", "changed", "renamed", "removed"};
    json_open(json, NULL, '{');
    json_string(json, "change", kinds[change->kind]);
    json_string(json, "kind", diff_what_word(change->what));
    json_string(json, "name", change->name);
    json_string(json, "was", change->was);
    json_string(json, "record", change->record);
    json_string(json, "key", change->key);
    json_open(json, "parts", '[');
    for (int i = 0; i < change->parts.count; i++) {
        const struct diff_part *part = &change->parts.items[i];
        json_open(json, NULL, '{');
        json_string(json, "clause", part->clause);
        json_string(json, "label", part->label);
        json_string(json, "old", part->old_text);
        json_string(json, "new", part->new_text);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void write_data(struct json *json, const struct plan *plan) {
    static const char *const kinds[] = {"new", "wanted", "lost", "retyped", "value gone", "value new", "reordered", "carried over"};
    json_open(json, "data", '[');
    for (int i = 0; i < plan->data.count; i++) {
        const struct plan_data *data = &plan->data.items[i];
        json_open(json, NULL, '{');
        json_string(json, "kind", kinds[data->kind]);
        json_string(json, "name", data->name);
        json_number(json, "rows", data->rows);
        json_bool(json, "loses", data->loses);
        json_bool(json, "is_allowed", data->is_allowed);
        json_string(json, "what", data->words);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_drift(struct json *json, const struct plan *plan) {
    json_open(json, "drift", '[');
    for (int i = 0; i < plan->drift.count; i++) {
        const struct plan_drift *drift = &plan->drift.items[i];
        json_open(json, NULL, '{');
        json_string(json, "record", drift->record);
        json_string(json, "key", drift->key);
        json_string(json, "field", drift->field);
        json_string(json, "declared", drift->declared);
        json_string(json, "found", drift->found);
        json_bool(json, "is_set_back", drift->is_set_back);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_loosened(struct json *json, const struct plan *plan) {
    json_open(json, "loosened", '[');
    for (int i = 0; i < plan->loosened.count; i++) {
        json_open(json, NULL, '{');
        json_string(json, "mandate", plan->loosened.items[i].mandate);
        json_string(json, "office", plan->loosened.items[i].office);
        json_string(json, "how", plan->loosened.items[i].how);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void plan_write_json(struct buffer *out, const struct plan *plan, const struct plan_look *look) {
    struct json json = {.out = out};
    struct buffer summary = {0};
    plan_write_summary(&summary, plan);
    json_open(&json, NULL, '{');
    json_string(&json, "title", look->title);
    json_string(&json, "summary", buffer_string(&summary));
    buffer_free(&summary);
    json_bool(&json, "is_empty", plan_is_empty(plan));
    json_string(&json, "refused", plan->refused);
    write_loosened(&json, plan);
    json_open(&json, "changes", '[');
    for (int i = 0; i < plan->diff->changes.count; i++)
        write_change(&json, &plan->diff->changes.items[i]);
    json_close(&json, ']');
    write_data(&json, plan);
    json_open(&json, "verdicts", '[');
    for (int i = 0; i < plan->impacts.count && !plan->refused; i++)
        write_impact(&json, &plan->impacts.items[i]);
    json_close(&json, ']');
    json_number(&json, "unaffected", plan->unaffected);
    write_drift(&json, plan);
    json_open(&json, "noise", '[');
    for (int i = 0; i < plan->noise_count; i++)
        json_string(&json, NULL, plan->noise[i]);
    json_close(&json, ']');
    json_close(&json, '}');
    buffer_add_char(out, '\n');
}
