/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worked example: two hundred days of a small mission, then a twin without one causal arrow.
 * After `make install`: cc example.c $(pkg-config --cflags --libs pkosim) -o example && ./example */
#include <pkosim/pkosim.h>
#include <stdio.h>

static double read_one(const struct pko_mission *mission, const char *measure) {
    double value = 0;
    pko_mission_read(mission, measure, &value, 1);
    return value;
}

static int run_days(struct pko_mission *mission, int days) {
    int status = PKO_OK;
    for (int day = 0; day < days && status == PKO_OK; day++)
        status = pko_mission_step(mission);
    return status;
}

/* The mean of a column of individuals, read where it lies: nothing is copied. */
static double column_mean(const struct pko_column *column) {
    double sum = 0;
    for (size_t k = 0; k < column->count; k++)
        sum += *(const float *)(const void *)((const char *)column->base + k * column->stride);
    return sum / (double)column->count;
}

int main(void) {
    struct pko_scenario *scenario = NULL;
    struct pko_mission *mission = NULL, *twin = NULL;
    struct pko_column danger;
    int status = pko_scenario_load("small", NULL, 0, &scenario, NULL);
    if (status == PKO_OK)
        status = pko_mission_create(scenario, "minusma", 0, &mission);
    if (status == PKO_OK)
        status = run_days(mission, 200);
    if (status == PKO_OK)
        status = pko_mission_column(mission, "danger", &danger);
    if (status != PKO_OK)
        goto out;
    printf("day %d: %zu people, mean danger %.4f\n", pko_mission_day(mission), danger.count,
           column_mean(&danger));
    printf("strikes %.0f, posture %.4f\n", read_one(mission, "strikes"), read_one(mission, "posture"));

    status = pko_mission_clone(mission, &twin); /* an exact copy, under the same random numbers */
    if (status == PKO_OK)
        status = pko_mission_cut(twin, "danger_to_reinforcement"); /* reinforcement sees danger frozen */
    if (status == PKO_OK)
        status = run_days(mission, 90);
    if (status == PKO_OK)
        status = run_days(twin, 90);
    if (status != PKO_OK)
        goto out;
    printf("day %d: reinforcement %.6f, in the twin %.6f, difference %+.6f\n", pko_mission_day(mission),
           read_one(mission, "reinforcement"), read_one(twin, "reinforcement"),
           read_one(twin, "reinforcement") - read_one(mission, "reinforcement"));
out:
    if (status != PKO_OK)
        fprintf(stderr, "example: %s\n", pko_status_text(status));
    pko_mission_free(twin);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
    return status == PKO_OK ? 0 : 1;
}
