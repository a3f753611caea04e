/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How every function of the library reports: PKO_OK (0), or one negative code of this list. */
#ifndef PKOSIM_STATUS_H
#define PKOSIM_STATUS_H

#pragma GCC visibility push(default) /* what is declared here is exported by the shared library */

/* Every status: code, number, one clear word or two. Families: general -1…, input -10…, world -20…. */
#define PKO_STATUS_LIST(X)                                                                                   \
    X(PKO_OK, 0, "success")                                                                                  \
    X(PKO_ERROR_MEMORY, -1, "out of memory")                                                                 \
    X(PKO_ERROR_INPUT, -10, "invalid input")                                                                 \
    X(PKO_ERROR_NAME, -11, "unknown name")                                                                   \
    X(PKO_ERROR_RANGE, -12, "value out of range")                                                            \
    X(PKO_ERROR_VERSION, -13, "written by another version")                                                  \
    X(PKO_ERROR_LIMIT, -14, "a limit of the model is exceeded")                                              \
    X(PKO_ERROR_DISK, -20, "disk or file error")                                                             \
    X(PKO_ERROR_INTERRUPTED, -21, "interrupted")

/* The codes. */
enum pko_status {
#define PKO_STATUS_ENUM(code, number, text) code = number,
    PKO_STATUS_LIST(PKO_STATUS_ENUM)
#undef PKO_STATUS_ENUM
};

/* The text of a status code; never NULL ("unknown status" for a number outside the list). */
const char *pko_status_text(int status);

#pragma GCC visibility pop

#endif
