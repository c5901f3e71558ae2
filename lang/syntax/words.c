/* The words of the language. Implements words.h and syntax_keywords of parse.h from keywords.def. */
#include "lang/syntax/words.h"

#include "lang/base/arena.h"
#include "lang/syntax/grammar.h"
#include "lang/syntax/parse.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>

static const struct {
    int token;
    const char *spelling;
    enum word_class kind;
    const char *instead;
} keywords[] = {
#define KEYWORD(token, spelling, kind, instead) {TOK_##token, spelling, WORD_##kind, instead},
#define KEYWORD_PAIR(token, first, second)
#include "lang/syntax/keywords.def"
#undef KEYWORD
#undef KEYWORD_PAIR
};

static const struct {
    int token;
    const char *first, *second, *spelling;
} pairs[] = {
#define KEYWORD(token, spelling, kind, instead)
#define KEYWORD_PAIR(token, first, second) {TOK_##token, first, second, first " " second},
#include "lang/syntax/keywords.def"
#undef KEYWORD
#undef KEYWORD_PAIR
};

static const char *const spellings[] = {
#define KEYWORD(token, spelling, kind, instead) spelling,
#define KEYWORD_PAIR(token, first, second) first " " second,
#include "lang/syntax/keywords.def"
#undef KEYWORD
#undef KEYWORD_PAIR
    NULL};

enum { KEYWORD_COUNT = sizeof keywords / sizeof *keywords, PAIR_COUNT = sizeof pairs / sizeof *pairs, SLOT_COUNT = 1024 };
_Static_assert(2 * (KEYWORD_COUNT + PAIR_COUNT) < SLOT_COUNT, "the table of words stays half empty");

/* Open addressing by the interned pointer: most names asked for are no words, and one probe says so. */
struct words {
    struct word slots[SLOT_COUNT];
};

static unsigned slot_of(const char *name) {
    return (unsigned)(((uint64_t)(uintptr_t)name * UINT64_C(0x9e3779b97f4a7c15)) >> 54);
}

static struct word *find_slot(struct words *words, const char *name) {
    unsigned slot = slot_of(name);
    while (words->slots[slot].name != NULL && words->slots[slot].name != name)
        slot = (slot + 1) % SLOT_COUNT;
    words->slots[slot].name = name;
    return &words->slots[slot];
}

struct words *words_create(struct arena *arena, struct intern *names) {
    struct words *words = ARENA_NEW(arena, struct words);
    for (int i = 0; i < KEYWORD_COUNT; i++) {
        struct word *word = find_slot(words, intern_string(names, keywords[i].spelling));
        assert(word->token == 0);
        word->token = keywords[i].token;
        word->kind = keywords[i].kind;
        word->instead = keywords[i].instead;
    }
    for (int i = 0; i < PAIR_COUNT; i++) {
        struct word *word = find_slot(words, intern_string(names, pairs[i].first));
        assert(word->pair_token == 0); /* one pair for each first word */
        word->pair_token = pairs[i].token;
        word->pair_second = intern_string(names, pairs[i].second);
    }
    return words;
}

const struct word *words_find(const struct words *words, const char *name) {
    unsigned slot = slot_of(name);
    while (words->slots[slot].name != NULL) {
        if (words->slots[slot].name == name)
            return &words->slots[slot];
        slot = (slot + 1) % SLOT_COUNT;
    }
    return NULL;
}


const char *words_spelling(int token) {
    for (int i = 0; i < KEYWORD_COUNT; i++)
        if (keywords[i].token == token)
            return keywords[i].spelling;
    for (int i = 0; i < PAIR_COUNT; i++)
        if (pairs[i].token == token)
            return pairs[i].spelling;
    return NULL;
}

const char *const *syntax_keywords(void) {
    return spellings;
}

bool syntax_opens_statement(const char *word) {
    for (int i = 0; i < KEYWORD_COUNT; i++)
        if (strcmp(keywords[i].spelling, word) == 0)
            return keywords[i].kind == WORD_DECLARATION || keywords[i].kind == WORD_COMMAND || keywords[i].token == TOK_FROM || keywords[i].token == TOK_FOR || keywords[i].token == TOK_IF;
    return false;
}

const char *words_elsewhere(const char *word) {
    static const struct {
        const char *word, *sentence;
    } others[] = {
        {"select", "Columns are named after `show`: `from initiative show name, budget`."},
        {"order", "Rows are sorted with `sort by`: `from initiative show name sort by budget desc`."},
        {"sort", "`sort` goes with `by`: `from initiative show name sort by budget desc`."},
        {"group", "`group` goes with `by`: `from initiative group by stage show stage, count()`."},
        {"list", "Records are listed with `from`: `from initiative`."},
        {"find", "Records are found with `from`: `from initiative where budget > 1M USD`."},
        {"limit", "The first rows are taken with `take`: `from initiative show name take 5`."},
        {"top", "The first rows are taken with `take`: `from initiative show name take 5`."},
        {"having", "Groups are chosen with `keep where`: `group by stage show stage, count() keep where count() > 3`."},
        {"delete", "Records are removed with `remove`: `remove METERS`."},
        {"drop", "Records are removed with `remove`: `remove METERS`."},
        {"update", "Records are changed with `set`: `set METERS { budget: 2M USD }`."},
        {"change", "Records are changed with `set`: `set METERS { budget: 2M USD }`."},
        {"insert", "Records are added with `add`: `add initiative METERS \"Smart meters\" { … }`."},
        {"create", "Records are added with `add`: `add initiative METERS \"Smart meters\" { … }`."},
        {"new", "Records are added with `add`: `add initiative METERS \"Smart meters\" { … }`."},
        {"foreach", "It is two words: `for each i in initiative { … }`."},
        {"function", "A function is declared with `define`: `define share(part: money, whole: money): number = (part / whole) ?? 0`."},
        {"table", "A kind of record is declared with `record`: `record supplier \"Supplier\" { code: text  key code }`."},
        {"policy", "What an office finds is a `rule`, what it requires a `mandate`: `rule overspend \"Overspend\" { for initiative when spent > budget raise high \"{name}\" }`."},
    };
    for (size_t i = 0; word && i < sizeof others / sizeof *others; i++)
        if (strcmp(word, others[i].word) == 0)
            return others[i].sentence;
    return NULL;
}
