/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Explanations for machines. */
#include "base/calendar.h"
#include "cli/explain.h"
#include "cli/json.h"
#include "model/scenario.h"
#include "pkosim/pkosim.h"

static void json_date(struct pko_json *json, const char *name, const struct pko_scenario *scenario,
                      int32_t day) {
    char date[11];
    pko_json_text(json, name, pko_explain_date(scenario, day, date));
}

static void json_group(struct pko_json *json, const char *name, const struct pko_scenario *scenario,
                       int group) {
    pko_json_text(json, name, group < 0 ? NULL : scenario->groups[group].name);
}

static void json_run(struct pko_json *json, const struct pko_explained *run) {
    pko_json_text(json, "program", "pkosim");
    pko_json_text(json, "version", pko_version());
    pko_json_open(json, "caveat", '[', false);
    for (size_t line = 0; pko_explain_caveat(line); line++)
        pko_json_text(json, NULL, pko_explain_caveat(line));
    pko_json_close(json);
    pko_json_text(json, "file", run->file);
    pko_json_text(json, "scenario", run->scenario->name);
    pko_json_text(json, "regime", run->regime);
    pko_json_whole(json, "replicate", run->replicate);
    pko_json_whole(json, "values_compared", run->values);
}

static void json_groups(struct pko_json *json, const char *name, const struct pko_scenario *scenario,
                        const struct pko_groups *set) {
    pko_json_open(json, name, '[', true);
    for (int g = pko_groups_next(set, 0); g >= 0; g = pko_groups_next(set, g + 1))
        pko_json_text(json, NULL, scenario->groups[g].name);
    pko_json_close(json);
}

/* The fields of an incident, into the object that is open. */
static void json_incident(struct pko_json *json, const struct pko_scenario *scenario,
                          const struct pko_incident *incident) {
    static const char *const warned[] = {"not_warned", "shared", "own"};
    static const char *const missed[] = {"hit", "chance", "hardness", "warning"};
    json_date(json, "date", scenario, incident->day);
    pko_json_text(json, "region", scenario->regions[incident->region].name);
    pko_json_text(json, "class", pko_plot_class_name((enum pko_plot_class)incident->plot_class));
    json_group(json, "group", scenario, incident->group);
    pko_json_text(json, "camp", incident->camp < 0 ? NULL : scenario->camps[incident->camp].name);
    pko_json_text(json, "warned", warned[incident->warned]);
    pko_json_truth(json, "hit", incident->hit != 0);
    pko_json_text(json, "missed", missed[incident->missed]);
    pko_json_whole(json, "killed", (uint64_t)incident->killed);
    pko_json_whole(json, "wounded", (uint64_t)incident->wounded);
}

/* --- An incident --- */

static void json_life(struct pko_json *json, const struct pko_scenario *scenario,
                      const struct pko_life *life) {
    static const char *const kinds[] = {"collected", "freed", "confirmed", "learned", "leaked"};
    pko_json_open(json, "plot", '{', false);
    json_date(json, "made", scenario, life->key.born);
    json_date(json, "due", scenario, life->plot.due);
    pko_json_whole(json, "lead_days", (uint64_t)(life->plot.due - life->key.born));
    pko_json_text(json, "region", scenario->regions[life->key.region].name);
    pko_json_text(json, "class", pko_plot_class_name((enum pko_plot_class)life->plot.plot_class));
    pko_json_whole(json, "number", life->key.number);
    pko_json_open(json, "events", '[', false);
    for (size_t k = 0; k < life->events.count; k++) {
        const struct pko_life_event *event = &life->events.item[k];
        pko_json_open(json, NULL, '{', true);
        json_date(json, "date", scenario, event->day);
        pko_json_text(json, "kind", kinds[event->kind]);
        json_group(json, "group", scenario, event->group);
        if (event->kind <= PKO_LIFE_CONFIRMED)
            pko_json_text(json, "source", pko_explain_source(event->source));
        if (event->kind == PKO_LIFE_LEARNED) {
            json_group(json, "sharer", scenario, event->sharer);
            pko_json_text(json, "channel", pko_explain_channel(event->channel));
        }
        if (event->kind == PKO_LIFE_LEAKED) {
            pko_json_truth(json, "secure", event->inside);
            json_date(json, "sealed_until", scenario, event->sealed_until);
        } else {
            pko_json_truth(json, "free", event->free);
        }
        if (event->kind == PKO_LIFE_COLLECTED)
            pko_json_truth(json, "duplicated", event->duplicated);
        pko_json_close(json);
    }
    pko_json_close(json);
    json_groups(json, "knows", scenario, &life->plot.knows);
    json_groups(json, "free", scenario, &life->plot.free);
    json_groups(json, "collected", scenario, &life->plot.collected);
    pko_json_close(json);
}

static void json_strike(struct pko_json *json, const struct pko_scenario *scenario,
                        const struct pko_life *life) {
    static const char *const kinds[] = {"refusal", "credit", "withheld", "blame", "flight", "bypass"};
    pko_json_open(json, "strike", '{', false);
    json_groups(json, "target_groups", scenario, &life->target.groups);
    pko_json_truth(json, "convoy", life->target.convoy >= 0);
    pko_json_whole(json, "at_risk", life->target.people);
    pko_json_number(json, "chance_by_class", life->strike.base);
    pko_json_number(json, "hardness", life->target.hardness);
    pko_json_number(json, "chance_after_hardness", life->strike.hardened);
    pko_json_number(json, "chance_after_warning", life->strike.after_warning);
    pko_json_number(json, "drawn", life->strike.drawn);
    pko_json_number(json, "evacuation", life->evacuation);
    pko_json_number(json, "lethality", life->lethality);
    pko_json_open(json, "losses", '[', false);
    for (size_t k = 0; k < life->losses.count; k++) {
        const struct pko_life_losses *lost = &life->losses.item[k];
        pko_json_open(json, NULL, '{', true);
        json_group(json, "group", scenario, lost->group);
        pko_json_whole(json, "at_risk", lost->at_risk);
        pko_json_whole(json, "killed", lost->killed);
        pko_json_whole(json, "wounded", lost->wounded);
        pko_json_close(json);
    }
    pko_json_close(json);
    pko_json_open(json, "trust", '[', false);
    for (size_t k = 0; k < life->trust.count; k++) {
        pko_json_open(json, NULL, '{', true);
        pko_json_text(json, "kind", kinds[life->trust.item[k].kind]);
        json_group(json, "from", scenario, life->trust.item[k].from);
        json_group(json, "toward", scenario, life->trust.item[k].toward);
        pko_json_close(json);
    }
    pko_json_close(json);
    pko_json_close(json);
}

static void json_numbers(struct pko_json *json, const char *name, const double *value, int count) {
    pko_json_open(json, name, '[', true);
    for (int h = 0; h < count; h++)
        pko_json_number(json, NULL, value[h]);
    pko_json_close(json);
}

static void json_aftermath(struct pko_json *json, const struct pko_aftermath *after) {
    static const char *const whose[] = {"at_risk",
                                        "groups_at_risk",
                                        "uniformed_of_camps",
                                        "civilians_of_camps",
                                        "region",
                                        "mission",
                                        "population",
                                        "groups_at_risk_in_holders",
                                        "warned_in_credited",
                                        "uniformed_in_victims",
                                        "since_that_morning"};
    pko_json_open(json, "aftermath", '{', false);
    pko_json_open(json, "days_after", '[', true);
    for (int h = 0; h < after->horizons; h++)
        pko_json_whole(json, NULL, (uint64_t)pko_horizon[h]);
    pko_json_close(json);
    pko_json_open(json, "still_there", '[', true);
    for (int h = 0; h < after->horizons; h++)
        pko_json_whole(json, NULL, after->still_there[h]);
    pko_json_close(json);
    pko_json_open(json, "rows", '[', false);
    for (size_t k = 0; k < after->count; k++) {
        pko_json_open(json, NULL, '{', true);
        pko_json_text(json, "who", whose[after->row[k].who]);
        pko_json_text(json, "what", after->row[k].what);
        json_numbers(json, "with", after->row[k].with, after->horizons);
        json_numbers(json, "without", after->row[k].without, after->horizons);
        pko_json_close(json);
    }
    pko_json_close(json);
    pko_json_close(json);
}

void pko_explain_incident_json(const struct pko_explained_incident *e, FILE *stream) {
    struct pko_json json = pko_json_start(stream);
    pko_json_open(&json, NULL, '{', false);
    json_run(&json, &e->run);
    pko_json_open(&json, "incident", '{', true);
    pko_json_whole(&json, "row", e->row);
    json_incident(&json, e->run.scenario, &e->life->incident);
    pko_json_close(&json);
    json_life(&json, e->run.scenario, e->life);
    json_strike(&json, e->run.scenario, e->life);
    json_aftermath(&json, e->aftermath);
    pko_json_close(&json);
}

/* --- A person --- */

static void json_person(struct pko_json *json, const struct pko_explained_person *e) {
    static const char *const begins[] = {"run", "detachment", "replacing"};
    static const char *const ends[] = {"run", "rotation", "tenure", "death", "detachment"};
    const struct pko_biography *b = e->biography;
    const struct pko_scenario *scenario = e->run.scenario;
    pko_json_open(json, "person", '{', false);
    json_group(json, "group", scenario, e->group);
    pko_json_text(json, "camp", scenario->camps[e->camp].name);
    pko_json_whole(json, "place", e->k);
    json_date(json, "on", scenario, b->asked);
    pko_json_text(json, "category", b->traits & PKO_TRAIT_UNIFORMED ? "uniformed" : "civilian");
    pko_json_truth(json, "woman", (b->traits & PKO_TRAIT_WOMAN) != 0);
    if (!(b->traits & PKO_TRAIT_UNIFORMED))
        pko_json_truth(json, "military_background", (b->traits & PKO_TRAIT_BACKGROUND) != 0);
    json_date(json, "first_day", scenario, b->first_day);
    json_date(json, "last_day", scenario, b->last_day);
    pko_json_text(json, "begins", begins[b->begins]);
    pko_json_text(json, "ends", ends[b->ends]);
    pko_json_close(json);
}

/* The terms of one state, of a day or summed. */
static void json_terms(struct pko_json *json, enum pko_state state, const double *term) {
    for (enum pko_term k = 0; k < PKO_TERMS; k++)
        if (pko_term_info(k)->state == state)
            pko_json_number(json, pko_term_info(k)->name, term[k]);
}

static void json_states(struct pko_json *json, const struct pko_biography *b) {
    double sum[PKO_TERMS];
    for (enum pko_term k = 0; k < PKO_TERMS; k++)
        sum[k] = pko_biography_sum(b, k);
    pko_json_open(json, "states", '{', false);
    for (enum pko_state s = 0; s < PKO_STATES; s++) {
        double first = b->days.item[0].before[s], last = b->days.item[b->days.count - 1].after[s];
        pko_json_open(json, pko_state_name(s), '{', false);
        pko_json_number(json, "first", first);
        pko_json_number(json, "last", last);
        pko_json_number(json, "change", last - first);
        pko_json_open(json, "terms", '{', true);
        json_terms(json, s, sum);
        pko_json_close(json);
        pko_json_close(json);
    }
    pko_json_close(json);
}

static void json_met(struct pko_json *json, const struct pko_scenario *scenario,
                     const struct pko_person_day *day) {
    if (day->met_layer < 0) {
        pko_json_text(json, "met", NULL);
        return;
    }
    const struct pko_layer *layer = &scenario->layers[day->met_layer];
    pko_json_open(json, "met", '{', true);
    json_group(json, "group", scenario, layer->group);
    pko_json_text(json, "camp", scenario->camps[layer->camp].name);
    pko_json_number(json, "danger", (double)day->met_danger);
    pko_json_number(json, "reinforcement", (double)day->met_reinforcement);
    pko_json_number(json, "resistance", (double)day->met_resistance);
    pko_json_close(json);
}

static void json_day(struct pko_json *json, const struct pko_scenario *scenario,
                     const struct pko_person_day *day) {
    pko_json_open(json, NULL, '{', false);
    json_date(json, "date", scenario, day->day);
    json_met(json, scenario, day);
    pko_json_truth(json, "aboard", (day->today & PKO_TODAY_ABOARD) != 0);
    pko_json_truth(json, "shared_convoy", (day->today & PKO_TODAY_MIXED) != 0);
    pko_json_truth(json, "at_risk", (day->today & PKO_TODAY_WITNESS) != 0);
    pko_json_truth(json, "killed", (day->today & PKO_TODAY_DEAD) != 0);
    pko_json_truth(json, "bereaved", day->bereaved != 0);
    pko_json_open(json, "signal", '{', true);
    pko_json_number(json, "own_group", day->signal[0]);
    pko_json_number(json, "own_camp", day->signal[1]);
    pko_json_number(json, "region", day->signal[2]);
    pko_json_number(json, "mission", day->signal[3]);
    pko_json_close(json);
    for (enum pko_state s = 0; s < PKO_STATES; s++) {
        pko_json_open(json, pko_state_name(s), '{', true);
        pko_json_number(json, "before", day->before[s]);
        pko_json_number(json, "after", day->after[s]);
        json_terms(json, s, day->term);
        pko_json_close(json);
    }
    pko_json_close(json);
}

void pko_explain_person_json(const struct pko_explained_person *e, FILE *stream) {
    const struct pko_biography *b = e->biography;
    struct pko_json json = pko_json_start(stream);
    pko_json_open(&json, NULL, '{', false);
    json_run(&json, &e->run);
    json_person(&json, e);
    json_states(&json, b);
    pko_json_open(&json, "incidents", '[', false);
    for (size_t k = 0; k < b->incidents.count; k++) {
        const struct pko_incident_near *one = &b->incidents.item[k];
        pko_json_open(&json, NULL, '{', true);
        json_incident(&json, e->run.scenario, &one->incident);
        pko_json_truth(&json, "own_group", (one->near & PKO_NEAR_GROUP) != 0);
        pko_json_truth(&json, "own_camp", (one->near & PKO_NEAR_CAMP) != 0);
        pko_json_truth(&json, "own_region", (one->near & PKO_NEAR_REGION) != 0);
        pko_json_truth(&json, "was_there", (one->near & PKO_NEAR_SELF) != 0);
        pko_json_close(&json);
    }
    pko_json_close(&json);
    pko_json_open(&json, "days", '[', false);
    for (size_t k = 0; k < b->days.count; k++)
        json_day(&json, e->run.scenario, &b->days.item[k]);
    pko_json_close(&json);
    pko_json_close(&json);
}
