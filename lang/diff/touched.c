/* What rests on what changed: the names that mean something else now, and those that are made of them, until there are no more. See diff.h.
 * A name that is used anywhere counts, whatever it means there: more may seem touched than is, never less.
 * Knows: names in trees. Does not know: scopes, types. */
#include "lang/diff/diff.h"

#include <string.h>

static bool is_named(const struct diff *diff, const char *name) {
    for (int i = 0; i < diff->touched.count; i++)
        if (strcmp(diff->touched.items[i], name) == 0)
            return true;
    return false;
}

static void touch(struct arena *arena, struct diff *diff, const char *name) {
    if (!is_named(diff, name))
        LIST_ADD(arena, &diff->touched, name);
}

struct looking {
    const struct diff *diff;
    bool found;
};

static void look(struct node *node, void *context) {
    struct looking *looking = context;
    if (looking->found)
        return;
    if (node->kind == NODE_NAME)
        looking->found = is_named(looking->diff, diff_name_of(node));
    else
        node_each_child(node, look, looking);
}

static bool mentions(const struct diff *diff, const struct node *node) {
    struct looking looking = {diff, node->kind == NODE_NAME && is_named(diff, diff_name_of(node))};
    node_each_child(node, look, &looking);
    return looking.found;
}

bool diff_is_touched(const struct diff *diff, const struct node *declaration) {
    return diff->touches_all || (diff->touched.count > 0 && mentions(diff, declaration));
}

/* Records that mandates rest on without naming them, or that any count may see. */
static bool is_everywhere(const char *record) {
    static const char *const records[] = {"office", "body", "person", "domain", "holiday", "rate", "waiver"};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (strcmp(records[i], record) == 0)
            return true;
    return false;
}

static void touch_values(struct arena *arena, struct diff *diff, const struct node *node) {
    const struct node_enumeration *enumeration = (const void *)node;
    for (int i = 0; node && i < enumeration->values.count; i++)
        touch(arena, diff, diff_name_of(((const struct node_enum_value *)(const void *)enumeration->values.items[i])->name));
}

static void touch_change(struct arena *arena, struct diff *diff, const struct diff_change *change) {
    bool is_same = change->kind == DIFF_RENAMED && change->parts.count == 0;
    switch (change->what) {
    case DIFF_SETTING:
    case DIFF_MODULE:
        diff->touches_all = true;
        break;
    case DIFF_INSTANCE:
        diff->touches_all = diff->touches_all || change->kind != DIFF_CHANGED || is_everywhere(change->record);
        for (int i = 0; i < change->parts.count; i++)
            touch(arena, diff, change->parts.items[i].clause);
        break;
    case DIFF_ENUM:
        touch(arena, diff, change->name);
        touch_values(arena, diff, change->old);
        touch_values(arena, diff, change->new);
        break;
    case DIFF_FIELD:
    case DIFF_DEFINE:
        if (!is_same)
            touch(arena, diff, change->name);
        break;
    case DIFF_RECORD:
        diff->touches_all = diff->touches_all || change->kind == DIFF_REMOVED;
        break;
    default:
        break;
    }
}

/* Gives whether a name was added. */
static bool touch_made_of(struct arena *arena, struct diff *diff, const char *name, const struct node *node) {
    if (is_named(diff, name) || !mentions(diff, node))
        return false;
    touch(arena, diff, name);
    return true;
}

static bool touch_members(struct arena *arena, struct diff *diff, const struct node_list *members) {
    bool added = false;
    for (int i = 0; i < members->count; i++)
        if (members->items[i]->kind == NODE_DERIVED) {
            const struct node_derived *derived = (const void *)members->items[i];
            added = touch_made_of(arena, diff, diff_name_of(derived->name), derived->value) || added;
        }
    return added;
}

static bool touch_item(struct arena *arena, struct diff *diff, const struct node *item) {
    if (item->kind == NODE_RECORD)
        return touch_members(arena, diff, &((const struct node_record *)(const void *)item)->members);
    if (item->kind == NODE_EXTEND)
        return touch_members(arena, diff, &((const struct node_extend *)(const void *)item)->members);
    if (item->kind != NODE_DEFINE)
        return false;
    return touch_made_of(arena, diff, diff_name_of(((const struct node_define *)(const void *)item)->name), ((const struct node_define *)(const void *)item)->body);
}

void diff_find_touched(struct arena *arena, struct diff *diff, const struct diff_side *new) {
    for (int i = 0; i < diff->changes.count; i++)
        touch_change(arena, diff, &diff->changes.items[i]);
    for (bool added = diff->touched.count > 0; added;) {
        added = false;
        for (int i = 0; i < new->item_count; i++)
            added = touch_item(arena, diff, new->items[i]) || added;
        for (int i = 0; i < new->standard_count; i++)
            added = touch_item(arena, diff, new->standard[i]) || added;
    }
}
