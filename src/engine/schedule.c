/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/schedule.h"

#include <stddef.h>

#include "process/process.h"

const struct pko_phase pko_schedule[] = {
#define PKO_PROCESS(number, name, does, owns) {number, #name, does, owns, pko_process_##name},
#include "process/schedule.def"
#undef PKO_PROCESS
    {0, NULL, NULL, NULL, NULL},
};
