/* remit: the command. */
#include "runtime/cli/cli.h"
#include "runtime/repl/repl.h"

#include <stdlib.h>

int main(int argument_count, char **arguments) {
    cli_repl = repl_run;
    exit(cli_main(argument_count, arguments));
}
