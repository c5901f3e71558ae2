/* A plan for people: the summary first, what is loosened set apart, then each change with what comes of it beside it, what rests on it, drift, and last what changes no verdict. As text or as Markdown
 * for a pull request. See plan.h.
 * Knows: lines. Does not know: how a plan is made. */
#include "runtime/engine/plan.h"

#include <string.h>

enum { INSTANCES_SHOWN = 20, DRIFT_SHOWN = 20 };

struct page {
    struct buffer *out;
    const struct plan *plan;
    const struct plan_look *look;
    bool is_markdown;
    bool is_in_fence;
};

/* ---- lines ---- */

static void end_fence(struct page *page) {
    if (page->is_in_fence)
        buffer_add_string(page->out, "```\n");
    page->is_in_fence = false;
}

static void heading(struct page *page, const char *words) {
    end_fence(page);
    buffer_add_format(page->out, page->is_markdown ? "\n#### %s\n\n" : "\n%s\n", words);
}

/* A line under a change, so deep; texts of the data command no terminal. */
static void line(struct page *page, int depth, const char *words) {
    end_fence(page);
    buffer_add_repeated(page->out, ' ', !page->is_markdown ? 2 * depth : depth > 2 ? 2 * (depth - 2) : 0);
    buffer_add_string(page->out, page->is_markdown ? "- " : "");
    diagnostic_draw_text(page->out, words);
    buffer_add_char(page->out, '\n');
}

static void line_format(struct page *page, int depth, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void line_format(struct page *page, int depth, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *words = arena_format_list(page->plan->arena, format, arguments);
    va_end(arguments);
    line(page, depth, words);
}

/* The old and the new words of a part. */
static void difference(struct page *page, char sign, const char *words) {
    if (!words)
        return;
    if (page->is_markdown && !page->is_in_fence)
        buffer_add_string(page->out, "  ```diff\n");
    if (page->is_markdown) {
        buffer_add_format(page->out, "  %c ", sign);
        diagnostic_draw_text(page->out, words);
        buffer_add_char(page->out, '\n');
        page->is_in_fence = true;
        return;
    }
    const char *color = !page->look->color ? "" : sign == '-' ? "\033[31m" : "\033[32m";
    buffer_add_format(page->out, "      %s%c ", color, sign);
    diagnostic_draw_text(page->out, words);
    buffer_add_format(page->out, "%s\n", *color ? "\033[0m" : "");
}

static void close_difference(struct page *page) {
    if (page->is_in_fence)
        buffer_add_string(page->out, "  ```\n");
    page->is_in_fence = false;
}

static const char *counted(struct arena *arena, int64_t number, const char *one, const char *many) {
    return arena_format(arena, "%lld %s", (long long)number, number == 1 ? one : many);
}

/* ---- the summary ---- */

static void add_part(struct buffer *out, bool *has_before, const char *between, const char *words) {
    buffer_add_format(out, "%s%s", *has_before ? between : "", words);
    *has_before = true;
}

static void write_changes(struct buffer *out, const struct plan *plan) {
    static const char *const verbs[] = {"added", "changed", "renamed", "removed"};
    bool has_before = false;
    for (int i = 0; i < DIFF_KINDS; i++)
        if (plan->diff->counts[i])
            add_part(out, &has_before, ", ", arena_format(plan->arena, "%d %s", plan->diff->counts[i], verbs[i]));
    if (!has_before)
        buffer_add_string(out, "nothing changes");
}

static void write_verdicts(struct buffer *out, const struct plan *plan) {
    int64_t appear = 0, go = 0, graver = 0, lighter = 0, gates = 0;
    for (int i = 0; i < plan->impacts.count; i++) {
        const struct plan_impact *impact = &plan->impacts.items[i];
        if (impact->is_at_gate)
            gates += impact->stronger + impact->weaker;
        else if (impact->what == DIFF_RULE)
            appear += impact->stronger, go += impact->weaker;
        else
            graver += impact->stronger, lighter += impact->weaker;
    }
    struct arena *arena = plan->arena;
    bool has_before = false;
    struct buffer words = {0};
    if (appear)
        add_part(&words, &has_before, ", ", counted(arena, appear, "finding appears", "findings appear"));
    if (go)
        add_part(&words, &has_before, ", ", counted(arena, go, "finding goes", "findings go"));
    if (graver)
        add_part(&words, &has_before, ", ", counted(arena, graver, "obligation is graver or new", "obligations are graver or new"));
    if (lighter)
        add_part(&words, &has_before, ", ", counted(arena, lighter, "obligation is lighter or gone", "obligations are lighter or gone"));
    if (gates)
        add_part(&words, &has_before, ", ", counted(arena, gates, "answer at a gate is another", "answers at gates are others"));
    buffer_add_format(out, "; %s", has_before ? words.bytes : "no verdict changes");
    buffer_free(&words);
}

void plan_write_summary(struct buffer *out, const struct plan *plan) {
    int loosened = 0, lost = 0;
    write_changes(out, plan);
    for (int i = 0; i < plan->loosened.count; i++)
        loosened += i == 0 || strcmp(plan->loosened.items[i].mandate, plan->loosened.items[i - 1].mandate) != 0;
    for (int i = 0; i < plan->data.count; i++)
        lost += plan->data.items[i].loses;
    if (loosened)
        buffer_add_format(out, "; %s", counted(plan->arena, loosened, "mandate is loosened", "mandates are loosened"));
    if (lost)
        buffer_add_format(out, "; values are lost in %s", counted(plan->arena, lost, "place", "places"));
    if (plan->refused)
        buffer_add_string(out, "; it cannot be applied");
    else if (plan->diff->changes.count)
        write_verdicts(out, plan);
    if (plan->drift.count)
        buffer_add_format(out, "; %s", counted(plan->arena, plan->drift.count, "value has drifted", "values have drifted"));
}

/* ---- verdicts ---- */

static void write_example(struct page *page, int depth, const struct plan_impact *impact, const struct plan_verdict *verdict) {
    const char *subject = verdict->period ? arena_format(page->plan->arena, "%s in %s", verdict->element, verdict->period) : verdict->element;
    const char *change = impact->what != DIFF_RULE ? "" : verdict->is_stronger ? " appears" : " goes";
    const char *because = !verdict->because[0] ? "" : impact->new_rule || impact->new_mandate ? ", because " : ": ";
    line_format(page, depth, "%s%s%s%s", subject, change, because, verdict->because);
}

static void write_examples(struct page *page, int depth, const struct plan_impact *impact, const struct plan_step *step) {
    int shown = 0;
    for (int i = 0; i < impact->examples.count; i++) {
        const struct plan_verdict *example = &impact->examples.items[i];
        if (strcmp(example->before, step->before) != 0 || strcmp(example->after, step->after) != 0)
            continue;
        write_example(page, depth, impact, example);
        shown++;
    }
    if (shown && step->count > shown)
        line_format(page, depth, "and %lld more", (long long)(step->count - shown));
}

static void write_steps(struct page *page, int depth, const struct plan_impact *impact) {
    for (int i = 0; i < impact->steps.count; i++) {
        const struct plan_step *step = &impact->steps.items[i];
        if (impact->what != DIFF_RULE)
            line_format(page, depth, "%lld: %s (before: %s)", (long long)step->count, step->after, step->before);
        if (!page->look->is_concise)
            write_examples(page, depth + (impact->what != DIFF_RULE), impact, step);
    }
}

static const char *impact_words(struct page *page, const struct plan_impact *impact) {
    struct arena *arena = page->plan->arena;
    if (impact->is_at_gate)
        return arena_format(arena, "at the gate%s: %s", impact->is_cut ? ", of the first 200" : "", impact->stronger + impact->weaker ? counted(arena, impact->stronger + impact->weaker, "answer is another", "answers are others") : "every answer is the same");
    if (impact->what == DIFF_RULE && !impact->stronger && !impact->weaker)
        return impact->after ? arena_format(arena, "the same %s as before", counted(arena, impact->after, "finding", "findings")) : "no findings, as before";
    if (impact->what == DIFF_RULE)
        return arena_format(arena, "%s, %s (%lld before, %lld after)", counted(arena, impact->stronger, "finding appears", "findings appear"), counted(arena, impact->weaker, "goes", "go"), (long long)impact->before,
                            (long long)impact->after);
    if (!impact->stronger && !impact->weaker && !impact->steps.count)
        return impact->after ? arena_format(arena, "the same %s as before", counted(arena, impact->after, "obligation", "obligations")) : "no obligations, as before";
    int64_t changed = 0;
    for (int i = 0; i < impact->steps.count; i++)
        changed += impact->steps.items[i].count;
    return arena_format(arena, "%s (%lld before, %lld after)", counted(arena, changed, "obligation changes", "obligations change"), (long long)impact->before, (long long)impact->after);
}

static void write_impact(struct page *page, int depth, const struct plan_impact *impact) {
    bool relates = page->look->relates && !impact->is_at_gate && (impact->old_rule || impact->old_mandate) && (impact->new_rule || impact->new_mandate);
    const char *relation = relates ? plan_relation_word(plan_relation(impact)) : NULL;
    line_format(page, depth, "%s%s%s", relation ? relation : "", relation ? ": " : "", impact_words(page, impact));
    write_steps(page, depth + 1, impact);
}

/* ---- changes ---- */

static const char *change_name(struct page *page, const struct diff_change *change) {
    struct arena *arena = page->plan->arena;
    const char *word = diff_what_word(change->what), *name = change->name;
    if (change->what == DIFF_FIELD)
        return arena_format(arena, "%s %s.%s%s%s", word, change->record, name, change->was ? " was " : "", change->was ? change->was : "");
    if (change->what == DIFF_INSTANCE)
        return change->key ? arena_format(arena, "%s %s", change->record, change->key) : name;
    if (change->what == DIFF_TEST)
        return arena_format(arena, "%s \"%s\"", word, name);
    return arena_format(arena, "%s %s%s%s", word, name, change->was ? " was " : "", change->was ? change->was : "");
}

/* Is it the name of the change's record type or field, now or before? */
static bool is_name(const struct plan *plan, const char *name, const char *now) {
    bool is_it = strcmp(name, now) == 0;
    for (int i = 0; i < plan->diff->renames.count; i++)
        is_it = is_it || (strcmp(plan->diff->renames.items[i].new, now) == 0 && strcmp(plan->diff->renames.items[i].old, name) == 0);
    return is_it;
}

static bool is_of_change(const struct plan *plan, const struct plan_data *data, const struct diff_change *change) {
    if (change->what == DIFF_RECORD)
        return !data->field && is_name(plan, data->record, change->name);
    return change->what == DIFF_FIELD && data->field && is_name(plan, data->field, change->name) && is_name(plan, data->record, change->record);
}

static void write_data_of(struct page *page, const struct diff_change *change) {
    for (int i = 0; i < page->plan->data.count; i++)
        if (is_of_change(page->plan, &page->plan->data.items[i], change))
            line(page, 3, page->plan->data.items[i].words);
}

static const char *title_of(const struct diff_change *change) {
    const struct node *node = change->new ? change->new : change->old;
    if (node->kind == NODE_RULE)
        return diff_name_of(((const struct node_rule *)(const void *)node)->title);
    if (node->kind == NODE_RECORD)
        return diff_name_of(((const struct node_record *)(const void *)node)->title);
    return node->kind == NODE_MANDATE ? diff_name_of(((const struct node_mandate *)(const void *)node)->title) : "";
}

static const char *consequence_of(const struct plan *plan, const struct diff_change *change) {
    for (int i = 0; i < plan->instances.count; i++)
        if (plan->instances.items[i].change == change)
            return plan->instances.items[i].consequence;
    return NULL;
}

static void write_parts(struct page *page, const struct diff_change *change) {
    bool is_named = change->what == DIFF_INSTANCE;
    for (int i = 0; i < change->parts.count; i++) {
        const struct diff_part *part = &change->parts.items[i];
        const char *format = is_named ? "%s: %s" : "%s%s", *name = is_named ? part->clause : "";
        difference(page, '-', part->old_text ? arena_format(page->plan->arena, format, name, part->old_text) : NULL);
        difference(page, '+', part->new_text ? arena_format(page->plan->arena, format, name, part->new_text) : NULL);
    }
    close_difference(page);
}

static void write_change(struct page *page, const struct diff_change *change) {
    static const char *const signs[] = {"+", "~", "~", "-"};
    struct arena *arena = page->plan->arena;
    const char *title = title_of(change), *name = change_name(page, change), *sign = signs[change->kind];
    const char *shown = page->is_markdown ? arena_format(arena, "`%s %s`%s%s", sign, name, *title ? " " : "", title) : arena_format(arena, "%s %s%s%s%s", sign, name, *title ? " \"" : "", title, *title ? "\"" : "");
    line(page, 1, shown);
    if (!page->look->is_concise)
        write_parts(page, change);
    if (consequence_of(page->plan, change))
        line(page, 3, consequence_of(page->plan, change));
    write_data_of(page, change);
    for (int i = 0; i < page->plan->impacts.count && !page->plan->refused; i++)
        if (page->plan->impacts.items[i].change == change)
            write_impact(page, 3, &page->plan->impacts.items[i]);
}

static bool is_aside(const struct diff_change *change) {
    return change->what == DIFF_REPORT || change->what == DIFF_TEST || change->what == DIFF_SCENARIO;
}

static void write_group(struct page *page, const char *words, bool (*is_wanted)(const struct diff_change *change), int most) {
    int count = 0;
    for (int i = 0; i < page->plan->diff->changes.count; i++) {
        const struct diff_change *change = &page->plan->diff->changes.items[i];
        if (!is_wanted(change))
            continue;
        if (count == 0)
            heading(page, words);
        if (count++ < most)
            write_change(page, change);
    }
    if (count > most)
        line_format(page, 1, "and %d more", count - most);
}

static bool is_of_policy(const struct diff_change *change) {
    return !is_aside(change) && change->what != DIFF_INSTANCE;
}

static bool is_of_records(const struct diff_change *change) {
    return change->what == DIFF_INSTANCE;
}

/* ---- the rest ---- */

static void write_loosened(struct page *page) {
    const struct plan *plan = page->plan;
    for (int i = 0; i < plan->loosened.count; i++) {
        const struct plan_loosening *loosening = &plan->loosened.items[i];
        if (i == 0)
            heading(page, "Loosened");
        line_format(page, 1, "! mandate %s, which is for %s to decide: %s", loosening->mandate, loosening->office, loosening->how);
    }
}

/* What no change of the policy itself stands beside: of modules, of enums. */
static void write_other_data(struct page *page) {
    const struct plan *plan = page->plan;
    bool has_any = false;
    for (int i = 0; i < plan->data.count; i++) {
        bool is_said = false;
        for (int c = 0; c < plan->diff->changes.count; c++)
            is_said = is_said || is_of_change(plan, &plan->data.items[i], &plan->diff->changes.items[c]);
        if (is_said)
            continue;
        if (!has_any)
            heading(page, "Data");
        has_any = true;
        line_format(page, 1, "%s: %s", plan->data.items[i].name, plan->data.items[i].words);
    }
}

static void write_resting(struct page *page) {
    const struct plan *plan = page->plan;
    bool has_any = false;
    for (int i = 0; i < plan->impacts.count && !plan->refused; i++) {
        const struct plan_impact *impact = &plan->impacts.items[i];
        if (impact->change || !impact->steps.count)
            continue;
        if (!has_any)
            heading(page, "Resting on what changes");
        has_any = true;
        line_format(page, 1, "~ %s %s", diff_what_word(impact->what), impact->name);
        write_impact(page, 3, impact);
    }
}

static void write_drift(struct page *page) {
    const struct plan *plan = page->plan;
    for (int i = 0; i < plan->drift.count && i < DRIFT_SHOWN; i++) {
        const struct plan_drift *drift = &plan->drift.items[i];
        if (i == 0)
            heading(page, "Drift: the store differs from what the policy last declared");
        if (!drift->field)
            line_format(page, 1, "%s %s is not there any more; it is added again", drift->record, drift->key);
        else
            line_format(page, 1, "%s %s: %s is %s, declared %s; %s", drift->record, drift->key, drift->field, drift->found, drift->declared, drift->is_set_back ? "its new declaration is put" : "it stays so");
    }
    if (plan->drift.count > DRIFT_SHOWN)
        line_format(page, 1, "and %d more", plan->drift.count - DRIFT_SHOWN);
}

static void write_noise(struct page *page) {
    const struct plan *plan = page->plan;
    for (int i = 0; i < plan->noise_count; i++) {
        if (i == 0)
            heading(page, "Comments, order or layout alone");
        line(page, 1, plan->noise[i]);
    }
}

static void write_refused(struct page *page) {
    if (!page->plan->refused)
        return;
    heading(page, "It cannot be applied");
    buffer_add_format(page->out, page->is_markdown ? "```\n%s```\n" : "%s", page->plan->refused);
}

static void write_page(struct page *page) {
    struct buffer summary = {0};
    plan_write_summary(&summary, page->plan);
    buffer_add_format(page->out, page->is_markdown ? "### %s\n\n%s.\n" : "%s\n%s.\n", page->look->title, buffer_string(&summary));
    buffer_free(&summary);
    write_refused(page);
    write_loosened(page);
    write_group(page, "Policy", is_of_policy, INT32_MAX);
    write_group(page, "Records that the policy declares", is_of_records, INSTANCES_SHOWN);
    write_other_data(page);
    write_resting(page);
    write_drift(page);
    write_group(page, "Reports, tests and scenarios", is_aside, INT32_MAX);
    write_noise(page);
}

void plan_write_text(struct buffer *out, const struct plan *plan, const struct plan_look *look) {
    write_page(&(struct page){.out = out, .plan = plan, .look = look});
}

void plan_write_markdown(struct buffer *out, const struct plan *plan, const struct plan_look *look) {
    write_page(&(struct page){.out = out, .plan = plan, .look = look, .is_markdown = true});
}
