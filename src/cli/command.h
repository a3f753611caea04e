/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the program: one function and one file each. argv[0] is "pkosim COMMAND"; the value
 * returned is the exit status (cli/report.h). A wrong command line ends the process with status 2 inside
 * argp. */
#ifndef PKO_CLI_COMMAND_H
#define PKO_CLI_COMMAND_H

int pko_command_run(int argc, char **argv);
int pko_command_new(int argc, char **argv);
int pko_command_check(int argc, char **argv);
int pko_command_show(int argc, char **argv);
int pko_command_compare(int argc, char **argv);
int pko_command_export(int argc, char **argv);
int pko_command_explain(int argc, char **argv);
int pko_command_schema(int argc, char **argv);
int pko_command_parameters(int argc, char **argv);
int pko_command_regimes(int argc, char **argv);
int pko_command_arrows(int argc, char **argv);
int pko_command_doctor(int argc, char **argv);
int pko_command_version(int argc, char **argv);

#endif
