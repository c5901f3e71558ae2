/* The policies of a plan as trees, compared by meaning; and which files say the same in other words. See plan.h.
 * Knows: the files of two sessions. Does not know: data. */
#include "lang/check/stdlib_text.h"
#include "runtime/engine/plan.h"

#include <string.h>

struct items {
    const struct node **items;
    int count, capacity;
};

static void parse_into(struct plan *plan, struct session *session, struct items *items, const char *path, const char *text, size_t length) {
    struct diagnostics *unheard = diagnostics_create(plan->arena, plan->sources);
    uint32_t file = source_add(plan->sources, path, text, length);
    struct node_list list = AS(program, PROGRAM, parse_source(plan->arena, session->names, unheard, file, PARSE_PROGRAM).tree)->items;
    for (int i = 0; i < list.count; i++)
        LIST_ADD(plan->arena, items, list.items[i]);
}

/* The natural key of a record type, as that session's program has it. */
static const char *const *key_fields(void *context, const char *name) {
    struct session *session = context;
    const struct record_type *record = program_find_record(session->program, name);
    if (!record || !record->key_count)
        return NULL;
    const char **fields = ARENA_ARRAY(session->arena, const char *, record->key_count + 1);
    for (int i = 0; i < record->key_count; i++)
        fields[i] = record->key[i]->name;
    return fields;
}

static struct diff_side side_of(struct plan *plan, struct session *session) {
    struct items items = {0}, library = {0};
    for (int i = 0; i < session->policy.count; i++)
        parse_into(plan, session, &items, session->policy.items[i].path, session->policy.items[i].text, strlen(session->policy.items[i].text));
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        for (int i = 0; i < session->modules.count; i++)
            if (strcmp(session->modules.items[i], module->name) == 0)
                parse_into(plan, session, &library, module->name, module->text, module->length);
    return (struct diff_side){.items = items.items, .item_count = items.count, .standard = library.items, .standard_count = library.count, .keys = {session, key_fields}};
}

/* ---- noise ---- */

/* Where the names of the files of a policy begin to differ: the folder that they are in. */
static size_t folder_length(const struct session *session) {
    const char *first = session->policy.count ? session->policy.items[0].path : "";
    size_t length = strlen(first);
    for (int i = 1; i < session->policy.count; i++) {
        size_t same = 0;
        while (same < length && session->policy.items[i].path[same] == first[same])
            same++;
        length = same;
    }
    while (length > 0 && first[length - 1] != '/')
        length--;
    return length;
}

static bool holds_change(const struct plan *plan, const char *path) {
    for (int i = 0; i < plan->diff->changes.count; i++) {
        const struct diff_change *change = &plan->diff->changes.items[i];
        const struct node *nodes[] = {change->old, change->new};
        for (int n = 0; n < 2; n++)
            if (nodes[n] && strcmp(source_get(plan->sources, nodes[n]->span.file)->path, path) == 0)
                return true;
    }
    return false;
}

/* The new file that says the same as an old one in other words. */
static void find_noise(struct plan *plan) {
    size_t old_folder = folder_length(plan->old), new_folder = folder_length(plan->new);
    plan->noise = ARENA_ARRAY(plan->arena, const char *, plan->new->policy.count);
    for (int n = 0; n < plan->new->policy.count; n++) {
        const struct policy_file *file = &plan->new->policy.items[n];
        for (int o = 0; o < plan->old->policy.count; o++) {
            const struct policy_file *before = &plan->old->policy.items[o];
            bool is_same_file = strcmp(before->path + old_folder, file->path + new_folder) == 0;
            if (is_same_file && strcmp(before->text, file->text) != 0 && !holds_change(plan, file->path) && !holds_change(plan, before->path))
                plan->noise[plan->noise_count++] = file->path;
        }
    }
}

bool plan_is_restated(const struct plan *plan) {
    if (plan->old->policy.count != plan->new->policy.count)
        return true;
    for (int i = 0; i < plan->new->policy.count; i++)
        if (strcmp(plan->old->policy.items[i].text, plan->new->policy.items[i].text) != 0 || strcmp(plan->old->policy.items[i].path, plan->new->policy.items[i].path) != 0)
            return true;
    return false;
}

bool plan_is_empty(const struct plan *plan) {
    return plan->diff->changes.count == 0;
}

bool plan_compare_policies(struct plan *plan, struct failure *failure) {
    (void)failure;
    plan->sources = source_set_create(plan->arena);
    plan->old_side = side_of(plan, plan->old);
    plan->new_side = side_of(plan, plan->new);
    plan->diff = diff_policies(plan->arena, &plan->old_side, &plan->new_side);
    find_noise(plan);
    return true;
}

/* ---- what is affected ---- */

static const struct node *find_declaration(const struct diff_side *side, enum diff_what what, const char *name) {
    enum node_kind kind = what == DIFF_RULE ? NODE_RULE : NODE_MANDATE;
    for (int i = 0; i < side->item_count + side->standard_count; i++) {
        const struct node *item = i < side->item_count ? side->items[i] : side->standard[i - side->item_count];
        if (item->kind == kind && strcmp(diff_name_of(kind == NODE_RULE ? ((const struct node_rule *)(const void *)item)->name : ((const struct node_mandate *)(const void *)item)->name), name) == 0)
            return item;
    }
    return NULL;
}

bool plan_is_affected(const struct plan *plan, enum diff_what what, const char *name, const struct diff_change **found) {
    *found = NULL;
    for (int i = 0; i < plan->diff->changes.count; i++) {
        const struct diff_change *change = &plan->diff->changes.items[i];
        if (change->what == what && strcmp(change->name, name) == 0)
            *found = change;
    }
    if (*found || plan->diff->touches_all)
        return true;
    const struct node *declaration = find_declaration(&plan->new_side, what, name);
    return declaration && diff_is_touched(plan->diff, declaration);
}
