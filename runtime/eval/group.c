/* Grouped queries, walked: one pass over the sources' rows, an accumulator for each group and aggregate. See walk.h.
 * Knows: group keys, aggregates over the group. Does not know: order and take (query.c).
 *
 * While rows are gathered, the group outside (if any) is in force; while a group's columns are evaluated, the group itself is. */
#include "lang/check/texpr.h"
#include "runtime/eval/walk.h"

#include <stdlib.h>

struct group {
    uint64_t hash;
    const struct value *keys;
    struct tally *tallies; /* one for each aggregate */
};
struct grouping {
    struct walker *walker;
    struct arena *arena;
    const struct tquery *query;
    LIST_OF(const struct texpr *) aggregates;
    LIST_OF(struct group) groups;
    int *places; /* a hash table of positions in groups, -1: free */
    int place_count;
};

/* ---- finding the aggregates over the group ---- */

static void find_aggregates(struct grouping *grouping, const struct texpr *expression);

/* Only what stands where the outer group is in force: a grouped query within has its own. */
static void find_in_query(struct grouping *grouping, const struct tquery *query) {
    for (int i = 0; i < query->source_count; i++)
        find_aggregates(grouping, query->sources[i].collection);
    find_aggregates(grouping, query->condition);
    for (int i = 0; i < query->group_count; i++)
        find_aggregates(grouping, query->groups[i].value);
    find_aggregates(grouping, query->take);
    if (query->grouped)
        return;
    for (int i = 0; i < query->column_count; i++)
        find_aggregates(grouping, query->columns[i].value);
    find_aggregates(grouping, query->keep);
    for (int i = 0; i < query->order_count; i++)
        find_aggregates(grouping, query->order[i].value);
}

static void find_aggregates(struct grouping *grouping, const struct texpr *expression) {
    if (!expression)
        return;
    if (expression->kind == TEXPR_AGGREGATE && expression->source->kind == TEXPR_GROUP) {
        for (int i = 0; i < grouping->aggregates.count; i++)
            if (texpr_equal(grouping->aggregates.items[i], expression))
                return;
        LIST_ADD(grouping->arena, &grouping->aggregates, expression);
        return;
    }
    find_aggregates(grouping, expression->base);
    find_aggregates(grouping, expression->source);
    for (int i = 0; i < expression->argument_count; i++)
        find_aggregates(grouping, expression->arguments[i]);
    find_aggregates(grouping, expression->condition);
    find_aggregates(grouping, expression->value);
    find_aggregates(grouping, expression->by);
    if (expression->query)
        find_in_query(grouping, expression->query);
}

static void find_all_aggregates(struct grouping *grouping, enum query_form form) {
    const struct tquery *query = grouping->query;
    for (int i = 0; i < query->column_count; i++)
        find_aggregates(grouping, form == QUERY_SHOWN ? query->columns[i].shown : query->columns[i].value);
    find_aggregates(grouping, query->keep);
    for (int i = 0; i < query->order_count; i++)
        find_aggregates(grouping, query->order[i].value);
}

/* ---- gathering ---- */

static int *place_of(const struct grouping *grouping, uint64_t hash, const struct value *keys) {
    size_t mask = (size_t)grouping->place_count - 1, at = (size_t)hash & mask;
    for (; grouping->places[at] >= 0; at = (at + 1) & mask) {
        const struct group *group = &grouping->groups.items[grouping->places[at]];
        bool is_same = group->hash == hash;
        for (int i = 0; i < grouping->query->group_count && is_same; i++)
            is_same = value_compare(group->keys[i], keys[i]) == 0;
        if (is_same)
            break;
    }
    return &grouping->places[at];
}

static void grow_places(struct grouping *grouping) {
    grouping->place_count = grouping->place_count ? grouping->place_count * 2 : 64;
    grouping->places = ARENA_ARRAY(grouping->arena, int, grouping->place_count);
    for (int i = 0; i < grouping->place_count; i++)
        grouping->places[i] = -1;
    for (int i = 0; i < grouping->groups.count; i++)
        *place_of(grouping, grouping->groups.items[i].hash, grouping->groups.items[i].keys) = i;
}

static struct group *add_group(struct grouping *grouping, uint64_t hash, const struct value *keys) {
    struct value *kept = ARENA_ARRAY(grouping->arena, struct value, grouping->query->group_count);
    for (int i = 0; i < grouping->query->group_count; i++)
        kept[i] = value_keep(grouping->arena, keys[i]);
    struct group group = {hash, kept, ARENA_ARRAY(grouping->arena, struct tally, grouping->aggregates.count)};
    for (int i = 0; i < grouping->aggregates.count; i++)
        tally_start(&group.tallies[i], grouping->arena, grouping->aggregates.items[i]);
    LIST_ADD(grouping->arena, &grouping->groups, group);
    return &grouping->groups.items[grouping->groups.count - 1];
}

static struct group *find_group(struct grouping *grouping, const struct value *keys) {
    uint64_t hash = 0;
    for (int i = 0; i < grouping->query->group_count; i++)
        hash = hash * 31 + value_hash(keys[i]);
    if (grouping->groups.count * 2 >= grouping->place_count)
        grow_places(grouping);
    int *place = place_of(grouping, hash, keys);
    if (*place >= 0)
        return &grouping->groups.items[*place];
    *place = grouping->groups.count;
    return add_group(grouping, hash, keys);
}

static enum step gather_row(void *context) {
    struct grouping *grouping = context;
    const struct tquery *query = grouping->query;
    struct value few[8];
    struct value *keys = query->group_count <= 8 ? few : ARENA_ARRAY(grouping->walker->scratch, struct value, query->group_count);
    for (int i = 0; i < query->group_count; i++)
        if (!walk(grouping->walker, query->groups[i].value, &keys[i]))
            return STEP_FAILED;
    struct group *group = find_group(grouping, keys);
    for (int i = 0; i < grouping->aggregates.count; i++)
        if (tally_add(&group->tallies[i], grouping->walker, grouping->arena, (struct element){value_int(1), NULL}) == STEP_FAILED)
            return STEP_FAILED;
    return STEP_ON;
}

/* ---- showing ---- */

static bool show_group(struct grouping *grouping, struct sorted_rows *rows, const struct group *group) {
    struct walker *walker = grouping->walker;
    struct value *results = ARENA_ARRAY(grouping->arena, struct value, grouping->aggregates.count);
    for (int i = 0; i < grouping->aggregates.count; i++) {
        struct element result;
        if (!tally_result(&group->tallies[i], grouping->arena, &result, walker->failure))
            return false;
        results[i] = result.value;
    }
    struct group_frame frame = {grouping->query, group->keys, grouping->aggregates.items, results, grouping->aggregates.count};
    const struct group_frame *outside = walker->group;
    walker->group = &frame;
    bool holds = true;
    bool good = !grouping->query->keep || walk_condition(walker, grouping->query->keep, &holds);
    if (good && holds)
        good = sorted_rows_add(rows, group->keys) != STEP_FAILED;
    walker->group = outside;
    return good;
}

bool walk_groups(struct walker *walker, struct sorted_rows *rows) {
    struct grouping grouping = {.walker = walker, .arena = rows->arena, .query = rows->query};
    find_all_aggregates(&grouping, rows->form);
    if (rows->query->group_count == 0) /* one group, even of nothing */
        find_group(&grouping, NULL);
    if (walk_sources(walker, rows->query, gather_row, &grouping) == STEP_FAILED)
        return false;
    for (int i = 0; i < grouping.groups.count; i++)
        if (!show_group(&grouping, rows, &grouping.groups.items[i]))
            return false;
    return true;
}

/* ---- inside a group ---- */

struct value group_key(const struct walker *walker, int number) {
    return walker->group ? walker->group->keys[number] : value_missing();
}

bool group_find_aggregate(const struct walker *walker, const struct texpr *aggregate, struct value *result) {
    const struct group_frame *frame = walker->group;
    for (int i = 0; frame && i < frame->aggregate_count; i++)
        if (frame->aggregates[i] == aggregate || texpr_equal(frame->aggregates[i], aggregate)) {
            *result = frame->results[i];
            return true;
        }
    return false;
}

bool group_find_key(const struct walker *walker, const struct texpr *expression, struct value *result) {
    const struct group_frame *frame = walker->group;
    *result = value_missing();
    for (int i = 0; frame && i < frame->query->group_count; i++)
        if (texpr_equal(frame->query->groups[i].value, expression)) {
            *result = frame->keys[i];
            return true;
        }
    return false;
}
