/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `pkosim doctor`: what is there and what is missing, for which feature, and how to get it. */
#define _GNU_SOURCE /* mkostemp */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/table.h"
#include "cli/words.h"
#include "experiment/twins.h"
#include "pkosim/pkosim.h"
#include "process/peacekeepers.h"
#include "record/build.h"

#define FEATURES_MOST 24
#define LEAST_DISK    (UINT64_C(64) << 20) /* bytes: a first look at any scenario fits */

struct feature {
    const char *name, *use, *package; /* package: of Debian, "" where none would help */
    bool needed;                      /* by `run` */
    bool there;
    char found[160]; /* a few words; where it is missing: why, or "" */
};
struct examination {
    struct feature features[FEATURES_MOST];
    size_t count;
};

static void __attribute__((format(printf, 4, 5)))
add(struct examination *examination, struct feature feature, bool there, const char *format, ...) {
    va_list arguments;
    feature.there = there;
    va_start(arguments, format);
    vsnprintf(feature.found, sizeof feature.found, format, arguments);
    va_end(arguments);
    if (examination->count < FEATURES_MOST)
        examination->features[examination->count++] = feature;
}

/* --- What the program itself is made of */

static void examine_program(struct examination *examination) {
    static const char *const clones[] = {"generic", "v3", "v4"};
    static const char *const sets[] = {"baseline", "x86-64-v3 (AVX2)", "x86-64-v4 (AVX-512)"};
    int threads = pko_twins_threads(0, UINT32_MAX);
    size_t clone = 0;
    char hdf5[32];
    pko_build_hdf5(hdf5);
    while (clone + 1 < sizeof clones / sizeof *clones &&
           pko_meetings_choose(NULL) != pko_meetings_choose(clones[clone]))
        clone++;
    add(examination, (struct feature){"threads", "runs side by side", "", false, false, ""}, true,
        "%d on %ld processors", threads, sysconf(_SC_NPROCESSORS_ONLN));
    add(examination, (struct feature){"instructions", "the loop over individuals", "", false, false, ""},
        true, "%s", sets[clone]);
    add(examination,
        (struct feature){"HDF5 deflate", "writing and reading results", "libhdf5-103-1", true, false, ""},
        pko_build_deflates(), "HDF5 %s", hdf5);
}

/* The folder one is in: where `run` writes, and gathers events meanwhile. */
static void examine_folder(struct examination *examination) {
    const struct feature writable = {"this folder", "results and their scratch files", "", true, false, ""};
    const struct feature space = {"free space", "results", "", true, false, ""};
    char name[] = ".pkosim-doctor-XXXXXX";
    struct statvfs disk;
    int file = mkostemp(name, O_CLOEXEC);
    if (file < 0) {
        add(examination, writable, false, "cannot be written: %s; go elsewhere, or give run --out",
            strerror(errno));
    } else {
        close(file);
        unlink(name);
        add(examination, writable, true, "can be written");
    }
    if (statvfs(".", &disk) != 0) {
        add(examination, space, false, "not known: %s", strerror(errno));
        return;
    }
    uint64_t free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    add(examination, space, free_bytes >= LEAST_DISK, "%.3g GiB; 20 twins of MINUSMA: 0.04",
        (double)free_bytes / (double)(UINT64_C(1) << 30));
}

/* --- Other programs */

/* The path of a command; false if PATH does not lead to it. */
static bool find_command(const char *name, char *path, size_t size) {
    const char *places = getenv("PATH");
    while (places && *places) {
        size_t length = strcspn(places, ":");
        int used = snprintf(path, size, "%.*s/%s", (int)length, length ? places : ".", name);
        if (length == 0)
            used = snprintf(path, size, "./%s", name);
        if (used > 0 && (size_t)used < size && access(path, X_OK) == 0)
            return true;
        places += length + (places[length] == ':');
    }
    return false;
}

static void examine_command(struct examination *examination, const char *command, struct feature feature) {
    char path[sizeof feature.found];
    bool there = find_command(command, path, sizeof path);
    add(examination, feature, there, "%s", there ? path : "");
}

/* What a helper program says: names of the modules it has, a blank behind each. */
static void ask(const char *command, char *answer, size_t size) {
    FILE *pipe = popen(command, "r");
    answer[0] = ' ';
    answer[1] = 0;
    if (!pipe)
        return;
    size_t length = fread(answer + 1, 1, size - 2, pipe);
    answer[length + 1] = 0;
    pclose(pipe);
}

static bool has_word(const char *answer, const char *word) {
    char marked[64];
    snprintf(marked, sizeof marked, " %s ", word);
    return strstr(answer, marked) != NULL;
}

struct module {
    const char *name, *package, *use;
};

static void examine_python(struct examination *examination) {
    static const struct module modules[] = {
        {"xarray", "python3-xarray", "reading results in one line"},
        {"h5netcdf", "python3-h5netcdf", "reading results in one line"},
        {"netCDF4", "python3-netcdf4", "reading results another way"},
        {"pandas", "python3-pandas", "tables and figures"},
        {"matplotlib", "python3-matplotlib", "figures"},
    };
    static const char program[] =
        " -c \"import importlib.util as u; print(*[m for m in ('xarray', 'h5netcdf', 'netCDF4', 'pandas', "
        "'matplotlib') if u.find_spec(m)], '')\" 2>/dev/null";
    char path[160] = "/usr/bin/python3", answer[256] = " ", command[512];
    bool there = access(path, X_OK) == 0;
    if (!there)
        there = find_command("python3", path, sizeof path) && !strpbrk(path, "'");
    add(examination, (struct feature){"Python", "reading results, figures", "python3", false, false, ""},
        there, "%s", there ? path : "");
    snprintf(command, sizeof command, "'%s'%s", path, program);
    if (there)
        ask(command, answer, sizeof answer);
    for (size_t k = 0; k < sizeof modules / sizeof *modules; k++) {
        bool found = has_word(answer, modules[k].name);
        add(examination,
            (struct feature){modules[k].name, modules[k].use, modules[k].package, false, false, ""}, found,
            "%s", found ? "in Python" : "");
    }
}

static void examine_r(struct examination *examination) {
    char path[160] = "", answer[256] = " ";
    bool there = find_command("Rscript", path, sizeof path);
    add(examination, (struct feature){"R", "reading results", "r-base-core", false, false, ""}, there, "%s",
        there ? path : "");
    if (there)
        ask("Rscript --vanilla -e \"for (p in c('ncdf4', 'rhdf5')) if (nzchar(system.file(package = p))) "
            "cat(p, '')\" 2>/dev/null",
            answer, sizeof answer);
    const char *found = has_word(answer, "ncdf4") ? "ncdf4" : has_word(answer, "rhdf5") ? "rhdf5" : "";
    add(examination,
        (struct feature){"ncdf4 or rhdf5", "reading results in R", "r-cran-ncdf4", false, false, ""}, *found,
        "%s%s", found, *found ? " in R" : "");
}

static void examine(struct examination *examination) {
    examine_program(examination);
    examine_folder(examination);
    examine_python(examination);
    examine_r(examination);
    examine_command(examination, "sbatch",
                    (struct feature){"Slurm", "runs on a cluster", "slurm-client", false, false, ""});
    examine_command(examination, "mpirun",
                    (struct feature){"MPI", "a cluster; pkosim needs none", "openmpi-bin", false, false, ""});
    examine_command(examination, "man", (struct feature){"man", "manual pages", "man-db", false, false, ""});
}

/* --- Saying it */

static bool can_run(const struct examination *examination) {
    for (size_t k = 0; k < examination->count; k++)
        if (examination->features[k].needed && !examination->features[k].there)
            return false;
    return true;
}

static void json_examination(const struct examination *examination) {
    struct pko_json json = pko_json_start(stdout);
    pko_json_open(&json, NULL, '{', false);
    pko_json_text(&json, "program", "pkosim");
    pko_json_text(&json, "version", pko_version());
    pko_json_truth(&json, "run_can_start", can_run(examination));
    pko_json_open(&json, "features", '[', false);
    for (size_t k = 0; k < examination->count; k++) {
        const struct feature *feature = &examination->features[k];
        pko_json_open(&json, NULL, '{', true);
        pko_json_text(&json, "name", feature->name);
        pko_json_truth(&json, "there", feature->there);
        pko_json_truth(&json, "needed_by_run", feature->needed);
        pko_json_text(&json, "use", feature->use);
        pko_json_text(&json, "found", feature->found);
        pko_json_text(&json, "package", feature->package);
        pko_json_close(&json);
    }
    pko_json_close(&json);
    pko_json_close(&json);
}

static int print_examination(const struct examination *examination) {
    struct pko_table *table = pko_table_create("llll");
    static const char *const headings[] = {"", "", "used for", "found, or how to get it"};
    for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
        pko_table_cell(table, "%s", headings[k]);
    for (size_t k = 0; k < examination->count; k++) {
        const struct feature *feature = &examination->features[k];
        pko_table_cell(table, "%s", feature->name);
        pko_table_cell(table, "%s", feature->there ? "there" : feature->needed ? "MISSING" : "missing");
        pko_table_cell(table, "%s", feature->use);
        if (feature->there || !*feature->package)
            pko_table_cell(table, "%s", feature->found);
        else
            pko_table_cell(table, "apt install %s", feature->package);
    }
    int status = pko_table_print(table, stdout);
    pko_table_free(table);
    puts(can_run(examination) ? "\nNothing that run needs is missing."
                              : "\nWhat is MISSING above must be there before run can do its work.");
    return status;
}

enum { KEY_JSON = 0x100 };

static error_t parse(int key, char *argument, struct argp_state *state) {
    switch (key) {
    case KEY_JSON:
        *(bool *)state->input = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "nothing more is wanted here: '%s'", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option list[] = {{"json", KEY_JSON, NULL, 0, "as JSON", 0}, {0}};
const struct argp pko_argp_doctor = {
    .options = list,
    .parser = parse,
    .doc =
        "Say what is there and what is missing on this machine, for which feature, and which Debian package "
        "gives it. Ends with status 74 if something that run needs is missing, else with 0."
        "\vExamples:\n"
        "  pkosim doctor\n"
        "  pkosim doctor --json"};

int pko_command_doctor(int argc, char **argv) {
    bool json = false;
    struct examination examination = {.count = 0};
    pko_words_parse(argc, argv, &pko_argp_doctor, &json);
    examine(&examination);
    if (json)
        json_examination(&examination);
    else if (print_examination(&examination) != 0)
        return pko_report(PKO_EXIT_MEMORY, "out of memory");
    return can_run(&examination) ? PKO_EXIT_OK : PKO_EXIT_DISK;
}
