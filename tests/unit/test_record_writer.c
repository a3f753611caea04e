/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "record/digest.h"
#include "record/reader.h"
#include "record/writer.h"
#include "support/scratch.h"
#include "unit/record_runs.h"

#define REGIMES 2
static const char *const regimes[REGIMES] = {"minusma", "monusco"};
static const struct runs_shape usual = {30, 3, 2, true, true};

TestSuite(writer, .init = scratch_enter, .fini = scratch_leave);

static struct pko_file_plan plan_of(const struct pko_scenario *scenario, uint32_t replicates) {
    return (struct pko_file_plan){scenario, regimes, REGIMES, 100, replicates, "pkosim run tiny", 2};
}

/* A change to one value of one run, before it is added. */
struct touch {
    size_t regime;
    uint32_t replicate;
    size_t measure, place;
    float value;
};

/* Writes `added` of `wanted` replicates and commits `kept`. The status of the first failure, with its
 * message. */
static int write_touched(const char *path, struct runs_shape shape, uint32_t wanted, uint32_t added,
                         uint32_t kept, const struct touch *touch, char **message) {
    struct pko_scenario *scenario = runs_scenario(shape);
    struct pko_file_plan plan = plan_of(scenario, wanted);
    struct pko_writer *writer;
    int status = pko_writer_open(path, true, &plan, &writer, message);
    for (uint32_t r = 0; status == PKO_OK && r < added; r++)
        for (size_t g = 0; status == PKO_OK && g < REGIMES; g++) {
            struct pko_observer *observer = runs_observer(scenario, g, r);
            if (touch && touch->regime == g && touch->replicate == r)
                observer->series[touch->measure][touch->place] = touch->value;
            status = pko_writer_add(writer, g, r, observer);
            pko_observer_free(observer);
        }
    int commit = writer ? pko_writer_commit(writer, kept, message) : status;
    pko_writer_free(writer);
    pko_scenario_free(scenario);
    return status == PKO_OK ? commit : status;
}

static void write_file(const char *path, struct runs_shape shape, uint32_t wanted, uint32_t added,
                       uint32_t kept) {
    char *message = NULL;
    int status = write_touched(path, shape, wanted, added, kept, NULL, &message);
    cr_assert_eq(status, PKO_OK, "%s", message ? message : pko_status_text(status));
}

static const char *digest_of(const char *path, char hex[65]) {
    char *message = NULL;
    int status = pko_file_digest(path, hex, &message);
    cr_assert_eq(status, PKO_OK, "%s", message ? message : pko_status_text(status));
    return hex;
}

static struct pko_reader *open_file(const char *path) {
    struct pko_reader *reader;
    char *message = NULL;
    int status = pko_reader_open(path, &reader, &message);
    cr_assert_eq(status, PKO_OK, "%s", message ? message : pko_status_text(status));
    return reader;
}

static const struct pko_reader_variable *find(const struct pko_reader *reader, const char *name,
                                              double **values) {
    int number = pko_reader_find(reader, name);
    cr_assert_geq(number, 0, "no variable %s", name);
    cr_assert_eq(pko_reader_numbers(reader, (size_t)number, values, NULL), PKO_OK);
    return pko_reader_variable(reader, (size_t)number);
}

static bool same(double one, double other) {
    return one == other || (isnan(one) && isnan(other));
}

static void expect_dimensions(const struct pko_reader_variable *variable, const char *names) {
    char joined[200] = "";
    for (int k = 0; k < variable->rank; k++) {
        strcat(joined, variable->dimension[k]);
        strcat(joined, " ");
    }
    cr_expect_str_eq(joined, names, "%s", variable->name);
}

Test(writer, a_file_gives_back_what_was_added) {
    static const char *const dimensions[RUNS_MEASURES] = {
        "regime replicate time ", "regime replicate time group ", "regime replicate time category camp ",
        "regime replicate time region ", "regime replicate time quantile "};
    write_file("a.h5", usual, 5, 5, 5);
    struct pko_reader *reader = open_file("a.h5");
    double *values;
    for (size_t m = 0; m < RUNS_MEASURES; m++) {
        const struct pko_reader_variable *variable = find(reader, runs_measures[m].name, &values);
        expect_dimensions(variable, dimensions[m]);
        cr_expect_str_eq(variable->units, runs_measures[m].unit);
        cr_expect_str_eq(variable->long_name, runs_measures[m].long_name);
        uint64_t row = variable->count / (REGIMES * 5);
        for (uint64_t k = 0; k < variable->count; k++)
            cr_assert(same(values[k], runs_value(k / row / 5, (uint32_t)(k / row % 5), m, k % row)), "%s %lu",
                      variable->name, (unsigned long)k);
        free(values);
    }
    const struct pko_reader_variable *trust = find(reader, "trust", &values);
    expect_dimensions(trust, "regime replicate snapshot group toward ");
    for (uint64_t k = 0; k < trust->count; k++)
        cr_assert(same(values[k], runs_value(k / 32 / 5, (uint32_t)(k / 32 % 5), RUNS_TRUST, k % 32)));
    free(values);
    const struct pko_reader_variable *people = find(reader, "people_by_ledgers", &values);
    expect_dimensions(people, "regime replicate snapshot category reinforcement_bin resistance_bin ");
    for (uint64_t k = 0; k < people->count; k++)
        cr_assert(same(values[k], runs_people(k / 1600 / 5, (uint32_t)(k / 1600 % 5), k % 1600)));
    free(values);
    const struct pko_reader_variable *outcome = find(reader, "outcome", &values);
    expect_dimensions(outcome, "regime replicate outcome_name ");
    for (uint64_t k = 0; k < outcome->count; k++)
        cr_assert(same(values[k], runs_outcome(k / 15, (uint32_t)(k / 3 % 5), k % 3)));
    free(values);
    pko_reader_free(reader);
}

static void expect_coordinate(const struct pko_reader *reader, const char *name, const double *expected,
                              size_t count) {
    double *values;
    const struct pko_reader_variable *variable = find(reader, name, &values);
    cr_assert_eq(variable->count, count, "%s", name);
    for (size_t k = 0; k < count; k++)
        cr_expect(same(values[k], expected[k]), "%s[%zu] = %g", name, k, values[k]);
    free(values);
}

static void expect_texts(const struct pko_reader *reader, const char *name, const char *expected) {
    int number = pko_reader_find(reader, name);
    char **texts, joined[400] = "";
    cr_assert_geq(number, 0, "no variable %s", name);
    cr_assert_eq(pko_reader_texts(reader, (size_t)number, &texts, NULL), PKO_OK);
    for (uint64_t k = 0; k < pko_reader_variable(reader, (size_t)number)->count; k++) {
        strcat(joined, texts[k]);
        strcat(joined, "|");
    }
    cr_expect_str_eq(joined, expected, "%s", name);
    free(texts);
}

Test(writer, dimensions_have_labels) {
    write_file("a.h5", usual, 3, 3, 3);
    struct pko_reader *reader = open_file("a.h5");
    expect_texts(reader, "regime", "minusma|monusco|");
    expect_texts(reader, "group", "one|two|guards|jmac|");
    expect_texts(reader, "toward", "one|two|guards|jmac|");
    expect_texts(reader, "group_kind", "contingent|contingent|police|section|");
    expect_texts(reader, "group_bloc", "nato|african|police|civilian|");
    expect_texts(reader, "group_country", "DEU|TCD|SEN||");
    expect_texts(reader, "camp_region", "north|north|south|");
    expect_texts(reader, "outcome_name", "deaths/yr|access|d of one|");
    expect_coordinate(reader, "replicate", (double[]){100, 101, 102}, 3);
    expect_coordinate(reader, "time", (double[]){0, 3, 6, 9, 12, 15, 18, 21, 24, 27}, 10);
    expect_coordinate(reader, "snapshot", (double[]){1, 4}, 2);
    expect_coordinate(reader, "quantile", (double[]){0.1, 0.5, 0.9}, 3);
    expect_coordinate(reader, "camp_latitude", (double[]){NAN, 17.25, 18.25}, 3);
    cr_expect_str_eq(pko_reader_variable(reader, (size_t)pko_reader_find(reader, "time"))->units,
                     "days since 2018-07-01");
    double *bins;
    cr_expect_eq(find(reader, "resistance_bin", &bins)->count, 20);
    cr_expect(bins[0] == 0.025 && bins[19] == 0.975);
    free(bins);
    pko_reader_free(reader);
}

Test(writer, events_stand_by_regime_and_replicate) {
    write_file("a.h5", usual, 6, 6, 5);
    struct pko_reader *reader = open_file("a.h5");
    double *regime, *replicate, *day, *killed, *group, *camp, *km, *leaks;
    uint64_t count = find(reader, "incident_regime", &regime)->count, at = 0;
    find(reader, "incident_replicate", &replicate);
    find(reader, "incident_day", &day);
    find(reader, "incident_killed", &killed);
    find(reader, "incident_group", &group);
    find(reader, "incident_camp", &camp);
    for (size_t g = 0; g < REGIMES; g++)
        for (uint32_t r = 0; r < 5; r++)
            for (size_t k = 0; k < runs_incidents(g, r); k++, at++) {
                cr_assert_lt(at, count);
                cr_assert_eq(regime[at], (double)g);
                cr_assert_eq(replicate[at], 100 + r);
                cr_assert_eq(day[at], (double)(2 * k + g));
                cr_assert_eq(killed[at], r);
                cr_assert_eq(group[at], (double)k - 1);
                cr_assert_eq(camp[at], k == 0 ? 2 : -1);
            }
    cr_expect_eq(at, count);
    cr_expect_gt(count, 10);
    cr_expect_eq(find(reader, "convoy_km", &km)->count, 10);
    cr_expect_eq(km[9], 12.5);
    cr_expect_eq(find(reader, "leak_day", &leaks)->count, 0);
    double *const all[] = {regime, replicate, day, killed, group, camp, km, leaks};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        free(all[k]);
    expect_dimensions(pko_reader_variable(reader, (size_t)pko_reader_find(reader, "incident_hit")),
                      "incident ");
    pko_reader_free(reader);
}

Test(writer, records_only_what_the_scenario_asks_for) {
    write_file("a.h5", (struct runs_shape){30, 7, 0, false, false}, 2, 2, 2);
    struct pko_reader *reader = open_file("a.h5");
    static const char *const absent[] = {"reinforcement_by_group",
                                         "trust",
                                         "people_by_ledgers",
                                         "incident",
                                         "incident_day",
                                         "snapshot",
                                         "toward",
                                         "convoy"};
    for (size_t k = 0; k < sizeof absent / sizeof *absent; k++)
        cr_expect_eq(pko_reader_find(reader, absent[k]), -1, "%s", absent[k]);
    cr_expect_geq(pko_reader_find(reader, "alpha"), 0);
    cr_expect_geq(pko_reader_find(reader, "group"), 0);
    pko_reader_free(reader);
}

Test(writer, chunks_are_64_KiB_to_1_MiB_where_the_data_allow) {
    struct runs_shape shapes[] = {
        {1000, 1, 0, true, false}, {36525, 1, 0, true, false}, {30, 10, 0, true, false}};
    uint32_t replicates[] = {100, 3, 30000};
    for (size_t s = 0; s < 3; s++) {
        write_file("a.h5", shapes[s], replicates[s], 1, 1);
        struct pko_reader *reader = open_file("a.h5");
        for (size_t m = 0; m < RUNS_MEASURES; m++) {
            const struct pko_reader_variable *variable =
                pko_reader_variable(reader, (size_t)pko_reader_find(reader, runs_measures[m].name));
            uint64_t bytes = variable->bytes;
            for (int k = 0; k < variable->rank; k++)
                bytes *= variable->chunk[k];
            cr_expect(bytes >= 65536 && bytes <= 1048576, "%s: %lu", variable->name, (unsigned long)bytes);
            cr_expect_eq(variable->chunk[0], 1);
        }
        pko_reader_free(reader);
    }
}

/* With very many regimes chunks shrink rather than memory grow. */
Test(writer, blocks_stay_in_bounds_with_many_regimes) {
    enum { MANY = 400 };
    const char *names[MANY];
    struct pko_scenario *scenario = runs_scenario((struct runs_shape){2000, 1, 0, true, false});
    scenario->definitions = calloc(MANY, sizeof *scenario->definitions);
    scenario->definition_count = MANY;
    for (int k = 0; k < MANY; k++) {
        snprintf(scenario->definitions[k].name, PKO_NAME_SIZE, "regime_%d", k);
        names[k] = scenario->definitions[k].name;
    }
    struct pko_file_plan plan = {scenario, names, MANY, 0, 100, "pkosim run tiny", 1};
    struct pko_writer *writer;
    cr_assert_eq(pko_writer_open("a.h5", false, &plan, &writer, NULL), PKO_OK);
    for (size_t g = 0; g < MANY; g++) {
        struct pko_observer *observer = runs_observer(scenario, g, 0);
        cr_assert_eq(pko_writer_add(writer, g, 0, observer), PKO_OK);
        pko_observer_free(observer);
    }
    cr_assert_eq(pko_writer_commit(writer, 1, NULL), PKO_OK);
    pko_writer_free(writer);
    pko_scenario_free(scenario);
    struct pko_reader *reader = open_file("a.h5");
    uint64_t blocks = 0;
    for (size_t m = 0; m < RUNS_MEASURES; m++) {
        const struct pko_reader_variable *variable =
            pko_reader_variable(reader, (size_t)pko_reader_find(reader, runs_measures[m].name));
        uint64_t bytes = variable->bytes * variable->chunk[1] * variable->count / MANY;
        blocks += variable->chunk[1] > 1 ? bytes * MANY : 0;
        cr_expect_geq(bytes, 16384, "%s", variable->name);
    }
    cr_expect(blocks > 0 && blocks <= 96 << 20, "%lu", (unsigned long)blocks);
    pko_reader_free(reader);
}

Test(writer, the_prefix_asked_for_is_the_file_of_that_many_replicates) {
    char one[65], other[65];
    for (uint32_t kept = 1; kept <= 9; kept += 4) {
        write_file("straight.h5", usual, kept, kept, kept);
        write_file("cut.h5", usual, 5000, 9, kept);
        cr_expect_str_eq(digest_of("straight.h5", one), digest_of("cut.h5", other), "%u", kept);
    }
    struct runs_shape wide = {400, 1, 0, true,
                              true}; /* blocks of different depths, some written before the cut */
    write_file("straight.h5", wide, 50, 50, 50);
    write_file("cut.h5", wide, 111, 111, 50);
    cr_expect_str_eq(digest_of("straight.h5", one), digest_of("cut.h5", other));
}

Test(writer, nothing_finished_leaves_no_file) {
    char *message = NULL;
    cr_expect_eq(write_touched("a.h5", usual, 5, 0, 0, NULL, &message), PKO_ERROR_INTERRUPTED);
    cr_expect(message && !strchr(message, '\n'));
    free(message);
    cr_expect_eq(scratch_files(), 0);
}

Test(writer, a_run_half_added_is_no_part_of_the_file) {
    struct pko_scenario *scenario = runs_scenario(usual);
    struct pko_file_plan plan = plan_of(scenario, 4);
    struct pko_writer *writer;
    char one[65], other[65];
    cr_assert_eq(pko_writer_open("half.h5", false, &plan, &writer, NULL), PKO_OK);
    for (size_t k = 0; k < 2 * REGIMES + 1; k++) { /* replicates 0 and 1, and one regime of 2 */
        struct pko_observer *observer = runs_observer(scenario, k % REGIMES, (uint32_t)(k / REGIMES));
        cr_assert_eq(pko_writer_add(writer, k % REGIMES, (uint32_t)(k / REGIMES), observer), PKO_OK);
        pko_observer_free(observer);
    }
    cr_assert_eq(pko_writer_commit(writer, 2, NULL), PKO_OK);
    pko_writer_free(writer);
    pko_scenario_free(scenario);
    write_file("straight.h5", usual, 2, 2, 2);
    cr_expect_str_eq(digest_of("straight.h5", one), digest_of("half.h5", other));
}

Test(writer, a_writer_given_up_leaves_no_file) {
    struct pko_scenario *scenario = runs_scenario(usual);
    struct pko_file_plan plan = plan_of(scenario, 4);
    struct pko_writer *writer;
    cr_assert_eq(pko_writer_open("a.h5", false, &plan, &writer, NULL), PKO_OK);
    cr_expect_gt(scratch_files(), 0);
    pko_writer_free(writer);
    cr_expect_eq(scratch_files(), 0);
    pko_writer_free(NULL);
    pko_scenario_free(scenario);
}

Test(writer, an_existing_file_needs_force) {
    struct pko_scenario *scenario = runs_scenario(usual);
    struct pko_file_plan plan = plan_of(scenario, 4);
    struct pko_writer *writer;
    char *message = NULL, one[65], other[65];
    write_file("a.h5", usual, 1, 1, 1);
    digest_of("a.h5", one);
    cr_expect_eq(pko_writer_open("a.h5", false, &plan, &writer, &message), PKO_ERROR_DISK);
    cr_expect(!writer && message && strstr(message, "a.h5") && strstr(message, "exists"));
    free(message);
    cr_expect_eq(pko_writer_open("no/such/a.h5", false, &plan, &writer, &message), PKO_ERROR_DISK);
    cr_expect(!writer && message);
    free(message);
    cr_expect_str_eq(one, digest_of("a.h5", other));
    write_file("a.h5", usual, 2, 2, 2);
    cr_expect_str_neq(one, digest_of("a.h5", other));
    cr_expect_eq(scratch_files(), 1);
    pko_scenario_free(scenario);
}

Test(writer, an_unknown_regime_is_refused) {
    struct pko_scenario *scenario = runs_scenario(usual);
    struct pko_file_plan plan = plan_of(scenario, 4);
    plan.regimes = (const char *const[]){"minusma", "nonesuch"};
    struct pko_writer *writer;
    char *message = NULL;
    cr_expect_eq(pko_writer_open("a.h5", false, &plan, &writer, &message), PKO_ERROR_NAME);
    cr_expect(message && strstr(message, "nonesuch"));
    free(message);
    cr_expect_eq(scratch_files(), 0);
    pko_scenario_free(scenario);
}

Test(writer, same_runs_make_the_same_bytes) {
    char one[65], other[65];
    write_file("a.h5", usual, 7, 7, 7);
    sleep(2); /* times of objects, if the file kept any, would differ */
    write_file("b.h5", usual, 7, 7, 7);
    cr_expect_str_eq(digest_of("a.h5", one), digest_of("b.h5", other));
    /* Only the seconds of start and end may differ. */
    FILE *a = fopen("a.h5", "rb"), *b = fopen("b.h5", "rb");
    long bytes = 0, different = 0;
    for (int c; (c = getc(a)) != EOF; bytes++)
        different += c != getc(b);
    cr_expect_eq(getc(b), EOF);
    cr_expect_gt(bytes, 10000);
    cr_expect_leq(different, 100, "%ld of %ld bytes", different, bytes);
    fclose(a);
    fclose(b);
}

Test(digest, sees_one_bit_of_any_value_but_not_the_pattern_of_nothing, .init = scratch_enter,
     .fini = scratch_leave) {
    char first[65], other[65];
    float value = runs_value(1, 3, 2, 11);
    const union {
        uint32_t bits;
        float value;
    } odd_nan = {0xffc12345}, negative_zero = {0x80000000};
    write_file("a.h5", usual, 5, 5, 5);
    digest_of("a.h5", first);
    struct touch touch = {1, 3, 2, 11, nextafterf(value, 1e9F)};
    cr_assert_eq(write_touched("b.h5", usual, 5, 5, 5, &touch, NULL), PKO_OK);
    cr_expect_str_neq(first, digest_of("b.h5", other));
    touch.value = value;
    cr_assert_eq(write_touched("b.h5", usual, 5, 5, 5, &touch, NULL), PKO_OK);
    cr_expect_str_eq(first, digest_of("b.h5", other));
    touch = (struct touch){0, 0, 1, 1, odd_nan.value}; /* missing as it is */
    cr_assert_eq(write_touched("b.h5", usual, 5, 5, 5, &touch, NULL), PKO_OK);
    cr_expect_str_eq(first, digest_of("b.h5", other));
    touch = (struct touch){0, 0, 0, 0, negative_zero.value}; /* 0 as it is */
    cr_assert_eq(runs_value(0, 0, 0, 0), 0);
    cr_assert_eq(write_touched("b.h5", usual, 5, 5, 5, &touch, NULL), PKO_OK);
    cr_expect_str_eq(first, digest_of("b.h5", other));
}

Test(digest, depends_on_events_and_labels, .init = scratch_enter, .fini = scratch_leave) {
    char one[65], other[65];
    struct runs_shape plain = usual;
    plain.events = false;
    write_file("a.h5", usual, 2, 2, 2);
    write_file("b.h5", plain, 2, 2, 2);
    cr_expect_str_neq(digest_of("a.h5", one), digest_of("b.h5", other));
    struct runs_shape daily = usual;
    daily.every = 1;
    write_file("b.h5", daily, 2, 2, 2);
    cr_expect_str_neq(one, digest_of("b.h5", other));
}

/* Variables come into a file when they have a chunk, which short rows have later than long ones. */
Test(writer, variables_stand_in_one_order) {
    struct pko_reader *one, *other;
    struct runs_shape wide = {300, 1, 2, true, true};
    write_file("a.h5", wide, 1, 1, 1);
    cr_assert_eq(pko_reader_open("a.h5", &one, NULL), PKO_OK);
    for (uint32_t replicates = 2; replicates <= 130; replicates += 64) {
        write_file("b.h5", wide, replicates, replicates, replicates - 1);
        cr_assert_eq(pko_reader_open("b.h5", &other, NULL), PKO_OK);
        const struct pko_reader_variable *variable, *same = NULL;
        size_t k = 0;
        for (; (variable = pko_reader_variable(one, k)) && (same = pko_reader_variable(other, k)); k++)
            cr_expect_str_eq(variable->name, same->name);
        cr_expect(k > 50 && !variable && !pko_reader_variable(other, k), "%zu variables", k);
        pko_reader_free(other);
        cr_assert_eq(unlink("b.h5"), 0);
    }
    pko_reader_free(one);
}

#ifdef __SANITIZE_ADDRESS__ /* a process there takes ten times as long */
#define LIMIT_STEP 16U
#else
#define LIMIT_STEP 1U
#endif

/* One pass over the file-size limits from nothing to more than the whole: each attempt ends whole or in one
 * message with no file. SIGXFSZ keeps its default action, which would kill the test. */
Test(writer, a_full_disk_at_any_place_leaves_no_file, .timeout = 300) {
    char whole[65], hex[65];
    struct runs_shape wide = {300, 1, 2, true, true};
    write_file("a.h5", wide, 40, 40, 40);
    digest_of("a.h5", whole);
    cr_assert_eq(unlink("a.h5"), 0);
    int complete = 0, refused = 0;
    for (rlim_t limit = 0; complete == 0; limit += LIMIT_STEP * (limit < 65536 ? 1024U : 16384U)) {
        cr_assert_lt(limit, 64U << 20);
        fflush(NULL);
        pid_t child = fork();
        if (child ==
            0) { /* HDF5 keeps what it held for a file given up, so each attempt has a process of its own */
            char *message = NULL;
            struct rlimit most = {limit, RLIM_INFINITY};
            /* A sanitizer that writes into a log past the limit waits for itself for ever. */
            int nowhere = open("/dev/null", O_WRONLY);
            dup2(nowhere, STDERR_FILENO);
            setrlimit(RLIMIT_FSIZE, &most);
            int status = write_touched("a.h5", wide, 40, 40, 40, NULL, &message);
            bool told = message && strstr(message, "File too large") && !strchr(message, '\n');
            free(message);
            exit(status == PKO_OK                   ? 0
                 : status == PKO_ERROR_DISK && told ? 1
                                                    : 2); /* what HDF5 does at exit counts */
        }
        int result;
        waitpid(child, &result, 0);
        cr_assert(WIFEXITED(result), "limit %lu: signal %d", (unsigned long)limit, WTERMSIG(result));
        cr_assert_lt(WEXITSTATUS(result), 2, "limit %lu: wrong status or message", (unsigned long)limit);
        if (WEXITSTATUS(result) == 0) {
            complete++;
            cr_expect_str_eq(whole, digest_of("a.h5", hex));
        } else {
            refused++;
            cr_assert_eq(scratch_files(), 0, "limit %lu", (unsigned long)limit);
        }
    }
    cr_expect_gt(refused, 40 / (int)LIMIT_STEP);
}

Test(writer, a_failure_stays_and_has_one_message) {
    struct pko_scenario *scenario = runs_scenario((struct runs_shape){2000, 1, 0, true, false});
    struct pko_file_plan plan = plan_of(scenario, 1000);
    struct pko_writer *writer;
    struct rlimit most = {1 << 19, RLIM_INFINITY};
    char *message = NULL;
    cr_assert_eq(pko_writer_open("a.h5", false, &plan, &writer, NULL), PKO_OK);
    cr_expect_null(pko_writer_message(writer));
    setrlimit(RLIMIT_FSIZE, &most);
    int status = PKO_OK;
    for (uint32_t r = 0; r < 1000 && status == PKO_OK; r++)
        for (size_t g = 0; g < REGIMES && status == PKO_OK; g++) {
            struct pko_observer *observer = runs_observer(scenario, g, r);
            status = pko_writer_add(writer, g, r, observer);
            if (status != PKO_OK)
                cr_expect_eq(pko_writer_add(writer, 0, 0, observer), PKO_ERROR_DISK);
            pko_observer_free(observer);
        }
    cr_expect_eq(status, PKO_ERROR_DISK);
    cr_assert(pko_writer_message(writer));
    cr_expect(strstr(pko_writer_message(writer), "File too large"), "%s", pko_writer_message(writer));
    cr_expect_eq(scratch_files(), 0);
    cr_expect_eq(pko_writer_commit(writer, 1, &message), PKO_ERROR_DISK);
    cr_expect_str_eq(message, pko_writer_message(writer));
    free(message);
    pko_writer_free(writer);
    pko_scenario_free(scenario);
}

/* Starts to write, kills the writer after `wait` seconds, and returns whether the file is there, whole. */
static bool kill_after(double wait, struct runs_shape shape, const char *whole) {
    char hex[65];
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(write_touched("a.h5", shape, 30, 30, 30, NULL, NULL) == PKO_OK ? 0 : 1);
    nanosleep(&(struct timespec){(time_t)wait, (long)((wait - floor(wait)) * 1e9)}, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    if (access("a.h5", F_OK) != 0)
        return false;
    cr_assert_str_eq(whole, digest_of("a.h5", hex));
    return true;
}

/* Rounds of kills at moments spread over the time that writing takes; a round in which all or none came too
 * late says that the machine is busier or less busy than it was, and the next one is stretched. */
Test(writer, kill_at_any_moment_leaves_no_file_or_a_whole_one, .timeout = 300) {
    char whole[65];
    struct runs_shape wide = {200, 1, 2, true, true};
    write_file("a.h5", wide, 30, 30, 30);
    digest_of("a.h5", whole);
    cr_assert_eq(unlink("a.h5"), 0);
    int absent = 0, complete = 0, leftovers = 0;
    double span = 0.05;
    for (int round = 0; round < 100 && (absent < 60 || complete < 60 || leftovers < 10); round++) {
        int late = 0;
        for (int trial = 0; trial < 10; trial++) {
            bool there = kill_after(span * trial / 10, wide, whole);
            leftovers += scratch_files() > there;
            late += there;
            unlink("a.h5");
        }
        complete += late;
        absent += 10 - late;
        span *= late < 2 ? 1.5 : late > 5 ? 0.7 : 1;
    }
    cr_expect_geq(absent, 60);
    cr_expect_geq(complete, 60);
    cr_expect_geq(leftovers, 10, "too few were killed while they wrote");
    write_file("a.h5", wide, 1, 1, 1);
    cr_expect_eq(scratch_files(), 1);
}

static long resident_kib(void) {
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    cr_assert(file && fscanf(file, "%ld %ld", &size, &pages) == 2);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

Test(writer, memory_does_not_grow_with_the_replicates) {
#ifdef __SANITIZE_ADDRESS__
    cr_skip_test("a sanitizer keeps what is freed");
#endif
    struct pko_scenario *scenario = runs_scenario((struct runs_shape){30, 3, 0, true, true});
    struct pko_file_plan plan = plan_of(scenario, 20000);
    struct pko_writer *writer;
    long early = 0;
    cr_assert_eq(pko_writer_open("a.h5", false, &plan, &writer, NULL), PKO_OK);
    for (uint32_t r = 0; r < 20000; r++) {
        for (size_t g = 0; g < REGIMES; g++) {
            struct pko_observer *observer = runs_observer(scenario, g, r);
            cr_assert_eq(pko_writer_add(writer, g, r, observer), PKO_OK);
            pko_observer_free(observer);
        }
        if (r == 4000)
            early = resident_kib();
    }
    long late = resident_kib();
    cr_expect_leq(late, early + 4096, "%ld KiB, then %ld", early, late);
    cr_assert_eq(pko_writer_commit(writer, 20000, NULL), PKO_OK);
    cr_expect_leq(resident_kib(), early + 16384);
    pko_writer_free(writer);
    pko_scenario_free(scenario);
}

Test(writer, attributes_tell_where_the_file_comes_from) {
    struct pko_scenario *scenario = runs_scenario(usual);
    scenario->seed = UINT64_MAX - 1;
    pko_parameter_put(&scenario->parameters, PKO_P_danger_own, 0.1);
    scenario->cuts = calloc(1, sizeof *scenario->cuts);
    scenario->cuts[0].arrow = PKO_ARROW_reciprocity;
    scenario->cut_count = 1;
    struct pko_file_plan plan = plan_of(scenario, 1);
    plan.command = "pkosim run --out \xff\xc3\xa9.h5"; /* a byte that is no UTF-8 */
    struct pko_writer *writer;
    cr_assert_eq(pko_writer_open("a.h5", false, &plan, &writer, NULL), PKO_OK);
    for (size_t g = 0; g < REGIMES; g++) {
        struct pko_observer *observer = runs_observer(scenario, g, 0);
        cr_assert_eq(pko_writer_add(writer, g, 0, observer), PKO_OK);
        pko_observer_free(observer);
    }
    struct pko_change change = {12, "set", "danger.own", 0.25};
    cr_expect_eq(pko_writer_change(writer, 1, 0, &change), PKO_OK);
    cr_assert_eq(pko_writer_commit(writer, 1, NULL), PKO_OK);
    pko_writer_free(writer);
    struct pko_reader *reader = open_file("a.h5");
    cr_expect_eq(pko_reader_about(reader, "seed")->integer, UINT64_MAX - 1);
    cr_expect_eq(pko_reader_about(reader, "schema_version")->integer, 1);
    cr_expect_eq(pko_reader_about(reader, "parameter:danger.own")->number, 0.1);
    cr_expect_eq(pko_reader_about(reader, "parameter:danger.camp")->number, 0.08);
    cr_expect_eq(pko_reader_about(reader, "regime:monusco.leak")->number, 0.004);
    cr_expect_str_eq(pko_reader_about(reader, "scenario")->text, scenario->text);
    cr_expect_str_eq(pko_reader_about(reader, "command")->text, "pkosim run --out ?\xc3\xa9.h5");
    cr_expect_str_eq(pko_reader_about(reader, "cuts")->text, "arrow,from\nreciprocity,2018-09-29\n");
    cr_expect_str_eq(pko_reader_about(reader, "changes")->text,
                     "regime,replicate,day,kind,name,value\nmonusco,100,12,set,danger.own,0.25\n");
    cr_expect(strstr(pko_reader_about(reader, "parameters")->text, "danger.own,0.1,0.06,1,assumption\n"));
    cr_expect(strstr(pko_reader_about(reader, "caveat")->text, "two ledgers"));
    cr_expect_str_eq(pko_reader_about(reader, "Conventions")->text, "CF-1.10");
    cr_expect_str_eq(pko_reader_about(reader, "pkosim_version")->text, pko_version());
    static const char *const others[] = {"title",           "source", "history", "references", "commit",
                                         "compiler",        "host",   "started", "ended",      "settings",
                                         "scenario_sha256", "regimes"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        cr_expect(pko_reader_about(reader, others[k]) && pko_reader_about(reader, others[k])->text, "%s",
                  others[k]);
    for (int k = 0; k < PKO_FIRST_RULE; k++) {
        char name[100];
        snprintf(name, sizeof name, "parameter:%s", pko_parameter_info((size_t)k)->name);
        cr_expect(pko_reader_about(reader, name), "%s", name);
    }
    pko_reader_free(reader);
    pko_scenario_free(scenario);
}

Test(writer, a_text_may_pass_64_KiB) {
    struct pko_scenario *scenario = runs_scenario(usual);
    free(scenario->text);
    scenario->text = malloc(300001);
    memset(scenario->text, 'x', 300000);
    scenario->text[300000] = 0;
    struct pko_file_plan plan = plan_of(scenario, 1);
    struct pko_writer *writer;
    cr_assert_eq(pko_writer_open("a.h5", false, &plan, &writer, NULL), PKO_OK);
    for (size_t g = 0; g < REGIMES; g++) {
        struct pko_observer *observer = runs_observer(scenario, g, 0);
        cr_assert_eq(pko_writer_add(writer, g, 0, observer), PKO_OK);
        pko_observer_free(observer);
    }
    cr_assert_eq(pko_writer_commit(writer, 1, NULL), PKO_OK);
    pko_writer_free(writer);
    struct pko_reader *reader = open_file("a.h5");
    cr_expect_str_eq(pko_reader_about(reader, "scenario")->text, scenario->text);
    pko_reader_free(reader);
    pko_scenario_free(scenario);
}
