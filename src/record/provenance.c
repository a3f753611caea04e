/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* open_memstream, gmtime_r */
#include "record/provenance.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/calendar.h"
#include "model/scenario.h"
#include "pkosim/pkosim.h"
#include "record/build.h"
#include "record/sha256.h"

/* The Makefile passes these to this file only. */
#ifndef PKO_COMMIT
#define PKO_COMMIT "unknown"
#endif
#ifndef PKO_FLAGS
#define PKO_FLAGS "unknown"
#endif

#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "GCC " __VERSION__
#endif

static const char caveat[] = "This file explores a hypothesis: how the way a peace operation shares "
                             "intelligence shapes, and is shaped by, its "
                             "militarization. It holds no estimate about a named contingent, country or "
                             "person. Reinforcement and resistance are "
                             "two ledgers and coexist in one person; they are never one scale. Ledgers by "
                             "group or bloc are there to verify "
                             "implementations and are no results. That sharing prevents casualties and how "
                             "much, that cooperation or posture "
                             "raises attacks, self-exciting attacks, leaks, responses of the population, "
                             "what projects do to stability, "
                             "reciprocity of trust, and the ledgers of African and Asian units go beyond the "
                             "paper that the model formalizes.";
static const char references[] =
    "Gauthier Vela, V. (2021) MINUSMA and the Militarization of UN Peacekeeping. International Peacekeeping "
    "28(5), "
    "838-863, doi:10.1080/13533312.2021.1951610. Grimm, V. et al. (2020) The ODD Protocol for Describing "
    "Agent-Based "
    "and Other Simulation Models: A Second Update. JASSS 23(2) 7, doi:10.18564/jasss.4259.";

void pko_number_text(double value, char text[32]) {
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

static void now_text(char text[32]) {
    struct tm parts;
    time_t now = time(NULL);
    gmtime_r(&now, &parts);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* Writes a text gathered in a stream of memory, and ends the stream. */
static herr_t write_stream(hid_t file, const char *name, FILE *stream, char **text) {
    bool good = !ferror(stream);
    good = fclose(stream) == 0 && good;
    herr_t result = good ? pko_hdf_text(file, name, *text) : -1;
    free(*text);
    return result;
}

static herr_t write_number(hid_t file, const char *name, double value) {
    return pko_hdf_numbers(file, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, 0);
}

static herr_t write_count(hid_t file, const char *name, uint64_t value) {
    return pko_hdf_numbers(file, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value, 0);
}

static herr_t write_whole(hid_t file, const char *name, int32_t value) {
    return pko_hdf_numbers(file, name, H5T_STD_I32LE, H5T_NATIVE_INT32, &value, 0);
}

/* Title, source and history as CF asks, and who computed it. */
static herr_t write_origin(hid_t file, const struct pko_file_plan *plan, const char *start) {
    char *text = NULL;
    size_t size;
    struct utsname machine = {0};
    uname(&machine);
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return -1;
    fprintf(stream, "Runs of the mission %s under", plan->scenario->name);
    for (size_t k = 0; k < plan->regime_count; k++)
        fprintf(stream, "%s the sharing regime %s", k == 0 ? "" : " and", plan->regimes[k]);
    if (pko_hdf_text(file, "Conventions", "CF-1.10") < 0 || write_stream(file, "title", stream, &text) < 0)
        return -1;
    if (!(stream = open_memstream(&text, &size)))
        return -1;
    fprintf(stream, "%s %s", start, plan->command ? plan->command : "libpkosim");
    if (pko_hdf_text(file, "source", "pkosim, an agent-based simulator of UN peacekeeping missions") < 0 ||
        write_stream(file, "history", stream, &text) < 0 ||
        pko_hdf_text(file, "references", references) < 0 || pko_hdf_text(file, "caveat", caveat) < 0 ||
        write_whole(file, "schema_version", PKO_SCHEMA_VERSION) < 0 ||
        pko_hdf_text(file, "pkosim_version", pko_version()) < 0 ||
        pko_hdf_text(file, "commit", PKO_COMMIT) < 0 || pko_hdf_text(file, "compiler", COMPILER) < 0 ||
        pko_hdf_text(file, "compiler_flags", PKO_FLAGS) < 0 ||
        pko_hdf_text(file, "host", machine.nodename) < 0 || write_whole(file, "threads", plan->threads) < 0 ||
        pko_hdf_text(file, "command", plan->command ? plan->command : "") < 0)
        return -1;
    if (!(stream = open_memstream(&text, &size)))
        return -1;
    fprintf(stream, "%s %s %s", machine.sysname, machine.release, machine.machine);
    return write_stream(file, "system", stream, &text);
}

/* Every parameter in force: as one table of text, and each as a number of its own. */
static herr_t write_parameters(hid_t file, const struct pko_scenario *scenario) {
    char *text = NULL, value[32], name[96];
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return -1;
    fputs("name,value,default,unit,basis\n", stream);
    herr_t result = 0;
    for (int k = 0; k < PKO_FIRST_RULE; k++) {
        const struct pko_parameter_info *info = pko_parameter_info((size_t)k);
        char usual[32];
        double number = pko_parameter_get(&scenario->parameters, k);
        pko_number_text(number, value);
        pko_number_text(info->value, usual);
        fprintf(stream, "%s,%s,%s,%s,%s\n", info->name, value, usual, info->unit, info->basis);
        snprintf(name, sizeof name, "parameter:%s", info->name);
        if (result >= 0)
            result = write_number(file, name, number);
    }
    herr_t table = write_stream(file, "parameters", stream, &text);
    return result < 0 ? result : table;
}

/* The rules of every regime run, in the same two ways. */
static herr_t write_rules(hid_t file, const struct pko_file_plan *plan) {
    char *text = NULL, value[32], name[160];
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return -1;
    fputs("regime,rule,value,unit\n", stream);
    herr_t result = 0;
    for (size_t r = 0; r < plan->regime_count && result >= 0; r++) {
        struct pko_regime regime;
        int status = pko_scenario_regime(plan->scenario, plan->regimes[r], &regime);
        assert(status == PKO_OK); /* the writer has asked before */
        (void)status;
        for (int k = 0; k < PKO_RULE_COUNT && result >= 0; k++) {
            const struct pko_parameter_info *info = pko_parameter_info((size_t)(PKO_FIRST_RULE + k));
            const char *rule = strchr(info->name, '.') + 1;
            pko_number_text(regime.rule[k], value);
            fprintf(stream, "%s,%s,%s,%s\n", plan->regimes[r], rule, value, info->unit);
            snprintf(name, sizeof name, "regime:%s.%s", plan->regimes[r], rule);
            result = write_number(file, name, regime.rule[k]);
        }
    }
    herr_t table = write_stream(file, "regimes", stream, &text);
    return result < 0 ? result : table;
}

static herr_t write_cuts(hid_t file, const struct pko_scenario *scenario) {
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return -1;
    fputs("arrow,from\n", stream);
    for (int k = 0; k < scenario->cut_count; k++) {
        const struct pko_cut *cut = &scenario->cuts[k];
        char date[11];
        pko_date_format(cut->dated ? cut->from : scenario->start + 90, date);
        fprintf(stream, "%s,%s\n", pko_arrow_info((size_t)cut->arrow)->name, date);
    }
    return write_stream(file, "cuts", stream, &text);
}

static herr_t write_scenario(hid_t file, const struct pko_file_plan *plan) {
    const struct pko_scenario *scenario = plan->scenario;
    char hash[PKO_SHA256_TEXT], start[11];
    pko_sha256_of(scenario->text, strlen(scenario->text), hash);
    pko_date_format(scenario->start, start);
    if (pko_hdf_text(file, "scenario_name", scenario->name) < 0 ||
        pko_hdf_text(file, "scenario_description", scenario->description) < 0 ||
        pko_hdf_text(file, "scenario", scenario->text) < 0 ||
        pko_hdf_text(file, "scenario_sha256", hash) < 0 ||
        pko_hdf_text(file, "settings", scenario->settings) < 0 ||
        write_count(file, "seed", scenario->seed) < 0 || pko_hdf_text(file, "start", start) < 0 ||
        write_whole(file, "days", scenario->days) < 0 || write_number(file, "scale", scenario->scale) < 0 ||
        pko_hdf_text(file, "mandate", scenario->endogenous ? "endogenous" : "historical") < 0)
        return -1;
    return write_cuts(file, scenario);
}

herr_t pko_provenance_start(hid_t file, const struct pko_file_plan *plan) {
    char start[32];
    now_text(start);
    if (write_origin(file, plan, start) < 0 || pko_hdf_text(file, "started", start) < 0 ||
        write_scenario(file, plan) < 0 || write_rules(file, plan) < 0 ||
        write_whole(file, "first_replicate", (int32_t)plan->first_replicate) < 0 ||
        write_whole(file, "replicates_wanted", (int32_t)plan->replicates) < 0)
        return -1;
    return write_parameters(file, plan->scenario);
}

herr_t pko_provenance_end(hid_t file, uint32_t replicates, const char *changes) {
    char end[32];
    now_text(end);
    if (write_whole(file, "replicates", (int32_t)replicates) < 0 ||
        pko_hdf_text(file, "changes", changes) < 0)
        return -1;
    return pko_hdf_text(file, "ended", end);
}

const char *pko_build_commit(void) {
    return PKO_COMMIT;
}
const char *pko_build_compiler(void) {
    return COMPILER;
}
const char *pko_build_flags(void) {
    return PKO_FLAGS;
}
