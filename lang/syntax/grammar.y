/* The grammar of Remit: tokens to AST.
 *
 * What it may do: call one constructor an action, from build.h; put nodes into lists.
 * What it may not do: look at types or at what names mean, read text, add a diagnostic that needs more than the parts in hand, use mid-rule
 * actions, %destructor (the arena owns all), GLR, or a conflict: %expect 0 holds, and every precedence line below says what it decides.
 *
 * How it is driven. parse.c owns the loop and pushes one token at a time. Three things are decided there and not here:
 *  - whether a word is a keyword or a name: the driver asks remit_accepts for both and prefers the keyword (see words.c). So a clause word
 *    is a name wherever no clause may begin, and the grammar never lists words that may also be names;
 *  - errors: before pushing a token the driver asks whether it is accepted; when not, it reports, mends or skips. The parser itself never
 *    reports. `error RESYNC` marks the levels where reading resumes: declarations, commands, clauses, members, fields. The driver pushes
 *    BROKEN to make the parser drop what is unfinished, then RESYNC, then goes on at a token that can stand there;
 *  - where it starts: the first token pushed is START_PROGRAM, START_INPUT or START_EXPRESSION.
 *
 * Lists are left-recursive, so only true nesting uses the parser's stack (YYMAXDEPTH). */
%require "3.8"
%header
%define api.pure full
%define api.push-pull push
%define api.prefix {remit_yy}
%define api.token.prefix {TOK_}
%define api.token.raw
%define api.location.type {struct span}
%define api.value.type union
%define lr.type ielr
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%parse-param {struct build *build}

%code requires {
#include "lang/syntax/build.h"
}

%code provides {
#include <stdbool.h>
/* Whether a token of this kind would be accepted now: exact, whatever reductions it would take. */
bool remit_accepts(remit_yypstate *parser, int token);
/* How many symbols stand on the parser's stack: tells which open brackets it has dropped after an error. */
int remit_depth(const remit_yypstate *parser);
/* Fills tokens (room for `most`) with the tokens that would be accepted now; gives their count. */
int remit_expected(remit_yypstate *parser, int *tokens, int most);
/* The spelling given to a token below: "when", "a name". */
const char *remit_token_name(int token);
}

%code {
#include "lang/base/limits.h"

#define YYMAXDEPTH 2000
_Static_assert(YYMAXDEPTH == (int)LIMIT_PARSE_DEPTH, "the parser's stack and limits.h agree");
#define YYINITDEPTH 200

#define YYLLOC_DEFAULT(current, rhs, count)                                                  \
    do {                                                                                     \
        if (count) {                                                                         \
            (current).start = YYRHSLOC(rhs, 1).start;                                        \
            (current).end = YYRHSLOC(rhs, count).end;                                        \
            (current).file = YYRHSLOC(rhs, 1).file;                                          \
        } else {                                                                             \
            (current) = YYRHSLOC(rhs, 0);                                                    \
            (current).start = (current).end;                                                 \
        }                                                                                    \
    } while (0)

static void yyerror(const struct span *place, struct build *build, const char *message);
}

%token END 0           "the end of the text"
%token START_PROGRAM START_INPUT START_EXPRESSION RESYNC BROKEN

%token <const char *> NAME "a name" TEXT "a text" TEXT_OPEN "a text with values" TEXT_MIDDLE "`}` and more text" TEXT_CLOSE "`}` and the end of the text"
%token INT "a number" DECIMAL "a decimal number" MONEY "an amount of money" DATE "a date" DATETIME "a date and time" PERIOD "a period"
       QUANTITY "a length of time"

%token OPEN_BRACE "{" OPEN_CASES "`{` and the values of a column" CLOSE_BRACE "}" OPEN_PAREN "(" CLOSE_PAREN ")" OPEN_BRACKET "[" CLOSE_BRACKET "]"
       COMMA "," PATTERN_COMMA "`,` and another pattern" SEMICOLON ";" COLON ":" DOT "." QUESTION "?" BAR "|" ARROW "->"
       EQUAL "=" NOT_EQUAL "!=" LESS "<" AT_MOST "<=" GREATER ">" AT_LEAST ">="
       DEFAULTS "??" RANGE ".." PLUS "+" MINUS "-" STAR "*" SLASH "/"

%token AND "and" OR "or" NOT "not" IN "in" IS "is" IF "if" THEN "then" ELSE "else" CASE "case" OTHERWISE "otherwise" EXISTS "exists" NO "no"
       TRUE "true" FALSE "false" MISSING "missing" CONTAINS "contains" MATCHES "matches"
%token REMIT "remit" USE "use" INCLUDE "include" SETTINGS "settings" RECORD "record" EXTEND "extend" ENUM "enum" DEFINE "define" RULE "rule"
       MANDATE "mandate" REPORT "report" TEST "test" SCENARIO "scenario"
%token ADD "add" SET "set" REMOVE "remove" IMPORT "import" EXPORT "export" CHECK "check" CHECK_SOME "check with names" RUN "run" BASELINE "baseline"
       PRINT "print" LET "let" WHY "why" DESCRIBE "describe" EXPECT "expect" BEGIN "begin" COMMIT "commit" ROLLBACK "rollback" COMPARE "compare"
%token AFTER "after" AS "as" ASC "asc" AT "at" BECAUSE "because" BECOMES "becomes" BEFORE "before" BREACH "breach" BREACHES "breaches" BY "by" CHANGE "change"
       CHART "chart" COLUMN "column" DATED "dated" DEFAULT "default" DESC "desc" EFFECTIVE "effective" EFFORT "effort" ESCALATE "escalate" EVERY "every"
       EXCEPT "except" FOR "for" FROM "from" GIVEN "given" INTO "into" INVERSE "inverse" KEY "key" KNOWN "known" MERGE "merge" ON "on"
       RAISE "raise" REFUSED "refused" REMEDY "remedy" RETIRE "retire" SHALL "shall" SHOULD "should" SHOW "show" SOURCE "source"
       SPLIT "split" TAKE "take" THROUGH "through" TIMES "times" TO "to" TOTAL "total" UNTIL "until" WAIVABLE "waivable" WAS "was" WHEN "when" WHERE "where" WITHIN "within"
%token <const char *> BREACHED "breached" MET "met" MET_LATE "met_late" PENDING "pending" RAISED "raised" WAIVED "waived"
%token AS_OF "as of" CURRENT_BASELINE "current baseline" FOR_EACH "for each" GROUP_BY "group by" KEEP_WHERE "keep where" NOT_IN "not in" ONE_OF "one of" ORIGINAL_BASELINE "original baseline" SET_OF "set of"
       SHALL_NOT "shall not" SHOULD_NOT "should not" SORT_BY "sort by" UP_TO "up to" WHY_NOT "why not"

/* LOWEST against these words: the longer reading wins. `except … shall C` takes the shall that follows it; `column "x"` takes the `as`. */
%precedence LOWEST
%precedence SHALL SHALL_NOT SHOULD SHOULD_NOT AS
/* operators.def, in its order: what follows `else` reaches as far as it can. */
%precedence ELSE
%left OR
%left AND
%precedence NOT
%nonassoc EQUAL NOT_EQUAL LESS AT_MOST GREATER AT_LEAST IN NOT_IN CONTAINS MATCHES IS
%right DEFAULTS
%nonassoc RANGE
%left PLUS MINUS
%left STAR SLASH
%precedence NEGATE

%type <struct node *> item declaration command query query_start query_part source title key name was text plain_text label number
%type <struct node *> member type plain_type parameter enum_value field instance rule_clause mandate_clause report_clause requirement
%type <struct node *> let every_clause effective_clause cadence because citation remedy test_item scenario_item else_block office domain
%type <struct node *> expression operand timed baseline postfix primary call argument case_row column_of column_case outcome where_part
%type <struct node *> column sort inverse default return_type path up_to binder_source times currency after gate
%type <struct node_list> names members parameters parameter_list enum_values enum_body fields rule_clauses mandate_clauses report_body
%type <struct node_list> test_items scenario_items block block_items sources columns sorts expressions arguments argument_list rows
%type <struct node_list> through patterns column_as column_cases column_case_list text_parts check_names
%type <struct until_pair> from_until
%%

start:
    START_PROGRAM
  | START_PROGRAM items
  | START_INPUT
  | START_INPUT items
  | START_INPUT expression              { build_item(build, MAKE(evaluate, EVALUATE, @2, $2)); }
  | START_INPUT expression SEMICOLON    { build_item(build, MAKE(evaluate, EVALUATE, @2, $2)); }
  | START_EXPRESSION expression         { build_item(build, MAKE(evaluate, EVALUATE, @2, $2)); }
  | START_EXPRESSION query              { build_item(build, MAKE(evaluate, EVALUATE, @2, $2)); }
  ;

items:
    item                                { build_item(build, $1); }
  | SEMICOLON
  | error RESYNC                        { yyerrok; build_item(build, NULL); }
  | items item                          { build_item(build, $2); }
  | items SEMICOLON
  | items error RESYNC                  { yyerrok; build_item(build, NULL); }
  ;

item: declaration | command;

/* ---- declarations ---- */

declaration:
    REMIT INT                           { $$ = build_language(build, @$, @2); }
  | USE name                            { $$ = MAKE(use, USE, @$, $2); }
  | INCLUDE plain_text                  { $$ = MAKE(include, INCLUDE, @$, $2); }
  | SETTINGS OPEN_BRACE fields CLOSE_BRACE
                                        { $$ = MAKE(settings, SETTINGS, @$, $3); }
  | RECORD name was title OPEN_BRACE members CLOSE_BRACE
                                        { $$ = MAKE(record, RECORD, @$, $2, $3, $4, $6, build_doc(build, @1)); }
  | EXTEND name OPEN_BRACE members CLOSE_BRACE
                                        { $$ = MAKE(extend, EXTEND, @$, $2, $4, build_doc(build, @1)); }
  | ENUM name title enum_body           { $$ = MAKE(enumeration, ENUMERATION, @$, $2, $3, $4, build_doc(build, @1)); }
  | DEFINE name parameter_list return_type EQUAL expression
                                        { $$ = MAKE(define, DEFINE, @$, $2, $3, $4, $6, build_doc(build, @1)); }
  | RULE name was title office domain OPEN_BRACE rule_clauses CLOSE_BRACE
                                        { $$ = MAKE(rule, RULE, @$, $2, $3, $4, $5, $6, $8, build_doc(build, @1)); }
  | MANDATE name was title office domain OPEN_BRACE mandate_clauses CLOSE_BRACE
                                        { $$ = build_mandate(build, @$, $2, $3, $4, $5, $6, $8, build_doc(build, @1)); }
  | REPORT name title office domain OPEN_BRACE report_body CLOSE_BRACE
                                        { $$ = build_report(build, @$, $2, no_list, $3, $4, $5, $7, build_doc(build, @1)); }
  | REPORT name parameter_list title office domain OPEN_BRACE report_body CLOSE_BRACE
                                        { $$ = build_report(build, @$, $2, $3, $4, $5, $6, $8, build_doc(build, @1)); }
  | TEST plain_text OPEN_BRACE test_items CLOSE_BRACE
                                        { $$ = MAKE(test, TEST, @$, $2, $4, build_doc(build, @1)); }
  | SCENARIO name title OPEN_BRACE scenario_items CLOSE_BRACE
                                        { $$ = MAKE(scenario, SCENARIO, @$, $2, $3, $5, build_doc(build, @1)); }
  | instance
  ;

instance:
    name OPEN_BRACE fields CLOSE_BRACE  { $$ = MAKE(instance, INSTANCE, @$, $1, NULL, NULL, $3, build_doc(build, @1)); }
  | name key title OPEN_BRACE fields CLOSE_BRACE
                                        { $$ = MAKE(instance, INSTANCE, @$, $1, $2, $3, $5, build_doc(build, @1)); }
  ;

name: NAME                              { $$ = build_name(build, @$, $1); };
key: name | plain_text;
was: %empty { $$ = NULL; } | WAS name { $$ = $2; };
title: %empty { $$ = NULL; } | plain_text;
plain_text: TEXT                        { $$ = build_plain_text(build, @$, $1); };
office: %empty { $$ = NULL; } | BY name { $$ = $2; };
domain: %empty { $$ = NULL; } | ON name { $$ = $2; };
names:
    name                                { $$ = list_of(build, $1); }
  | names COMMA name                    { $$ = list_add(build, $1, $3); }
  ;

fields:
    %empty                              { $$ = no_list; }
  | fields field                        { $$ = list_add(build, $1, $2); }
  | fields SEMICOLON
  | fields error RESYNC                 { yyerrok; $$ = $1; }
  ;
field: name COLON expression            { $$ = MAKE(value_of, VALUE_OF, @$, $1, $3); };

members:
    %empty                              { $$ = no_list; }
  | members member                      { $$ = list_add(build, $1, $2); }
  | members SEMICOLON
  | members error RESYNC                { yyerrok; $$ = $1; }
  ;
member:
    name was COLON type inverse default { $$ = MAKE(field, FIELD, @$, $1, $2, $4, $5, $6, build_doc(build, @1)); }
  | name was EQUAL expression           { $$ = MAKE(derived, DERIVED, @$, $1, $2, $4, build_doc(build, @1)); }
  | KEY names                           { $$ = MAKE(key, KEY, @$, $2); }
  ;
inverse: %empty { $$ = NULL; } | INVERSE name { $$ = $2; };
default: %empty { $$ = NULL; } | DEFAULT expression { $$ = $2; };

type:
    plain_type
  | plain_type QUESTION                 { $$ = build_optional_type(build, @$, $1); }
  | SET_OF plain_type                   { $$ = MAKE(type_set, TYPE_SET, @$, $2); }
  ;
plain_type:
    name currency                       { $$ = MAKE(type_name, TYPE_NAME, @$, $1, $2, 0); }
  | ONE_OF OPEN_PAREN enum_values CLOSE_PAREN
                                        { $$ = MAKE(type_one_of, TYPE_ONE_OF, @$, $3, 0); }
  ;
currency: %empty { $$ = NULL; } | IN name { $$ = $2; };

enum_body:
    OPEN_BRACE enum_values CLOSE_BRACE  { $$ = $2; }
  | OPEN_BRACE enum_values COMMA CLOSE_BRACE
                                        { $$ = $2; }
  | OPEN_BRACE error RESYNC CLOSE_BRACE { yyerrok; $$ = no_list; }
  ;
enum_values:
    enum_value                          { $$ = list_of(build, $1); }
  | enum_values COMMA enum_value        { $$ = list_add(build, $1, $3); }
  ;
enum_value: name title                  { $$ = MAKE(enum_value, ENUM_VALUE, @$, $1, $2); };

parameter_list:
    OPEN_PAREN CLOSE_PAREN              { $$ = no_list; }
  | OPEN_PAREN parameters CLOSE_PAREN   { $$ = $2; }
  ;
parameters:
    parameter                           { $$ = list_of(build, $1); }
  | parameters COMMA parameter          { $$ = list_add(build, $1, $3); }
  ;
parameter:
    name COLON type                     { $$ = MAKE(parameter, PARAMETER, @$, $1, $3, NULL); }
  | name COLON type EQUAL expression    { $$ = MAKE(parameter, PARAMETER, @$, $1, $3, $5); }
  ;
return_type: COLON type                 { $$ = $2; };

/* ---- clauses of rules and mandates ---- */

rule_clauses:
    %empty                              { $$ = no_list; }
  | rule_clauses rule_clause            { $$ = list_add(build, $1, $2); }
  | rule_clauses SEMICOLON
  | rule_clauses error RESYNC           { yyerrok; $$ = $1; }
  ;
rule_clause:
    FOR binder_source where_part        { $$ = build_for(build, @$, $2, $3); }
  | WHEN expression                     { $$ = MAKE(when, WHEN, @$, $2); }
  | RAISE name                          { $$ = MAKE(raise, RAISE, @$, $2, NULL); }
  | RAISE name text                     { $$ = MAKE(raise, RAISE, @$, $2, $3); }
  | EXCEPT plain_text WHEN expression   { $$ = MAKE(except, EXCEPT, @$, $2, $4, NULL); }
  | let | remedy | because | citation | effective_clause
  ;

mandate_clauses:
    %empty                              { $$ = no_list; }
  | mandate_clauses mandate_clause      { $$ = list_add(build, $1, $2); }
  | mandate_clauses SEMICOLON
  | mandate_clauses error RESYNC        { yyerrok; $$ = $1; }
  ;
mandate_clause:
    FOR binder_source where_part        { $$ = build_for(build, @$, $2, $3); }
  | every_clause
  | BY expression                       { $$ = MAKE(by_date, BY_DATE, @$, $2); }
  | BEFORE timed BECOMES timed          { $$ = MAKE(before, BEFORE, @$, $2, $4); }
  | requirement
  | WITHIN expression                   { $$ = MAKE(within, WITHIN, @$, $2); }
  | EXCEPT plain_text WHEN expression %prec LOWEST
                                        { $$ = MAKE(except, EXCEPT, @$, $2, $4, NULL); }
  | EXCEPT plain_text WHEN expression requirement
                                        { $$ = MAKE(except, EXCEPT, @$, $2, $4, $5); }
  | DATED expression                    { $$ = MAKE(dated, DATED, @$, $2); }
  | WAIVABLE BY names through up_to     { $$ = MAKE(waivable, WAIVABLE, @$, $3, $4, $5); }
  | EFFORT expression                   { $$ = MAKE(effort, EFFORT, @$, $2); }
  | ESCALATE TO name after              { $$ = MAKE(escalate, ESCALATE, @$, $3, $4); }
  | let | remedy | because | citation | effective_clause
  ;

requirement:
    SHALL expression                    { $$ = MAKE(requirement, REQUIREMENT, @$, MODAL_SHALL, $2); }
  | SHALL_NOT expression                { $$ = MAKE(requirement, REQUIREMENT, @$, MODAL_SHALL_NOT, $2); }
  | SHOULD expression                   { $$ = MAKE(requirement, REQUIREMENT, @$, MODAL_SHOULD, $2); }
  | SHOULD_NOT expression               { $$ = MAKE(requirement, REQUIREMENT, @$, MODAL_SHOULD_NOT, $2); }
  ;

binder_source: source;
where_part: %empty { $$ = NULL; } | WHERE expression { $$ = $2; };
let: LET name EQUAL expression          { $$ = MAKE(let, LET, @$, $2, $4); };
remedy: REMEDY text                     { $$ = MAKE(remedy, REMEDY, @$, $2); };
because: BECAUSE text                   { $$ = MAKE(because, BECAUSE, @$, $2); };
citation: SOURCE plain_text             { $$ = MAKE(citation, CITATION, @$, $2); };
every_clause:
    EVERY cadence                       { $$ = MAKE(every, EVERY, @$, $2, NULL, NULL); }
  | EVERY cadence from_until            { $$ = MAKE(every, EVERY, @$, $2, $3.from, $3.until); }
  ;
cadence: name | QUANTITY                { $$ = build_quantity(build, @$); };
effective_clause: EFFECTIVE from_until  { $$ = MAKE(effective, EFFECTIVE, @$, $2.from, $2.until); };
from_until:
    FROM expression                     { $$ = until_pair($2, NULL); }
  | UNTIL expression                    { $$ = until_pair(NULL, $2); }
  | FROM expression UNTIL expression    { $$ = until_pair($2, $4); }
  ;
through: %empty { $$ = no_list; } | THROUGH names { $$ = $2; };
up_to: %empty { $$ = NULL; } | UP_TO expression { $$ = $2; };
after:
    %empty                              { $$ = NULL; }
  | AFTER INT BREACH                    { $$ = build_int(build, @2); }
  | AFTER INT BREACHES                  { $$ = build_int(build, @2); }
  ;

/* ---- reports and queries ---- */

/* A report's clauses and those of its query stand in one list, so that a mistake in one clause costs that clause only; build_report
 * sorts them out and says when they are out of order. */
report_body:
    %empty                              { $$ = no_list; }
  | report_body report_clause           { $$ = list_add(build, $1, $2); }
  | report_body SEMICOLON
  | report_body error RESYNC            { yyerrok; $$ = $1; }
  ;
report_clause:
    TO OPEN_BRACKET names CLOSE_BRACKET { $$ = MAKE(to, TO, @$, $3); }
  | EVERY cadence                       { $$ = MAKE(every, EVERY, @$, $2, NULL, NULL); }
  | let | because | citation
  | query_start
  | query_part
  ;

query:
    query_start
  | query query_part                    { $$ = build_query_join(build, $1, $2); }
  ;
query_start: FROM sources               { $$ = build_query(build, @$, QUERY_FROM, $2, NULL); };
query_part:
    WHERE expression                    { $$ = build_query(build, @$, QUERY_WHERE, no_list, $2); }
  | GROUP_BY columns                    { $$ = build_query(build, @$, QUERY_GROUP, $2, NULL); }
  | SHOW columns                        { $$ = build_query(build, @$, QUERY_SHOW, $2, NULL); }
  | KEEP_WHERE expression               { $$ = build_query(build, @$, QUERY_KEEP, no_list, $2); }
  | SORT_BY sorts                       { $$ = build_query(build, @$, QUERY_SORT, $2, NULL); }
  | TAKE expression                     { $$ = build_query(build, @$, QUERY_TAKE, no_list, $2); }
  | TOTAL expressions                   { $$ = build_query(build, @$, QUERY_TOTAL, $2, NULL); }
  | CHART name expression BY expression { $$ = build_query(build, @$, QUERY_CHART, no_list, MAKE(chart, CHART, @$, $2, $3, $5)); }
  | AS_OF expression                    { $$ = build_query(build, @$, QUERY_AS_OF, no_list, $2); }
  ;
sources:
    source                              { $$ = list_of(build, $1); }
  | sources COMMA source                { $$ = list_add(build, $1, $3); }
  ;
source:
    timed                               { $$ = MAKE(source_item, SOURCE, @$, NULL, $1); }
  | name IN timed                       { $$ = MAKE(source_item, SOURCE, @$, $1, $3); }
  ;
columns:
    column                              { $$ = list_of(build, $1); }
  | columns COMMA column                { $$ = list_add(build, $1, $3); }
  ;
column:
    expression                          { $$ = MAKE(column, COLUMN, @$, $1, NULL); }
  | expression AS label                 { $$ = MAKE(column, COLUMN, @$, $1, $3); }
  ;
label: name | plain_text;
sorts:
    sort                                { $$ = list_of(build, $1); }
  | sorts COMMA sort                    { $$ = list_add(build, $1, $3); }
  ;
sort:
    expression                          { $$ = MAKE(sort, SORT, @$, $1, 0); }
  | expression ASC                      { $$ = MAKE(sort, SORT, @$, $1, 0); }
  | expression DESC                     { $$ = MAKE(sort, SORT, @$, $1, 1); }
  ;

/* ---- commands ---- */

command:
    ADD name OPEN_BRACE fields CLOSE_BRACE
                                        { $$ = MAKE(add, ADD, @$, $2, NULL, NULL, $4); }
  | ADD name key title OPEN_BRACE fields CLOSE_BRACE
                                        { $$ = MAKE(add, ADD, @$, $2, $3, $4, $6); }
  | SET timed OPEN_BRACE fields CLOSE_BRACE
                                        { $$ = MAKE(set, SET, @$, $2, $4); }
  | REMOVE timed                        { $$ = MAKE(remove_command, REMOVE, @$, $2); }
  | IMPORT name FROM plain_text where_part OPEN_BRACE fields CLOSE_BRACE
                                        { $$ = MAKE(import, IMPORT, @$, $2, $4, $7, $5); }
  | EXPORT timed TO plain_text          { $$ = MAKE(export, EXPORT, @$, $2, $4); }
  | CHECK                               { $$ = MAKE(check_command, CHECK, @$, no_list); }
  | CHECK_SOME check_names              { $$ = MAKE(check_command, CHECK, @$, $2); }
  | RUN name                            { $$ = MAKE(run, RUN, @$, $2); }
  | RUN call                            { $$ = MAKE(run, RUN, @$, $2); }
  | BASELINE key title                  { $$ = MAKE(baseline, BASELINE, @$, $2, $3); }
  | PRINT expressions                   { $$ = MAKE(print, PRINT, @$, $2); }
  | PRINT query                         { $$ = MAKE(print, PRINT, @$, list_of(build, $2)); }
  | let
  | FOR_EACH source where_part block    { $$ = build_for_each(build, @$, $2, $3, $4); }
  | IF expression block                 { $$ = MAKE(if_command, IF_COMMAND, @$, $2, $3, no_list); }
  | IF expression block ELSE block      { $$ = MAKE(if_command, IF_COMMAND, @$, $2, $3, $5); }
  | IF expression block ELSE else_block { $$ = MAKE(if_command, IF_COMMAND, @$, $2, $3, list_of(build, $5)); }
  | WHY name FOR key                    { $$ = MAKE(why, WHY, @$, 0, $2, $4, NULL); }
  | WHY name FOR key IN postfix         { $$ = MAKE(why, WHY, @$, 0, $2, $4, $6); }
  | WHY_NOT name FOR key                { $$ = MAKE(why, WHY, @$, 1, $2, $4, NULL); }
  | WHY_NOT name FOR key IN postfix     { $$ = MAKE(why, WHY, @$, 1, $2, $4, $6); }
  | DESCRIBE path                       { $$ = MAKE(describe, DESCRIBE, @$, $2); }
  | EXPECT expression                   { $$ = MAKE(expect, EXPECT, @$, 0, $2); }
  | EXPECT name outcome FOR key         { $$ = MAKE(expect_outcome, EXPECT_OUTCOME, @$, 0, $2, $3, $5, NULL); }
  | EXPECT name outcome FOR key IN postfix
                                        { $$ = MAKE(expect_outcome, EXPECT_OUTCOME, @$, 0, $2, $3, $5, $7); }
  | EXPECT NOT name outcome FOR key     { $$ = MAKE(expect_outcome, EXPECT_OUTCOME, @$, 1, $3, $4, $6, NULL); }
  | EXPECT NOT name outcome FOR key IN postfix
                                        { $$ = MAKE(expect_outcome, EXPECT_OUTCOME, @$, 1, $3, $4, $6, $8); }
  | EXPECT REFUSED gate block           { $$ = MAKE(expect_refused, EXPECT_REFUSED, @$, 0, $3, $4); }
  | EXPECT NOT REFUSED gate block       { $$ = MAKE(expect_refused, EXPECT_REFUSED, @$, 1, $4, $5); }
  | BEGIN                               { $$ = MAKE(transaction, TRANSACTION, @$, TRANSACTION_BEGIN); }
  | COMMIT                              { $$ = MAKE(transaction, TRANSACTION, @$, TRANSACTION_COMMIT); }
  | ROLLBACK                            { $$ = MAKE(transaction, TRANSACTION, @$, TRANSACTION_ROLLBACK); }
  | COMPARE name                        { $$ = MAKE(compare, COMPARE, @$, $2); }
  | query                               { $$ = MAKE(evaluate, EVALUATE, @$, $1); }
  ;

check_names: names;
gate: %empty { $$ = NULL; } | BY name { $$ = $2; };
else_block:
    IF expression block                 { $$ = MAKE(if_command, IF_COMMAND, @$, $2, $3, no_list); }
  | IF expression block ELSE block      { $$ = MAKE(if_command, IF_COMMAND, @$, $2, $3, $5); }
  | IF expression block ELSE else_block { $$ = MAKE(if_command, IF_COMMAND, @$, $2, $3, list_of(build, $5)); }
  ;
block: OPEN_BRACE block_items CLOSE_BRACE
                                        { $$ = $2; };
block_items:
    %empty                              { $$ = no_list; }
  | block_items command                 { $$ = list_add(build, $1, $2); }
  | block_items SEMICOLON
  | block_items error RESYNC            { yyerrok; $$ = $1; }
  ;
path:
    name
  | path DOT name                       { $$ = MAKE(member, MEMBER, @$, $1, $3); }
  ;
outcome:
    BREACHED                            { $$ = build_name(build, @$, $1); }
  | MET                                 { $$ = build_name(build, @$, $1); }
  | MET_LATE                            { $$ = build_name(build, @$, $1); }
  | PENDING                             { $$ = build_name(build, @$, $1); }
  | RAISED                              { $$ = build_name(build, @$, $1); }
  | WAIVED                              { $$ = build_name(build, @$, $1); }
  ;

/* ---- tests and scenarios ---- */

test_items:
    %empty                              { $$ = no_list; }
  | test_items test_item                { $$ = list_add(build, $1, $2); }
  | test_items SEMICOLON
  | test_items error RESYNC             { yyerrok; $$ = $1; }
  ;
test_item:
    ON expression                       { $$ = MAKE(on_date, ON_DATE, @$, $2); }
  | GIVEN instance                      { $$ = MAKE(given, GIVEN, @$, $2); }
  | command
  ;

scenario_items:
    %empty                              { $$ = no_list; }
  | scenario_items scenario_item        { $$ = list_add(build, $1, $2); }
  | scenario_items SEMICOLON
  | scenario_items error RESYNC         { yyerrok; $$ = $1; }
  ;
scenario_item:
    MERGE names INTO name title         { $$ = MAKE(merge, MERGE, @$, $2, $4, $5); }
  | SPLIT name INTO names               { $$ = MAKE(split, SPLIT, @$, $2, $4); }
  | RETIRE name name                    { $$ = MAKE(retire, RETIRE, @$, $2, $3); }
  | CHANGE name name OPEN_BRACE fields CLOSE_BRACE
                                        { $$ = MAKE(change, CHANGE, @$, $2, $3, $5); }
  ;

/* ---- expressions ---- */

expressions:
    expression                          { $$ = list_of(build, $1); }
  | expressions COMMA expression        { $$ = list_add(build, $1, $3); }
  ;

expression:
    operand
  | NOT expression                      { $$ = MAKE(unary, UNARY, @$, OPERATOR_NOT, $2); }
  | expression OR expression            { $$ = MAKE(binary, BINARY, @$, OPERATOR_OR, $1, $3); }
  | expression AND expression           { $$ = MAKE(binary, BINARY, @$, OPERATOR_AND, $1, $3); }
  | expression EQUAL expression         { $$ = MAKE(binary, BINARY, @$, OPERATOR_EQUAL, $1, $3); }
  | expression NOT_EQUAL expression     { $$ = MAKE(binary, BINARY, @$, OPERATOR_NOT_EQUAL, $1, $3); }
  | expression LESS expression          { $$ = MAKE(binary, BINARY, @$, OPERATOR_LESS, $1, $3); }
  | expression AT_MOST expression       { $$ = MAKE(binary, BINARY, @$, OPERATOR_AT_MOST, $1, $3); }
  | expression GREATER expression       { $$ = MAKE(binary, BINARY, @$, OPERATOR_GREATER, $1, $3); }
  | expression AT_LEAST expression      { $$ = MAKE(binary, BINARY, @$, OPERATOR_AT_LEAST, $1, $3); }
  | expression IN expression            { $$ = MAKE(binary, BINARY, @$, OPERATOR_IN, $1, $3); }
  | expression NOT_IN expression        { $$ = MAKE(binary, BINARY, @$, OPERATOR_NOT_IN, $1, $3); }
  | expression CONTAINS expression      { $$ = MAKE(binary, BINARY, @$, OPERATOR_CONTAINS, $1, $3); }
  | expression MATCHES expression       { $$ = MAKE(binary, BINARY, @$, OPERATOR_MATCHES, $1, $3); }
  | expression IS KNOWN                 { $$ = MAKE(unary, UNARY, @$, OPERATOR_IS_KNOWN, $1); }
  | expression IS MISSING               { $$ = MAKE(unary, UNARY, @$, OPERATOR_IS_MISSING, $1); }
  | expression DEFAULTS expression      { $$ = MAKE(binary, BINARY, @$, OPERATOR_DEFAULT, $1, $3); }
  | expression RANGE expression         { $$ = MAKE(binary, BINARY, @$, OPERATOR_RANGE, $1, $3); }
  | expression PLUS expression          { $$ = MAKE(binary, BINARY, @$, OPERATOR_ADD, $1, $3); }
  | expression MINUS expression         { $$ = MAKE(binary, BINARY, @$, OPERATOR_SUBTRACT, $1, $3); }
  | expression STAR expression          { $$ = MAKE(binary, BINARY, @$, OPERATOR_MULTIPLY, $1, $3); }
  | expression SLASH expression         { $$ = MAKE(binary, BINARY, @$, OPERATOR_DIVIDE, $1, $3); }
  | MINUS expression %prec NEGATE       { $$ = MAKE(unary, UNARY, @$, OPERATOR_NEGATE, $2); }
  | IF expression THEN expression ELSE expression
                                        { $$ = MAKE(if_expression, IF, @$, $2, $4, $6); }
  ;

operand:
    timed
  | EXISTS timed                        { $$ = MAKE(quantifier, QUANTIFIER, @$, 0, $2); }
  | NO timed                            { $$ = MAKE(quantifier, QUANTIFIER, @$, 1, $2); }
  ;
timed:
    postfix
  | timed AT postfix                    { $$ = MAKE(at, AT, @$, $1, $3); }
  | timed AT baseline                   { $$ = MAKE(at, AT, @$, $1, $3); }
  ;
baseline:
    BASELINE plain_text                 { $$ = MAKE(baseline_time, BASELINE_TIME, @$, BASELINE_LABELLED, $2); }
  | ORIGINAL_BASELINE                   { $$ = MAKE(baseline_time, BASELINE_TIME, @$, BASELINE_ORIGINAL, NULL); }
  | CURRENT_BASELINE                    { $$ = MAKE(baseline_time, BASELINE_TIME, @$, BASELINE_CURRENT, NULL); }
  ;
postfix:
    primary
  | postfix DOT name                    { $$ = MAKE(member, MEMBER, @$, $1, $3); }
  | postfix OPEN_BRACKET expression CLOSE_BRACKET
                                        { $$ = MAKE(filter, FILTER, @$, $1, NULL, $3); }
  ;
primary:
    name
  | call
  | text
  | number
  | MONEY                               { $$ = build_money(build, @$); }
  | DATE                                { $$ = build_date(build, @$); }
  | DATETIME                            { $$ = build_datetime(build, @$); }
  | PERIOD                              { $$ = build_period(build, @$); }
  | QUANTITY                            { $$ = build_quantity(build, @$); }
  | TRUE                                { $$ = MAKE(bool_literal, BOOL_LITERAL, @$, 1); }
  | FALSE                               { $$ = MAKE(bool_literal, BOOL_LITERAL, @$, 0); }
  | MISSING                             { $$ = MAKE(missing, MISSING, @$, 0); }
  | OPEN_PAREN expression CLOSE_PAREN   { $$ = $2; }
  | OPEN_PAREN query CLOSE_PAREN        { $$ = $2; }
  | OPEN_BRACKET CLOSE_BRACKET          { $$ = MAKE(list_expression, LIST, @$, no_list); }
  | OPEN_BRACKET expressions CLOSE_BRACKET
                                        { $$ = MAKE(list_expression, LIST, @$, $2); }
  | CASE OPEN_BRACE rows CLOSE_BRACE    { $$ = MAKE(case_expression, CASE, @$, $3); }
  | column_of
  ;
number:
    INT                                 { $$ = build_int(build, @$); }
  | DECIMAL                             { $$ = build_decimal(build, @$); }
  ;

text:
    plain_text
  | text_parts TEXT_CLOSE               { $$ = build_text(build, @$, $1, @2, $2); }
  ;
text_parts:
    TEXT_OPEN expression                { $$ = build_text_part(build, no_list, @1, $1, $2); }
  | text_parts TEXT_MIDDLE expression   { $$ = build_text_part(build, $1, @2, $2, $3); }
  ;

call:
    name OPEN_PAREN arguments CLOSE_PAREN
                                        { $$ = MAKE(call, CALL, @$, $1, $3); }
  | name OPEN_PAREN query CLOSE_PAREN   { $$ = build_query_call(build, @$, $1, $3); }
  ;
arguments: %empty { $$ = no_list; } | argument_list;
argument_list:
    argument                            { $$ = list_of(build, $1); }
  | argument_list COMMA argument        { $$ = list_add(build, $1, $3); }
  ;
argument:
    expression where_part               { $$ = MAKE(argument, ARGUMENT, @$, NULL, $1, NULL, $2); }
  | expression BY expression where_part { $$ = MAKE(argument, ARGUMENT, @$, NULL, $1, $3, $4); }
  | name COLON expression               { $$ = MAKE(argument, ARGUMENT, @$, $1, $3, NULL, NULL); }
  | ON expression                       { $$ = MAKE(argument, ARGUMENT, @$, build_word(build, @1, "on"), $2, NULL, NULL); }
  | WHERE expression                    { $$ = MAKE(argument, ARGUMENT, @$, NULL, NULL, NULL, $2); }
  ;

rows:
    case_row                            { $$ = list_of(build, $1); }
  | rows case_row                       { $$ = list_add(build, $1, $2); }
  ;
case_row:
    BAR expression ARROW expression     { $$ = MAKE(case_row, CASE_ROW, @$, $2, $4); }
  | BAR OTHERWISE ARROW expression      { $$ = MAKE(case_row, CASE_ROW, @$, NULL, $4); }
  ;

/* column "Posting date" as "%d/%m/%Y", "%Y-%m-%d" times 1M { "x": y  otherwise: z } */
column_of: COLUMN plain_text column_as times column_cases
                                        { $$ = MAKE(column_of, COLUMN_OF, @$, $2, $3, $4, $5); };
column_as: %empty %prec LOWEST { $$ = no_list; } | AS patterns { $$ = $2; };
patterns:
    plain_text                          { $$ = list_of(build, $1); }
  | patterns PATTERN_COMMA plain_text   { $$ = list_add(build, $1, $3); }
  ;
times: %empty { $$ = NULL; } | TIMES number { $$ = $2; };
column_cases: %empty { $$ = no_list; } | OPEN_CASES column_case_list CLOSE_BRACE { $$ = $2; };
column_case_list:
    column_case                         { $$ = list_of(build, $1); }
  | column_case_list column_case        { $$ = list_add(build, $1, $2); }
  | column_case_list SEMICOLON
  ;
column_case:
    plain_text COLON expression         { $$ = MAKE(case_of, CASE_OF, @$, $1, $3); }
  | OTHERWISE COLON expression          { $$ = MAKE(case_of, CASE_OF, @$, build_word(build, @1, "otherwise"), $3); }
  ;

%%

/* The driver has reported before it pushes BROKEN; the only message that reaches yyerror is an exhausted stack, which the driver sees as
 * the result 2. */
static void yyerror(const struct span *place, struct build *build, const char *message) {
    (void)place;
    (void)build;
    (void)message;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct build *build) {
    (void)context;
    (void)build;
    return 0;
}

bool remit_accepts(remit_yypstate *parser, int token) {
    /* A full stack counts as accepted: the push that follows reports it as too deep. */
    return yy_lac(parser->yyesa, &parser->yyes, &parser->yyes_capacity, parser->yyssp, (yysymbol_kind_t)token) != 1;
}

int remit_depth(const remit_yypstate *parser) {
    return (int)(parser->yyssp - parser->yyss);
}

int remit_expected(remit_yypstate *parser, int *tokens, int most) {
    int count = 0;
    for (int token = 0; token < YYNTOKENS && count < most; token++)
        if (token != YYSYMBOL_YYerror && token != YYSYMBOL_YYUNDEF && token != YYSYMBOL_RESYNC && token != YYSYMBOL_BROKEN &&
            yy_lac(parser->yyesa, &parser->yyes, &parser->yyes_capacity, parser->yyssp, (yysymbol_kind_t)token) == 0)
            tokens[count++] = token;
    return count;
}

const char *remit_token_name(int token) {
    return yysymbol_name((yysymbol_kind_t)token);
}
