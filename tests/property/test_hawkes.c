/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Process 3 as a discrete Hawkes process (ODD 6.3): means, variances and long-window dispersion of plots and
 * strikes against closed forms, in worlds where nothing else feeds back: stability stands still, posture and
 * cooperation move no rate, and every plot is against a community, which is always there, so all plots
 * strike.
 *
 * What holds for what. On day t plots are Poisson(mu + h_t) given the past, h_t = rho·h_{t-1} +
 * n(1-rho)S_{t-1}, S the strikes. With no lead (S = plots of the same day) the plots are an INGARCH(1,1) with
 * a = n(1-rho), b = rho, so their daily variance is E(1-(a+b)²+a²)/(1-(a+b)²), E = mu/(1-n). A real plot
 * strikes L = 1 + Poisson(lead_days) days later. A strike then begets Poisson(n) strikes, each G + L days
 * later, G geometric (the kernel) and L its own: the strikes are again a discrete Hawkes process, with kernel
 * n·q, q the law of G + L, so with spectrum E/|1 - n·Q|². The mean mu/(1-n) and the long-window dispersion
 * 1/(1-n)² do not depend on the lead; the daily variance does, since a lead smears the echo. Plots made are
 * not shifted strikes: the children of one plot share its lead. Their variance is E + Var(h), h the strikes
 * filtered by n·(kernel). So the INGARCH form holds for process 3 alone, fed with its own plots, and for
 * strikes and plots of whole days the spectral forms hold, of which it is the case of no lead. */
#include <complex.h>
#include <stdio.h>

#include "process/process.h"
#include "support/missions.h"

#define FREQUENCIES 32768
#define BOUND       4.5 /* standard errors */
#define PI          3.14159265358979323846

struct hawkes {
    double n, memory_days, lead_days, base;
    double no_lead; /* 1: strikes on the day of the plot, whatever lead_days says */
};

/* 1/|1 - n·Q|² at a frequency, and |Q|² of the kernel alone. */
static double echo(const struct hawkes *world, double omega, double *kernel) {
    double rho = exp(-1.0 / world->memory_days);
    double complex z = cexp(-I * omega), decay = (1.0 - rho) * z / (1.0 - rho * z);
    double complex lead = world->no_lead > 0.0 ? 1.0 : z * cexp(world->lead_days * (z - 1.0));
    *kernel = creal(decay * conj(decay));
    double complex rest = 1.0 - world->n * decay * lead;
    return 1.0 / creal(rest * conj(rest));
}

static double mean_rate(const struct hawkes *world) {
    return world->base / (1.0 - world->n);
}

/* Variance of the strikes of a window of whole days, over their mean: the mean of the spectrum under the
 * Fejér kernel. The sum over frequencies is exact but for lags beyond FREQUENCIES less the window. */
static double strike_dispersion(const struct hawkes *world, int window) {
    double sum = 0.0, kernel;
    for (int k = 0; k < FREQUENCIES; k++) {
        double omega = 2.0 * PI * k / FREQUENCIES;
        double sine = k ? sin(window * omega / 2.0) / sin(omega / 2.0) : (double)window;
        sum += echo(world, omega, &kernel) * sine * sine;
    }
    return sum / FREQUENCIES / window;
}

/* Daily variance of plots made, over their mean. */
static double plot_dispersion(const struct hawkes *world) {
    double sum = 0.0, kernel;
    for (int k = 0; k < FREQUENCIES; k++) {
        double spectrum = echo(world, 2.0 * PI * k / FREQUENCIES, &kernel);
        sum += kernel * spectrum;
    }
    return 1.0 + world->n * world->n * sum / FREQUENCIES;
}

/* Daily variance over mean of an INGARCH(1,1). */
static double ingarch_dispersion(const struct hawkes *world) {
    double b = exp(-1.0 / world->memory_days), a = world->n * (1.0 - b);
    return (1.0 - (a + b) * (a + b) + a * a) / (1.0 - (a + b) * (a + b));
}

Test(hawkes, spectral_forms_meet_the_closed_ones) {
    struct hawkes world = {0.6, 10.0, 1.0, 0.3, 1.0};
    cr_assert(fabs(strike_dispersion(&world, 1) - ingarch_dispersion(&world)) < 1e-10);
    cr_assert(fabs(plot_dispersion(&world) - ingarch_dispersion(&world)) < 1e-10);
    world.no_lead = 0.0;
    cr_assert(fabs(strike_dispersion(&world, 10000) * 0.16 - 1.0) < 0.01, "toward 1/(1-n)²");
    cr_assert(strike_dispersion(&world, 1) < ingarch_dispersion(&world), "a lead smears the echo");
    world.n = 0.0;
    cr_assert(fabs(strike_dispersion(&world, 50) - 1.0) < 1e-10 &&
              fabs(plot_dispersion(&world) - 1.0) < 1e-12);
}

/* --- The world, and what is measured in it --- */

static struct pko_scenario *make_world(const struct hawkes *world, int regions, const char *seed) {
    char *text = NULL, n[32], memory[32], lead[32];
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "name: hawkes\nstart: 2018-07-01\ndays: 100\nmandate:\n  timeline:\n"
                 "    - {date: 2018-07-01, robustness: 0, cooperation: 1}\nregions:\n");
    for (int r = 0; r < regions; r++)
        fprintf(out,
                "  - {name: r%d, field_radius_km: 50, threat: [[2018-07-01, %.17g]], "
                "stability: [[2018-07-01, 0.5]], trust: 0.5, threat_mix: {population: 1}}\n",
                r, world->base);
    fprintf(out, "camps: [{name: camp, region: r0, protection: 0.5}]\n"
                 "sections: [{name: office, kind: office, languages: [english], "
                 "detachments: [{camp: camp, strength: 1}]}]\n");
    fclose(out);
    snprintf(n, sizeof n, "%.17g", world->n);
    snprintf(memory, sizeof memory, "%.17g", world->memory_days);
    snprintf(lead, sizeof lead, "%.17g", world->lead_days);
    const struct test_setting settings[] = {
        {"seed", seed},
        {"threat.branching", n},
        {"threat.memory_days", memory},
        {"threat.lead_days", lead},
        {"threat.cooperation", "0"},
        {"threat.posture", "0"},
        {"stability.projects", "0"},
        {"stability.patrols", "0"},
        {"stability.attacks", "0"},
    };
    struct pko_scenario *scenario = test_scenario(text, settings, PAIRS(settings));
    free(text);
    return scenario;
}

/* A mean over independent batches with its standard error. */
struct batches {
    double sum, squares, count;
};
static void add(struct batches *of, double value) {
    of->sum += value;
    of->squares += value * value;
    of->count += 1.0;
}
/* The mean must be what is expected within BOUND standard errors, and these be small enough to mean
 * something. */
static void check(const struct batches *of, double expected, double precision, const char *what,
                  const struct hawkes *world) {
    double mean = of->sum / of->count;
    double error = sqrt((of->squares / of->count - mean * mean) / (of->count - 1.0));
    cr_assert(fabs(mean - expected) <= BOUND * error, "%s: %g ± %g, expected %g (n %g, memory %g, lead %g)",
              what, mean, error, expected, world->n, world->memory_days, world->lead_days);
    cr_assert(error < precision * expected, "%s: the test is blunt: %g ± %g", what, mean, error);
}

/* --- Process 3 alone: strikes are the plots of the day before --- */

#define ALONE_REGIONS 64
#define ALONE_DAYS    40000
#define ALONE_WARM    2000
#define ALONE_BATCH   1000

static void run_alone(const struct hawkes *world) {
    struct pko_scenario *scenario = make_world(world, ALONE_REGIONS, "31");
    struct pko_mission *mission = test_mission(scenario, "open", 0);
    double rate = mean_rate(world), sum[ALONE_REGIONS] = {0}, square[ALONE_REGIONS] = {0};
    uint64_t before[ALONE_REGIONS] = {0};
    struct batches mean = {0, 0, 0}, variance = {0, 0, 0};
    for (int day = 0; day < ALONE_DAYS; day++, mission->day++) {
        pko_process_threat(mission);
        mission->plots.count = 0;
        for (int r = 0; r < ALONE_REGIONS; r++) {
            double made = (double)(mission->total_plots[r] - before[r]);
            before[r] = mission->total_plots[r];
            mission->strikes_yesterday[r] = (uint32_t)made;
            if (day < ALONE_WARM)
                continue;
            sum[r] += made;
            square[r] += (made - rate) * (made - rate);
            if ((day + 1) % ALONE_BATCH == 0) {
                add(&mean, sum[r] / ALONE_BATCH);
                add(&variance, square[r] / ALONE_BATCH);
                sum[r] = square[r] = 0.0;
            }
        }
    }
    check(&mean, rate, 0.005, "plots a day", world);
    check(&variance, rate * ingarch_dispersion(world), 0.01, "daily variance of plots", world);
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(hawkes, process_alone_is_ingarch) {
    const struct hawkes worlds[] = {
        {0.0, 10.0, 6.0, 0.3, 1.0}, {0.4, 10.0, 6.0, 0.3, 1.0}, {0.45, 10.0, 6.0, 0.3, 1.0},
        {0.6, 10.0, 6.0, 0.3, 1.0}, {0.6, 3.0, 6.0, 0.3, 1.0},
    };
    for (size_t k = 0; k < sizeof worlds / sizeof *worlds; k++)
        run_alone(&worlds[k]);
}

/* --- Whole days --- */

#define REGIONS 96 /* at most */
#define WARM    1000
#define WINDOW  400
#define DAYS    (WARM + 40 * WINDOW)

/* `blunt` widens the precision asked for, where fewer regions run. */
static void run_whole(const struct hawkes *world, int regions, double blunt) {
    struct pko_scenario *scenario = make_world(world, regions, "32");
    struct pko_mission *mission = test_mission(scenario, "open", 0);
    double rate = mean_rate(world);
    struct {
        double sum, square, plots, plots_square;
    } now[REGIONS] = {0};
    uint64_t before[REGIONS] = {0};
    struct batches mean = {0}, daily = {0}, window = {0}, plots = {0}, plots_daily = {0};
    for (int day = 0; day < DAYS; day++) {
        test_run(mission, 1);
        for (int r = 0; r < regions; r++) {
            double strikes = (double)mission->strikes_today[r];
            double made = (double)(mission->total_plots[r] - before[r]);
            before[r] = mission->total_plots[r];
            if (day < WARM)
                continue;
            now[r].sum += strikes;
            now[r].square += (strikes - rate) * (strikes - rate);
            now[r].plots += made;
            now[r].plots_square += (made - rate) * (made - rate);
            if ((day + 1 - WARM) % WINDOW == 0) {
                add(&mean, now[r].sum / WINDOW);
                add(&daily, now[r].square / WINDOW);
                add(&window, (now[r].sum - WINDOW * rate) * (now[r].sum - WINDOW * rate) / (WINDOW * rate));
                add(&plots, now[r].plots / WINDOW);
                add(&plots_daily, now[r].plots_square / WINDOW);
                memset(&now[r], 0, sizeof now[r]);
            }
        }
    }
    uint64_t lapsed = 0;
    for (int r = 0; r < regions; r++)
        lapsed += mission->total_lapsed[r];
    cr_assert(lapsed == 0);
    check(&mean, rate, 0.01 * blunt, "strikes a day", world);
    check(&plots, rate, 0.01 * blunt, "plots a day", world);
    check(&daily, rate * strike_dispersion(world, 1), 0.02 * blunt, "daily variance of strikes", world);
    check(&plots_daily, rate * plot_dispersion(world), 0.02 * blunt, "daily variance of plots", world);
    check(&window, strike_dispersion(world, WINDOW), 0.03 * blunt, "dispersion of a window", world);
    double limit = 1.0 / (1.0 - world->n) / (1.0 - world->n);
    cr_assert(fabs(strike_dispersion(world, WINDOW) / limit - 1.0) < 0.1, "the window is long");
    pko_mission_free(mission);
    pko_scenario_free(scenario);
}

Test(hawkes, whole_days_without_echo) {
    run_whole(&(struct hawkes){0.0, 10.0, 1.0, 0.3, 0.0}, REGIONS, 1.0);
}
Test(hawkes, whole_days_at_four_tenths) {
    run_whole(&(struct hawkes){0.4, 10.0, 1.0, 0.3, 0.0}, REGIONS, 1.0);
}
Test(hawkes, whole_days_at_the_default_branching) {
    run_whole(&(struct hawkes){0.45, 10.0, 1.0, 0.3, 0.0}, REGIONS, 1.0);
}
Test(hawkes, whole_days_at_six_tenths) {
    run_whole(&(struct hawkes){0.6, 10.0, 1.0, 0.3, 0.0}, REGIONS, 1.0);
}
Test(hawkes, whole_days_with_long_leads) {
    run_whole(&(struct hawkes){0.6, 3.0, 6.0, 0.1, 0.0}, REGIONS, 1.0);
}
/* Rates over 32 plots a day are drawn as the sum of several pieces. */
Test(hawkes, whole_days_of_many_plots) {
    run_whole(&(struct hawkes){0.8, 3.0, 1.0, 10.0, 0.0}, 4, 5.0);
}
