/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes between days: parameters, rules and arrows, each logged with its day. */
#include <math.h>
#include <string.h>

#include "model/cuts.h"
#include "model/standing.h"
#include "pkosim/status.h"

static int log_change(struct pko_mission *mission, const char *kind, const char *name, double value) {
    PKO_APPEND(mission, mission->ledger.changes, (struct pko_change){mission->day, kind, name, value});
    return mission->failure;
}

int pko_mission_set(struct pko_mission *mission, const char *name, double value) {
    int parameter = pko_parameter_find(name);
    if (parameter < 0)
        return PKO_ERROR_NAME;
    const struct pko_parameter_info *info = pko_parameter_info((size_t)parameter);
    bool branches = parameter == PKO_P_threat_branching && value >= 1.0;
    if (!(value >= info->least && value <= info->most) || branches)
        return PKO_ERROR_RANGE;
    struct pko_parameters changed = mission->parameters;
    pko_parameter_put(&changed, parameter, value);
    if (!(changed.threat_weight_movement + changed.threat_weight_camp + changed.threat_weight_soft +
              changed.threat_weight_population >
          0.0)) /* a plot must be of some class */
        return PKO_ERROR_RANGE;
    mission->parameters = changed;
    pko_standing_derive(mission);
    return log_change(mission, "set", info->name, value);
}

int pko_mission_get(const struct pko_mission *mission, const char *name, double *value) {
    int parameter = pko_parameter_find(name);
    if (parameter < 0)
        return PKO_ERROR_NAME;
    *value = pko_parameter_get(&mission->parameters, parameter);
    return PKO_OK;
}

int pko_mission_cut(struct pko_mission *mission, const char *name) {
    int arrow = pko_arrow_find(name);
    if (arrow < 0)
        return PKO_ERROR_NAME;
    pko_arrow_cut(mission, (enum pko_arrow)arrow);
    return log_change(mission, "cut", pko_arrow_info((size_t)arrow)->name, 0.0);
}

int pko_mission_restore(struct pko_mission *mission, const char *name) {
    int arrow = pko_arrow_find(name);
    if (arrow < 0)
        return PKO_ERROR_NAME;
    pko_arrow_restore(mission, (enum pko_arrow)arrow);
    return log_change(mission, "restore", pko_arrow_info((size_t)arrow)->name, 0.0);
}

const struct pko_change *pko_mission_change(const struct pko_mission *mission, size_t number) {
    return number < mission->ledger.changes.count ? &mission->ledger.changes.item[number] : NULL;
}
