/* Whether a mandate asks less than it did, or lets more pass, as far as its text tells: `shall` that becomes `should`, a wider exception, a new power to waive, a longer grace, fewer subjects. What
 * the text cannot tell is left to the data (may_be_loosened), except for exceptions and waivers: what may be wider there counts as wider. See diff.h.
 * Knows: the clauses of mandates. Does not know: data, who may loosen what. */
#include "lang/diff/diff.h"

#include <stdlib.h>
#include <string.h>

struct loosening {
    struct arena *arena;
    const struct diff *diff;
    struct diff_change *change;
};

static void say(struct loosening *loosening, const char *sentence) {
    LIST_ADD(loosening->arena, &loosening->change->loosened, sentence);
}

static void doubt(struct loosening *loosening) {
    loosening->change->may_be_loosened = true;
}

/* ---- what is required ---- */

static bool is_mandatory(int modal) {
    return modal == MODAL_SHALL || modal == MODAL_SHALL_NOT;
}

static bool is_negative(int modal) {
    return modal == MODAL_SHALL_NOT || modal == MODAL_SHOULD_NOT;
}

/* old or new, both there: is the new one at least as strong, at most as strong, as can be seen? */
static void compare_requirements(struct loosening *loosening, const struct node_requirement *old, const struct node_requirement *new, const char *whose) {
    static const char *const words[] = {"shall", "shall not", "should", "should not"};
    if (is_mandatory(old->modal) && !is_mandatory(new->modal))
        say(loosening, arena_format(loosening->arena, "`%s` becomes `%s`%s", words[old->modal], words[new->modal], whose));
    if (is_negative(old->modal) != is_negative(new->modal)) {
        doubt(loosening);
        return;
    }
    const struct node *stronger = is_negative(old->modal) ? old->condition : new->condition, *weaker = is_negative(old->modal) ? new->condition : old->condition;
    if (diff_implies(loosening->diff, stronger, weaker))
        return;
    if (diff_implies(loosening->diff, weaker, stronger))
        say(loosening, arena_format(loosening->arena, "less is required%s", whose));
    else
        doubt(loosening);
}

static void compare_exceptions(struct loosening *loosening, const struct diff_part *part) {
    const struct node_except *old = (const void *)part->old, *new = (const void *)part->new;
    if (!new)
        return;
    if (!old) {
        say(loosening, arena_format(loosening->arena, "the exception \"%s\" is new", part->label));
        return;
    }
    if (!diff_implies(loosening->diff, new->condition, old->condition))
        say(loosening, arena_format(loosening->arena, diff_implies(loosening->diff, old->condition, new->condition) ? "the exception \"%s\" is wider" : "the exception \"%s\" may be wider: it is another", part->label));
    if (old->requirement && !new->requirement)
        say(loosening, arena_format(loosening->arena, "where the exception \"%s\" applies nothing is asked instead any more", part->label));
    else if (old->requirement)
        compare_requirements(loosening, (const void *)old->requirement, (const void *)new->requirement, arena_format(loosening->arena, " where the exception \"%s\" applies", part->label));
}

/* ---- waivers ---- */

static bool is_among(const struct node_list *names, const struct node *name) {
    for (int i = 0; i < names->count; i++)
        if (strcmp(diff_name_of(names->items[i]), diff_name_of(name)) == 0)
            return true;
    return false;
}

/* Is the new length longer than the old one, or may it be? NULL: without limit, where none_is_longest; else nothing. */
static bool may_be_longer(const struct node *old, const struct node *new, bool none_is_longest) {
    double old_least, old_most, new_least, new_most;
    if (!old || !new)
        return none_is_longest ? old != NULL : new != NULL;
    const struct node_quantity *a = (const void *)old, *b = (const void *)new;
    if (!diff_length(old, &old_least, &old_most) || !diff_length(new, &new_least, &new_most))
        return true;
    return a->unit == b->unit ? new_least > old_least : new_most > old_least;
}

static void compare_waivers(struct loosening *loosening, const struct diff_part *part) {
    static const struct node_waivable nobody;
    const struct node_waivable *old = part->old ? (const void *)part->old : &nobody, *new = part->new ? (const void *)part->new : &nobody;
    for (int i = 0; i < new->granters.count; i++)
        if (!is_among(&old->granters, new->granters.items[i]))
            say(loosening, arena_format(loosening->arena, "`%s` may waive it", diff_name_of(new->granters.items[i])));
    for (int i = 0; part->new && i < old->through.count; i++)
        if (!is_among(&new->through, old->through.items[i]))
            say(loosening, arena_format(loosening->arena, "a waiver need no longer go through `%s`", diff_name_of(old->through.items[i])));
    if (part->old && part->new && !diff_means_same(loosening->diff, old->up_to, new->up_to) && may_be_longer(old->up_to, new->up_to, true))
        say(loosening, "a waiver may run longer");
}

/* ---- when ---- */

/* -1, 0, 1 of two dates that are written out; false: they are not. */
static bool compare_dates(const struct node *old, const struct node *new, int *order) {
    if (!old || !new || old->kind != NODE_DATE_LITERAL || new->kind != NODE_DATE_LITERAL)
        return false;
    *order = strcmp(((const struct node_date_literal *)(const void *)new)->text, ((const struct node_date_literal *)(const void *)old)->text);
    return true;
}

/* The days between which it is asked. */
static void compare_days(struct loosening *loosening, const struct node *old_from, const struct node *old_until, const struct node *new_from, const struct node *new_until) {
    int order;
    if (!diff_means_same(loosening->diff, old_from, new_from) && new_from) {
        if (!old_from || (compare_dates(old_from, new_from, &order) && order > 0))
            say(loosening, "it begins later");
        else if (!compare_dates(old_from, new_from, &order))
            doubt(loosening);
    }
    if (!diff_means_same(loosening->diff, old_until, new_until) && new_until) {
        if (!old_until || (compare_dates(old_until, new_until, &order) && order < 0))
            say(loosening, "it ends earlier");
        else if (!compare_dates(old_until, new_until, &order))
            doubt(loosening);
    }
}

/* "week", "2 weeks": in days; 0: it is none that is known. */
static double cadence_days(const struct node *cadence) {
    static const struct {
        const char *word;
        double days;
    } words[] = {{"day", 1}, {"week", 7}, {"month", 30}, {"quarter", 91}, {"year", 365}, {"fiscal_quarter", 91}, {"fiscal_year", 365}};
    double least, most;
    if (diff_length(cadence, &least, &most))
        return (least + most) / 2 / 86400;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, diff_name_of(cadence)) == 0)
            return words[i].days;
    return 0;
}

static void compare_cadences(struct loosening *loosening, const struct diff_part *part) {
    static const struct node_every never;
    const struct node_every *old = part->old ? (const void *)part->old : &never, *new = part->new ? (const void *)part->new : &never;
    if (!part->old || !part->new) { /* it has another timing now */
        doubt(loosening);
        return;
    }
    double before = cadence_days(old->cadence), after = cadence_days(new->cadence);
    if (!diff_means_same(loosening->diff, old->cadence, new->cadence) && (after > before || !after))
        say(loosening, "it is asked less often");
    compare_days(loosening, old->from, old->until, new->from, new->until);
}

static void compare_effective(struct loosening *loosening, const struct diff_part *part) {
    static const struct node_effective always;
    const struct node_effective *old = part->old ? (const void *)part->old : &always, *new = part->new ? (const void *)part->new : &always;
    compare_days(loosening, old->from, old->until, new->from, new->until);
}

static void compare_by(struct loosening *loosening, const struct diff_part *part) {
    const struct node_by_date *old = (const void *)part->old, *new = (const void *)part->new;
    int order;
    if (!old || !new || !compare_dates(old->date, new->date, &order))
        doubt(loosening);
    else if (order > 0)
        say(loosening, "the day by which it is required is later");
}

static void compare_grace(struct loosening *loosening, const struct diff_part *part) {
    const struct node *old = part->old ? ((const struct node_within *)(const void *)part->old)->grace : NULL, *new = part->new ? ((const struct node_within *)(const void *)part->new)->grace : NULL;
    bool is_same_unit = old && new && old->kind == NODE_QUANTITY && new->kind == NODE_QUANTITY && ((const struct node_quantity *)(const void *)old)->unit == ((const struct node_quantity *)(const void *)new)->unit;
    if (may_be_longer(old, new, false))
        say(loosening, !old ? "there is a grace now" : is_same_unit ? "the grace is longer" : "the grace may be longer");
}

/* ---- of what, by whom ---- */

static void compare_subjects(struct loosening *loosening, const struct diff_part *part) {
    const struct node_for_clause *old = (const void *)part->old, *new = (const void *)part->new;
    if (!old || !new || !diff_means_same(loosening->diff, old->source, new->source) || !diff_means_same(loosening->diff, old->binder, new->binder))
        doubt(loosening);
    else if (diff_implies(loosening->diff, old->condition, new->condition))
        return;
    else if (diff_implies(loosening->diff, new->condition, old->condition))
        say(loosening, "it is asked of fewer");
    else
        doubt(loosening);
}

static void compare_escalation(struct loosening *loosening, const struct diff_part *part) {
    const struct node_escalate *old = (const void *)part->old, *new = (const void *)part->new;
    if (!old)
        return;
    if (!new) {
        say(loosening, "its breaches are escalated to nobody any more");
        return;
    }
    int before = old->after ? atoi(((const struct node_int_literal *)(const void *)old->after)->text) : 1, after = new->after ? atoi(((const struct node_int_literal *)(const void *)new->after)->text) : 1;
    if (after > before)
        say(loosening, "its breaches are escalated later");
}

static void compare_office(struct loosening *loosening, const struct diff_part *part) {
    say(loosening, arena_format(loosening->arena, "it is no longer `%s`'s%s", diff_name_of(part->old), part->new ? arena_format(loosening->arena, ", but `%s`'s", diff_name_of(part->new)) : ""));
}

static void compare_part(struct loosening *loosening, const struct diff_part *part) {
    static const struct {
        const char *clause;
        void (*compare)(struct loosening *loosening, const struct diff_part *part);
    } comparisons[] = {{"except", compare_exceptions}, {"waivable", compare_waivers}, {"every", compare_cadences}, {"effective", compare_effective}, {"by", compare_by},
                       {"within", compare_grace}, {"for", compare_subjects}, {"escalate", compare_escalation}, {"office", compare_office}};
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
        if (strcmp(comparisons[i].clause, part->clause) == 0) {
            comparisons[i].compare(loosening, part);
            return;
        }
    if (strcmp(part->clause, "shall") == 0 && part->old && part->new)
        compare_requirements(loosening, (const void *)part->old, (const void *)part->new, "");
    else if (strcmp(part->clause, "before") == 0 && part->old)
        say(loosening, arena_format(loosening->arena, "it no longer stands %s", part->old_text));
    else if (strcmp(part->clause, "let") == 0 || strcmp(part->clause, "dated") == 0 || strcmp(part->clause, "order") == 0)
        doubt(loosening);
}

void diff_find_loosened(struct arena *arena, const struct diff *diff, struct diff_change *change) {
    struct loosening loosening = {arena, diff, change};
    if (change->what != DIFF_MANDATE || change->kind == DIFF_ADDED)
        return;
    if (change->kind == DIFF_REMOVED)
        say(&loosening, "it is gone");
    for (int i = 0; i < change->parts.count; i++)
        compare_part(&loosening, &change->parts.items[i]);
}
