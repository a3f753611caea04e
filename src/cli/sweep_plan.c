/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a campaign amounts to: `pkosim sweep --dry-run`. */
#include <stdio.h>
#include <string.h>

#include "cli/progress.h"
#include "cli/report.h"
#include "experiment/signals.h"
#include "cli/sweep.h"
#include "experiment/calibrate.h"
#include "experiment/store.h"
#include "experiment/twins.h"
#include "pkosim/status.h"

#define CALIBRATION_SECONDS 3.0
#define NUMBER_BYTES        12.0 /* of a number and its comma in summary.csv */

void pko_sweep_describe(const struct pko_plan *plan, char *text, size_t size) {
    snprintf(text, size,
             "%s: %s over %zu parameter%s, %zu points \303\227 %zu regime%s \303\227 %zu replicate%s = %zu "
             "runs in %zu shard%s",
             plan->base->name, pko_design_name(plan->campaign->design), plan->factors,
             plan->factors == 1 ? "" : "s", plan->points, plan->regimes, plan->regimes == 1 ? "" : "s",
             plan->replicates, plan->replicates == 1 ? "" : "s",
             plan->points * plan->regimes * plan->replicates, plan->shards, plan->shards == 1 ? "" : "s");
}

static void print_size(const char *what, double bytes) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    size_t unit = 0;
    while (bytes >= 1000.0 && unit + 1 < sizeof units / sizeof *units) {
        bytes /= 1000.0;
        unit++;
    }
    printf("%s %.3g %s\n", what, bytes, units[unit]);
}

static int print_time(const struct pko_plan *plan, const struct pko_sweep_words *words, double runs) {
    struct pko_signals signals = {0};
    double speed = 0.0;
    char span[24];
    if (pko_signals_start(&signals) != 0)
        return pko_report(PKO_EXIT_INTERNAL, "cannot wait for signals");
    int status = pko_calibrate(plan, words->threads, CALIBRATION_SECONDS, &signals.stop, &speed);
    pko_signals_end(&signals);
    if (status != PKO_OK)
        return pko_sweep_failed(status, NULL);
    int threads = pko_twins_threads(words->threads, (uint64_t)runs);
    pko_progress_span(runs * plan->base->days / speed, span, sizeof span);
    printf("time: %s on %d thread%s of this machine (%.0f days/s)\n", span, threads, threads == 1 ? "" : "s",
           speed);
    return PKO_EXIT_OK;
}

int pko_sweep_dry_run(const struct pko_plan *plan, const struct pko_sweep_words *words) {
    char text[256];
    double runs = (double)plan->points * (double)plan->regimes * (double)plan->replicates;
    pko_sweep_describe(plan, text, sizeof text);
    printf("%s\n", text);
    for (size_t k = 0; k < plan->factors; k++) {
        const struct pko_factor *factor = &plan->campaign->factors[k];
        printf("  %-32s %.6g to %.6g%s%s%s\n", factor->name, factor->least, factor->most,
               strcmp(factor->unit, "1") == 0 ? "" : " ", strcmp(factor->unit, "1") == 0 ? "" : factor->unit,
               factor->logarithmic ? ", log" : "");
    }
    printf("days: %.4g, %zu outcomes and %zu series of a run are kept\n", runs * plan->base->days,
           plan->kept_count, plan->series_count);
    if (!words->uncalibrated) {
        int code = print_time(plan, words, runs);
        if (code != PKO_EXIT_OK)
            return code;
    }
    print_size("disk: results, at most", runs * (double)pko_plan_run_bytes(plan));
    print_size("disk: summary.csv, about",
               runs * NUMBER_BYTES * (double)(plan->kept_count + plan->factors + 4));
    return PKO_EXIT_OK;
}
