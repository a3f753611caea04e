/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Manual pages, from the same tables as --help. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/report.h"
#include "experiment/outcomes.h"
#include "pkosim/pkosim.h"

/* A text for roff: what would be a request or an escape is none, and a - is one that can be copied. */
static void put_text(const char *text, size_t length) {
    bool start = true;
    for (const char *end = text + length; text < end; text++) {
        if (start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        start = *text == '\n';
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void put(const char *text) {
    put_text(text, strlen(text));
}

/* A heading of lines that stay as they are. */
static void put_lines(const char *title, const char *lines) {
    printf(".SH %s\n.nf\n", title);
    put(lines);
    puts("\n.fi");
}

static int by_group(const void *one, const void *other) {
    const struct argp_option *first = *(const struct argp_option *const *)one;
    const struct argp_option *second = *(const struct argp_option *const *)other;
    return first->group != second->group ? first->group - second->group : strcmp(first->name, second->name);
}

static size_t collect(const struct argp *argp, const struct argp_option **list, size_t count) {
    for (const struct argp_option *option = argp->options; option && option->name; option++) {
        if (list)
            list[count] = option;
        count++;
    }
    for (const struct argp_child *child = argp->children; child && child->argp; child++)
        count = collect(child->argp, list, count);
    return count;
}

const struct argp_option **pko_command_options(const struct argp *argp, size_t *count) {
    *count = collect(argp, NULL, 0);
    const struct argp_option **list = calloc(*count + 1, sizeof(const struct argp_option *));
    if (!list)
        return NULL;
    (void)collect(argp, list, 0);
    qsort(list, *count, sizeof(const struct argp_option *), by_group);
    return list;
}

static int put_options(const struct argp *argp) {
    size_t count = 0;
    const struct argp_option **list = pko_command_options(argp, &count);
    if (!list)
        return pko_report(PKO_EXIT_MEMORY, "out of memory");
    puts(".SH OPTIONS");
    for (size_t k = 0; k < count; k++) {
        fputs(".TP\n\\fB\\-\\-", stdout);
        put(list[k]->name);
        fputs("\\fR", stdout);
        if (list[k]->arg) {
            fputs("=\\fI", stdout);
            put(list[k]->arg);
            fputs("\\fR", stdout);
        }
        putchar('\n');
        put(list[k]->doc);
        putchar('\n');
    }
    puts(".TP\n\\fB\\-\\-help\\fR\nlist the options\n.TP\n\\fB\\-\\-usage\\fR\nlist them in one line");
    free(list);
    return PKO_EXIT_OK;
}

/* What every page ends with. */
static void put_end(const struct pko_command *self) {
    static const struct {
        enum pko_exit status;
        const char *meaning;
    } statuses[] = {
        {PKO_EXIT_OK, "done"},
        {PKO_EXIT_INPUT, "a mistake in the command line, in a scenario or in a file given"},
        {PKO_EXIT_INTERNAL, "a mistake of the program"},
        {PKO_EXIT_MEMORY, "not enough memory"},
        {PKO_EXIT_DISK, "a file or folder could not be read or written"},
        {PKO_EXIT_STOPPED, "stopped early; what is complete is written"},
    };
    puts(".SH EXIT STATUS");
    for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++)
        printf(".TP\n%d\n%s\n", statuses[k].status, statuses[k].meaning);
    puts(".SH USE");
    for (size_t line = 0; pko_caveat(line); line++) {
        put(pko_caveat(line));
        putchar('\n');
    }
    puts(".SH SEE ALSO");
    if (self)
        printf(".BR pkosim (1)");
    const struct pko_command *command;
    for (size_t k = 0; (command = pko_command(k)) != NULL; k++)
        if (command != self)
            printf("%s.BR pkosim\\-%s (1)", self || k > 0 ? ",\n" : "", command->name);
    putchar('\n');
}

static void put_title(const char *name, const char *does) {
    printf(".TH ");
    for (const char *letter = name; *letter; letter++)
        putchar(*letter >= 'a' && *letter <= 'z' ? *letter - 'a' + 'A' : *letter);
    printf(" 1 \"\" \"pkosim %s\" \"pkosim\"\n.SH NAME\n", pko_version());
    put(name);
    fputs(" \\- ", stdout);
    put(does);
    putchar('\n');
}

static void print_program(void) {
    const struct pko_command *command;
    put_title("pkosim", "an agent-based simulator of UN peacekeeping missions");
    puts(".SH SYNOPSIS\n.B pkosim\n.I COMMAND\n[\\fIWORD\\fR...]\n.SH DESCRIPTION\n"
         "pkosim runs a peacekeeping mission under several regimes of sharing intelligence, as twins that "
         "share "
         "their random numbers, and tells how the regimes differ.\n.SH COMMANDS");
    for (size_t k = 0; (command = pko_command(k)) != NULL; k++) {
        printf(".TP\n.B %s\n", command->name);
        put(command->does);
        putchar('\n');
    }
    puts(".TP\n.B help\nthe commands, or the options of one");
    put_lines("EXAMPLES", "pkosim run small --replicates 40\npkosim run --help");
    put_end(NULL);
}

int pko_manual_print(const struct pko_command *command) {
    if (!command) {
        print_program();
        return PKO_EXIT_OK;
    }
    const struct argp *argp = command->argp;
    char name[64];
    snprintf(name, sizeof name, "pkosim-%s", command->name);
    put_title(name, command->does);
    printf(".SH SYNOPSIS\n.B pkosim %s\n[\\fIOPTION\\fR...]\n", command->name);
    if (argp->args_doc) {
        put(argp->args_doc);
        putchar('\n');
    }
    const char *after = strchr(argp->doc, '\v');
    puts(".SH DESCRIPTION");
    put_text(argp->doc, after ? (size_t)(after - argp->doc) : strlen(argp->doc));
    putchar('\n');
    int code = put_options(argp);
    if (after) {
        const char *line = strchr(after, '\n'); /* behind "Examples:" */
        put_lines("EXAMPLES", line ? line + 1 : after + 1);
    }
    put_end(command);
    return code;
}
