/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program: finds the command, hands it its words, ends with its exit status. */
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/names.h"
#include "cli/command.h"
#include "cli/report.h"
#include "pkosim/pkosim.h"

static const struct pko_command commands[] = {
    {"run", "pkosim run", pko_command_run, &pko_argp_run,
     "run a scenario as twins under sharing regimes; table and HDF5 file"},
    {"new", "pkosim new", pko_command_new, &pko_argp_new, "write a small scenario to start from"},
    {"check", "pkosim check", pko_command_check, &pko_argp_check, "check a scenario without running it"},
    {"show", "pkosim show", pko_command_show, &pko_argp_show,
     "say what a file written by run holds, or its digest"},
    {"compare", "pkosim compare", pko_command_compare, &pko_argp_compare,
     "compare two files written by run, paired where it can"},
    {"export", "pkosim export", pko_command_export, &pko_argp_export,
     "write a file of run as tables for R and spreadsheets"},
    {"explain", "pkosim explain", pko_command_explain, &pko_argp_explain,
     "explain an incident or a person of a run"},
    {"decompose", "pkosim decompose", pko_command_decompose, &pko_argp_decompose,
     "say which rules carry the difference of two regimes"},
    {"loops", "pkosim loops", pko_command_loops, &pko_argp_loops,
     "say what each loop and each arrow carries"},
    {"sweep", "pkosim sweep", pko_command_sweep, &pko_argp_sweep,
     "run a campaign: a scenario at many points of a design"},
    {"status", "pkosim status", pko_command_status, &pko_argp_status, "say how far a campaign has come"},
    {"merge", "pkosim merge", pko_command_merge, &pko_argp_merge,
     "make what there is of a campaign one file and one table"},
    {"slurm", "pkosim slurm", pko_command_slurm, &pko_argp_slurm,
     "print a script that runs a campaign as an array of jobs"},
    {"sensitivity", "pkosim sensitivity", pko_command_sensitivity, &pko_argp_sensitivity,
     "say which parameters matter in a campaign"},
    {"schema", "pkosim schema", pko_command_schema, &pko_argp_schema,
     "print a JSON Schema of scenario files, for editors"},
    {"parameters", "pkosim parameters", pko_command_parameters, &pko_argp_parameters,
     "list the parameters of the model"},
    {"regimes", "pkosim regimes", pko_command_regimes, &pko_argp_regimes,
     "list the built-in sharing regimes"},
    {"arrows", "pkosim arrows", pko_command_arrows, &pko_argp_arrows,
     "list the causal arrows that can be cut"},
    {"doctor", "pkosim doctor", pko_command_doctor, &pko_argp_doctor,
     "say what is missing on this machine, and for what"},
    {"completion", "pkosim completion", pko_command_completion, &pko_argp_completion,
     "print what a shell needs to complete commands"},
    {"version", "pkosim version", pko_command_version, &pko_argp_version,
     "version, commit, compiler and flags"},
};
#define COMMANDS (sizeof commands / sizeof *commands)

const struct pko_command *pko_command(size_t number) {
    return number < COMMANDS ? &commands[number] : NULL;
}

static void print_help(FILE *stream) {
    fprintf(stream, "pkosim %s: an agent-based simulator of UN peacekeeping missions\n\n", pko_version());
    fputs("Usage: pkosim COMMAND [WORD...]\n\n", stream);
    for (size_t k = 0; k < COMMANDS; k++)
        fprintf(stream, "  %-11s %s\n", commands[k].name, commands[k].does);
    fputs("  help        this, or `pkosim help COMMAND`; --man gives manual pages\n\n"
          "Examples:\n"
          "  pkosim run                          ten years of MINUSMA under two regimes\n"
          "  pkosim run small --replicates 40    a small mission, in seconds\n"
          "  pkosim run --help                   all options of a command\n",
          stream);
}

static const char *command_name(const void *context, size_t k) {
    (void)context;
    return k < COMMANDS ? commands[k].name : k == COMMANDS ? "help" : NULL;
}

static const struct pko_command *find(const char *name) {
    for (size_t k = 0; k < COMMANDS; k++)
        if (strcmp(commands[k].name, name) == 0)
            return &commands[k];
    return NULL;
}

static int unknown(const char *name) {
    const char *nearest = pko_name_nearest(name, command_name, NULL);
    if (nearest)
        return pko_report(PKO_EXIT_INPUT, "unknown command '%s' (nearest: '%s')", name, nearest);
    return pko_report(PKO_EXIT_INPUT, "unknown command '%s'; see 'pkosim help'", name);
}

static int start(const struct pko_command *command, int argc, char **argv) {
    argv[0] = (char *)command->called; /* argp and getopt only read it */
    return command->start(argc, argv);
}

/* `help --man [COMMAND]` and `help --names`, which an installation makes its files with. */
static int help_of_pages(int argc, char **argv) {
    const struct pko_command *command = argc > 2 ? find(argv[2]) : NULL;
    bool man = strcmp(argv[1], "--man") == 0;
    if (argc > (man ? 3 : 2))
        return pko_report(PKO_EXIT_INPUT, "nothing more is wanted here: '%s'", argv[argc - 1]);
    if (man)
        return argc > 2 && !command ? unknown(argv[2]) : pko_manual_print(command);
    for (size_t k = 0; k < COMMANDS; k++)
        puts(commands[k].name);
    return PKO_EXIT_OK;
}

static int help(int argc, char **argv) {
    if (argc < 2) {
        print_help(stdout);
        return PKO_EXIT_OK;
    }
    if (strcmp(argv[1], "--man") == 0 || strcmp(argv[1], "--names") == 0)
        return help_of_pages(argc, argv);
    const struct pko_command *command = find(argv[1]);
    if (!command || argc > 2)
        return command ? pko_report(PKO_EXIT_INPUT, "help with one command at a time") : unknown(argv[1]);
    char *words[] = {argv[0], (char *)"--help", NULL};
    return start(command, 2, words);
}

/* Memory that is freed stays with the program: a run takes up what the one before has left, and the system
 * need not clear pages anew for each. */
#define KEPT_BLOCK (32 << 20) /* larger blocks do go back: the most that malloc allows */
#define KEPT_END   (1 << 26)
static void keep_memory(void) {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK);
    mallopt(M_TRIM_THRESHOLD, KEPT_END);
#endif
}

int main(int argc, char **argv) {
    keep_memory();
    gsl_set_error_handler_off();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of writing, told like any other */
    signal(SIGXFSZ, SIG_IGN); /* and so is a limit on the size of files */
    atexit(pko_close_stdout);
    if (argc < 2) {
        print_help(stderr);
        return PKO_EXIT_INPUT;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(argc - 1, argv + 1);
    if (strcmp(argv[1], "--version") == 0)
        argv[1] = (char *)"version";
    const struct pko_command *command = find(argv[1]);
    return command ? start(command, argc - 1, argv + 1) : unknown(argv[1]);
}
