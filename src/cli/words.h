/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over the words of a command line before argp sees them. getopt takes any unambiguous beginning of
 * a long option for the option: `--rep 5` would be read as `--replicates 5` today and become ambiguous, or
 * another option, with the next version. Here such words are mistakes, answered with the nearest right name.
 */
#ifndef PKO_CLI_WORDS_H
#define PKO_CLI_WORDS_H

#include <argp.h>
#include <stddef.h>

/* What is wrong with the long options among argv[1…argc−1], as one line that the caller frees; NULL if
 * nothing is (or if memory is out: then argp gives its own answer). The options are those of `argp` and its
 * children, --help and
 * --usage; words behind "--" are not options. */
char *pko_words_problem(int argc, char **argv, const struct argp *argp);
/* Prints the problem, if there is one, with where to find help, and ends the process with status 2; else
 * parses with argp_parse, words and options in any order. "-h" becomes "--help". */
void pko_words_parse(int argc, char **argv, const struct argp *argp, void *input);

/* A whole number of decimal digits only, at most `most`: 0 and *value, or −1 for anything else. */
int pko_words_number(const char *text, unsigned long most, unsigned long *value);
/* Seconds of a time like "90s", "30m", "2h" or "1h30m"; 0 for anything else. */
unsigned long pko_words_seconds(const char *text);
/* The words joined by blanks and quoted for a shell where they need it; NULL without memory. The caller
 * frees. */
char *pko_words_quoted(int argc, char *const *argv);

#endif
