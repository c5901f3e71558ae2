/* Rules as they are and as they would be, evaluated in one pass: where nothing but rules, mandates and what asks questions changes, the old texts of the rules that change stand beside the new policy, under
 * names of their own. See plan.h.
 * Knows: the texts of rules. Does not know: how rules are evaluated (plan_verdicts.c).
 * Mandates are left out: what is kept of them, and who may waive them, goes by their names. */
#include "runtime/engine/plan.h"

#include <string.h>

static bool is_question(enum diff_what what) {
    return what == DIFF_RULE || what == DIFF_MANDATE || what == DIFF_REPORT || what == DIFF_TEST || what == DIFF_SCENARIO;
}

static bool changes_questions_only(const struct plan *plan) {
    for (int i = 0; i < plan->diff->changes.count; i++)
        if (!is_question(plan->diff->changes.items[i].what))
            return false;
    return true;
}

static const char *name_beside(struct plan *plan, const char *name) {
    return arena_format(plan->arena, "%s_as_it_is", name);
}

/* The old text with the other name, and without the one that it had before. */
static void write_beside(struct plan *plan, struct buffer *out, const struct node *node) {
    const struct node_rule *rule = (const void *)node;
    const char *text = source_get(plan->sources, node->span.file)->text;
    uint32_t after = rule->was ? rule->was->span.end : rule->name->span.end;
    buffer_add(out, text + node->span.start, rule->name->span.start - node->span.start);
    buffer_add_string(out, name_beside(plan, diff_name_of(rule->name)));
    buffer_add(out, text + after, node->span.end - after);
    buffer_add_char(out, '\n');
}

static bool is_beside(const struct plan_impact *impact) {
    return impact->what == DIFF_RULE && impact->old_rule && impact->change && impact->change->old && !impact->has_same_conditions;
}

static const char *write_all_beside(struct plan *plan) {
    struct buffer out = {0};
    for (int i = 0; i < plan->impacts.count; i++)
        if (is_beside(&plan->impacts.items[i]))
            write_beside(plan, &out, plan->impacts.items[i].change->old);
    const char *text = out.length ? arena_copy_string(plan->arena, out.bytes) : NULL;
    buffer_free(&out);
    return text;
}

/* Its rules take the place of those of the two policies for the time of the pass. */
static bool find_rules(struct plan *plan, struct session *both) {
    for (int i = 0; i < plan->impacts.count; i++) {
        struct plan_impact *impact = &plan->impacts.items[i];
        if (impact->what != DIFF_RULE)
            continue;
        impact->beside[0] = is_beside(impact) ? program_find_rule(both->program, name_beside(plan, impact->old_rule->name)) : NULL;
        impact->beside[1] = impact->new_rule ? program_find_rule(both->program, impact->new_rule->name) : NULL;
        if ((is_beside(impact) && !impact->beside[0]) || (impact->new_rule && !impact->beside[1]))
            return false;
    }
    return true;
}

struct session *plan_open_shared(struct plan *plan) {
    const char *beside = changes_questions_only(plan) ? write_all_beside(plan) : NULL;
    if (!beside)
        return NULL;
    int count = plan->new->policy.count;
    struct policy_file *files = ARENA_ARRAY(plan->arena, struct policy_file, count + 1);
    for (int i = 0; i < count; i++)
        files[i] = plan->new->policy.items[i];
    files[count] = (struct policy_file){"<as it is>", beside};
    struct session *both = session_create(&plan->new->options);
    struct failure failure = {0};
    both->store = plan->new->store;
    both->is_guard = both->schema_applied = true;
    bool good = session_load_texts(both, files, count + 1, &failure) && both->diagnostics->error_count == 0 && store_attach_program(both->store, both->program, &failure) &&
                session_refresh_inputs(both, &failure) && find_rules(plan, both);
    if (good)
        return both;
    session_destroy(both); /* names that are too long with more behind them, say: then there are two passes */
    return NULL;
}
