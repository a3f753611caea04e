/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* asprintf, canonicalize */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/sweep.h"
#include "cli/words.h"
#include "experiment/plan.h"
#include "pkosim/status.h"

#define ARRAY_MOST 1000 /* Slurm's own limit is 1001 unless a site raises it */
#define TIME_LEAST 60   /* seconds: Slurm counts minutes */
#define NOTICE     120  /* seconds before the end at which the job is told */
#define CPUS_MOST  4096

struct words {
    const char *campaign, *out, *memory, *partition, *account;
    unsigned long array, cpus, seconds;
};
enum { KEY_OUT = 0x100, KEY_ARRAY, KEY_TIME, KEY_CPUS, KEY_MEMORY, KEY_PARTITION, KEY_ACCOUNT };

static const struct argp_option options[] = {
    {"out", KEY_OUT, "DIR", 0, "directory of the results (the campaign's name)", 1},
    {"array", KEY_ARRAY, "N", 0, "jobs that share the work (1)", 1},
    {"time", KEY_TIME, "TIME", 0, "of a job, before it is put back in the queue: 90m, 4h (4h)", 1},
    {"cpus", KEY_CPUS, "C", 0, "threads of a job (1)", 1},
    {"mem", KEY_MEMORY, "SIZE", 0, "memory of a job, as Slurm writes it (1G)", 1},
    {"partition", KEY_PARTITION, "NAME", 0, "where to run (the site's default)", 1},
    {"account", KEY_ACCOUNT, "NAME", 0, "on whose account (the user's default)", 1},
    {0}};

static unsigned long number(struct argp_state *state, const char *option, const char *text,
                            unsigned long most) {
    unsigned long value = 0;
    if (pko_words_number(text, most, &value) != 0 || value == 0)
        argp_error(state, "%s wants a whole number from 1 to %lu, not '%s'", option, most, text);
    return value;
}

/* A word that stands in a line for Slurm as it is. */
static const char *plain(struct argp_state *state, const char *option, const char *text) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,-";
    if (!*text || text[strspn(text, allowed)])
        argp_error(state, "%s wants letters, digits and _.,- only, not '%s'", option, text);
    return text;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct words *words = state->input;
    switch (key) {
    case KEY_OUT:
        words->out = argument;
        return 0;
    case KEY_ARRAY:
        words->array = number(state, "--array", argument, ARRAY_MOST);
        return 0;
    case KEY_CPUS:
        words->cpus = number(state, "--cpus", argument, CPUS_MOST);
        return 0;
    case KEY_TIME:
        words->seconds = pko_words_seconds(argument);
        if (words->seconds < TIME_LEAST)
            argp_error(state, "--time wants a time of a minute or more like 90m, 4h or 1h30m, not '%s'",
                       argument);
        return 0;
    case KEY_MEMORY:
        words->memory = plain(state, "--mem", argument);
        return 0;
    case KEY_PARTITION:
        words->partition = plain(state, "--partition", argument);
        return 0;
    case KEY_ACCOUNT:
        words->account = plain(state, "--account", argument);
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0)
            argp_error(state, "one campaign at a time: '%s' is one too many", argument);
        words->campaign = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which campaign? A file like scenarios/campaigns/smoke.yaml");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp pko_argp_slurm = {
    .options = options,
    .parser = parse,
    .args_doc = "CAMPAIGN",
    .doc = "Print a commented script for Slurm's sbatch: an array of jobs that share the shards of a "
           "campaign. A "
           "job whose time is up stops in order and goes back into the queue until its part is done."
           "\vExamples:\n"
           "  pkosim slurm my.yaml --array 64 --time 4h --cpus 8 > my.sbatch\n"
           "  sbatch my.sbatch"};

/* "my" of "folder/my.yaml", with nothing in it that Slurm would not take; owned. */
static char *name_of(const char *campaign) {
    const char *slash = strrchr(campaign, '/');
    char *name = strdup(slash ? slash + 1 : campaign);
    char *dot = name ? strrchr(name, '.') : NULL;
    if (dot && dot != name)
        *dot = 0;
    for (char *c = name; c && *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", *c))
            *c = '_';
    return name;
}

/* A path that means the same from any folder, quoted for a shell; owned. */
static char *quoted_path(const char *path) {
    char *whole = NULL, *folder = NULL;
    if (path[0] == '/')
        whole = strdup(path);
    else if (!(folder = getcwd(NULL, 0)) || asprintf(&whole, "%s/%s", folder, path) < 0)
        whole = NULL;
    char *words[] = {whole, NULL};
    char *quoted = whole ? pko_words_quoted(1, words) : NULL;
    free(folder);
    free(whole);
    return quoted;
}

static void print_head(const struct words *words, const char *name, size_t shards) {
    unsigned long minutes = (words->seconds + 59) / 60;
    unsigned long notice = words->seconds / 2 < NOTICE ? words->seconds / 2 : NOTICE;
    printf("#!/bin/bash\n"
           "# The %zu shards of a campaign as an array of %lu jobs. Submit it with sbatch; submit it again "
           "to go on.\n"
           "#SBATCH --job-name=%s\n"
           "#SBATCH --array=0-%lu\n"
           "#SBATCH --cpus-per-task=%lu\n"
           "#SBATCH --mem=%s\n"
           "#SBATCH --time=%02lu:%02lu:00\n",
           shards, words->array, name, words->array - 1, words->cpus, words->memory, minutes / 60,
           minutes % 60);
    if (words->partition)
        printf("#SBATCH --partition=%s\n", words->partition);
    if (words->account)
        printf("#SBATCH --account=%s\n", words->account);
    printf("# A job that is put back goes on writing to the same file.\n"
           "#SBATCH --requeue\n"
           "#SBATCH --open-mode=append\n"
           "#SBATCH --output=%s-%%A_%%a.out\n"
           "# This script is told %lu s before the time is up, and tells the program, which stops in order.\n"
           "#SBATCH --signal=B:USR1@%lu\n",
           name, notice, notice);
}

static void print_body(const struct words *words, const char *program, const char *campaign,
                       const char *out) {
    printf("\n%s sweep %s --out %s \\\n"
           "    --task \"$SLURM_ARRAY_TASK_ID/%lu\" --threads \"${SLURM_CPUS_PER_TASK:-1}\" &\n"
           "worker=$!\n"
           "trap 'kill -USR1 \"$worker\" 2> /dev/null' USR1 TERM\n"
           "while :; do\n"
           "    wait \"$worker\"\n"
           "    status=$?\n"
           "    [ \"$status\" -gt 128 ] && kill -0 \"$worker\" 2> /dev/null || break\n"
           "done\n"
           "if [ \"$status\" -gt 128 ]; then # it was a signal that ended `wait`, not the worker\n"
           "    wait \"$worker\"\n"
           "    status=$?\n"
           "fi\n"
           "trap - USR1 TERM\n\n"
           "# 75: stopped early. What is complete is in the directory; the rest is for the next time.\n"
           "if [ \"$status\" -eq 75 ]; then\n"
           "    scontrol requeue \"$SLURM_JOB_ID\" && sleep 60\n"
           "fi\n"
           "exit \"$status\"\n\n"
           "# When all jobs are done (afterany, not afterok: merging itself tells what is missing):\n"
           "#   sbatch --dependency=afterany:JOB --wrap \"%s merge %s\"\n",
           program, campaign, out, words->array, program, out);
}

static int print_script(const struct words *words, const struct pko_plan *plan) {
    char self[PATH_MAX] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    char *name = name_of(words->campaign), *program = quoted_path(length > 0 ? self : "pkosim");
    char *campaign = quoted_path(words->campaign);
    char *out = name ? quoted_path(words->out ? words->out : name) : NULL;
    int code = PKO_EXIT_OK;
    if (!program || !campaign || !out) {
        code = pko_report(PKO_EXIT_MEMORY, "out of memory");
    } else {
        print_head(words, name, plan->shards);
        print_body(words, program, campaign, out);
    }
    free(name);
    free(program);
    free(campaign);
    free(out);
    return code;
}

int pko_command_slurm(int argc, char **argv) {
    struct words words = {.array = 1, .cpus = 1, .seconds = 4 * 3600, .memory = "1G"};
    struct pko_plan *plan = NULL;
    char *message = NULL;
    pko_words_parse(argc, argv, &pko_argp_slurm, &words);
    int status = pko_plan_load(words.campaign, NULL, &plan, &message);
    if (status != PKO_OK)
        return pko_sweep_failed(status, message);
    free(message);
    int code = words.array > plan->shards
                   ? pko_report(PKO_EXIT_INPUT,
                                "--array %lu: more jobs than work; allowed: 1 to %zu, the shards of "
                                "the campaign",
                                words.array, plan->shards)
                   : print_script(&words, plan);
    pko_plan_free(plan);
    return code;
}
