/* What a check found, as a list of review: breaches, findings and waivers that need a look, each at the head of its rule or mandate; for build servers. See checking.h.
 * Knows: what was found. Does not know: formats (runtime/render/review.h). */
#include "lang/base/civil.h"
#include "runtime/engine/checking.h"
#include "runtime/engine/review.h"

#include <string.h>

struct listing {
    struct checking *checking;
    struct session *session;
    struct review review;
};

/* A rule that is raised high fails a build as it fails a check; a remark is a note. */
static enum review_level level_of_severity(int severity) {
    return severity >= 3 ? REVIEW_ERROR : severity == 2 ? REVIEW_WARNING : REVIEW_NOTE;
}

static struct review_place head_of(struct session *session, struct span span) {
    const char *text = source_get(session->sources, span.file)->text;
    span.end = span.start + (uint32_t)strcspn(text + span.start, "{\n");
    while (span.end > span.start && text[span.end - 1] == ' ')
        span.end--;
    return review_place_of(session, span);
}

static const char *first_of(const char *a, const char *b, const char *c) {
    return a ? a : b ? b : c;
}

static void add_rules(struct listing *listing) {
    struct checking *checking = listing->checking;
    for (int i = 0; i < checking->rules.count; i++) {
        const struct trule *rule = checking->rules.items[i];
        struct review_rule added = {.id = rule->name, .summary = rule->title, .help = first_of(rule->remedy, rule->because, rule->doc), .level = level_of_severity(rule->severity)};
        added.place = head_of(listing->session, rule->span);
        review_add_rule(&listing->review, &added);
    }
    for (int i = 0; i < checking->mandates.count; i++) {
        const struct tmandate *mandate = checking->mandates.items[i];
        struct review_rule added = {.id = mandate->name, .summary = mandate->title, .help = first_of(mandate->remedy, mandate->because, mandate->doc), .level = mandate->is_mandatory ? REVIEW_ERROR : REVIEW_NOTE};
        added.place = head_of(listing->session, mandate->span);
        review_add_rule(&listing->review, &added);
    }
}

static const char *text_of(struct listing *listing, struct value value) {
    return value.kind == VALUE_TEXT ? arena_copy(listing->review.arena, value.text, value.length) : "";
}

/* The position in review.rules of what goes by that name. */
static int find_rule(const struct listing *listing, const char *name) {
    for (int i = 0; i < listing->review.rules.count; i++)
        if (strcmp(listing->review.rules.items[i].id, name) == 0)
            return i;
    return 0;
}

static void add_item(struct listing *listing, const char *name, enum review_level level, const char *record, const char *element, const char *message) {
    struct review_item item = {.rule = find_rule(listing, name), .level = level, .message = message};
    item.element = *record ? arena_format(listing->review.arena, "%s %s", record, element) : element;
    item.place = listing->review.rules.items[item.rule].place;
    item.hint = listing->review.rules.items[item.rule].help;
    LIST_ADD(listing->review.arena, &listing->review.items, item);
}

static void add_finding(struct listing *listing, const struct value *row) {
    add_item(listing, text_of(listing, row[1]), level_of_severity((int)row[0].integer), text_of(listing, row[2]), text_of(listing, row[3]), text_of(listing, row[5]));
}

static void write_of(struct buffer *out, const char *before, struct value value, enum type_kind kind) {
    if (value.kind == VALUE_MISSING)
        return;
    buffer_add_string(out, before);
    value_write(out, value, (struct type){.kind = kind}, VALUE_SHOWN);
}

static void add_obligation(struct listing *listing, const struct value *row) {
    enum obligation_state state = (enum obligation_state)row[OBLIGATION_STATE].integer;
    if (state != OBLIGATION_BREACHED && state != OBLIGATION_WAIVED)
        return;
    bool is_breach = state == OBLIGATION_BREACHED, is_mandatory = row[OBLIGATION_MANDATORY].integer != 0;
    struct buffer out = {0};
    buffer_add_string(&out, !is_breach ? "waived" : is_mandatory ? "breached" : "advice not taken");
    write_of(&out, " for ", row[OBLIGATION_PERIOD], TYPE_PERIOD);
    write_of(&out, ", due ", row[OBLIGATION_DUE], TYPE_DATE);
    write_of(&out, ", since ", row[OBLIGATION_SINCE], TYPE_DATE);
    if (is_breach && row[OBLIGATION_IN_A_ROW].kind == VALUE_INT && row[OBLIGATION_IN_A_ROW].integer > 1)
        write_of(&out, ", in a row ", row[OBLIGATION_IN_A_ROW], TYPE_INT);
    write_of(&out, ", escalated to ", row[OBLIGATION_ESCALATED], TYPE_TEXT);
    write_of(&out, ", by ", row[OBLIGATION_WAIVER], TYPE_TEXT);
    write_of(&out, ": ", row[OBLIGATION_TITLE], TYPE_TEXT);
    add_item(listing, text_of(listing, row[OBLIGATION_MANDATE]), is_breach && is_mandatory ? REVIEW_ERROR : REVIEW_NOTE, text_of(listing, row[OBLIGATION_RECORD]),
             text_of(listing, row[OBLIGATION_ELEMENT]), arena_copy_string(listing->review.arena, buffer_string(&out)));
    buffer_free(&out);
}

static void add_waivers(struct listing *listing) {
    struct checking *checking = listing->checking;
    for (int i = 0; i < checking->waivers.list.count; i++) {
        const struct waiver *waiver = &checking->waivers.list.items[i];
        if (!check_waiver_needs_look(checking, waiver))
            continue;
        struct review_rule rule = {.id = "waiver", .summary = "A waiver that needs a look", .level = REVIEW_WARNING};
        review_add_rule(&listing->review, &rule);
        const char *message = arena_format(listing->review.arena, "the waiver of `%s` granted by %s %s", waiver->mandate_name, waiver->granted_by, check_waiver_words(checking, waiver));
        add_item(listing, "waiver", REVIEW_WARNING, waiver->mandate ? waiver->mandate->record->name : "", arena_copy_string(listing->review.arena, waiver->element), message);
    }
}

/* Takes the rows. */
static bool add_rows(struct listing *listing, struct rows *rows, void (*add)(struct listing *listing, const struct value *row), struct failure *failure) {
    const struct value *row;
    enum rows_step step = ROWS_END;
    while (rows && (step = rows_next(rows, &row, failure)) == ROWS_ROW)
        add(listing, row);
    rows_close(rows);
    return rows && step == ROWS_END;
}

bool check_show_review(struct checking *checking, struct failure *failure) {
    static const struct row_column columns[FINDING_COLUMNS];
    struct session *session = checking->session;
    struct listing listing = {.checking = checking, .session = session, .review = review_start(session, "remit check")};
    review_add_diagnostics(&listing.review, session); /* warnings of the policy itself */
    session->diagnostics->list.count = 0;
    add_rules(&listing);
    bool good = add_rows(&listing, obligations_rows(checking->obligations, false, failure), add_obligation, failure) && add_rows(&listing, findings_rows(checking->findings, columns, failure), add_finding, failure);
    add_waivers(&listing);
    if (good)
        review_show(session, &listing.review, session->options.review);
    return good;
}
