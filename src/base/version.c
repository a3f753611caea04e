/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/version.h"

#include "pkosim/pkosim.h"

const char *pko_version(void) {
    return PKO_VERSION;
}
