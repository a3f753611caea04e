/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command `explain`: one incident or one person of a run, told as a text or as JSON. */
#ifndef PKO_CLI_EXPLAIN_H
#define PKO_CLI_EXPLAIN_H

#include <stdio.h>

#include "experiment/aftermath.h"
#include "experiment/biography.h"

/* What was asked, and of which run; names are those of the file. */
struct pko_explained {
    const char *file, *regime;
    uint32_t replicate;
    const struct pko_scenario *scenario;
    size_t values; /* recorded numbers that the replay was compared with */
};
struct pko_explained_incident {
    struct pko_explained run;
    uint64_t row; /* of the file's table of incidents */
    const struct pko_life *life;
    const struct pko_aftermath *aftermath;
};
struct pko_explained_person {
    struct pko_explained run;
    int group, camp;
    uint32_t k; /* place at the camp */
    const struct pko_biography *biography;
};

/* PKO_OK, or PKO_ERROR_MEMORY. */
int pko_explain_incident_print(const struct pko_explained_incident *incident, FILE *stream);
int pko_explain_person_print(const struct pko_explained_person *person, FILE *stream);
void pko_explain_incident_json(const struct pko_explained_incident *incident, FILE *stream);
void pko_explain_person_json(const struct pko_explained_person *person, FILE *stream);
/* The five states over the service as a plot of at most 79 columns; with colours where the stream is a
 * terminal that wants them. */
void pko_explain_chart(const struct pko_biography *biography, FILE *stream);

/* --- Words shared by the texts (cli/explain_words.c) --- */

#define PKO_EXPLAIN_WIDTH 79

/* What stands above every explanation, by line; NULL past the end. */
const char *pko_explain_caveat(size_t line);
/* Prints a paragraph, its lines after the first set in by `indent` blanks, none longer than
 * PKO_EXPLAIN_WIDTH. */
void pko_explain_say(FILE *stream, int indent, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Date of a day of the run, in text[11]. */
const char *pko_explain_date(const struct pko_scenario *scenario, int32_t day, char text[11]);
/* "an attack on kidal_camp, 2 killed, 5 wounded", with whom and where it was. */
void pko_explain_describe(const struct pko_scenario *scenario, const struct pko_incident *incident,
                          char *text, size_t size);
/* Why a strike did not hit, or "hit". */
const char *pko_explain_miss(enum pko_miss missed, int plot_class);
const char *pko_explain_source(enum pko_source source);    /* "population", … as in JSON */
const char *pko_explain_channel(enum pko_channel channel); /* "secure", … */

#endif
