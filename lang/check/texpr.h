/* Making, copying and comparing typed expressions.
 * Knows: struct texpr. Does not know: the AST, messages. */
#ifndef REMIT_LANG_CHECK_TEXPR_H
#define REMIT_LANG_CHECK_TEXPR_H

#include "lang/check/program.h"

struct type type_of_kind(enum type_kind kind);
struct type type_optional(struct type type, bool optional);
struct type type_of_record(struct record_type *record);
struct type type_of_collection(struct arena *arena, struct type element);

struct texpr *texpr_create(struct arena *arena, enum texpr_kind kind, struct type type, struct span span);
struct texpr *texpr_poison(struct arena *arena, struct span span);
struct texpr *texpr_int(struct arena *arena, enum type_kind kind, int64_t value, struct span span);
struct texpr *texpr_text(struct arena *arena, const char *text, size_t length, struct span span);
struct texpr *texpr_variable(struct arena *arena, struct tvar *variable, struct span span);
/* Any kind with one to three arguments; may_fail follows from them and from the operation. */
struct texpr *texpr_with(struct arena *arena, enum texpr_kind kind, struct type type, struct span span, int count, struct texpr *const *arguments);
struct texpr *texpr_operation(struct arena *arena, enum operation operation, struct type type, struct span span, int count, struct texpr *const *arguments);
struct texpr *texpr_unary(struct arena *arena, enum texpr_kind kind, struct type type, struct texpr *argument);
struct texpr *texpr_binary(struct arena *arena, enum texpr_kind kind, struct type type, struct texpr *left, struct texpr *right);
/* a and b; either may be NULL. */
struct texpr *texpr_and(struct arena *arena, struct texpr *left, struct texpr *right);
/* Sets may_fail from the parts; call it when a node was put together by hand. */
void texpr_note_failing(struct texpr *expression);
/* Can a row of the query raise an error at run time, or the question which rows there are? */
bool tquery_may_fail(const struct tquery *query);

/* The same value under the same bindings: same kinds, fields, operations, constants and variables all the way down. Variables bound inside each are matched
 * to one another. Nested queries are equal only when they are the same object. */
bool texpr_equal(const struct texpr *a, const struct texpr *b);
/* The same where variables that neither binds are the same as is_same has it. Expressions with nested queries are never equal. */
bool texpr_equal_under(const struct texpr *a, const struct texpr *b, bool (*is_same)(void *context, const struct tvar *a, const struct tvar *b), void *context);
/* Equal expressions have one hash; few others share it. */
uint64_t texpr_hash(const struct texpr *expression);
/* A deep copy in which free uses of `from` are `to` and every variable bound inside is a new one (their ids from *variable_count). Nested queries are copied too.
 * Each part is taken off *budget; once that is below 0 no more is copied, and the result is of no use. */
struct texpr *texpr_substitute(struct arena *arena, const struct texpr *expression, const struct tvar *from, struct texpr *to, int *variable_count, int64_t *budget);
/* A deep copy, as texpr_substitute makes it, in which other parts stand in place of some: `replace` is asked of each part, from the outside in, and of what it gives in turn, until it
 * gives NULL; that is copied. Not of what stands within AT: that is of another time. */
struct texpr *texpr_replace(struct arena *arena, const struct texpr *expression, const struct texpr *(*replace)(const struct texpr *part, void *context), void *context, int *variable_count,
                            int64_t *budget);
/* Does the expression use the variable? */
bool texpr_uses(const struct texpr *expression, const struct tvar *variable);

#endif
