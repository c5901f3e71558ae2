/* What commands changed, told once they are done, at a prompt: there someone waits to hear it. A script says itself what it wants said. See session.h.
 * Knows: counts. Does not know: what was changed about the records. */
#include "runtime/engine/session.h"

#include <string.h>

void session_note_changed(struct session *session, const struct record_type *record, int64_t count, const char *done) {
    if (!session->options.keeps_begun || session->options.quiet)
        return;
    for (int i = 0; i < session->changed.count; i++) {
        struct changed *changed = &session->changed.items[i];
        if (changed->record == record && strcmp(changed->done, done) == 0) {
            changed->count += count;
            return;
        }
    }
    struct changed changed = {record, done, count};
    LIST_ADD(session->arena, &session->changed, changed);
}

void session_tell_changed(struct session *session) {
    for (int i = 0; i < session->changed.count; i++) {
        const struct changed *changed = &session->changed.items[i];
        const char *name = changed->count == 1 ? changed->record->name : plural_of(session->arena, changed->record->name);
        session_speaks(session);
        fflush(session->options.out);
        if (changed->count)
            fprintf(session->options.err, "%lld %s %s\n", (long long)changed->count, name, changed->done);
        else
            fprintf(session->options.err, "nothing matches: no %s was %s\n", changed->record->name, changed->done);
    }
    session->changed.count = 0;
}
