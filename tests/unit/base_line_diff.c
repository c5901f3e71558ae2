/* Differences of texts: hunks and their numbers, texts without a last newline, and random texts of which the difference, applied, gives the new one. */
#include "tests/unit/unit.h"

#include "lang/base/line_diff.h"
#include "lang/base/text.h"
#include <stdlib.h>

static void check_diff(const char *old_text, const char *new_text, const char *expected) {
    struct buffer out = {0};
    CHECK(line_diff_write(&out, "a", "b", old_text, new_text) == (*expected != '\0'));
    CHECK_TEXT(buffer_string(&out), expected);
    buffer_free(&out);
}

static void test_hunks(void) {
    check_diff("a\n", "a\n", "");
    check_diff("", "a\n", "--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n");
    check_diff("a\n", "", "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n");
    check_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n", "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
    check_diff("a\nb", "a\nb\n", "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
}

static void test_far_apart(void) { /* seven lines between two changes part them, six do not */
    check_diff("x\n1\n2\n3\n4\n5\n6\n7\ny\n", "X\n1\n2\n3\n4\n5\n6\n7\nY\n", "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-x\n+X\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-y\n+Y\n");
    check_diff("x\n1\n2\n3\n4\n5\n6\ny\n", "X\n1\n2\n3\n4\n5\n6\nY\n", "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-x\n+X\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n+Y\n");
}

/* Applies a difference as `patch` does, trusting its numbers. */
static void apply(struct buffer *out, const char *old_text, const char *diff) {
    int at = 1;
    const char *line = strchr(strchr(diff, '\n') + 1, '\n') + 1;
    while (*line) {
        size_t length = strcspn(line, "\n") + 1;
        if (*line == '@') {
            int first = atoi(line + 4), is_none = strncmp(line + 4 + strspn(line + 4, "0123456789"), ",0", 2) == 0;
            for (; at < first + is_none; at++) {
                buffer_add(out, old_text, strcspn(old_text, "\n") + 1);
                old_text += strcspn(old_text, "\n") + 1;
            }
        } else if (*line == '-' || *line == ' ') {
            CHECK(strncmp(line + 1, old_text, length - 1) == 0);
            old_text += strcspn(old_text, "\n") + 1;
            at++;
        }
        if (*line == '+' || *line == ' ')
            buffer_add(out, line + 1, length - 1);
        line += length;
    }
    buffer_add_string(out, old_text);
}

static void random_text(struct buffer *out, int lines) {
    for (int i = 0; i < lines; i++)
        buffer_add_format(out, "%c\n", 'a' + rand() % 4);
}

static void test_random(void) {
    srand(7);
    for (int round = 0; round < 2000; round++) {
        struct buffer old = {0}, new = {0}, diff = {0}, applied = {0};
        random_text(&old, rand() % 30);
        random_text(&new, rand() % 30);
        if (line_diff_write(&diff, "a", "b", buffer_string(&old), buffer_string(&new))) {
            apply(&applied, buffer_string(&old), buffer_string(&diff));
            CHECK_TEXT(buffer_string(&applied), buffer_string(&new));
        }
        buffer_free(&old), buffer_free(&new), buffer_free(&diff), buffer_free(&applied);
    }
}

static void test_thousands(void) { /* too many changes to look for the fewest */
    struct buffer old = {0}, new = {0}, diff = {0}, applied = {0};
    for (int i = 0; i < 4000; i++) {
        buffer_add_format(&old, "old %d\n", i);
        buffer_add_format(&new, "new %d\n", i);
    }
    CHECK(line_diff_write(&diff, "a", "b", buffer_string(&old), buffer_string(&new)));
    apply(&applied, buffer_string(&old), buffer_string(&diff));
    CHECK_TEXT(buffer_string(&applied), buffer_string(&new));
    buffer_free(&old), buffer_free(&new), buffer_free(&diff), buffer_free(&applied);
}

int main(void) {
    RUN(test_hunks);
    RUN(test_far_apart);
    RUN(test_random);
    RUN(test_thousands);
    return UNIT_END("base_line_diff");
}
