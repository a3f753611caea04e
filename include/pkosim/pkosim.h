/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pkosim: an agent-based simulator of UN peacekeeping missions. This header includes the whole public
 * interface. */
#ifndef PKOSIM_PKOSIM_H
#define PKOSIM_PKOSIM_H

#include "pkosim/mission.h"
#include "pkosim/observe.h"
#include "pkosim/parameters.h"
#include "pkosim/scenario.h"
#include "pkosim/status.h"

#pragma GCC visibility push(default) /* what is declared here is exported by the shared library */

/* Version of the library, "MAJOR.MINOR.PATCH". */
const char *pko_version(void);

#pragma GCC visibility pop

#endif
