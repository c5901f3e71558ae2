/* Finding what was added, changed, renamed and removed: declarations of both sides by what they are and what they are called. See diff.h.
 * Knows: which declarations there are and how each is known. Does not know: what their parts mean (parts.c, loosen.c). */
#include "lang/diff/diff.h"

#include "lang/base/name_table.h"
#include "lang/base/text.h"
#include <stdlib.h>
#include <string.h>

const char *diff_what_word(enum diff_what what) {
    static const char *const words[DIFF_WHATS] = {"mandate", "rule", "record", "field", "enum", "define", "setting", "module", "instance", "report", "scenario", "test"};
    return words[what];
}

/* ---- one side ---- */

struct entry {
    enum diff_what what;
    const char *name, *record, *key; /* as in diff_change; record as the new side calls it */
    const char *was;
    const char *identity;            /* by which it is found */
    const struct node *node;
    bool is_matched;
};
struct side {
    struct arena *arena;
    const struct diff *diff;         /* with the renames of records, for the old side */
    const struct diff_side *given;
    bool is_old;
    LIST_OF(struct entry) entries;
    struct name_table identities;    /* of entries, by position */
};

/* What the new side calls a record of the old one. */
static const char *record_now(const struct side *side, const char *record) {
    for (int i = 0; side->is_old && i < side->diff->renames.count; i++)
        if (strcmp(side->diff->renames.items[i].old, record) == 0)
            return side->diff->renames.items[i].new;
    return record;
}

static const char *identity_of(struct arena *arena, enum diff_what what, const char *record, const char *name) {
    return arena_format(arena, "%s %s.%s", diff_what_word(what), record ? record : "", name);
}

static void add_entry(struct side *side, struct entry entry) {
    const char *identity = identity_of(side->arena, entry.what, entry.record, entry.name);
    for (int again = 2; name_table_find(&side->identities, identity) >= 0; again++) /* only records without a key can stand there twice */
        identity = arena_format(side->arena, "%s#%d", identity_of(side->arena, entry.what, entry.record, entry.name), again);
    entry.identity = identity;
    name_table_add(side->arena, &side->identities, identity);
    LIST_ADD(side->arena, &side->entries, entry);
}

static const char *was_of(const struct node *was) {
    return was ? diff_name_of(was) : NULL;
}

static void add_members(struct side *side, const char *record, const struct node_list *members) {
    for (int i = 0; i < members->count; i++) {
        const struct node *member = members->items[i];
        const struct node_field *field = (const void *)member;
        const struct node_derived *derived = (const void *)member;
        if (member->kind == NODE_FIELD)
            add_entry(side, (struct entry){.what = DIFF_FIELD, .name = diff_name_of(field->name), .record = record_now(side, record), .was = was_of(field->was), .node = member});
        else if (member->kind == NODE_DERIVED)
            add_entry(side, (struct entry){.what = DIFF_FIELD, .name = diff_name_of(derived->name), .record = record_now(side, record), .was = was_of(derived->was), .node = member});
    }
}

static const struct node *value_of_field(const struct node_list *fields, const char *name) {
    for (int i = 0; i < fields->count; i++) {
        const struct node_value_of *field = (const void *)fields->items[i];
        if (strcmp(diff_name_of(field->name), name) == 0)
            return field->value;
    }
    return NULL;
}

/* By its key; else by the values of its natural key, in words; else by all that it says. */
static const char *instance_key(const struct side *side, const struct node_instance *instance) {
    if (instance->key)
        return diff_name_of(instance->key);
    const char *const *fields = side->given->keys.of ? side->given->keys.of(side->given->keys.context, diff_name_of(instance->type)) : NULL;
    struct buffer key = {0};
    for (int i = 0; fields && fields[i]; i++) {
        const struct node *value = value_of_field(&instance->fields, fields[i]);
        buffer_add_format(&key, "%s%s", i ? "/" : "", value ? diff_words(side->arena, value) : "—");
    }
    const char *words = key.length ? arena_copy_string(side->arena, key.bytes) : NULL;
    buffer_free(&key);
    return words;
}

static void add_instance(struct side *side, const struct node_instance *instance) {
    const char *type = record_now(side, diff_name_of(instance->type)), *key = instance_key(side, instance);
    const char *name = key ? key : diff_words(side->arena, &instance->head);
    add_entry(side, (struct entry){.what = DIFF_INSTANCE, .name = name, .record = type, .key = key, .node = &instance->head});
}

static void add_settings(struct side *side, const struct node_settings *settings) {
    for (int i = 0; i < settings->fields.count; i++) {
        const struct node_value_of *field = (const void *)settings->fields.items[i];
        add_entry(side, (struct entry){.what = DIFF_SETTING, .name = diff_name_of(field->name), .node = &field->head});
    }
}

static void add_declaration(struct side *side, const struct node *item) {
    switch (item->kind) {
    case NODE_RECORD: {
        const struct node_record *record = (const void *)item;
        const char *name = diff_name_of(record->name);
        add_entry(side, (struct entry){.what = DIFF_RECORD, .name = record_now(side, name), .was = was_of(record->was), .node = item});
        add_members(side, name, &record->members);
        break;
    }
    case NODE_EXTEND:
        add_members(side, diff_name_of(((const struct node_extend *)(const void *)item)->name), &((const struct node_extend *)(const void *)item)->members);
        break;
    case NODE_SETTINGS:
        add_settings(side, (const void *)item);
        break;
    case NODE_USE:
        add_entry(side, (struct entry){.what = DIFF_MODULE, .name = diff_name_of(((const struct node_use *)(const void *)item)->module), .node = item});
        break;
    case NODE_ENUMERATION:
        add_entry(side, (struct entry){.what = DIFF_ENUM, .name = diff_name_of(((const struct node_enumeration *)(const void *)item)->name), .node = item});
        break;
    case NODE_DEFINE:
        add_entry(side, (struct entry){.what = DIFF_DEFINE, .name = diff_name_of(((const struct node_define *)(const void *)item)->name), .node = item});
        break;
    case NODE_RULE: {
        const struct node_rule *rule = (const void *)item;
        add_entry(side, (struct entry){.what = DIFF_RULE, .name = diff_name_of(rule->name), .was = was_of(rule->was), .node = item});
        break;
    }
    case NODE_MANDATE: {
        const struct node_mandate *mandate = (const void *)item;
        add_entry(side, (struct entry){.what = DIFF_MANDATE, .name = diff_name_of(mandate->name), .was = was_of(mandate->was), .node = item});
        break;
    }
    case NODE_REPORT:
        add_entry(side, (struct entry){.what = DIFF_REPORT, .name = diff_name_of(((const struct node_report *)(const void *)item)->name), .node = item});
        break;
    case NODE_SCENARIO:
        add_entry(side, (struct entry){.what = DIFF_SCENARIO, .name = diff_name_of(((const struct node_scenario *)(const void *)item)->name), .node = item});
        break;
    case NODE_TEST:
        add_entry(side, (struct entry){.what = DIFF_TEST, .name = diff_name_of(((const struct node_test *)(const void *)item)->title), .node = item});
        break;
    case NODE_INSTANCE:
        add_instance(side, (const void *)item);
        break;
    default:
        break;
    }
}

static bool is_module_twice(const struct side *side, const struct node *item) {
    if (item->kind != NODE_USE)
        return false;
    return name_table_find(&side->identities, identity_of(side->arena, DIFF_MODULE, NULL, diff_name_of(((const struct node_use *)(const void *)item)->module))) >= 0;
}

static void gather(struct side *side) {
    for (int i = 0; i < side->given->item_count; i++)
        if (!is_module_twice(side, side->given->items[i]))
            add_declaration(side, side->given->items[i]);
}

/* ---- renames ---- */

static bool has_record(const struct diff_side *side, const char *name) {
    for (int i = 0; i < side->item_count; i++)
        if (side->items[i]->kind == NODE_RECORD && strcmp(diff_name_of(((const struct node_record *)(const void *)side->items[i])->name), name) == 0)
            return true;
    return false;
}

/* A record that has the new name on both sides was renamed long ago. */
static void find_renamed_records(struct arena *arena, struct diff *diff, const struct diff_side *old, const struct diff_side *new) {
    for (int i = 0; i < new->item_count; i++) {
        const struct node_record *record = (const void *)new->items[i];
        if (new->items[i]->kind != NODE_RECORD || !record->was || has_record(old, diff_name_of(record->name)) || !has_record(old, diff_name_of(record->was)))
            continue;
        struct diff_rename rename = {diff_name_of(record->was), diff_name_of(record->name)};
        LIST_ADD(arena, &diff->renames, rename);
    }
}

/* The entry of the old side that a new one goes on from; NULL: it is new. */
static struct entry *find_before(struct side *old, const struct entry *entry) {
    int position = name_table_find(&old->identities, entry->identity);
    if (position < 0 && entry->was)
        position = name_table_find(&old->identities, identity_of(old->arena, entry->what, entry->record, entry->was));
    return position >= 0 && !old->entries.items[position].is_matched ? &old->entries.items[position] : NULL;
}

static void find_renamed_fields(struct arena *arena, struct diff *diff, struct side *old, const struct side *new) {
    for (int i = 0; i < new->entries.count; i++) {
        const struct entry *entry = &new->entries.items[i], *before = entry->was && entry->what == DIFF_FIELD ? find_before(old, entry) : NULL;
        if (!before || strcmp(before->name, entry->name) == 0)
            continue;
        struct diff_rename rename = {before->name, entry->name};
        LIST_ADD(arena, &diff->renames, rename);
    }
}

/* ---- changes ---- */

static void add_change(struct arena *arena, struct diff *diff, struct diff_change *change) {
    diff->counts[change->kind]++;
    diff->has_changes_of_policy = diff->has_changes_of_policy || change->what != DIFF_TEST;
    LIST_ADD(arena, &diff->changes, *change);
}

static const char *office_of(const struct node *node) {
    return node && node->kind == NODE_MANDATE && ((const struct node_mandate *)(const void *)node)->office ? diff_name_of(((const struct node_mandate *)(const void *)node)->office) : NULL;
}

static const char *old_record_name(const struct entry *before) {
    const struct node_record *record = (const void *)before->node;
    return before->what == DIFF_RECORD ? diff_name_of(record->name) : before->name;
}

static void compare_one(struct arena *arena, struct diff *diff, struct entry *before, const struct entry *entry) {
    struct diff_change change = {.kind = DIFF_ADDED, .what = entry->what, .name = entry->name, .record = entry->record, .key = entry->key, .new = entry->node, .old = before ? before->node : NULL};
    if (before) {
        before->is_matched = true;
        const char *was = old_record_name(before);
        bool is_renamed = strcmp(was, entry->name) != 0;
        change.kind = is_renamed ? DIFF_RENAMED : DIFF_CHANGED;
        change.was = is_renamed ? was : NULL;
        diff_find_parts(arena, diff, &change);
        if (!is_renamed && change.parts.count == 0)
            return;
    }
    change.office = office_of(change.old);
    diff_find_loosened(arena, diff, &change);
    add_change(arena, diff, &change);
}

/* Fields of a record that is new or gone go with it. */
static bool goes_with_record(const struct side *other, const struct entry *entry, const struct side *own) {
    if (entry->what != DIFF_FIELD)
        return false;
    const char *record = identity_of(own->arena, DIFF_RECORD, NULL, entry->record);
    return name_table_find(&own->identities, record) >= 0 && name_table_find(&other->identities, record) < 0;
}

static int compare_changes(const void *a, const void *b) {
    const struct diff_change *x = a, *y = b;
    if (x->what != y->what)
        return (int)x->what - (int)y->what;
    int order = strcmp(x->record ? x->record : "", y->record ? y->record : "");
    return order ? order : strcmp(x->name, y->name);
}

struct diff *diff_policies(struct arena *arena, const struct diff_side *old_given, const struct diff_side *new_given) {
    struct diff *diff = ARENA_NEW(arena, struct diff);
    struct side old = {.arena = arena, .diff = diff, .given = old_given, .is_old = true}, new = {.arena = arena, .diff = diff, .given = new_given};
    find_renamed_records(arena, diff, old_given, new_given);
    gather(&old);
    gather(&new);
    find_renamed_fields(arena, diff, &old, &new);
    for (int i = 0; i < new.entries.count; i++) {
        struct entry *entry = &new.entries.items[i], *before = find_before(&old, entry);
        if (before || !goes_with_record(&old, entry, &new))
            compare_one(arena, diff, before, entry);
    }
    for (int i = 0; i < old.entries.count; i++) {
        const struct entry *entry = &old.entries.items[i];
        if (entry->is_matched || goes_with_record(&new, entry, &old))
            continue;
        struct diff_change change = {.kind = DIFF_REMOVED, .what = entry->what, .name = entry->name, .record = entry->record, .key = entry->key, .old = entry->node, .office = office_of(entry->node)};
        diff_find_loosened(arena, diff, &change);
        add_change(arena, diff, &change);
    }
    if (diff->changes.count)
        qsort(diff->changes.items, (size_t)diff->changes.count, sizeof *diff->changes.items, compare_changes);
    diff_find_touched(arena, diff, new_given);
    return diff;
}
