/* The checker: AST to typed program.
 * Knows: names, types, units, missing values. Does not know: SQL, storage. What it must know of the store it asks of a `struct world`. */
#ifndef REMIT_LANG_CHECK_CHECK_H
#define REMIT_LANG_CHECK_CHECK_H

#include "lang/base/intern.h"
#include "lang/check/program.h"
#include "lang/source/diagnostics.h"

/* What is outside the program, behind function pointers; any may be NULL (then nothing is known there). */
struct world {
    void *context;
    /* Is there a row of that record type with that key in the store? */
    bool (*key_exists)(void *context, const char *record, const char *key);
    /* Offers every key of that record type, or of a part of them when there are very many, to the search. */
    void (*offer_keys)(void *context, const char *record, struct nearest *search);
    /* The one record type that has a row with this key, or NULL when none or several have. */
    const char *(*key_record)(void *context, const char *key);
    /* The key of the row of that record type with that title, or NULL. */
    const char *(*key_of_title)(void *context, const char *record, const char *title);
    /* Calls visit with every key of that record type in the store. The key lives until visit returns. */
    void (*each_key)(void *context, const char *record, void (*visit)(void *visiting, const char *key), void *visiting);
    /* The same with the keys that a reference or a set of that row holds. */
    void (*keys_of_field)(void *context, const char *record, const char *key, const char *field, void (*visit)(void *visiting, const char *key), void *visiting);
    /* The day that a field of that row holds; false when there is none. */
    bool (*day_of_field)(void *context, const char *record, const char *key, const char *field, int64_t *day);
};

struct checker;

/* A checker keeps the declarations it has seen, so that a REPL can add to them input by input. */
struct checker *checker_create(struct arena *arena, struct intern *names, struct diagnostics *diagnostics, const struct world *world);
/* Checks a set of parsed files together: their order does not matter. Declarations are added to the program; commands of trees in which commands are
 * allowed (scripts) become program commands in order. Adds diagnostics. On any error the declarations of this call are taken back (the program is as it was
 * before), so that a session can go on. Gives the number of errors. */
struct check_input {
    struct node *tree;      /* PROGRAM */
    bool allow_commands;    /* a script or the REPL, not a policy file */
    bool standard_library;  /* the prelude and modules: may declare what the runtime fills */
    bool has_syntax_errors; /* parts of the file could not be read: what seems unknown or wanting may stand in them, so it is not reported */
};
int checker_add(struct checker *checker, const struct check_input *inputs, int input_count);
/* How far the declarations have come, and back to there: what was declared since is as if it had not been. In the checker's arena. */
struct checker_mark *checker_mark(struct checker *checker);
void checker_take_back(struct checker *checker, const struct checker_mark *mark);
struct program *checker_program(struct checker *checker);
/* Where `define NAME` stands; false when nothing of that name was defined. */
bool checker_definition_span(const struct checker *checker, const char *name, struct span *span);

/* The module of the standard library that would bring the field of the record (NULL: the declaration, or the value of an enum) of that name; NULL when none would. */
const char *checker_module_of(struct checker *checker, const char *record, const char *name);

/* A command of scripts, not a declaration. */
bool node_is_command(enum node_kind kind);

/* What a builtin function is for, and its parameters' letters (builtins.def); NULL when there is none of that name. */
const char *builtin_help(const char *name, const char **parameters);

#endif
