# SPDX-License-Identifier: GPL-3.0-or-later
# `make` builds; `make run` shows the default comparison; `make test` runs every test. See CONTRIBUTING.md.

CC       ?= gcc
BUILD    ?= build
OPT      ?= -O3
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
# The numeric contract: no contraction, no reassociation; SSE2 or better gives FLT_EVAL_METHOD 0.
NUMERIC  := -ffp-contract=off -fno-fast-math
CFLAGS_ALL = -std=gnu11 $(OPT) -g $(WARNINGS) $(NUMERIC) -fPIC -fvisibility=hidden -fopenmp -MMD -MP -Iinclude -Isrc -I$(BUILD)/generated $(CFLAGS)
PACKAGES := gsl hdf5-serial hdf5-serial-hl yaml-0.1

CORE_SOURCES := $(wildcard src/base/*.c src/model/*.c src/process/*.c src/engine/*.c)
LIB_SOURCES  := $(CORE_SOURCES) $(wildcard src/scenario/*.c src/record/*.c src/experiment/*.c)
CORE_OBJECTS := $(CORE_SOURCES:%.c=$(BUILD)/%.o)

all: core

core: $(CORE_OBJECTS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -c -o $@ $<

clean:
	rm -rf $(BUILD)

-include $(CORE_OBJECTS:.o=.d)
.PHONY: all core clean
