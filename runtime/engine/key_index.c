/* Texts to numbers. See key_index.h.
 * A text stands as its length and its number, seven bits a byte, and its bytes, from a multiple of four on. The places are an open table, at most four fifths full: of each a
 * 32-bit number that tells where the text stands, and behind them all a byte each of the text's hash, so that other texts are seldom looked at. */
#include "runtime/engine/key_index.h"

#include <assert.h>
#include <string.h>

enum {
    PLACES_FIRST = 1024,
    RESIDENT_BYTES = 16 << 20,      /* of texts, and of places, in memory at most */
    RESIDENT_IN_ORDER = 2 << 20,    /* of texts, while they are asked for in order */
    GUESSES = 4,                    /* texts behind the last one that are looked at */
    LUCK_MOST = 64, LUCK_LOST = -256,
    LOOKUPS_OF_LATE = 1 << 16,
    ALIGNMENT = 4, HEADER_MOST = 20
};

__extension__ typedef unsigned __int128 wide_unsigned;

uint64_t key_hash(const char *bytes, size_t length) {
    uint64_t hash = UINT64_C(0x9E3779B97F4A7C15) ^ length, word;
    for (; length >= 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * UINT64_C(0xD6E8FEB86659FD93);
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, bytes, length);
    hash = (hash ^ word) * UINT64_C(0xD6E8FEB86659FD93);
    hash ^= hash >> 32;
    return hash * UINT64_C(0xD6E8FEB86659FD93);
}

/* ---- texts ---- */

struct found {
    const char *text;
    size_t length, next; /* where the one behind it stands */
    int64_t number;
};

static size_t put_number(char *at, uint64_t number) {
    size_t size = 0;
    for (; number >= 0x80; number >>= 7)
        at[size++] = (char)(number | 0x80);
    at[size++] = (char)number;
    return size;
}

static const char *get_number(const char *at, uint64_t *number) {
    *number = 0;
    for (int shift = 0;; shift += 7) {
        unsigned char byte = (unsigned char)*at++;
        *number |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return at;
    }
}

/* Where nearly all lookups are answered by order, or none was made yet, texts need not stay in memory. */
static struct found text_at(struct key_index *index, size_t place) {
    spill_touch(&index->texts, place, index->by_hash * 8 <= index->lookups ? RESIDENT_IN_ORDER : RESIDENT_BYTES);
    uint64_t length, number;
    const char *text = get_number(get_number(index->texts.bytes + place, &length), &number);
    size_t end = (size_t)(text - index->texts.bytes) + length;
    return (struct found){text, length, (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT, (int64_t)number};
}

static bool is_text(const struct found *found, const char *text, size_t length) {
    return found->length == length && memcmp(found->text, text, length) == 0;
}

static size_t add_text(struct key_index *index, const char *text, size_t length, int64_t number) {
    assert(number >= 0);
    size_t place = index->text_bytes;
    spill_reserve(&index->texts, place + HEADER_MOST + length + ALIGNMENT);
    spill_touch(&index->texts, place, RESIDENT_IN_ORDER);
    char *at = index->texts.bytes + place;
    at += put_number(at, length);
    at += put_number(at, (uint64_t)number);
    memcpy(at, text, length);
    size_t end = (size_t)(at - index->texts.bytes) + length;
    index->text_bytes = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return place;
}

/* ---- places ---- */

static uint32_t *place_of(struct key_index *index, uint64_t at) {
    spill_touch(&index->places, at * sizeof(uint32_t), RESIDENT_BYTES);
    return &((uint32_t *)(void *)index->places.bytes)[at];
}

static unsigned char *mark_of(struct key_index *index, uint64_t at) {
    size_t offset = index->place_count * sizeof(uint32_t) + at;
    spill_touch(&index->places, offset, RESIDENT_BYTES);
    return (unsigned char *)index->places.bytes + offset;
}

/* The mark of a hash; 0 is for places that are free. */
static unsigned char mark_from(uint64_t hash) {
    return (unsigned char)((hash & 0xFF) | 1);
}

/* The place of the text, or the free place for it. */
static uint64_t find_place(struct key_index *index, const char *text, size_t length, uint64_t hash, bool *is_there, struct found *found) {
    unsigned char mark = mark_from(hash), here;
    uint64_t at = (uint64_t)(((wide_unsigned)hash * index->place_count) >> 64);
    for (; (here = *mark_of(index, at)) != 0; at = at + 1 < index->place_count ? at + 1 : 0) {
        if (here != mark)
            continue;
        *found = text_at(index, (size_t)*place_of(index, at) * ALIGNMENT);
        if (is_text(found, text, length)) {
            *is_there = true;
            return at;
        }
    }
    *is_there = false;
    return at;
}

static void set_place(struct key_index *index, uint64_t at, size_t place, uint64_t hash) {
    assert(place / ALIGNMENT <= UINT32_MAX);
    *place_of(index, at) = (uint32_t)(place / ALIGNMENT);
    *mark_of(index, at) = mark_from(hash);
}

/* A larger table of places, made from the texts; of a text that was put twice the later one counts. */
static void make_places(struct key_index *index, uint64_t count) {
    spill_free(&index->places);
    index->place_count = count;
    spill_reserve(&index->places, count * (sizeof(uint32_t) + 1));
    for (size_t place = 0; place < index->text_bytes;) {
        struct found text = text_at(index, place), other;
        bool is_there;
        uint64_t hash = key_hash(text.text, text.length), at = find_place(index, text.text, text.length, hash, &is_there, &other);
        set_place(index, at, place, hash);
        place = text.next;
    }
}

void key_index_reserve(struct key_index *index, int64_t count) {
    uint64_t wanted = (uint64_t)count + (uint64_t)count / 3 + PLACES_FIRST;
    if (count > 0 && wanted > index->place_count)
        make_places(index, wanted);
}

void key_index_put(struct key_index *index, const char *text, size_t length, int64_t number) {
    if ((index->count + 1) * 5 > index->place_count * 4)
        make_places(index, index->place_count ? index->place_count * 2 : PLACES_FIRST);
    bool is_there;
    struct found found;
    uint64_t hash = key_hash(text, length), at = find_place(index, text, length, hash, &is_there, &found);
    if (is_there && found.number == number)
        return;
    set_place(index, at, add_text(index, text, length, number), hash);
    index->count += !is_there;
    index->has_old = index->has_old || is_there;
}

/* Is it the text that was found last, or one of those behind it? Asked for as long as that is often so. */
static bool guess(struct key_index *index, const char *text, size_t length, int64_t *number) {
    if (index->luck < 0 || index->has_old) {
        index->luck += index->luck < 0;
        return false;
    }
    size_t place = index->last;
    for (int i = 0; i <= GUESSES && place < index->text_bytes; i++) {
        struct found found = text_at(index, place);
        if (is_text(&found, text, length)) {
            index->last = place;
            *number = found.number;
            index->luck += index->luck < LUCK_MOST;
            return true;
        }
        place = found.next;
    }
    index->luck = index->luck ? index->luck - 1 : LUCK_LOST;
    return false;
}

bool key_index_find(struct key_index *index, const char *text, size_t length, int64_t *number) {
    if (index->count == 0)
        return false;
    if (++index->lookups == LOOKUPS_OF_LATE) {
        index->lookups /= 2;
        index->by_hash /= 2;
    }
    if (guess(index, text, length, number))
        return true;
    index->by_hash++;
    bool is_there;
    struct found found;
    uint64_t at = find_place(index, text, length, key_hash(text, length), &is_there, &found);
    if (!is_there)
        return false;
    index->last = (size_t)*place_of(index, at) * ALIGNMENT;
    *number = found.number;
    return true;
}

void key_index_free(struct key_index *index) {
    spill_free(&index->texts);
    spill_free(&index->places);
    *index = (struct key_index){0};
}
