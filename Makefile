# Remit. `make` builds build/remit; `make demo`, `make test`, `make check`, `make bench`, `make fuzz`, `make install`.
# Variables: BUILD (folder of everything generated), CC, MODE (release, debug, sanitize), SQLITE (a newer sqlite3.c), PREFIX.

BUILD   ?= build
MODE    ?= release
PREFIX  ?= /usr/local
CC      ?= gcc
FLEX    ?= flex
BISON   ?= bison

# Rooms, lowest floor first. A room may include its own files and those of rooms above it in this list; tests/floors.sh holds the list to that.
ROOMS ?= lang/base lang/source lang/syntax lang/check lang/format lang/lint lang/prose lang/diff \
         runtime/value runtime/store runtime/render runtime/load runtime/sql runtime/eval runtime/engine runtime/repl runtime/cli

# Two at a time, unless whoever called says how many.
JOBS = $(if $(findstring -j,$(MAKEFLAGS)),,-j2)

PACKAGES = build-essential flex bison pkg-config libsqlite3-dev libreadline-dev libutf8proc-dev libmd-dev libsodium-dev python3 sqlite3 git

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual \
           -Wwrite-strings -Wvla -Wundef -Werror
CFLAGS_release  = -O2 -g
CFLAGS_debug    = -O0 -g3
CFLAGS_sanitize = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_sanitize = -fsanitize=address,undefined
CFLAGS  += -std=c17 -D_GNU_SOURCE $(CFLAGS_$(MODE)) $(WARNINGS) -I. -I$(BUILD)/generated -MMD -MP
LDFLAGS += $(LDFLAGS_$(MODE))
LDLIBS  += -lreadline -lutf8proc -lmd -lsodium -lm -lpthread

ifdef SQLITE
  # A newer SQLite than the system's: one file, built with the project.
  SQLITE_OBJECT = $(BUILD)/sqlite3.o
  CFLAGS += -I$(dir $(SQLITE))
else
  LDLIBS += -lsqlite3
endif

SOURCES    = $(sort $(foreach room,$(ROOMS),$(wildcard $(room)/*.c)))
LIB_SOURCES = $(filter-out runtime/cli/main.c,$(SOURCES))
OBJECTS    = $(patsubst %.c,$(BUILD)/%.o,$(LIB_SOURCES))
ifneq ($(filter lang/syntax,$(ROOMS)),)
  OBJECTS += $(BUILD)/generated/lang/syntax/grammar.o $(BUILD)/generated/lang/syntax/lexer.o
endif
ifneq ($(filter lang/check,$(ROOMS)),)
  OBJECTS += $(BUILD)/generated/stdlib_text.o
endif
LIBRARY    = $(BUILD)/libremit.a
FUZZERS    = front_end csv json
UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*.c))

all: $(BUILD)/remit

$(BUILD)/remit: $(BUILD)/runtime/cli/main.o $(LIBRARY) $(SQLITE_OBJECT)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIBRARY): $(OBJECTS)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) -c -o $@ $<

# Generated code is held to fewer warnings than our own.
$(BUILD)/generated/%.o: $(BUILD)/generated/%.c
	$(CC) $(filter-out -Wpedantic -Wshadow -Wmissing-prototypes -Wcast-qual -Wundef,$(CFLAGS)) -Wno-unused-function -c -o $@ $<

$(BUILD)/generated/lang/syntax/grammar.c $(BUILD)/generated/lang/syntax/grammar.h &: lang/syntax/grammar.y
	@mkdir -p $(dir $@)
	$(BISON) -Wall -Wcounterexamples -Werror -o $(BUILD)/generated/lang/syntax/grammar.c $<

$(BUILD)/generated/lang/syntax/lexer.c: lang/syntax/lexer.l
	@mkdir -p $(dir $@)
	$(FLEX) -o $@ $<

# The standard library, embedded as text.
$(BUILD)/generated/stdlib_text.c: stdlib/embed.sh $(wildcard stdlib/*.remit)
	@mkdir -p $(dir $@)
	sh stdlib/embed.sh stdlib > $@

$(OBJECTS): | $(if $(filter lang/syntax,$(ROOMS)),$(BUILD)/generated/lang/syntax/grammar.h)

$(BUILD)/sqlite3.o: $(SQLITE)
	@mkdir -p $(dir $@)
	$(CC) -O2 -g -DSQLITE_THREADSAFE=2 -DSQLITE_OMIT_LOAD_EXTENSION -c -o $@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(LIBRARY) $(SQLITE_OBJECT)
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LIBRARY) $(SQLITE_OBJECT) $(LDLIBS)

unit-tests: $(UNIT_TESTS) $(FUZZERS:%=$(BUILD)/tests/fuzz/%)

# A fuzzer's entry with a plain main, to replay its corpus.
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(LIBRARY) $(SQLITE_OBJECT)
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< tests/fuzz/replay.c $(LIBRARY) $(SQLITE_OBJECT) $(LDLIBS)

$(BUILD)/tests/bench/front_end: tests/bench/front_end.c $(LIBRARY) $(SQLITE_OBJECT)
	@mkdir -p $(dir $@)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ tests/bench/front_end.c $(LIBRARY) $(SQLITE_OBJECT) $(LDLIBS)

# ---- what a person types ----

# Installs what is missing, as root; otherwise says the one line that does.
setup:
	@sh tests/setup.sh $(PACKAGES)

demo: setup
	@$(MAKE) --no-print-directory -s $(JOBS) all
	@rm -f $(BUILD)/demo.db
	@sh examples/portfolio/demo.sh $(abspath $(BUILD))/remit $(BUILD)/demo.db

test: setup
	@$(MAKE) --no-print-directory -s $(JOBS) all unit-tests
	@python3 tests/run --binary $(BUILD)/remit --build $(BUILD)

# The same tests under ASan and UBSan, and static analysis of our own code.
check: setup
	@sh tests/setup.sh cppcheck
	cppcheck --quiet --error-exitcode=1 --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
	    --std=c11 -I. --suppressions-list=tests/cppcheck.txt lang runtime
	@$(MAKE) --no-print-directory -s $(JOBS) MODE=sanitize BUILD=$(BUILD)/sanitize all unit-tests
	@python3 tests/run --binary $(BUILD)/sanitize/remit --build $(BUILD)/sanitize

bench: setup
	@$(MAKE) --no-print-directory -s $(JOBS) all $(BUILD)/tests/bench/front_end
	@python3 tests/bench/run.py --binary $(BUILD)/remit --work $(BUILD)/bench

# Coverage-guided fuzzing, of each entry in turn: make fuzz SECONDS=600 FUZZERS=json
SECONDS ?= 600
fuzz: setup
	@sh tests/setup.sh clang
	@$(MAKE) --no-print-directory -s $(JOBS) CC=clang MODE=fuzz BUILD=$(BUILD)/fuzz $(FUZZERS:%=$(BUILD)/fuzz/%)
	$(foreach entry,$(FUZZERS),$(call run_fuzzer,$(entry),$(FUZZ_$(entry))))

# What the front end's entry keeps between inputs is no leak.
FUZZ_front_end = -detect_leaks=0
define run_fuzzer
@mkdir -p $(BUILD)/fuzz/found/$(1)
	cd $(BUILD)/fuzz && ./$(1) $(2) -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=4096 -dict=$(abspath tests/fuzz/$(1).dict) found/$(1) $(abspath tests/fuzz/corpus/$(1))
	
endef

# A fuzzer is to see many programs, so the limit that takes a second to reach is low for it.
CFLAGS_fuzz = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
$(FUZZERS:%=$(BUILD)/%): $(BUILD)/%: tests/fuzz/%.c $(LIBRARY)
	$(CC) $(CFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $< $(LIBRARY) $(LDLIBS)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/remit $(DESTDIR)$(PREFIX)/share/doc/remit \
	    $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(BUILD)/remit $(DESTDIR)$(PREFIX)/bin/remit
	install -m 644 stdlib/*.remit $(DESTDIR)$(PREFIX)/share/remit
	install -m 644 README.md LICENSE lang/REFERENCE.md $(DESTDIR)$(PREFIX)/share/doc/remit
	$(BUILD)/remit manual > $(DESTDIR)$(PREFIX)/share/man/man1/remit.1
	$(BUILD)/remit completion > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/remit

clean:
	rm -rf $(BUILD)

.PHONY: all clean unit-tests setup demo test check bench fuzz install
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
