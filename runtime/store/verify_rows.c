/* Whether the rows are those that the changes wrote.
 * Knows: rows, the hashes that the journal has of them. Does not know: the chain.
 * Rows come in the order in which they were hashed, those of all changes among one another; each change's hash ends when as many rows as it wrote were seen, so only those under way are in memory. */
#include "runtime/store/verify.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    const struct expected *expected;
    struct digest *digest; /* while rows are still to come */
    int64_t seen, first_id;
    uint32_t hints_seen;
    bool is_told; /* a row was named already */
};
struct row_check {
    struct verification *verification;
    const struct catalog_record *record;
    const struct catalog_field *set;
    struct arena *arena;       /* of the tallies */
    struct tally **tallies[2]; /* came, went: by change; NULL where none is expected */
};

static const char *set_name(const struct row_check *check) {
    return check->set ? check->set->name : NULL;
}

/* Whether the hints name the row, and as what; *place: which of them. */
static const char *find_hint(const char *hints, int64_t id, int *place) {
    *place = 0;
    for (const char *at = hints; *at; ++*place) {
        char *end;
        long long hinted = strtoll(at, &end, 10);
        if (hinted == id && *end == ':')
            return end + 1;
        at = end + strcspn(end, " ");
        at += *at == ' ';
    }
    return NULL;
}

/* Members of one row share its id, so a set's hints tell only whether the row is among them. */
static void check_hint(struct row_check *check, struct tally *tally, int64_t id, const char *bytes, size_t length, bool went) {
    int place;
    const char *hint = find_hint(tally->expected->hints, id, &place);
    char hex[HASH_HEX];
    if (!*tally->expected->hints || (check->set && hint))
        return;
    digest_of(bytes, length, hex);
    if (hint)
        tally->hints_seen |= 1u << place;
    if (hint && strncmp(hint, hex, HINT_HEX) == 0)
        return;
    tally->is_told = true;
    verify_fault(check->verification, tally->expected->change, check->record->name, set_name(check), id, hint ? (went ? "the row as it was before was edited" : "the row was edited") : "the row was inserted");
}

static void end_tally(struct row_check *check, struct tally *tally, bool went) {
    char hex[HASH_HEX];
    digest_finish(tally->digest, hex);
    tally->digest = NULL;
    if (strcmp(hex, tally->expected->hash) != 0 && !tally->is_told)
        verify_fault(check->verification, tally->expected->change, check->record->name, set_name(check), tally->expected->count == 1 && !check->set ? tally->first_id : 0,
                     check->set ? (went ? "members as they were before were edited" : "members were edited") : went ? "rows as they were before were edited" : "rows were edited");
}

static bool take(struct row_check *check, bool went, int64_t change, int64_t id, const char *bytes, size_t length) {
    struct verification *verification = check->verification;
    struct tally *tally = change > 0 && change <= verification->last ? check->tallies[went][change] : NULL;
    verification->verdict->rows += !went;
    if (!tally) {
        verify_fault(verification, change > verification->last || change <= 0 ? verification->last + 1 : change, check->record->name, set_name(check), id,
                     check->set ? (went ? "a member was inserted into the history" : "a member was inserted") : went ? "a row was inserted into the history" : "the row was inserted");
        return true;
    }
    check_hint(check, tally, id, bytes, length, went);
    if (++tally->seen > tally->expected->count)
        return true;
    if (!tally->digest) {
        tally->digest = digest_create();
        tally->first_id = id;
    }
    digest_add(tally->digest, bytes, length);
    if (tally->seen == tally->expected->count)
        end_tally(check, tally, went);
    return true;
}

static bool take_came(void *context, int64_t change, int64_t id, const char *bytes, size_t length, struct failure *failure) {
    (void)failure;
    return take(context, false, change, id, bytes, length);
}

static bool take_went(void *context, int64_t change, int64_t id, const char *bytes, size_t length, struct failure *failure) {
    (void)failure;
    return take(context, true, change, id, bytes, length);
}

static void tell_missing(struct row_check *check, struct tally *tally, bool went) {
    int place = 0;
    for (const char *at = tally->expected->hints; *at; place++) {
        char *end;
        long long id = strtoll(at, &end, 10);
        if (!(tally->hints_seen & 1u << place) && !check->set)
            verify_fault(check->verification, tally->expected->change, check->record->name, NULL, id, went ? "the row as it was before was removed" : "the row was removed");
        tally->is_told = tally->is_told || !check->set;
        at = end + strcspn(end, " ");
        at += *at == ' ';
    }
}

static void tell_difference(struct row_check *check, const struct tally *tally, long long difference, bool went) {
    long long count = (long long)tally->expected->count;
    const char *what = arena_format(check->verification->arena, "%s%s", check->set ? "member" : "row", count == 1 ? "" : "s");
    const char *how = went ? arena_format(check->verification->arena, "%s as %s before", what, count == 1 ? "it was" : "they were") : what;
    if (difference < 0)
        verify_fault(check->verification, tally->expected->change, check->record->name, set_name(check), 0, went ? "%s too many in its history: %lld" : "%s too many: %lld", check->set ? "members" : "rows", -difference);
    else if (count == 1)
        verify_fault(check->verification, tally->expected->change, check->record->name, set_name(check), 0, "the %s was removed", how);
    else
        verify_fault(check->verification, tally->expected->change, check->record->name, set_name(check), 0, "%lld of its %lld %s were removed", difference, count, how);
}

static void check_tally(struct row_check *check, struct tally *tally, bool went) {
    if (!tally)
        return;
    long long difference = (long long)(tally->expected->count - tally->seen);
    if (difference > 0)
        tell_missing(check, tally, went);
    if (difference != 0 && !tally->is_told)
        tell_difference(check, tally, difference, went);
    digest_abandon(tally->digest);
}

/* Finds what the journal has of this record or set. */
static void expect(struct row_check *check, const char *name) {
    struct verification *verification = check->verification;
    check->arena = arena_create();
    for (int i = 0; i < 2; i++) {
        check->tallies[i] = calloc((size_t)verification->last + 1, sizeof(struct tally *));
        assert(check->tallies[i]);
    }
    for (int i = 0; i < verification->expected.count; i++) {
        const struct expected *expected = &verification->expected.items[i];
        if ((expected->kind != PART_CAME && expected->kind != PART_WENT) || strcmp(expected->name, name) != 0)
            continue;
        struct tally *tally = ARENA_NEW(check->arena, struct tally);
        tally->expected = expected;
        check->tallies[expected->kind == PART_WENT][expected->change] = tally;
    }
}

static void end_check(struct row_check *check) {
    for (int went = 0; went < 2; went++) {
        for (int64_t change = 1; change <= check->verification->last; change++)
            check_tally(check, check->tallies[went][change], went);
        free(check->tallies[went]);
    }
    arena_destroy(check->arena);
}

static bool check_record(struct verification *verification, const struct catalog_record *record, struct failure *failure) {
    struct row_check check = {.verification = verification, .record = record};
    struct row_visit visit = {&check, take_came, take_went};
    expect(&check, arena_format(verification->arena, "%lld", (long long)record->number));
    bool done = journal_each_row(verification->store, record, &visit, failure);
    end_check(&check);
    for (int i = 0; i < record->fields.count && done; i++) {
        if (!record->fields.items[i]->is_set)
            continue;
        check.set = record->fields.items[i];
        expect(&check, arena_format(verification->arena, "%lld.%lld", (long long)record->number, (long long)check.set->position));
        done = journal_each_member(verification->store, record, check.set, &visit, failure);
        end_check(&check);
    }
    return done;
}

static bool is_known(const struct catalog *catalog, const char *name) {
    char *end;
    int64_t number = strtoll(name, &end, 10), position = *end == '.' ? strtoll(end + 1, NULL, 10) : 0;
    for (int r = 0; r < catalog->records.count; r++) {
        const struct catalog_record *record = catalog->records.items[r];
        if (record->number != number)
            continue;
        for (int f = 0; f < record->fields.count; f++)
            if (record->fields.items[f]->is_set && record->fields.items[f]->position == position)
                return true;
        return position == 0;
    }
    return false;
}

bool verify_rows(struct verification *verification, struct failure *failure) {
    const struct catalog *catalog = verification->store->catalog;
    for (int i = 0; i < catalog->records.count; i++)
        if (!store_may_go_on(verification->store, failure) || !check_record(verification, catalog->records.items[i], failure))
            return false;
    for (int i = 0; i < verification->expected.count; i++) {
        const struct expected *expected = &verification->expected.items[i];
        if ((expected->kind == PART_CAME || expected->kind == PART_WENT) && !is_known(catalog, expected->name))
            verify_fault(verification, expected->change, NULL, NULL, 0, "it wrote rows of a record that the store no longer knows");
    }
    return true;
}
