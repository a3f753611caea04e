/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worked example: two hundred days of a small mission, then a twin without one causal arrow.
 * After `make install`: cc example.c $(pkg-config --cflags --libs pkosim) -o example && ./example */
#include <pkosim/pkosim.h>
#include <stdio.h>
#include <stdlib.h>

static double read_one(const struct pko_mission *mission, const char *measure) {
    double value = 0;
    pko_mission_read(mission, measure, &value, 1);
    return value;
}

/* The mean of a column of individuals, read where it lies: nothing is copied. */
static double column_mean(const struct pko_column *column) {
    double sum = 0;
    for (size_t k = 0; k < column->count; k++)
        sum += (double)*(const float *)(const void *)((const char *)column->base + k * column->stride);
    return sum / (double)column->count;
}

static int run_days(struct pko_mission *mission, int days) {
    int status = PKO_OK;
    for (int day = 0; day < days && status == PKO_OK; day++)
        status = pko_mission_step(mission);
    return status;
}

static int compare(const struct pko_scenario *scenario, struct pko_mission **mission,
                   struct pko_mission **twin) {
    struct pko_column danger;
    int status = pko_mission_create(scenario, "minusma", 0, mission);
    if (status != PKO_OK || (status = run_days(*mission, 200)) != PKO_OK ||
        (status = pko_mission_column(*mission, "danger", &danger)) != PKO_OK)
        return status;
    printf("day %d: %zu people, mean danger %.4f, deaths %.0f, posture %.4f\n", pko_mission_day(*mission),
           danger.count, column_mean(&danger), read_one(*mission, "deaths"), read_one(*mission, "posture"));
    /* The twin is an exact copy under the same random numbers; in it, reinforcement sees danger frozen. */
    if ((status = pko_mission_clone(*mission, twin)) != PKO_OK ||
        (status = pko_mission_cut(*twin, "danger_to_reinforcement")) != PKO_OK ||
        (status = run_days(*mission, 90)) != PKO_OK || (status = run_days(*twin, 90)) != PKO_OK)
        return status;
    double whole = read_one(*mission, "reinforcement"), cut = read_one(*twin, "reinforcement");
    printf("day %d: reinforcement %.6f, in the twin %.6f, difference %+.6f\n", pko_mission_day(*mission),
           whole, cut, cut - whole);
    return PKO_OK;
}

int main(void) {
    struct pko_scenario *scenario = NULL;
    struct pko_mission *mission = NULL, *twin = NULL;
    char *problems = NULL;
    int status = pko_scenario_load("small", NULL, 0, &scenario, &problems);
    if (status == PKO_OK)
        status = compare(scenario, &mission, &twin);
    if (status != PKO_OK)
        fprintf(stderr, "example: %s\n%s", pko_status_text(status), problems ? problems : "");
    pko_mission_free(twin);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    free(problems);
    return status == PKO_OK ? 0 : 1;
}
