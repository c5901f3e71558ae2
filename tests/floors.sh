#!/bin/sh
# The floors of the house: a room includes its own files and rooms below it; lang/ never includes runtime/; only runtime/store includes sqlite3.h; only
# runtime/cli/main.c exits; each source begins with a comment that says what it is.
set -u
rooms="lang/base lang/source lang/syntax lang/check lang/format lang/lint lang/prose lang/diff runtime/value runtime/store runtime/render runtime/load runtime/sql runtime/eval runtime/engine runtime/repl runtime/cli"
# Rooms that stand side by side and do not know each other.
apart="runtime/sql:runtime/eval runtime/eval:runtime/sql runtime/repl:runtime/cli runtime/format:lang/check lang/format:lang/check lang/diff:lang/check lang/lint:lang/format lang/prose:lang/format lang/prose:lang/lint runtime/render:runtime/store runtime/load:runtime/store runtime/sql:runtime/render runtime/eval:runtime/render"
bad=0
say() {
    echo "$1"
    bad=1
}
below=""
for room in $rooms; do
    below="$below $room"
    for file in "$room"/*.c "$room"/*.h "$room"/*.y "$room"/*.l; do
        [ -f "$file" ] || continue
        for included in $(sed -n 's/^# *include "\(\(lang\|runtime\)\/[a-z]*\)\/.*/\1/p' "$file" | sort -u); do
            case " $below " in
                *" $included "*) ;;
                *) [ "$file:$included" = "runtime/cli/main.c:runtime/repl" ] || say "$file includes $included, which is a floor above it" ;;
            esac
            case " $apart " in
                *" $room:$included "*) [ "$file" = runtime/cli/main.c ] || say "$file includes $included, which stands beside it" ;;
            esac
        done
        case "$file" in
            runtime/store/*) ;;
            *) grep -q '# *include [<"]sqlite3.h' "$file" && say "$file includes sqlite3.h, which belongs to runtime/store" ;;
        esac
        case "$file" in
            runtime/cli/main.c) ;;
            *) grep -nE '(^|[^a-z_])exit\(' "$file" >/dev/null && say "$file calls exit" ;;
        esac
        head -c 400 "$file" | grep -q '/\*' || say "$file does not begin with a comment that says what it is"
    done
done
exit $bad
