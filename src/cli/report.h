/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the program speaks and ends: messages on stderr, exit statuses, the check of stdout. */
#ifndef PKO_CLI_REPORT_H
#define PKO_CLI_REPORT_H

/* Exit statuses (after sysexits.h where it has one). */
enum pko_exit {
    PKO_EXIT_OK = 0,
    PKO_EXIT_INPUT = 2,     /* a mistake in the command line, a scenario or a file given */
    PKO_EXIT_INTERNAL = 70, /* a status that should not occur: a bug */
    PKO_EXIT_MEMORY = 71,
    PKO_EXIT_DISK = 74,
    PKO_EXIT_STOPPED = 75 /* stopped early; what is missing can be run later */
};

/* The exit status that stands for a library status (pkosim/status.h). */
int pko_exit_of(int status);
/* Prints "pkosim: …" and a line end on stderr; returns `exit_status` for a caller to return in turn. */
int pko_report(int exit_status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* To be registered with atexit: flushes and closes stdout; if that or an earlier write failed, says so and
 * ends the process with PKO_EXIT_DISK. argp prints --help and exits on its own, so this cannot be left to
 * main. */
void pko_close_stdout(void);

#endif
