/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkosim/status.h"
#include "record/digest.h"
#include "record/hdf.h"
#include "record/layout.h"
#include "record/reader.h"
#include "support/scratch.h"

TestSuite(reader, .init = scratch_enter, .fini = scratch_leave);

/* What a file of this test holds: numbers in any order of creation and any chunks, and one list of texts. */
struct content {
    bool reversed; /* order of creation */
    hsize_t chunk[2];
    int32_t last;       /* of the integers */
    const char *second; /* text */
    int32_t schema;
};
static const struct content usual = {false, {3, 2}, 41, "two", 1};

static void put_reals(hid_t file, const struct content *content) {
    const hsize_t shape[2] = {7, 5}, start[2] = {0, 0};
    float values[7][5];
    for (int k = 0; k < 35; k++)
        values[k / 5][k % 5] = (float)k / 8;
    hid_t dataset = pko_hdf_dataset(file, "reals", PKO_HDF_F32, 2, shape, NULL, content->chunk);
    cr_assert_geq(dataset, 0);
    cr_assert_geq(pko_hdf_write(dataset, PKO_HDF_F32, 2, start, shape, values), 0);
    cr_assert_geq(pko_hdf_text(dataset, "units", "km"), 0);
    cr_assert_geq(pko_hdf_release(0, 1, &dataset), 0);
}

static void put_integers(hid_t file, const struct content *content) {
    const hsize_t shape = 3, start = 0;
    const int32_t values[3] = {-5, 0, content->last};
    hid_t dataset = pko_hdf_dataset(file, "integers", PKO_HDF_I32, 1, &shape, NULL, NULL);
    cr_assert_geq(dataset, 0);
    cr_assert_geq(pko_hdf_write(dataset, PKO_HDF_I32, 1, &start, &shape, values), 0);
    cr_assert_geq(pko_hdf_release(0, 1, &dataset), 0);
}

static void put_texts(hid_t file, const struct content *content) {
    hid_t dataset;
    const char *const texts[3] = {"one", content->second, ""};
    cr_assert_geq(pko_hdf_strings(file, "texts", texts, 3, &dataset), 0);
    cr_assert_geq(pko_hdf_release(0, 1, &dataset), 0);
}

static void write_content(const char *path, struct content content) {
    struct pko_hdf_guard guard;
    fclose(fopen(path, "w"));
    pko_hdf_enter(&guard);
    hid_t file = pko_hdf_create(path);
    cr_assert_geq(file, 0);
    if (content.schema > 0) {
        cr_assert_geq(pko_hdf_text(file, "pkosim_version", "0.1.0"), 0);
        cr_assert_geq(
            pko_hdf_numbers(file, "schema_version", H5T_STD_I32LE, H5T_NATIVE_INT32, &content.schema, 0), 0);
    }
    void (*const put[3])(hid_t, const struct content *) = {put_reals, put_integers, put_texts};
    for (int k = 0; k < 3; k++)
        put[content.reversed ? 2 - k : k](file, &content);
    cr_assert_geq(pko_hdf_release(0, 1, &file), 0);
    pko_hdf_leave(&guard);
}

static void expect_refusal(const char *path, int status, const char *words) {
    struct pko_reader *reader;
    char *message = NULL, hex[65];
    cr_expect_eq(pko_reader_open(path, &reader, &message), status, "%s", path);
    cr_expect_null(reader);
    cr_expect(message && strstr(message, words) && strstr(message, path), "%s: %s", path,
              message ? message : "-");
    free(message);
    cr_expect_eq(pko_file_digest(path, hex, NULL), status);
    pko_reader_free(NULL);
}

static void copy_start(const char *from, const char *to, long size) {
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    for (int c; size-- > 0 && (c = getc(in)) != EOF;)
        putc(c, out);
    fclose(in);
    fclose(out);
}

Test(reader, one_clear_word_for_what_is_no_file_of_ours) {
    FILE *text = fopen("text.h5", "w");
    fputs("regime,replicate\n", text);
    fclose(text);
    fclose(fopen("empty.h5", "w"));
    cr_assert(mkdir("folder.h5", 0777) == 0 && mkfifo("pipe.h5", 0666) == 0);
    write_content("foreign.h5", (struct content){false, {3, 2}, 41, "two", 0});
    write_content("later.h5", (struct content){false, {3, 2}, 41, "two", 99});
    write_content("whole.h5", usual);
    copy_start("whole.h5", "short.h5", 3000);
    expect_refusal("none.h5", PKO_ERROR_DISK, "No such file or directory");
    expect_refusal("folder.h5", PKO_ERROR_DISK, "Is a directory");
    expect_refusal("pipe.h5", PKO_ERROR_DISK, "cannot read");
    expect_refusal("text.h5", PKO_ERROR_INPUT, "not a file written by pkosim");
    expect_refusal("empty.h5", PKO_ERROR_INPUT, "not a file written by pkosim");
    expect_refusal("foreign.h5", PKO_ERROR_INPUT, "not a file written by pkosim");
    expect_refusal("later.h5", PKO_ERROR_VERSION, "later version");
    expect_refusal("short.h5", PKO_ERROR_INPUT, "damaged");
}

Test(reader, lists_and_reads_variables) {
    struct pko_reader *reader;
    double *values;
    char **texts, *message = NULL;
    write_content("a.h5", usual);
    cr_assert_eq(pko_reader_open("a.h5", &reader, NULL), PKO_OK);
    const struct pko_reader_variable *reals = pko_reader_variable(reader, 0);
    cr_expect_str_eq(reals->name, "reals");
    cr_expect_str_eq(reals->units, "km");
    cr_expect_str_eq(reals->long_name, "");
    cr_expect_str_eq(reals->dimension[1], "");
    cr_expect(reals->type == PKO_READ_REAL && reals->bytes == 4 && reals->rank == 2 && reals->count == 35);
    cr_expect(reals->shape[0] == 7 && reals->chunk[0] == 3);
    cr_expect_eq(pko_reader_variable(reader, 1)->type, PKO_READ_INTEGER);
    cr_expect_null(pko_reader_variable(reader, 3));
    cr_expect_eq(pko_reader_find(reader, "nothing"), -1);
    cr_expect_null(pko_reader_about(reader, "nothing"));
    cr_assert_eq(pko_reader_numbers(reader, 0, &values, NULL), PKO_OK);
    for (int k = 0; k < 35; k++)
        cr_expect_eq(values[k], k / 8.0);
    free(values);
    cr_assert_eq(pko_reader_numbers(reader, 1, &values, NULL), PKO_OK);
    cr_expect(values[0] == -5 && values[1] == 0 && values[2] == 41);
    free(values);
    cr_assert_eq(pko_reader_texts(reader, 2, &texts, NULL), PKO_OK);
    cr_expect_str_eq(texts[0], "one");
    cr_expect_str_eq(texts[2], "");
    free(texts);
    cr_expect_eq(pko_reader_texts(reader, 0, &texts, &message), PKO_ERROR_INPUT);
    cr_expect(message && strstr(message, "numbers"));
    free(message);
    cr_expect_eq(pko_reader_numbers(reader, 2, &values, &message), PKO_ERROR_INPUT);
    cr_expect(message && strstr(message, "texts"));
    free(message);
    pko_reader_free(reader);
}

static void expect_digest(struct content content, const char *first, bool same) {
    char hex[65];
    write_content("b.h5", content);
    cr_assert_eq(pko_file_digest("b.h5", hex, NULL), PKO_OK);
    cr_expect_eq(strcmp(hex, first) == 0, same);
}

Test(reader, a_digest_sees_data_and_not_how_they_lie) {
    char first[65];
    struct content content = usual;
    write_content("a.h5", usual);
    cr_assert_eq(pko_file_digest("a.h5", first, NULL), PKO_OK);
    expect_digest(usual, first, true);
    content.reversed = true;
    expect_digest(content, first, true);
    for (hsize_t k = 1; k <= 7; k++) {
        content.chunk[0] = k;
        content.chunk[1] = 1 + k % 5;
        expect_digest(content, first, true);
    }
    content = usual;
    content.last = 40;
    expect_digest(content, first, false);
    content = usual;
    content.second = "twp";
    expect_digest(content, first, false);
}

/* A variable larger than what a digest reads at once, in chunks that lie across it. */
Test(reader, a_digest_of_a_large_variable_does_not_depend_on_chunks) {
    char hex[3][65];
    const hsize_t shape[3] = {3, 50, 30000}, start[3] = {0},
                  chunks[3][3] = {{1, 50, 300}, {3, 7, 900}, {2, 50, 30000}};
    float *values = malloc(sizeof(float) * 3 * 50 * 30000);
    for (size_t k = 0; k < 3 * 50 * 30000; k++)
        values[k] = (float)(k % 1013);
    for (int c = 0; c < 3; c++) {
        struct pko_hdf_guard guard;
        write_content("a.h5", usual);
        pko_hdf_enter(&guard);
        hid_t file = H5Fopen("a.h5", H5F_ACC_RDWR, H5P_DEFAULT);
        hid_t dataset = pko_hdf_dataset(file, "large", PKO_HDF_F32, 3, shape, NULL, chunks[c]);
        cr_assert_geq(pko_hdf_write(dataset, PKO_HDF_F32, 3, start, shape, values), 0);
        cr_assert_geq(pko_hdf_release(0, 2, (hid_t[]){dataset, file}), 0);
        pko_hdf_leave(&guard);
        cr_assert_eq(pko_file_digest("a.h5", hex[c], NULL), PKO_OK);
    }
    free(values);
    cr_expect_str_eq(hex[0], hex[1]);
    cr_expect_str_eq(hex[0], hex[2]);
}

/* Damage of any kind is refused, read right, or shown by another digest (texts and lists in one piece carry
 * no checksum of their own). In a process of its own each, since a crash of the library must not be the
 * test's. */
Test(reader, damaged_files_are_refused_or_read_right, .timeout = 300) {
    char whole[65];
    struct stat found;
    write_content("whole.h5", usual);
    cr_assert_eq(pko_file_digest("whole.h5", whole, NULL), PKO_OK);
    cr_assert_eq(stat("whole.h5", &found), 0);
    int refused = 0, right = 0, other = 0, crashed = 0;
    srandom(5);
    for (int trial = 0; trial < 1000; trial++) {
        bool cut = trial % 4 == 0;
        long place = random() % found.st_size;
        copy_start("whole.h5", "bad.h5", cut ? place : found.st_size);
        FILE *file = fopen("bad.h5", "r+b");
        if (!cut && fseek(file, place, SEEK_SET) == 0) {
            int c = getc(file);
            fseek(file, place, SEEK_SET);
            putc(c ^ (1 << random() % 8), file);
        }
        fclose(file);
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            char hex[65];
            alarm(20);
            int status = pko_file_digest("bad.h5", hex, NULL);
            _exit(status != PKO_OK ? 11 : strcmp(hex, whole) == 0 ? 10 : 12); /* a sanitizer says 1 */
        }
        int result;
        waitpid(child, &result, 0);
        int word = WIFEXITED(result) ? WEXITSTATUS(result) : 0;
        right += word == 10;
        refused += word == 11;
        other += word == 12;
        crashed += word < 10;
    }
    cr_log_info("damaged files: %d refused, %d read right, %d read otherwise, %d crashes", refused, right,
                other, crashed);
    cr_expect_gt(refused, 200);
    cr_expect_lt(other, 60);
    /* libhdf5 1.10 itself reads past some damaged texts (AddressSanitizer: 6 in 1,500, all inside it); that
     * one in two hundred is its, more would be ours. */
    cr_expect_leq(crashed, 5, "%d crashes", crashed);
}
