/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a campaign file: reading it ends in a campaign or in messages, never in a crash, a leak or an
 * endless loop. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "scenario/campaign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for every campaign that is handed out. */
static void check_campaign(const struct pko_campaign *campaign) {
    if (!campaign->scenario || campaign->factor_count < 1 || campaign->levels < 2)
        abort();
    for (int k = 0; k < campaign->factor_count; k++) {
        const struct pko_factor *factor = &campaign->factors[k];
        struct pko_setting_range range;
        if (!factor->name || !factor->origin || (factor->range.count && factor->range.count != 2))
            abort();
        if (pko_setting_range(factor->name, &range) != PKO_OK)
            continue; /* the scenario is asked later */
        if (!(factor->least <= factor->most) || factor->least < range.least || factor->most > range.most ||
            (factor->logarithmic && !factor->values.count && !(factor->least > 0.0)))
            abort();
    }
    for (int k = 0; k < campaign->window_count; k++)
        if (!campaign->windows[k].name[0] || campaign->windows[k].from >= campaign->windows[k].until)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pko_campaign *campaign = NULL;
    char *problems = NULL;
    int status = pko_campaign_parse("f.yaml", (const char *)data, size, &campaign, &problems);
    if (status == PKO_OK)
        check_campaign(campaign);
    else if (status == PKO_ERROR_INPUT && (!problems || campaign || problems[strlen(problems) - 1] != '\n'))
        abort();
    free(problems);
    pko_campaign_free(campaign);
    return 0;
}
