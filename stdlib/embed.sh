#!/bin/sh
# Writes C source that holds every module of the standard library as text: embed.sh FOLDER > stdlib_text.c
# Knows nothing of the language. The bytes go out one by one, so nothing in a module can upset the C compiler.
set -eu
folder=$1
echo '#include "lang/check/stdlib_text.h"'
for file in "$folder"/*.remit; do
    module=$(basename "$file" .remit)
    echo "static const unsigned char text_of_$module[] = {"
    od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
    echo "0};"
done
echo 'const struct stdlib_module stdlib_modules[] = {'
for file in "$folder"/*.remit; do
    module=$(basename "$file" .remit)
    echo "    {\"$module\", (const char *)text_of_$module, sizeof text_of_$module - 1},"
done
echo '    {0, 0, 0}};'
