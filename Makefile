# Padan. `make help` lists what can be made.
#
# Two programs from two archives: matcher/ (pure: decides) and daemon/ (reads, stores, talks). Every .c file below
# these folders is found by itself; so are the tests, one program per tests/**/test_*.c. Each flavour has its own
# folder: build/release, build/debug (assertions, fail-points), build/asan (clang; for the fuzzers, too), build/tsan.
# (-O3 and the thread sanitizer lead gcc to doubt variables which are set; debug and asan watch for real ones.)

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# A bare machine first gets its packages, before anything below asks pkg-config.
# What takes minutes uses every processor, unless told otherwise (make -j1 test).
ifneq ($(filter demo test,$(MAKECMDGOALS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 2)
ifneq ($(shell sh .ci/install-packages $(if $(filter test,$(MAKECMDGOALS)),,build) >&2 && echo ready),ready)
$(error Paket belum lengkap; lihat pesan di atas (packages are missing; see above))
endif
endif

CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
WERROR  ?= -Werror
PREFIX  ?= /usr
Q       := $(if $(V),,@)
SAY     := @printf '  %-5s %s\n'
LIBS    := libpq libuv libcurl libzip expat xlsxwriter jansson inih libutf8proc libsodium libsystemd libmicrohttpd zlib

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wformat=2 \
           -Wno-unused-parameter -Wno-missing-field-initializers -Wno-format-nonliteral -Wno-format-zero-length $(WERROR)
LIB_CFLAGS := $(shell pkg-config --cflags $(LIBS) 2>/dev/null | sed 's/-I/-isystem /g')
CFLAGS_ALL = -std=gnu11 -D_GNU_SOURCE -I. $(WARN) $(LIB_CFLAGS) -fno-strict-aliasing -fno-math-errno -ffp-contract=off
LIB_LDLIBS := $(shell pkg-config --libs $(LIBS) 2>/dev/null) -lpthread -lm

CFLAGS_release := -O3 -g -Wno-maybe-uninitialized -Wno-stringop-overflow -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CFLAGS_debug   := -Og -g -DPADAN_DEBUG=1 -fPIE
CFLAGS_asan     = -O1 -gline-tables-only -DPADAN_DEBUG=1 -fsanitize=address,undefined$(COVERAGE) -fno-sanitize-recover=all \
                  -fno-omit-frame-pointer
CFLAGS_tsan    := -O1 -g1 -DPADAN_DEBUG=1 -Wno-maybe-uninitialized -fsanitize=thread
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
LDFLAGS_debug   := -pie
LDFLAGS_asan    := -fsanitize=address,undefined
LDFLAGS_tsan    := -fsanitize=thread
CC_asan         := clang

MAIN_C    := daemon/padan.c daemon/padand.c
MATCHER_C := $(sort $(shell find matcher -name '*.c'))
DAEMON_C  := $(filter-out $(MAIN_C),$(sort $(shell find daemon -path daemon/web -prune -o -name '*.c' -print)))
TEST_C    := $(sort $(shell find tests -name 'test_*.c'))
FUZZ_C    := $(sort $(shell find tests/fuzz -name 'fuzz_*.c' 2>/dev/null))
SUPPORT_C := $(sort $(shell find tests/support tests/reference -name '*.c' 2>/dev/null))
TEXTS     := $(sort $(wildcard migrations/*.sql migrations/functions/*.sql daemon/db/sql/*.sql daemon/base/villages/*.txt))
PROGRAMS  := $(foreach main,$(MAIN_C),$(if $(wildcard $(main)),$(basename $(notdir $(main)))))

# $(1): a flavour. Objects, the two archives, the programs and the test programs of that flavour.
define flavour
CC_$(1) ?= $$(CC)
build/$(1)/obj/%.o: %.c
	@mkdir -p $$(@D)
	$$(SAY) CC $$@
	$$(Q)$$(CC_$(1)) $$(CFLAGS_ALL) $$(CFLAGS_$(1)) $$(CFLAGS) -MMD -MP -c $$< -o $$@
build/$(1)/obj/gen/%.o: build/gen/%.c
	@mkdir -p $$(@D)
	$$(SAY) CC $$@
	$$(Q)$$(CC_$(1)) $$(CFLAGS_ALL) $$(CFLAGS_$(1)) $$(CFLAGS) -MMD -MP -c $$< -o $$@
build/$(1)/libmatcher.a: $(MATCHER_C:%.c=build/$(1)/obj/%.o) build/$(1)/obj/gen/shipped_model.o
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^
build/$(1)/libpadan.a: $(DAEMON_C:%.c=build/$(1)/obj/%.o) build/$(1)/obj/gen/embedded.o
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^
build/$(1)/libtest.a: $(SUPPORT_C:%.c=build/$(1)/obj/%.o)
	@rm -f $$@
	$$(Q)ar rcs $$@ $$^
build/$(1)/%: build/$(1)/obj/daemon/%.o build/$(1)/libpadan.a build/$(1)/libmatcher.a
	$$(SAY) LINK $$@
	$$(Q)$$(CC_$(1)) $$(CFLAGS_$(1)) $$(LDFLAGS_$(1)) $$(LDFLAGS) $$^ $$(LIB_LDLIBS) -o $$@
build/$(1)/tests/%: build/$(1)/obj/tests/%.o build/$(1)/libtest.a build/$(1)/libpadan.a build/$(1)/libmatcher.a
	@mkdir -p $$(@D)
	$$(SAY) LINK $$@
	$$(Q)$$(CC_$(1)) $$(CFLAGS_$(1)) $$(LDFLAGS_$(1)) $$(LDFLAGS) $$^ $$(LIB_LDLIBS) -lcmocka -o $$@
.PHONY: $(1)
$(1): $(PROGRAMS:%=build/$(1)/%)
-include $$(shell find build/$(1)/obj -name '*.d' 2>/dev/null)
endef
$(foreach f,release debug asan tsan,$(eval $(call flavour,$(f))))
.SECONDARY:

# Tests of what happens when memory runs out, by name: test_*_no_memory.c. See tests/support/failing_malloc.h.
FAILING_MALLOC := $(foreach f,malloc calloc realloc arena_alloc arena_array arena_str,-Wl,--wrap=$(f))
$(foreach f,debug asan,$(foreach t,$(filter %_no_memory.c,$(TEST_C)),build/$(f)/$(t:%.c=%))): LDFLAGS += $(FAILING_MALLOC)

# The shipped model is part of the matcher, which reads no files.
build/gen/shipped_model.c: matcher/models/shipped.model
	@mkdir -p $(@D)
	$(Q)(echo '/* Made from $<; do not edit. */'; echo '#include "matcher/link/fs_model.h"'; echo 'const char fs_shipped_text[] ='; \
		sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g' -e 's/^/\t"/' -e 's/$$/\\n"/' $<; echo ';') > $@

# SQL travels inside the programs: daemon/base/embedded.h says how they are found.
build/gen/embedded.c: daemon/base/embed.sh $(TEXTS)
	@mkdir -p $(@D)
	$(Q)sh daemon/base/embed.sh $(TEXTS) > $@

all: release pages-if-possible ## both programs, optimised: build/release/padan and build/release/padand; and the pages

# The pages that people work in, from daemon/web by what package-lock.json pins. The programs need neither them nor Node.js.
WEB_SOURCES := $(shell find daemon/web -name node_modules -prune -o -type f -print)
WEB_PACKAGES := daemon/web/node_modules/.package-lock.json
.PHONY: pages pages-if-possible
pages: build/web/index.html ## the web pages alone, into build/web (needs node and npm)
build/web/index.html: $(WEB_SOURCES) $(WEB_PACKAGES)
	$(Q)node daemon/web/build.mjs
$(WEB_PACKAGES): daemon/web/package-lock.json
	$(SAY) NPM daemon/web
	$(Q)cd daemon/web && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
pages-if-possible:
	@if command -v node >/dev/null && command -v npm >/dev/null; then $(MAKE) -s pages; else false; fi || \
		echo 'Padan: halaman web tidak dibangun (web pages not built): perlu node dan npm; lihat make pages' >&2

UNIT_TESTS = $(TEST_C:%.c=build/$(UNIT_FLAVOUR)/%)
UNIT_FLAVOUR ?= debug
.PHONY: all unit unit-programs unit-threads thread-programs test demo demo-stop fuzz lint bench bench-accuracy bench-speed install clean help
unit: $(UNIT_TESTS) ## the unit tests alone (needs no database); UNIT_FLAVOUR=asan for sanitizers
	@sh tests/run_units.sh $(UNIT_TESTS)

unit-programs: $(UNIT_TESTS)

test: debug pages ## everything CI runs: units, integration, pages, sanitizers, fuzzers with a short budget
	@sh tests/run.sh

demo: release pages-if-possible ## a simulated Kabupaten Muaro Jambi at work, on a private PostgreSQL; `make demo-stop` ends it
	@sh tests/demo/demo.sh

demo-stop: ## stops what `make demo` left running
	@sh tests/demo/stop.sh

# The fuzzers link what the units with sanitizers link: no flavour of their own. They are steered by coverage, which is
# counted where parsers are, and not in the engine, whose tests it would slow.
COVERAGE = ,fuzzer-no-link
$(patsubst %.c,build/asan/obj/%.o,$(filter-out matcher/base/% matcher/normalise/% matcher/link/fs_model%,$(MATCHER_C)) $(TEST_C)): COVERAGE =
FUZZERS = $(FUZZ_C:%.c=build/asan/%)
$(FUZZERS): LDFLAGS_asan += -fsanitize=fuzzer
FUZZ_SECONDS ?= 60
fuzz-programs: $(FUZZERS)
fuzz: $(FUZZERS) ## every parser under libFuzzer, FUZZ_SECONDS each (default 60)
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(FUZZERS)

lint: ## clang-tidy, shellcheck where installed, and the rule that matcher/ is pure
	@sh tests/lint.sh

bench: release ## measurements, as ratios against something measured in the same run
	@sh tests/bench/run.sh

bench-accuracy: release $(addprefix build/release/tests/bench/,candidate_recall search_one) ## F1 on every set at hand, beside the aims and other engines' figures
	@sh tests/bench/accuracy.sh

bench-speed: release build/release/tests/bench/engine_speed ## time and memory of the engine, beside another engine's in the same run
	@sh tests/bench/speed.sh

install: release pages-if-possible ## programs, pages, systemd units and documents below DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/systemd/system $(DESTDIR)$(PREFIX)/lib/sysusers.d \
		$(DESTDIR)$(PREFIX)/lib/tmpfiles.d $(DESTDIR)$(PREFIX)/share/doc/padan
	install -m 755 build/release/padan build/release/padand $(DESTDIR)$(PREFIX)/bin
	install -m 644 systemd/padand.service $(DESTDIR)$(PREFIX)/lib/systemd/system
	install -m 644 systemd/padan-sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/padan.conf
	install -m 644 systemd/padan-tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/padan.conf
	install -m 644 README.md LICENSE docs/*.md docs/nginx/padan.conf docs/grafana/padan.json $(DESTDIR)$(PREFIX)/share/doc/padan
	if [ -d build/web ]; then rm -rf $(DESTDIR)$(PREFIX)/share/padan/web && install -d $(DESTDIR)$(PREFIX)/share/padan && \
		cp -R build/web $(DESTDIR)$(PREFIX)/share/padan/web; fi

# Tests that start threads, by name: test_*_threads.c. Built from the folders that they use, not from all of daemon/.
THREAD_TESTS := $(patsubst %.c,build/tsan/%,$(filter %_threads.c,$(TEST_C)))
THREAD_C     := $(MATCHER_C) $(filter daemon/base/% daemon/ingest/%,$(DAEMON_C))
build/tsan/libthreads.a: $(THREAD_C:%.c=build/tsan/obj/%.o) build/tsan/obj/gen/shipped_model.o
	@rm -f $@
	$(Q)ar rcs $@ $^
$(THREAD_TESTS): build/tsan/tests/%: build/tsan/obj/tests/%.o build/tsan/libtest.a build/tsan/libthreads.a
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(CC) $(CFLAGS_tsan) $(LDFLAGS_tsan) $(LDFLAGS) $^ $(LIB_LDLIBS) -lcmocka -o $@
thread-programs: $(THREAD_TESTS)
unit-threads: $(THREAD_TESTS)
	@sh tests/run_units.sh $(THREAD_TESTS)

clean: ## removes build/
	rm -rf build

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16
