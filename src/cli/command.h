/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the program: one function and one file each. argv[0] is "pkosim COMMAND"; the value
 * returned is the exit status (cli/report.h). A wrong command line ends the process with status 2 inside
 * argp. */
#ifndef PKO_CLI_COMMAND_H
#define PKO_CLI_COMMAND_H

#include <argp.h>
#include <stddef.h>

int pko_command_run(int argc, char **argv);
int pko_command_new(int argc, char **argv);
int pko_command_check(int argc, char **argv);
int pko_command_show(int argc, char **argv);
int pko_command_compare(int argc, char **argv);
int pko_command_export(int argc, char **argv);
int pko_command_explain(int argc, char **argv);
int pko_command_decompose(int argc, char **argv);
int pko_command_loops(int argc, char **argv);
int pko_command_sweep(int argc, char **argv);
int pko_command_status(int argc, char **argv);
int pko_command_merge(int argc, char **argv);
int pko_command_slurm(int argc, char **argv);
int pko_command_sensitivity(int argc, char **argv);
int pko_command_schema(int argc, char **argv);
int pko_command_parameters(int argc, char **argv);
int pko_command_regimes(int argc, char **argv);
int pko_command_arrows(int argc, char **argv);
int pko_command_doctor(int argc, char **argv);
int pko_command_completion(int argc, char **argv);
int pko_command_version(int argc, char **argv);

/* What each takes; --help, manual pages and completion read it. */
extern const struct argp pko_argp_run, pko_argp_new, pko_argp_check, pko_argp_show, pko_argp_compare,
    pko_argp_export, pko_argp_explain, pko_argp_decompose, pko_argp_loops, pko_argp_sweep, pko_argp_status,
    pko_argp_merge, pko_argp_slurm, pko_argp_sensitivity, pko_argp_schema, pko_argp_parameters,
    pko_argp_regimes, pko_argp_arrows, pko_argp_doctor, pko_argp_completion, pko_argp_version;

struct pko_command {
    const char *name, *called; /* called: argv[0] of the command */
    int (*start)(int argc, char **argv);
    const struct argp *argp;
    const char *does; /* one line */
};
/* The commands but `help` by number, NULL past the end (cli/main.c). */
const struct pko_command *pko_command(size_t number);

/* The long options of a command and its children, as --help orders them; the caller frees. NULL without
 * memory. *count tells how many. --help and --usage, which every command has, are not among them. */
const struct argp_option **pko_command_options(const struct argp *argp, size_t *count);

/* Prints the manual page of a command in section 1, or of the program for NULL (cli/manual.c). An exit
 * status. */
int pko_manual_print(const struct pko_command *command);

#endif
