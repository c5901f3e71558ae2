/* The limits of the language and of its tools, in one place. Each is tested at, below and above its value.
 * Knows: numbers. Does not know: who enforces them. */
#ifndef REMIT_LANG_BASE_LIMITS_H
#define REMIT_LANG_BASE_LIMITS_H

enum limit {
    LIMIT_SOURCE_BYTES      = 64 * 1024 * 1024, /* one source file */
    LIMIT_NAME_BYTES        = 120,              /* a name in a policy */
    LIMIT_PARSE_DEPTH       = 2000,             /* the parser's stack (YYMAXDEPTH) */
    LIMIT_EXPRESSION_DEPTH  = 400,              /* nesting of an expression after `define` is expanded */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION /* a fuzzer finds the way to these at once, and then does little else */
    LIMIT_EXPRESSION_NODES  = 2000,
    LIMIT_EXPRESSION_COPIES = 4000,
#else
    LIMIT_EXPRESSION_NODES  = 200000,           /* nodes of one expression after `define` is expanded */
    LIMIT_EXPRESSION_COPIES = 400000,           /* nodes that `let`s, filters and derived collections add to one declaration where they are used */
#endif
    LIMIT_PERIOD_UNITS      = 500,              /* days, weeks or months of one period of several */
    LIMIT_BREACHES          = 10000,            /* breaches in a row after which someone is told */
    LIMIT_RECORD_FIELDS     = 1900,             /* fields of a record type, beside key and name: a table has no room for more */
    LIMIT_DIAGNOSTICS_SHOWN = 50,               /* errors printed for one run; the rest are counted */
    LIMIT_INCLUDE_DEPTH     = 32,               /* files that include files */
    LIMIT_CSV_FIELD_BYTES   = 1024 * 1024,      /* one cell of an imported file */
    LIMIT_CSV_ROW_BYTES     = 16 * 1024 * 1024, /* one row of it */
    LIMIT_CSV_COLUMNS       = 2000,             /* columns of an imported file */
    LIMIT_JSON_OBJECT_BYTES = 16 * 1024 * 1024, /* one object of an imported JSON document */
    LIMIT_JSON_DEPTH        = 64,               /* its nesting */
    LIMIT_IMPORT_REFERENCES = 16,               /* types of records that one import refers to by key */
    LIMIT_COMMAND_WORDS     = 256,              /* words of a command line beside its options */
    LIMIT_REPORT_PARAMETERS = 64,               /* --with on one command line */
    LIMIT_TEST_PROBLEMS     = 20,               /* expectations that failed in one test, shown; the rest are counted */
    LIMIT_TEST_OUTPUT_BYTES = 64 * 1024,        /* what a test prints, kept */
    LIMIT_MUTANTS           = 2000              /* changes that --mutate tries; the rest are counted */
};

#endif
