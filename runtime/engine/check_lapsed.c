/* Mandates that are silent because they are not in force. See checking.h.
 * That an office is no more, or not there yet, stands nowhere in its mandates: nobody who reads them would know. What `effective` says does, so it is said of those that were named alone.
 * Knows: mandates and their offices. Does not know: what was found. */
#include "runtime/engine/checking.h"

#include <string.h>

static bool is_named(const struct check_options *options, const char *name) {
    for (int i = 0; i < options->name_count; i++)
        if (strcmp(options->names[i], name) == 0)
            return true;
    return false;
}

static bool is_told(const struct checking *checking, const struct tmandate *mandate) {
    bool goes_by_office = checking->session->options.today < mandate->effective_from ? mandate->begins_with_office : mandate->ends_with_office;
    return is_named(checking->options, mandate->name) || (checking->options->name_count == 0 && goes_by_office);
}

void check_tell_lapsed(const struct checking *checking) {
    struct session *session = checking->session;
    for (int i = 0; i < session->program->mandates.count && !session->options.quiet; i++) {
        const struct tmandate *mandate = session->program->mandates.items[i];
        const char *lapse = is_told(checking, mandate) ? mandate_lapse_words(session, mandate) : NULL;
        if (lapse)
            fprintf(session->options.err, "`%s` is not in force: %s\n", mandate->name, lapse);
    }
}
