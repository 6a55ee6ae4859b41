# make            compiles build/loa
# make site       installs what building needs, compiles, generates public/
# make test       installs what testing needs, runs every test
# make deps       installs what is missing; nothing else touches the system
# make lint       format, rules of the house, cppcheck, warnings of two compilers
# make golden     rewrites the expected files of tests/golden, shows the diff
# make bench      loa against the floor and Hugo (N=3 rounds, SIZES="1000 10000")
# make fuzz       every fuzz target for FUZZ_SECONDS (600), two at a time
# make po         brings src/po/vi.po up to date with the sources
# make install    program, translations, manual, completion and theme to
#                 $(DESTDIR)$(PREFIX) (PREFIX=/usr/local)
# make clean      removes what was built and the generated site
#
# Everything built goes below $O, so that builds with other flags lie side by
# side: build/ is the release, build/san, build/tsan, build/fuzz are for tests.

O       ?= build
CFLAGS  ?= -O3 -g -flto=auto
# An archive of such objects wants the archiver of the compiler.
AR      := $(if $(shell command -v gcc-ar),gcc-ar,ar)
HARDEN  ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
           -fstack-clash-protection -fPIE
HARDEN_LD ?= -pie -Wl,-z,relro,-z,now
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
           -Wno-format-nonliteral -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings
CPPFLAGS = -Isrc -D_GNU_SOURCE
DEPS     = libcmark yaml-0.1 libutf8proc icu-i18n jansson libxxhash \
           libmicrohttpd lmdb

# Asked once, and only when something is compiled: on a bare machine there is
# no pkg-config until `make deps` has run.
LIB_CFLAGS = $(eval LIB_CFLAGS := $$(shell pkg-config --cflags $(DEPS)))$(LIB_CFLAGS)
LIB_LIBS   = $(eval LIB_LIBS := $$(shell pkg-config --libs $(DEPS)))$(LIB_LIBS)

CC_FLAGS = -std=c11 $(WARN) $(CPPFLAGS) $(HARDEN) $(CFLAGS) $(LIB_CFLAGS) \
           -pthread
LD_FLAGS = $(CFLAGS) $(HARDEN_LD) -Wl,--as-needed $(LDFLAGS)
LIBS     = $(LIB_LIBS) -pthread

SRC     := $(filter-out src/main.c,$(wildcard src/*.c src/*/*.c))
HDR     := $(wildcard src/*.h src/*/*.h)
OBJ      = $(SRC:src/%.c=$O/obj/%.o)
PO      := $(wildcard src/po/*.po)
MO       = $(PO:src/po/%.po=$O/share/locale/%/LC_MESSAGES/loa.mo)
UNIT    := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*_test.c))
# Tests that start threads run a second time, under the thread sanitizer.
THREADED := $(patsubst tests/unit/%.c,%,$(if $(UNIT),$(shell \
	grep -lE 'pool_|aside_|output_' tests/unit/*_test.c)))
FUZZ    := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
C_FILES := $(SRC) src/main.c $(HDR) $(wildcard tests/unit/*.[ch] \
	tests/fuzz/*.[ch] tests/bench/floor/*.[ch] tests/*/*.[ch])

all: $O/loa $(MO)

# `make V=1` shows whole command lines.
V ?= 0
ifeq ($V,0)
Q = @
note = @printf '  %-4s %s\n' $1 $@
endif

# --- compiling ---------------------------------------------------------------

$O/loa: $O/obj/main.o $O/libloa.a
	$(call note,LD)
	$Q$(CC) $(LD_FLAGS) -o $@ $^ $(LIBS)

$O/libloa.a: $(OBJ)
	@rm -f $@
	$(call note,AR)
	$Q$(AR) rcs $@ $^

$O/obj/%.o: src/%.c $O/flags
	@mkdir -p $(@D)
	$(call note,CC)
	$Q$(CC) $(CC_FLAGS) -MMD -MP -c -o $@ $<

$O/unit/%: tests/unit/%.c $O/libloa.a
	@mkdir -p $(@D)
	$(call note,TEST)
	$Q$(CC) $(CC_FLAGS) -Itests -MMD -MP -MF $@.d $(LD_FLAGS) -o $@ $< \
	    $O/libloa.a -lcmocka $(LIBS) -lm

# A fuzz target that only runs the files it is given: its corpus as a test.
$O/corpus/%: tests/fuzz/fuzz_%.c tests/fuzz/corpus_main.c $O/libloa.a
	@mkdir -p $(@D)
	$(call note,TEST)
	$Q$(CC) $(CC_FLAGS) -Wno-missing-prototypes $(LD_FLAGS) -o $@ \
	    tests/fuzz/corpus_main.c $< $O/libloa.a $(LIBS)

$O/fuzz/%: tests/fuzz/fuzz_%.c $O/libloa.a
	@mkdir -p $(@D)
	$(call note,FUZZ)
	$Q$(CC) $(CC_FLAGS) -Wno-missing-prototypes $(LD_FLAGS) -fsanitize=fuzzer \
	    -o $@ $< $O/libloa.a $(LIBS)

$O/share/locale/%/LC_MESSAGES/loa.mo: src/po/%.po
	@mkdir -p $(@D)
	$(call note,PO)
	$Qmsgfmt --check-format -o $@ $<

# Other flags or another compiler: everything is compiled again.
FLAGS_NOW = $(CC) $(WARN) $(CPPFLAGS) $(HARDEN) $(CFLAGS)
$O/flags: always
	@mkdir -p $O
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' >$@

units: $(UNIT:%=$O/unit/%)
threaded: $(THREADED:%=$O/unit/%)
corpora: $(FUZZ:%=$O/corpus/%)
fuzzers: $(FUZZ:%=$O/fuzz/%)
objects: $(OBJ) $O/obj/main.o

# --- the two commands --------------------------------------------------------

site: deps-build
	+@$(MAKE) --no-print-directory all
	$O/loa build
	@printf 'public/ holds %s files. To see the site: %s serve\n' \
	    "$$(find public -type f ! -name .gitkeep | wc -l)" "$O/loa"

SAN  = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
       -fsanitize=address,undefined
TSAN = -O1 -g -fno-omit-frame-pointer -fsanitize=thread
SAN_MAKE  = $(MAKE) --no-print-directory O=build/san CFLAGS='$(SAN)' \
            HARDEN= HARDEN_LD=
TSAN_MAKE = $(MAKE) --no-print-directory O=build/tsan CFLAGS='$(TSAN)' \
            HARDEN=-fPIE HARDEN_LD=-pie

test: deps
	+@$(MAKE) --no-print-directory all
	+@$(SAN_MAKE) all units corpora
	+@$(TSAN_MAKE) all threaded
	@tests/run.sh

# What is compiled for the tests, without running them.
test-programs:
	+@$(MAKE) --no-print-directory all
	+@$(SAN_MAKE) all units corpora
	+@$(TSAN_MAKE) all threaded

golden: all
	+@$(SAN_MAKE) all
	@LOA=build/san/loa UPDATE=1 tests/golden/run.sh

bench: all
	@tests/bench/run.sh

FUZZ_SECONDS ?= 600
FUZZ_CFLAGS = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
              -fsanitize=fuzzer-no-link,address,undefined
fuzz:
	+@$(MAKE) --no-print-directory O=build/fuzz CC=clang HARDEN= HARDEN_LD= \
	    CFLAGS='$(FUZZ_CFLAGS)' fuzzers
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh $(FUZZ)

# --- what is installed -------------------------------------------------------

deps:
	@tools/deps.sh build test

deps-build:
	@tools/deps.sh build

# --- lint --------------------------------------------------------------------

lint: deps
	+@$(MAKE) --no-print-directory --keep-going lint-format lint-rules \
	    lint-headers lint-tests lint-po lint-cppcheck lint-gcc lint-clang
	@echo 'lint: nothing to complain about'

lint-format:
	@echo 'lint: format'
	@clang-format --dry-run -Werror $(sort $(C_FILES))

lint-rules:
	@echo 'lint: who includes whom, length of functions and files'
	@awk -f tools/layers.awk $(SRC) src/main.c $(HDR)
	@awk -f tools/rules.awk $(SRC) src/main.c $(HDR)
	@awk -f tools/length.awk $(SRC) src/main.c $(HDR) \
	    $(wildcard tests/unit/*.c tests/fuzz/*.c)

# A header is only good when it compiles alone.
lint-headers:
	@echo 'lint: headers'
	@for h in $(HDR); do \
	    $(CC) $(CC_FLAGS) -Werror -fsyntax-only -x c $$h || exit 1; done

# The sanitized build of a test warns; this stops at it.
lint-tests:
	@echo 'lint: tests in C'
	@for c in $(wildcard tests/unit/*.c); do \
	    $(CC) $(CC_FLAGS) -Itests -Werror -fsyntax-only $$c || exit 1; done

lint-po:
ifneq ($(PO),)
	@echo 'lint: translations'
	@tools/po.sh check $(SRC) src/main.c $(HDR)
endif

lint-cppcheck:
	@echo 'lint: cppcheck'
	@tools/cppcheck.sh

lint-gcc:
	@echo 'lint: gcc -Werror'
	+@$(MAKE) --no-print-directory -s O=build/lint-gcc CC=gcc \
	    CFLAGS='-O2 -Werror' objects

lint-clang:
	@echo 'lint: clang -Werror'
	+@$(MAKE) --no-print-directory -s O=build/lint-clang CC=clang \
	    CFLAGS='-O1 -Werror' objects

po:
	@tools/po.sh update $(SRC) src/main.c $(HDR)

# --- installing --------------------------------------------------------------

PREFIX ?= /usr/local
TO      = $(DESTDIR)$(PREFIX)
INSTALL = install -m 644

# The manual is there in both languages; explanations in completions are in
# the one the messages have by default.
install: all
	install -d '$(TO)/bin' '$(TO)/share/man/man1' '$(TO)/share/man/vi/man1' \
	    '$(TO)/share/bash-completion/completions' \
	    '$(TO)/share/zsh/site-functions' '$(TO)/share/fish/vendor_completions.d'
	install -m 755 $O/loa '$(TO)/bin/loa'
	for po in $(PO:src/po/%.po=%); do \
	    install -d "$(TO)/share/locale/$$po/LC_MESSAGES" && \
	    $(INSTALL) "$O/share/locale/$$po/LC_MESSAGES/loa.mo" \
	        "$(TO)/share/locale/$$po/LC_MESSAGES/loa.mo" || exit 1; done
	LOA_LANG=en $O/loa man >$O/loa.en.1 && LOA_LANG=vi $O/loa man >$O/loa.vi.1
	$(INSTALL) $O/loa.en.1 '$(TO)/share/man/man1/loa.1'
	$(INSTALL) $O/loa.vi.1 '$(TO)/share/man/vi/man1/loa.1'
	for shell in bash zsh fish; do \
	    LOA_LANG=vi $O/loa completion $$shell >$O/loa.$$shell || exit 1; done
	$(INSTALL) $O/loa.bash '$(TO)/share/bash-completion/completions/loa'
	$(INSTALL) $O/loa.zsh '$(TO)/share/zsh/site-functions/_loa'
	$(INSTALL) $O/loa.fish '$(TO)/share/fish/vendor_completions.d/loa.fish'
	rm -rf '$(TO)/share/loa/themes/congdoan'
	cd themes && find congdoan -type f ! -name '.*' \
	    -exec install -D -m 644 '{}' '$(abspath $(TO))/share/loa/themes/{}' ';'

# --- the rest ----------------------------------------------------------------

clean:
	rm -rf build
	find public -mindepth 1 ! -name .gitkeep -delete
	rm -rf .public.loa .loa

always:
.PHONY: all always install site test test-programs golden bench fuzz deps deps-build \
	lint lint-format lint-rules lint-headers lint-tests lint-po lint-cppcheck lint-gcc \
	lint-clang po clean units threaded corpora fuzzers objects
.DELETE_ON_ERROR:
.SECONDARY:
-include $(OBJ:.o=.d) $O/obj/main.d $(UNIT:%=$O/unit/%.d)
