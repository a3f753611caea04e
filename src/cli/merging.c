/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/merging.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/report.h"
#include "cli/sweep.h"
#include "experiment/merge.h"
#include "pkosim/status.h"

static int say(const struct pko_merge_result *result, const char *path, const char *copy, bool quiet) {
    uint64_t missing = result->runs - result->done - result->failed;
    if (!quiet)
        printf("%" PRIu64 " of %" PRIu64 " runs are in '%s/campaign.h5' and '%s/summary.csv'%s%s%s.\n",
               result->done, result->runs, path, path, copy ? ", and in '" : "", copy ? copy : "",
               copy ? "'" : "");
    if (result->failed > 0)
        pko_report(0, "%" PRIu64 " runs failed and are missing values; the first: %s", result->failed,
                   result->problem ? result->problem : "unknown");
    if (missing > 0)
        return pko_report(PKO_EXIT_STOPPED, "%" PRIu64 " runs are missing; 'pkosim sweep' goes on", missing);
    return PKO_EXIT_OK;
}

int pko_merging(const struct pko_plan *plan, struct pko_store *store, const char *path, const char *copy,
                bool force, bool quiet) {
    struct pko_merge_result result;
    char *message = NULL;
    int status = pko_merge(plan, store, copy, force, &result, &message);
    int code = status == PKO_OK ? say(&result, path, copy, quiet) : pko_sweep_failed(status, message);
    pko_merge_result_free(&result);
    return code;
}
