/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HDF5 itself, reading what was packed without it, is the judge. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/hdf.h"
#include "record/pack.h"
#include "support/scratch.h"

TestSuite(pack, .init = scratch_enter, .fini = scratch_leave);

#define KINDS 6
/* Values of every kind of plane: one byte, few, many, noise, and changes between them. */
static void fill(unsigned char *bytes, size_t count, size_t width, int kind) {
    uint32_t noise = 12345;
    for (size_t k = 0; k < count; k++) {
        float state = 0.3f + 0.001f * (float)(k % 977) + 1e-6f * (float)(noise % 1000);
        float few = kind == 2 ? (float)(k * k % 7) : k % 3 ? state : NAN;
        memset(bytes + k * width, kind == 0 ? 0 : 0xc0, width);
        if (kind >= 2 && kind <= 4)
            memcpy(bytes + k * width + width - 4, kind == 4 ? &state : &few, 4);
        for (size_t b = 0; kind == 5 && b < width; b++)
            bytes[k * width + b] = (unsigned char)(noise >> (8 + b));
        noise = noise * 1664525u + 1013904223u;
    }
}

static void through_a_file(enum pko_hdf_type type, size_t count, int kind, struct pko_packer *packer) {
    const hsize_t shape = count, start = 0;
    size_t width = pko_hdf_size(type), size;
    unsigned char *values = malloc(count * width), *read = calloc(count, width);
    fill(values, count, width, kind);
    hid_t file = pko_hdf_create("packed.h5");
    hid_t dataset = pko_hdf_dataset(file, "x", type, 1, &shape, NULL, &shape);
    const void *packed = pko_pack(packer, values, count, width, &size);
    cr_assert_not_null(packed);
    cr_assert_geq(pko_hdf_write_chunk(dataset, &start, packed, size), 0);
    H5Dclose(dataset);
    H5Fclose(file);

    file = pko_hdf_open("packed.h5");
    dataset = H5Dopen2(file, "x", H5P_DEFAULT);
    cr_assert_geq(H5Dread(dataset, pko_hdf_memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, read), 0,
                  "%zu of kind %d", count, kind);
    cr_assert_arr_eq(read, values, count * width, "%zu of kind %d", count, kind);
    H5Dclose(dataset);
    H5Fclose(file);
    free(values);
    free(read);
}

Test(pack, hdf5_reads_what_was_packed) {
    static const enum pko_hdf_type types[] = {PKO_HDF_F32, PKO_HDF_F64, PKO_HDF_I32};
    static const size_t counts[] = {1, 2, 3, 255, 256, 257, 2047, 2048, 5000, 70001, 262144};
    struct pko_packer *packer = pko_packer_create();
    FILE *empty = fopen("packed.h5", "w");
    cr_assert(packer && empty);
    fclose(empty);
    for (size_t t = 0; t < sizeof types / sizeof *types; t++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            for (int kind = 0; kind < KINDS; kind++)
                through_a_file(types[t], counts[c], kind, packer);
    pko_packer_free(packer);
    pko_packer_free(NULL);
}

/* Whatever was packed before, and by whom. */
Test(pack, equal_values_give_equal_bytes_and_repetition_is_found) {
    enum { COUNT = 30000 };
    static unsigned char values[4 * COUNT];
    struct pko_packer *one = pko_packer_create(), *other = pko_packer_create();
    size_t sizes[KINDS], size;
    for (int kind = 0; kind < KINDS; kind++) {
        fill(values, COUNT, 4, kind);
        const void *first = pko_pack(one, values, COUNT, 4, &sizes[kind]);
        const void *second = pko_pack(other, values, COUNT, 4, &size);
        cr_assert_eq(size, sizes[kind]);
        cr_assert_arr_eq(second, first, size);
        fill(values, COUNT, 4, KINDS - 1);
        pko_pack(other, values, 1000, 4, &size);
    }
    cr_expect_lt(sizes[0], sizeof values / 100);
    cr_expect_lt(sizes[2], sizeof values / 8);
    cr_expect_lt(sizes[4], sizeof values);
    cr_expect_lt(sizes[5], sizeof values + sizeof values / 100);
    pko_packer_free(one);
    pko_packer_free(other);
}
