# SPDX-License-Identifier: GPL-3.0-or-later
# `make` builds, `make run` shows the default comparison, `make test` runs every test, `make help` lists the rest.
# Variables a user may set: CC, OPT (e.g. "-O1 -march=native"), CFLAGS, LDFLAGS, BUILD (folder), PREFIX, DESTDIR,
# V=1 (shows every command),
# MPI=1 (builds pkosim-mpi too).

ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin AR),default)
AR := ar
endif
BUILD   ?= build
OPT     ?= -O3
PREFIX  ?= /usr/local
PYTHON  ?= /usr/bin/python3
CHECK   := tests/check
comma   := ,
Q       := $(if $(V),,@)
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:

all: build
.PHONY: all

# --- What is compiled, and with what ---------------------------------------------------------------------------

VERSION := $(shell sed -n 's/^[^"]*"\([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\)".*/\1/p' src/base/version.h src/base/version.c 2>/dev/null | head -n 1)
SOVERSION := $(firstword $(subst ., ,$(VERSION)))
TARGET  := $(shell $(CC) -dumpmachine 2>/dev/null)

# psabi: gcc would note how vectors wider than the machine's are passed; here every function of them is inlined.
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wno-psabi -Werror
# The numeric contract: no contraction and no reassociation. SSE2, the base of x86-64, gives FLT_EVAL_METHOD 0.
NUMERIC  := -ffp-contract=off -fno-fast-math
# Builds for x86-64 carry the loops over many (src/*/*_kernel.c) once for each instruction set.
CLONES   := $(if $(filter x86_64-%,$(TARGET)),-DPKO_CLONES_X86)
# One set of flags for every object: a flag that changes numbers or names must never differ between two of them.
FLAGS     = -std=gnu11 $(OPT) -g $(WARNINGS) $(NUMERIC) $(CLONES) -fPIC -fvisibility=hidden -fopenmp $(CPPFLAGS) $(CFLAGS)

# The libraries that the core does without. Debian has no pkg-config file for HDF5's high-level part (H5DS).
# Always the serial HDF5: the name "hdf5" may mean the MPI build.
MODULES := gsl hdf5-serial yaml-0.1 zlib
LIBRARY_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(MODULES) 2>/dev/null))
LIBRARY_LIBS   := $(shell pkg-config --libs hdf5-serial 2>/dev/null) -lhdf5_hl $(shell pkg-config --libs gsl yaml-0.1 zlib 2>/dev/null) -lm
# Programs take HDF5 as an archive where there is one: the shared one brings thirty others, for drivers that are not used
# here, and loading them takes longer than most commands.
HDF5_FOLDER  := $(patsubst -L%,%,$(firstword $(shell pkg-config --libs-only-L hdf5-serial 2>/dev/null)))
HDF5_BOTH    = $(HDF5_FOLDER)/libhdf5_hl.a $(HDF5_FOLDER)/libhdf5.a -lsz -ldl
# Found out by a trial, when a program is linked: what an archive needs depends on how it was made.
HDF5_ARCHIVES = $(eval HDF5_ARCHIVES := $(if $(wildcard $(HDF5_FOLDER)/libhdf5.a),$(shell echo 'int H5open(void); int main(void) { return H5open(); }' | \
	$(CC) -x c - -x none -o /dev/null $(HDF5_BOTH) -lz -lm 2>/dev/null && echo '$(HDF5_BOTH)')))$(HDF5_ARCHIVES)
PROGRAM_LIBS  = $(HDF5_ARCHIVES) $(if $(HDF5_ARCHIVES),$(filter-out -lhdf5 -lhdf5_hl,$(LIBRARY_LIBS)),$(LIBRARY_LIBS))
TEST_LIBS      := $(shell pkg-config --libs criterion 2>/dev/null)

CORE_FOLDERS := src/base src/model src/process src/engine
KERNELS      := $(wildcard $(CORE_FOLDERS:=/*_kernel.c))
CORE_SOURCES := $(filter-out $(KERNELS),$(wildcard $(CORE_FOLDERS:=/*.c)))
LIB_SOURCES  := $(CORE_SOURCES) $(wildcard src/scenario/*.c src/record/*.c src/experiment/*.c)
CLI_SOURCES  := $(wildcard src/cli/*.c)
CLUSTER_SOURCES := $(wildcard src/cluster/*.c)
EMBEDDER     := $(wildcard src/scenario/embed.sh)
SCENARIOS    := $(sort $(wildcard scenarios/*.yaml))

KERNEL_CLONES  := generic $(if $(CLONES),v3 v4)
KERNEL_OBJECTS := $(foreach clone,$(KERNEL_CLONES),$(KERNELS:%.c=$(BUILD)/%.$(clone).o))
CORE_OBJECTS   := $(CORE_SOURCES:%.c=$(BUILD)/%.o) $(KERNEL_OBJECTS)
GENERATED      := $(if $(EMBEDDER),$(BUILD)/generated/builtin_scenarios.c)
LIB_OBJECTS    := $(LIB_SOURCES:%.c=$(BUILD)/%.o) $(KERNEL_OBJECTS) $(GENERATED:.c=.o)
CLI_OBJECTS    := $(CLI_SOURCES:%.c=$(BUILD)/%.o)
CLUSTER_OBJECTS := $(CLUSTER_SOURCES:%.c=$(BUILD)/%.o)

STATIC_LIBRARY := $(BUILD)/libpkosim.a
SHARED_LIBRARY := $(BUILD)/libpkosim.so
# MPI=1 also builds pkosim-mpi, with OpenMPI.
MPI_CFLAGS  := $(if $(MPI),$(patsubst -I%,-isystem %,$(shell pkg-config --cflags ompi-c 2>/dev/null)))
MPI_LIBS    := $(if $(MPI),$(shell pkg-config --libs ompi-c 2>/dev/null))
MPI_PROGRAM := $(if $(MPI),$(BUILD)/pkosim-mpi)
PROGRAM        := $(if $(wildcard src/cli/main.c),$(BUILD)/pkosim)

# --- Building --------------------------------------------------------------------------------------------------

build: libraries $(PROGRAM) $(MPI_PROGRAM)
libraries: $(STATIC_LIBRARY) $(SHARED_LIBRARY)
core: $(CORE_OBJECTS)
.PHONY: build libraries core FORCE

# A file whose text is everything that decides how objects come out; it changes, and so everything is rebuilt,
# only when that does.
BUILD_KEY = $(FLAGS) $(LIBRARY_CFLAGS) $(LIBRARY_LIBS) $(LDFLAGS) | $(VERSION) | $(CC) $(shell $(CC) --version 2>/dev/null | head -n 1)
STAMP = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' | cmp -s - $@ || printf '%s\n' '$(subst ','\'',$(1))' > $@
$(BUILD)/flags: FORCE
	$(call STAMP,$(BUILD_KEY))

# The commit goes into one object only, so that a commit does not rebuild the rest.
COMMIT = $(shell git -c safe.directory='*' describe --always --abbrev=40 --exclude '*' --dirty 2>/dev/null || echo unknown)
$(BUILD)/commit: FORCE
	$(call STAMP,$(COMMIT))
PROVENANCE := $(BUILD)/src/record/provenance.o
$(PROVENANCE): $(BUILD)/commit

COMPILE = $(Q)mkdir -p $(@D); echo "  CC      $@"; $(CC) $(FLAGS) -Iinclude -Isrc $(OWN) -MMD -MP -c -o $@ $<

# Floors 1-4, the core, see no other library's headers; those above and the tests do.
$(foreach room,scenario record experiment cli,$(BUILD)/src/$(room)/%.o): OWN += $(LIBRARY_CFLAGS)
$(BUILD)/src/cluster/%.o: OWN += $(LIBRARY_CFLAGS) $(MPI_CFLAGS)
$(BUILD)/tests/%.o: OWN += -Itests $(LIBRARY_CFLAGS)
$(PROVENANCE): OWN += -DPKO_COMMIT='"$(COMMIT)"' -DPKO_FLAGS='"$(subst ",\",$(strip $(FLAGS)))"'
$(BUILD)/%.o: %.c $(BUILD)/flags
	$(COMPILE)

# The loops over many (src/*/*_kernel.c), compiled once for each instruction set; the program picks one when it runs.
$(BUILD)/%_kernel.generic.o: OWN = -DPKO_CLONE=generic
$(BUILD)/%_kernel.v3.o:      OWN = -DPKO_CLONE=v3 -march=x86-64-v3
$(BUILD)/%_kernel.v4.o:      OWN = -DPKO_CLONE=v4 -march=x86-64-v4 -mprefer-vector-width=512
define KERNEL_RULE
$(BUILD)/%.$(1).o: %.c $(BUILD)/flags
	$$(COMPILE)
endef
$(foreach clone,$(KERNEL_CLONES),$(eval $(call KERNEL_RULE,$(clone))))

# The built-in scenarios become C.
$(BUILD)/generated/builtin_scenarios.c: $(EMBEDDER) $(SCENARIOS)
	$(Q)mkdir -p $(@D); echo "  EMBED   $@"; sh $(EMBEDDER) $(SCENARIOS) > $@
$(GENERATED:.c=.o): $(GENERATED) $(BUILD)/flags
	$(COMPILE)

$(STATIC_LIBRARY): $(LIB_OBJECTS)
	$(Q)echo "  AR      $@"; mkdir -p $(@D); rm -f $@; $(AR) rcsD $@ $(LIB_OBJECTS)

# A sanitizer's own functions come with the program.
$(SHARED_LIBRARY): $(LIB_OBJECTS)
	$(Q)echo "  LINK    $@"; $(CC) $(FLAGS) $(LDFLAGS) -shared -Wl,-soname,$(@F).$(SOVERSION) $(if $(SANITIZED),,-Wl$(comma)--no-undefined) -o $@ $(LIB_OBJECTS) $(LIBRARY_LIBS)
	$(Q)ln -sf $(@F) $@.$(SOVERSION)

$(BUILD)/pkosim: $(CLI_OBJECTS) $(STATIC_LIBRARY)
	$(Q)echo "  LINK    $@"; $(CC) $(FLAGS) $(LDFLAGS) -o $@ $(CLI_OBJECTS) $(STATIC_LIBRARY) $(PROGRAM_LIBS)

$(BUILD)/pkosim-mpi: $(CLUSTER_OBJECTS) $(STATIC_LIBRARY)
	$(Q)echo "  LINK    $@"; $(CC) $(FLAGS) $(LDFLAGS) -o $@ $(CLUSTER_OBJECTS) $(STATIC_LIBRARY) $(PROGRAM_LIBS) $(MPI_LIBS)

# --- Test programs ---------------------------------------------------------------------------------------------

CRITERION_TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c tests/property/test_*.c))
PLAIN_TESTS     := $(patsubst %.c,$(BUILD)/%,$(filter-out tests/property/test_%,$(wildcard tests/property/*.c)))
TEST_PROGRAMS   := $(CRITERION_TESTS) $(PLAIN_TESTS)
BENCH_PROGRAMS  := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))

$(CRITERION_TESTS): LIBS = $(TEST_LIBS)
# The stripped kernel against which process 7 is held is made for the machine that it runs on.
$(BUILD)/tests/bench/kernel.o: OWN += $(if $(CLONES),-march=native)
$(TEST_PROGRAMS) $(BENCH_PROGRAMS): %: %.o $(STATIC_LIBRARY)
	$(Q)echo "  LINK    $@"; $(CC) $(FLAGS) $(LDFLAGS) -o $@ $< $(STATIC_LIBRARY) $(LIBRARY_LIBS) $(LIBS)
tests: $(TEST_PROGRAMS) $(BUILD)/tests/bench/day
.PHONY: tests
.SECONDARY:

# --- Running and testing ---------------------------------------------------------------------------------------

# As many jobs as there are processors, unless the user said how many.
MAKE_HERE = $(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))

setup:
	@sh $(CHECK)/packages.sh $(CHECK)/packages.txt build

# A second make builds, since this one looked for the libraries before the packages were there.
run:
	@echo "run: 1. packages  2. build  3. ten years of MINUSMA under two sharing regimes (a minute or so)"
	@$(MAKE) setup
	@$(MAKE_HERE) build
	@echo "run: $(BUILD)/pkosim run minusma --force"
	@$(BUILD)/pkosim run minusma --force

test:
	@sh $(CHECK)/packages.sh $(CHECK)/packages.txt build test
	@$(MAKE_HERE) build tests
	@$(MAKE) check

# Tests that look at sources and objects, or build their own, say nothing new of a sanitized build.
CHECK_TESTS  := $(wildcard $(CHECK)/test_*.sh)
SYSTEM_TESTS := $(sort $(wildcard tests/system/test_*.sh tests/system/test_*.py))
OWN_BUILDS   := $(addprefix tests/system/test_,builds.sh golden.sh install.sh mpi.py setup.sh)
TESTS        := $(if $(SANITIZED),,$(CHECK_TESTS)) $(TEST_PROGRAMS) $(filter-out $(if $(SANITIZED),$(OWN_BUILDS)),$(SYSTEM_TESTS))
# What tests/check/run.sh hands on to the tests: how this build was made, to compile beside it or to make it again.
check: export PKO_FLAGS = $(FLAGS)
check: export PKO_LIBS = $(LIBRARY_LIBS)
check: export PKO_OPT = $(OPT)
check: export PKO_CFLAGS = $(CFLAGS)
check: export PKO_CPPFLAGS = $(CPPFLAGS)
check: export PKO_LDFLAGS = $(LDFLAGS)
check: export PKO_CORE_OBJECTS = $(abspath $(CORE_OBJECTS))
check: export PKO_LIBRARY_OBJECTS = $(abspath $(LIB_OBJECTS))
check: build tests
	@CC='$(CC)' PYTHON='$(PYTHON)' sh $(CHECK)/run.sh $(BUILD) $(TESTS)
.PHONY: setup run test check

# --- Checks of their own ---------------------------------------------------------------------------------------

check-floors: $(LIB_OBJECTS)
	@CC='$(CC)' sh $(CHECK)/floors.sh . $(abspath $(LIB_OBJECTS))

check-imports: $(CORE_OBJECTS)
	@sh $(CHECK)/core_imports.sh $(CORE_OBJECTS)

check-format:
	@sh $(CHECK)/format.sh src include tests docs
format:
	@sh $(CHECK)/format.sh --fix src include tests docs
.PHONY: check-floors check-imports check-format format

# How fast the program is against its goals (docs/performance.md); QUICK=1 takes a minute and keeps no results.
bench: $(PROGRAM) $(BENCH_PROGRAMS)
	@$(PYTHON) -B tests/bench/bench.py --build '$(BUILD)' $(if $(QUICK),--quick)
# Results of a processor into docs/performance.md and its figure; without RESULTS=FILE, the newest.
RESULTS ?= $(firstword $(shell ls -t tests/bench/results/*.csv 2>/dev/null))
bench-page:
	@$(PYTHON) -B tests/bench/page.py '$(RESULTS)'
.PHONY: bench bench-page

# Instructions of the day loop against tests/bench/instructions.csv; UPDATE=1 writes them there.
instructions: $(BUILD)/tests/bench/day
	@$(PYTHON) -B tests/bench/instructions.py measure '$<' '$(CC)' '$(OPT) $(CFLAGS) $(CPPFLAGS)' > $(BUILD)/instructions.csv
	@$(PYTHON) -B tests/bench/instructions.py $(if $(UPDATE),update,compare) $(BUILD)/instructions.csv tests/bench/instructions.csv
.PHONY: instructions

# The six figures of a run, RUN=FILE; without one, of a run of MINUSMA made for them.
FIGURES := $(BUILD)/figures
RUN     ?= $(FIGURES)/minusma.h5
figures: $(RUN)
	@PYTHONPATH=analysis $(PYTHON) -B -m pkosim_analysis '$(RUN)' --out '$(FIGURES)'
$(FIGURES)/minusma.h5: $(PROGRAM)
	@mkdir -p $(@D); echo "figures: $(PROGRAM) run minusma --replicates 10 --out $@"
	@$(PROGRAM) run minusma --replicates 10 --quiet --force --out $@ > $(@D)/minusma.txt
.PHONY: figures

# What the documents show of the program, as the program says it.
docs: $(PROGRAM)
	@for page in docs/ODD.md README.md; do \
		sh docs/write_tables.sh $(BUILD)/pkosim $$page > $(BUILD)/page.md && cat $(BUILD)/page.md > $$page || exit 1; \
	done
.PHONY: docs

# The reference of the library, from its headers; a comment that is missing is an error.
api:
	@command -v doxygen > /dev/null || { echo 'api: doxygen is missing: apt-get install --no-install-recommends doxygen' >&2; exit 1; }
	@mkdir -p '$(BUILD)/docs/api'
	@{ cat docs/Doxyfile; echo 'PROJECT_NUMBER = $(VERSION)'; echo 'OUTPUT_DIRECTORY = "$(BUILD)/docs/api"'; } | doxygen -
	@echo "api: $(BUILD)/docs/api/html/index.html"
.PHONY: api

# The whole suite under gcc's AddressSanitizer and UndefinedBehaviorSanitizer, then what runs in threads under clang's
# ThreadSanitizer (gcc's does not know its own OpenMP library and cries wolf).
ASAN = BUILD=$(BUILD)/asan CC=gcc OPT=-O1 SANITIZED=address CFLAGS='-fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'
TSAN = BUILD=$(BUILD)/tsan CC=clang OPT=-O1 SANITIZED=thread CFLAGS='-fno-omit-frame-pointer -fsanitize=thread'
sanitize: sanitize-address sanitize-thread
sanitize-address:
	@sh $(CHECK)/packages.sh $(CHECK)/packages.txt build test
	@$(MAKE_HERE) $(ASAN) build tests
	@$(MAKE) $(ASAN) check
sanitize-thread:
	@sh $(CHECK)/packages.sh $(CHECK)/packages.txt build test deep
	@$(MAKE_HERE) $(TSAN) build
	@CC=clang sh $(CHECK)/threads.sh $(BUILD)/tsan/pkosim
.PHONY: sanitize sanitize-address sanitize-thread

# Each tests/fuzz/NAME.c under clang's libFuzzer, from the seeds in tests/fuzz/NAME/ if there are any.
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/*.c))
FUZZ = BUILD=$(BUILD)/fuzz CC=clang OPT=-O1 SANITIZED=fuzzer CFLAGS='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all'
fuzz:
	@sh $(CHECK)/packages.sh $(CHECK)/packages.txt build test deep
	@$(MAKE_HERE) $(FUZZ) fuzzers
	@for name in $(FUZZERS:$(BUILD)/tests/fuzz/%=%); do sh $(CHECK)/fuzz.sh $(BUILD)/fuzz $$name $(FUZZ_SECONDS) || exit 1; done
fuzzers: $(FUZZERS)
$(FUZZERS): %: %.o $(STATIC_LIBRARY)
	$(Q)echo "  LINK    $@"; $(CC) $(FLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $< $(STATIC_LIBRARY) $(LIBRARY_LIBS)
.PHONY: fuzz fuzzers

# --- Installing ------------------------------------------------------------------------------------------------

INTO     = $(DESTDIR)$(PREFIX)
HEADERS := $(wildcard include/pkosim/*.h)
install: build
	@case '$(PREFIX)' in /*) ;; *) echo "install: PREFIX must be an absolute path, not '$(PREFIX)'" >&2; exit 1 ;; esac
	install -d '$(INTO)/bin' '$(INTO)/lib/pkgconfig' '$(INTO)/include/pkosim'
	install -m 755 $(PROGRAM) $(MPI_PROGRAM) '$(INTO)/bin/'
	install -m 644 $(STATIC_LIBRARY) '$(INTO)/lib/'
	install -m 755 $(SHARED_LIBRARY) '$(INTO)/lib/libpkosim.so.$(VERSION)'
	ln -sf libpkosim.so.$(VERSION) '$(INTO)/lib/libpkosim.so.$(SOVERSION)'
	ln -sf libpkosim.so.$(SOVERSION) '$(INTO)/lib/libpkosim.so'
	install -m 644 $(HEADERS) '$(INTO)/include/pkosim/'
	install -d '$(INTO)/share/man/man1' '$(INTO)/share/bash-completion/completions'
	$(PROGRAM) help --man > '$(INTO)/share/man/man1/pkosim.1'
	for name in $$($(PROGRAM) help --names); do $(PROGRAM) help --man $$name > '$(INTO)/share/man/man1/'pkosim-$$name.1 || exit 1; done
	$(PROGRAM) completion bash > '$(INTO)/share/bash-completion/completions/pkosim'
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@MODULES@|$(MODULES)|' src/pkosim.pc.in > '$(INTO)/lib/pkgconfig/pkosim.pc'
uninstall:
	rm -f '$(INTO)/bin/pkosim' '$(INTO)/bin/pkosim-mpi' '$(INTO)/lib/libpkosim.a' '$(INTO)'/lib/libpkosim.so* '$(INTO)/lib/pkgconfig/pkosim.pc' $(HEADERS:include/%='$(INTO)/include/%')
	rm -f '$(INTO)'/share/man/man1/pkosim.1 '$(INTO)'/share/man/man1/pkosim-*.1 '$(INTO)/share/bash-completion/completions/pkosim'
	-rmdir '$(INTO)/include/pkosim'
.PHONY: install uninstall

help:
	@echo 'make              build the program and the libraries into $(BUILD)/'
	@echo 'make MPI=1        the same, and pkosim-mpi with OpenMPI (packages openmpi-bin, libopenmpi-dev)'
	@echo 'make run          on any Debian 12: packages, build, and ten years of MINUSMA under two sharing regimes'
	@echo 'make test         packages, build, and every test; ONLY=WORD runs the tests whose names hold WORD'
	@echo 'make check        the same without looking for packages'
	@echo 'make check-floors, check-imports, check-format     one check alone'
	@echo 'make format       lay out every C file with clang-format 14'
	@echo 'make docs         write the tables of docs/ODD.md from the program'
	@echo 'make api          a reference of the library from its headers, into $(BUILD)/docs/api (needs doxygen)'
	@echo 'make figures      six figures of a run, RUN=FILE.h5 (without one: of ten twins of MINUSMA) into $(BUILD)/figures'
	@echo 'make bench        how fast the program is against its goals, about five minutes; QUICK=1 takes one'
	@echo 'make bench-page   the results of make bench into docs/performance.md, with their figure'
	@echo 'make instructions instructions of the day loop against those committed; UPDATE=1 writes new ones'
	@echo 'make sanitize     every test under ASan and UBSan, the threaded ones under TSan'
	@echo 'make fuzz         libFuzzer, $(FUZZ_SECONDS) s a target (FUZZ_SECONDS=N)'
	@echo 'make install      PREFIX=$(PREFIX), DESTDIR= for packagers; make uninstall takes it away'
	@echo 'make setup        only look for the packages of a build, and install them'
	@echo 'make clean        remove $(BUILD)/'
	@echo 'Variables: CC, OPT ("-O3"; "-O3 -march=native"), CFLAGS, CPPFLAGS, LDFLAGS, BUILD, V=1 shows the commands.'
.PHONY: help

# For scripts that compile something of their own with the flags of the project: make -s print-FLAGS
print-%:
	@echo '$($*)'

clean:
	rm -rf $(BUILD)
.PHONY: clean

-include $(LIB_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(CLUSTER_OBJECTS:.o=.d) $(TEST_PROGRAMS:=.d) $(BENCH_PROGRAMS:=.d) $(FUZZERS:=.d)
