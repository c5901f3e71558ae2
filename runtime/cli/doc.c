/* remit doc [PATH]: the policy book. */
#include "runtime/cli/cli.h"
#include "runtime/engine/book.h"

#include <string.h>

int cli_doc(const struct arguments *arguments) {
    if (!cli_words(arguments, 0, 1))
        return cli_misuse(arguments, "doc", "one path at most: a file or a folder");
    const char *format = arguments->values[OPTION_FORMAT];
    bool is_html = format && strcmp(format, "html") == 0;
    if (format && !is_html && strcmp(format, "markdown") != 0) {
        cli_bad_value("format", format, "it is markdown or html");
        return STATUS_WRONG;
    }
    struct arguments others = *arguments; /* a path is the policy, and the format no format of rows */
    others.values[OPTION_FORMAT] = NULL;
    if (arguments->word_count)
        others.values[OPTION_POLICY] = arguments->words[0];
    struct session *session = cli_session(&others, false);
    if (!session)
        return STATUS_WRONG;
    struct failure failure = {0};
    struct book book;
    bool was_opened = cli_open_for_reading(session, &others, &failure);
    if (was_opened && !session->policy.count) {
        cli_end(session, true, &failure);
        return cli_misuse(arguments, "doc", "there is no policy in the store: name a file or a folder");
    }
    bool good = was_opened && session_begin(session, "doc", &failure) && session_apply(session, &failure) && session_write_book(session, &book, &failure);
    if (good) {
        struct buffer out = {0};
        (is_html ? book_write_html : book_write_markdown)(&out, &book);
        session_speaks(session);
        fputs(buffer_string(&out), session->options.out);
        buffer_free(&out);
    }
    return cli_end(session, good, &failure);
}
