/* Inside the making of the policy book: what book*.c share. No other file includes this. */
#ifndef REMIT_RUNTIME_ENGINE_BOOK_INSIDE_H
#define REMIT_RUNTIME_ENGINE_BOOK_INSIDE_H

#include "lang/prose/prose.h"
#include "runtime/engine/book.h"

/* What became of one mandate or rule, by the last check that was kept. */
struct standing {
    const char *name;
    bool is_mandate;
    int64_t met, met_late, pending, waived, breached; /* of a mandate */
    int64_t open;                                     /* findings of a rule */
};
struct making {
    struct session *session;
    struct arena *arena;
    struct book *book;
    LIST_OF(struct node *) trees; /* PROGRAM nodes of all sources but the prelude */
    LIST_OF(struct standing) standings;
    bool is_checked;              /* the store keeps what a check found */
    const char *checked_on;
};

/* ---- book.c ---- */
void make_heading(struct making *making, int level, const char *id, const char *format, ...) __attribute__((format(printf, 4, 5)));
void make_text(struct making *making, const char *format, ...) __attribute__((format(printf, 2, 3)));
void make_labelled(struct making *making, const char *label, const char *text); /* nothing of a NULL */
void make_item(struct making *making, int level, const char *text);
void make_row(struct making *making, int count, const char *const *cells);
const char *make_id(struct making *making, const char *kind, const char *key); /* what links lead to */
const char *taken(struct making *making, struct buffer *words); /* in the arena; the buffer is freed */
/* The declaration of that kind and name; NULL: there is none. */
struct node *find_declaration(const struct making *making, enum node_kind kind, const char *name);
/* A declared record by type and key; its title, or the key where it has none. */
const struct tinstance *find_declared(const struct making *making, const char *record, const char *key);
const char *title_of(const struct making *making, const char *record, const char *key);
/* Keys of a reference or a set; their titles, with commas between; NULL: it is empty. */
const char *field_key(const struct tinstance *instance, const char *field);
const char *field_titles(struct making *making, const struct tinstance *instance, const char *field, const char *record);
bool holds_key(const struct tinstance *instance, const char *field, const char *key);
const struct standing *find_standing(const struct making *making, const char *name, bool is_mandate);

/* ---- book_policy.c: mandates, rules, reports of an office (NULL: of none) ---- */
void make_policies(struct making *making, const char *office);

/* ---- book_terms.c: domains, bodies and people, record types ---- */
void make_terms(struct making *making);

#endif
