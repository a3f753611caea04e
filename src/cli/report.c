/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pkosim/status.h"

int pko_exit_of(int status) {
    switch (status) {
    case PKO_OK:
        return PKO_EXIT_OK;
    case PKO_ERROR_INPUT:
    case PKO_ERROR_NAME:
    case PKO_ERROR_RANGE:
    case PKO_ERROR_VERSION:
    case PKO_ERROR_LIMIT:
        return PKO_EXIT_INPUT;
    case PKO_ERROR_MEMORY:
        return PKO_EXIT_MEMORY;
    case PKO_ERROR_DISK:
        return PKO_EXIT_DISK;
    case PKO_ERROR_INTERRUPTED:
        return PKO_EXIT_STOPPED;
    default:
        return PKO_EXIT_INTERNAL;
    }
}

int pko_report(int exit_status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("pkosim: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return exit_status;
}

void pko_close_stdout(void) {
    int failed = ferror(stdout), why = 0;
    if (fflush(stdout) != 0 || fclose(stdout) != 0) {
        failed = 1;
        why = errno;
    }
    if (!failed)
        return;
    pko_report(PKO_EXIT_DISK, "standard output could not be written%s%s", why ? ": " : "",
               why ? strerror(why) : "");
    _exit(PKO_EXIT_DISK);
}
