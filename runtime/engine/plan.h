/* A plan: what applying a policy set would change, in the policy, in the data and in the verdicts, worked out by doing it in a transaction that is taken back.
 * Knows: two sessions on one store, one with the policy as it is and one with the policy as it would be. Does not know: where policies come from, terminals.
 *
 * plan_make does it in this order: the policies are compared by meaning (lang/diff); what the data hold under the old one is counted; rules and mandates that the change can matter to are evaluated
 * under the old policy; the new one is applied; they are evaluated under the new one; the verdicts are compared. Everything stands in the plan's arena. */
#ifndef REMIT_RUNTIME_ENGINE_PLAN_H
#define REMIT_RUNTIME_ENGINE_PLAN_H

#include "lang/diff/diff.h"
#include "runtime/engine/session.h"

enum { PLAN_EXAMPLES = 5 /* of each change of verdicts, shown with their reasons */ };

/* What becomes of rows and values: plan_data.c. */
enum data_kind {
    DATA_NEW,        /* a field: rows get its default, or have no value */
    DATA_WANTED,     /* a field that always has a value is new, or no longer may be missing, and these rows have none: it cannot be applied */
    DATA_LOST,       /* a field or a record type is gone, and these values or rows with it */
    DATA_RETYPED,    /* values of another type are lost */
    DATA_VALUE_GONE, /* a value of an enum is gone that rows have */
    DATA_VALUE_NEW,  /* of an enum: none */
    DATA_REORDERED,  /* the values of an enum stand in another order: comparisons change, rows keep their values */
    DATA_CARRIED     /* what the store keeps under the old name goes to the new one */
};
struct plan_data {
    enum data_kind kind;
    const char *record, *field;  /* as the old policy calls them where it has them; field NULL: the whole record type */
    const char *name;            /* "cost.category", "cost" */
    const char *words;           /* what happens, a sentence without its full stop */
    int64_t rows;
    int64_t ordinal;             /* of the value that is gone */
    bool loses, is_allowed;
};

/* What a policy declares of a row and what the row says: plan_instances.c. */
struct plan_drift {
    const char *record, *key, *field;  /* field NULL: the row is not there */
    const char *declared, *found;
    bool is_set_back;            /* the new policy declares it anew */
};
struct plan_instance {
    const struct diff_change *change;
    const char *consequence;     /* or NULL */
};

/* ---- verdicts: plan_rules.c, plan_mandates.c, plan_gates.c ---- */
struct plan_verdict {
    const char *element, *period; /* period NULL: it has none */
    const char *before, *after;   /* "not found", "breached", "would refuse" */
    const char *because;          /* "" where nothing more can be said */
    bool is_stronger;
};
struct plan_step {               /* how many went from one verdict to another */
    const char *before, *after;
    int64_t count;
};
struct plan_impact {
    enum diff_what what;         /* RULE, MANDATE */
    bool is_at_gate;             /* what the gate would do with a change, of those that have not passed it */
    const char *name, *record;
    const struct diff_change *change; /* NULL: it rests on what changed */
    const struct trule *old_rule, *new_rule;
    struct tmandate *old_mandate, *new_mandate;
    bool has_same_conditions;    /* a rule of which nothing that changes can change what it finds: it is evaluated once */
    const struct trule *beside[2]; /* while both are evaluated in one pass: plan_shared.c */
    int64_t before, after;       /* findings; of mandates and gates how many are asked for */
    int64_t stronger, weaker;    /* findings that appear, that go; obligations that are graver or new, that are lighter or gone */
    bool is_cut;                 /* at a gate: only the first were asked */
    LIST_OF(struct plan_step) steps;
    LIST_OF(struct plan_verdict) examples;
};
enum plan_relation { RELATION_EQUAL, RELATION_STRONGER, RELATION_WEAKER, RELATION_DIFFERENT };
enum plan_relation plan_relation(const struct plan_impact *impact);
const char *plan_relation_word(enum plan_relation relation);

struct plan_loosening {
    const char *mandate, *office; /* the office that declared it */
    const char *how;              /* a sentence without its full stop */
};

struct plan_options {
    bool makes_old;              /* the old policy is applied first, too: it need not be the one that the store is in step with */
    const char *const *allowed;  /* fields and records whose values may go */
    int allowed_count;
};
/* While it is made: ids in order, and what gates would do. */
struct plan_found {
    int64_t *ids;
    int64_t count, capacity;
};
struct plan_gate_row;
struct plan_gate {
    struct plan_gate_row *rows;
    int count;
};
struct plan {
    struct arena *arena;
    struct session *old, *new;
    const struct plan_options *options;
    struct source_set *sources;  /* of the compared trees */
    struct diff *diff;
    struct diff_side old_side, new_side;
    int noise_count;             /* files that differ in comments, order or layout alone */
    const char **noise;
    LIST_OF(struct plan_data) data;
    LIST_OF(struct plan_drift) drift;
    LIST_OF(struct plan_instance) instances;
    LIST_OF(struct plan_impact) impacts; /* those in which no verdict changes among them */
    LIST_OF(struct plan_loosening) loosened;
    int unaffected;              /* rules and mandates to which the change cannot matter */
    const char *refused;         /* why the new policy cannot be applied, as it is drawn; NULL: it can */
    int64_t change;              /* the number of the transaction in which it was made */
    struct plan_found *found[2]; /* of each impact, under the old policy and under the new one */
    struct plan_gate *gates[2];
    bool has_shared;             /* rules were evaluated in one pass */
};

/* NULL with failure set. Both sessions are loaded; the store is the new one's, and the old one is a guard of it (is_guard). Leaves nothing behind in the store. */
struct plan *plan_make(struct session *old, struct session *new, const struct plan_options *options, struct failure *failure);
void plan_destroy(struct plan *plan); /* NULL is allowed; the sessions stay */
/* Is there anything to apply? Other comments are nothing. */
bool plan_is_empty(const struct plan *plan);
/* Does another text of the same meaning take the place of the policy? */
bool plan_is_restated(const struct plan *plan);

/* ---- applying: plan_apply.c ---- */
/* What stands in the way: values that would be lost, offices that did not say yes. offices: those in whose name it is applied. */
bool plan_may_apply(const struct plan *plan, const char *const *offices, int office_count, struct failure *failure);
/* In the transaction under way, before the new policy is applied: values that may be lost go to history. */
bool plan_drop(const struct plan *plan, struct session *session, struct failure *failure);

/* ---- shown: plan_text.c, plan_markdown.c, plan_json.c ---- */
struct plan_look {
    const char *title;           /* "plan of `policy` for `office.db`" */
    bool is_concise;
    bool relates;                /* stronger, weaker, equal or different is said of each rule and mandate */
    bool color;
};
void plan_write_text(struct buffer *out, const struct plan *plan, const struct plan_look *look);
void plan_write_markdown(struct buffer *out, const struct plan *plan, const struct plan_look *look);
void plan_write_json(struct buffer *out, const struct plan *plan, const struct plan_look *look);
/* One sentence for people: "2 rules changed, 1 field added; 3 findings appear, 1 goes". */
void plan_write_summary(struct buffer *out, const struct plan *plan);

/* ---- between the files that make plans ---- */
bool plan_compare_policies(struct plan *plan, struct failure *failure);
bool plan_find_data(struct plan *plan, struct failure *failure);      /* with the old program attached */
bool plan_find_drift(struct plan *plan, struct failure *failure);     /* the same */
bool plan_list_impacts(struct plan *plan);
/* A session in which rules stand as they are and as they would be; NULL where there is none. Its is to be destroyed. */
struct session *plan_open_shared(struct plan *plan);
bool plan_evaluate_shared(struct plan *plan, struct failure *failure);
/* Evaluating under the old policy, then under the new one, and comparing. */
bool plan_evaluate(struct plan *plan, bool is_old, struct failure *failure);
bool plan_compare_verdicts(struct plan *plan, struct failure *failure);
bool plan_ask_gates(struct plan *plan, bool is_old, struct failure *failure);
bool plan_compare_gates(struct plan *plan, struct failure *failure);
void plan_forget_verdicts(struct plan *plan);
/* The value as reports show it, a reference as its key. In the arena. */
const char *plan_value_words(struct plan *plan, struct session *session, struct value value, struct type type, struct failure *failure);
void plan_find_loosened(struct plan *plan);
bool plan_is_affected(const struct plan *plan, enum diff_what what, const char *name, const struct diff_change **change);

#endif
