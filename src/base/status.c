/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pkosim/status.h"

const char *pko_status_text(int status) {
    switch (status) {
#define STATUS_TEXT(code, number, text)                                                                      \
    case code:                                                                                               \
        return text;
        PKO_STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    default:
        return "unknown status";
    }
}
