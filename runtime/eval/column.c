/* Columns and their pages. See column.h.
 *
 * When a page is wanted and as many are in memory as may be, one that was not used for a while makes room: a hand goes around the slots and takes the first whose mark
 * it has cleared before (the clock algorithm). A page that was changed is written to the file first. Texts are of any length, so a row has the place of its
 * text, and the texts stand one behind the other in pieces of the same file.
 *
 * Knows: pages, the file. Does not know: who asks. */
#include "runtime/eval/column.h"
#include "runtime/value/spill.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PAGE_ITEM_BYTES = 2048,                                /* 256 numbers, so that the rows of a batch never cross a page */
    PAGE_BYTES      = PAGE_ITEM_BYTES + PAGE_ITEM_BYTES / 8, /* and a state for each */
    SLOTS_MIN       = 16,
    TEXTS_BYTES     = 1 << 16
};

struct text_place { /* a text's item */
    int64_t place;
    uint32_t length, unused;
};
struct kept_texts {
    struct kept_texts *next;
    int64_t place;
    uint32_t length;
    char *bytes;
};

size_t form_size(enum form form) {
    static const size_t sizes[] = {[FORM_INT] = sizeof(int64_t), [FORM_NUMBER] = sizeof(double), [FORM_TEXT] = sizeof(struct value), [FORM_TRUTH] = 1};
    return sizes[form];
}

static void *grown(void *items, size_t count, size_t size) {
    items = realloc(items, count * size);
    if (!items)
        abort();
    return items;
}

/* ---- the file ---- */

static bool put_out(struct column_pool *pool, const char *bytes, size_t size, int64_t place) {
    if (pool->file < 0 && !pool->is_full)
        pool->file = spill_open_file();
    while (size > 0 && pool->file >= 0 && !pool->is_full) {
        ssize_t written = pwrite(pool->file, bytes, size, place);
        if (written <= 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        bytes += written;
        place += written;
        size -= (size_t)written;
    }
    pool->is_full = pool->is_full || size > 0;
    return size == 0;
}

static void read_back(struct column_pool *pool, char *bytes, size_t size, int64_t place) {
    while (size > 0) {
        ssize_t got = pread(pool->file, bytes, size, place);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            memset(bytes, 0, size);
            pool->has_failed = true;
            return;
        }
        bytes += got;
        place += got;
        size -= (size_t)got;
    }
}

/* ---- pages ---- */

struct column_pool *column_pool_create(size_t budget) {
    struct column_pool *pool = grown(NULL, 1, sizeof *pool);
    *pool = (struct column_pool){.budget = (int)(budget / PAGE_BYTES), .file = -1, .kept = arena_create()};
    if (pool->budget < SLOTS_MIN)
        pool->budget = SLOTS_MIN;
    return pool;
}

void column_pool_destroy(struct column_pool *pool) {
    if (!pool)
        return;
    for (int i = 0; i < pool->slot_count; i++)
        free(pool->slots[i].bytes);
    if (pool->file >= 0)
        close(pool->file);
    arena_destroy(pool->kept);
    free(pool->texts);
    free(pool->slots);
    free(pool);
}

static struct column_slot *add_slot(struct column_pool *pool) {
    if (pool->slot_count == pool->slot_capacity) {
        pool->slot_capacity = pool->slot_capacity ? 2 * pool->slot_capacity : SLOTS_MIN;
        pool->slots = grown(pool->slots, (size_t)pool->slot_capacity, sizeof *pool->slots);
    }
    struct column_slot *slot = &pool->slots[pool->slot_count++];
    *slot = (struct column_slot){.bytes = grown(NULL, PAGE_BYTES, 1)};
    return slot;
}

/* False when the page has to stay. */
static bool put_page_out(struct column_pool *pool, struct column_slot *slot) {
    struct column_page *page = &slot->column->pages[slot->page];
    if (slot->is_changed) {
        if (page->place < 0) {
            page->place = pool->file_end;
            pool->file_end += PAGE_BYTES;
        }
        if (!put_out(pool, slot->bytes, PAGE_BYTES, page->place))
            return false;
    }
    page->slot = -1;
    return true;
}

static struct column_slot *find_slot(struct column_pool *pool) {
    if (pool->slot_count < pool->budget || pool->is_full)
        return add_slot(pool);
    for (;;) {
        struct column_slot *slot = &pool->slots[pool->hand];
        pool->hand = (pool->hand + 1) % pool->slot_count;
        if (!slot->column)
            return slot;
        if (!slot->was_used)
            return put_page_out(pool, slot) ? slot : add_slot(pool);
        slot->was_used = false;
    }
}

struct column_slot *column_fetch(struct column *column, int64_t number) {
    struct column_pool *pool = column->pool;
    struct column_page *page = &column->pages[number];
    if (page->slot >= 0)
        return &pool->slots[page->slot];
    struct column_slot *slot = find_slot(pool);
    slot->column = column;
    slot->page = number;
    slot->is_changed = false;
    page->slot = (int32_t)(slot - pool->slots);
    if (page->place >= 0)
        read_back(pool, slot->bytes, PAGE_BYTES, page->place);
    return slot;
}

/* ---- texts ---- */

static void keep_texts(struct column_pool *pool) {
    struct kept_texts *kept = ARENA_NEW(pool->kept, struct kept_texts);
    *kept = (struct kept_texts){pool->kept_texts, pool->texts_place, pool->texts_used, arena_copy(pool->kept, pool->texts, pool->texts_used)};
    pool->kept_texts = kept;
}

/* Where the text stands from now on. */
static int64_t write_text(struct column_pool *pool, const char *text, uint32_t length) {
    if (!pool->texts || pool->texts_used + (size_t)length > TEXTS_BYTES) {
        if (pool->texts_used && !put_out(pool, pool->texts, pool->texts_used, pool->texts_place))
            keep_texts(pool);
        size_t room = length > TEXTS_BYTES ? length : TEXTS_BYTES;
        pool->texts = grown(pool->texts, room, 1);
        pool->texts_place = pool->file_end;
        pool->texts_used = 0;
        pool->file_end += (int64_t)room;
    }
    memcpy(pool->texts + pool->texts_used, text, length);
    pool->texts_used += length;
    return pool->texts_place + pool->texts_used - length;
}

static struct value read_text(struct column_pool *pool, struct text_place text, struct arena *arena) {
    if (text.length == 0)
        return value_text("", 0);
    if (text.place >= pool->texts_place && text.place < pool->texts_place + pool->texts_used)
        return value_text(arena_copy(arena, pool->texts + (text.place - pool->texts_place), text.length), text.length);
    for (const struct kept_texts *kept = pool->kept_texts; kept; kept = kept->next)
        if (text.place >= kept->place && text.place < kept->place + kept->length)
            return value_text(kept->bytes + (text.place - kept->place), text.length);
    char *bytes = arena_alloc(arena, text.length);
    read_back(pool, bytes, text.length, text.place);
    return value_text(bytes, text.length);
}

/* ---- columns ---- */

void column_start(struct column *column, struct column_pool *pool, enum form form) {
    static const struct {
        size_t item;
        int shift;
    } layouts[] = {[FORM_INT] = {8, 8}, [FORM_NUMBER] = {8, 8}, [FORM_TEXT] = {sizeof(struct text_place), 7}, [FORM_TRUTH] = {1, 11}};
    column->pool = pool;
    column->form = form;
    column->item = layouts[form].item;
    column->shift = layouts[form].shift;
    column->count = 0;
    column->is_plain = true;
}

void column_free(struct column *column) {
    free(column->pages);
    column->pages = NULL;
}

/* The slot of the page that the next row goes to. */
static struct column_slot *last_page(struct column *column) {
    int64_t page = column->count >> column->shift;
    if (page == column->page_capacity) {
        column->page_capacity = page ? 2 * page : 4;
        column->pages = grown(column->pages, (size_t)column->page_capacity, sizeof *column->pages);
        for (int64_t i = page; i < column->page_capacity; i++)
            column->pages[i] = (struct column_page){-1, -1};
    }
    struct column_slot *slot = column_fetch(column, page);
    slot->was_used = slot->is_changed = true;
    return slot;
}

static void write_items(struct column *column, char *to, const struct vector *from, int first, int count, bool is_once) {
    if (column->form == FORM_TEXT) {
        for (int i = 0; i < count; i++) {
            const struct value *text = &from->texts[is_once ? 0 : first + i];
            bool is_known = from->states[is_once ? 0 : first + i] == STATE_KNOWN;
            struct text_place item = {is_known ? write_text(column->pool, text->text, text->length) : 0, is_known ? text->length : 0, 0};
            memcpy(to + (size_t)i * sizeof item, &item, sizeof item);
        }
    } else if (is_once)
        for (int i = 0; i < count; i++)
            memcpy(to + (size_t)i * column->item, from->items, column->item);
    else
        memcpy(to, (const char *)from->items + (size_t)first * column->item, (size_t)count * column->item);
}

void column_append(struct column *column, const struct vector *from, int count, bool is_once) {
    int rows = 1 << column->shift;
    column->is_plain = column->is_plain && from->is_plain;
    for (int first = 0; first < count;) {
        char *bytes = last_page(column)->bytes;
        int at = (int)(column->count & (rows - 1)), part = rows - at < count - first ? rows - at : count - first;
        write_items(column, bytes + (size_t)at * column->item, from, first, part, is_once);
        if (column->form != FORM_TRUTH && is_once)
            memset(bytes + PAGE_ITEM_BYTES + at, from->states[0], (size_t)part);
        else if (column->form != FORM_TRUTH)
            memcpy(bytes + PAGE_ITEM_BYTES + at, from->states + first, (size_t)part);
        column->count += part;
        first += part;
    }
}

void column_append_integer(struct column *column, int64_t value) {
    char *bytes = last_page(column)->bytes;
    int at = (int)(column->count++ & ((1 << column->shift) - 1));
    memcpy(bytes + (size_t)at * sizeof value, &value, sizeof value);
    bytes[PAGE_ITEM_BYTES + at] = STATE_KNOWN;
}

void column_read(struct column *column, int64_t position, int count, struct vector *to, struct arena *texts) {
    int rows = 1 << column->shift;
    to->is_plain = column->is_plain;
    for (int first = 0; first < count;) {
        const char *bytes = column_page(column, (position + first) >> column->shift);
        int at = (int)((position + first) & (rows - 1)), part = rows - at < count - first ? rows - at : count - first;
        if (column->form != FORM_TRUTH)
            memcpy(to->states + first, bytes + PAGE_ITEM_BYTES + at, (size_t)part);
        if (column->form != FORM_TEXT)
            memcpy((char *)to->items + (size_t)first * column->item, bytes + (size_t)at * column->item, (size_t)part * column->item);
        else
            for (int i = 0; i < part; i++) {
                struct text_place item;
                memcpy(&item, bytes + (size_t)(at + i) * sizeof item, sizeof item);
                to->texts[first + i] = to->states[first + i] == STATE_KNOWN ? read_text(column->pool, item, texts) : value_missing();
            }
        first += part;
    }
}

enum state column_state(struct column *column, int64_t position) {
    const char *bytes = column_page(column, position >> column->shift);
    int64_t at = position & ((1 << column->shift) - 1);
    if (column->form != FORM_TRUTH)
        return (enum state)bytes[PAGE_ITEM_BYTES + at];
    return bytes[at] <= TRUTH_TRUE ? STATE_KNOWN : bytes[at] == TRUTH_MISSING ? STATE_MISSING : STATE_FAILED;
}

struct value column_value(struct column *column, int64_t position, struct arena *texts) {
    const char *bytes = column_page(column, position >> column->shift);
    size_t at = (size_t)(position & ((1 << column->shift) - 1));
    const char *item = bytes + at * column->item;
    if (column->form == FORM_TRUTH)
        return *item <= TRUTH_TRUE ? value_int(*item) : value_missing();
    if (bytes[PAGE_ITEM_BYTES + at] != STATE_KNOWN)
        return value_missing();
    if (column->form == FORM_TEXT) {
        struct text_place text;
        memcpy(&text, item, sizeof text);
        return read_text(column->pool, text, texts);
    }
    int64_t integer;
    double number;
    memcpy(&integer, item, sizeof integer);
    memcpy(&number, item, sizeof number);
    return column->form == FORM_INT ? value_int(integer) : value_number(number);
}
