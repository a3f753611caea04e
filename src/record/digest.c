/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* qsort_r */
#include "record/digest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/status.h"
#include "record/reader.h"
#include "record/sha256.h"

#define PIECE_BYTES ((uint64_t)8 << 20) /* read at a time, unless one chunk is larger */

static void add_number(struct pko_sha256 *hash, uint64_t number) {
    unsigned char bytes[8];
    for (int k = 0; k < 8; k++)
        bytes[k] = (unsigned char)(number >> (8 * k));
    pko_sha256_add(hash, bytes, sizeof bytes);
}

/* A real number's bits with every NaN as one and −0 as 0. */
static uint64_t one_pattern(uint64_t bits, size_t bytes) {
    uint64_t sign = (uint64_t)1 << (8 * bytes - 1);
    uint64_t infinity = bytes == 4 ? 0x7f800000 : 0x7ff0000000000000;
    uint64_t quiet = bytes == 4 ? 0x7fc00000 : 0x7ff8000000000000;
    if ((bits & ~sign) > infinity)
        return quiet;
    return bits == sign ? 0 : bits;
}

/* An element of 1, 2, 4 or 8 bytes in this machine's byte order. */
static uint64_t load(const unsigned char *value, size_t bytes) {
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch (bytes) {
    case 1:
        return *value;
    case 2:
        memcpy(&two, value, 2);
        return two;
    case 4:
        memcpy(&four, value, 4);
        return four;
    default:
        memcpy(&eight, value, 8);
        return eight;
    }
}

/* Turns `count` elements into the bytes that are hashed, in place: one pattern each, little-endian. */
static void settle(unsigned char *values, uint64_t count, size_t bytes, bool real) {
    for (uint64_t k = 0; k < count; k++) {
        unsigned char *value = values + k * bytes;
        uint64_t bits = load(value, bytes);
        if (real)
            bits = one_pattern(bits, bytes);
        for (size_t b = 0; b < bytes; b++)
            value[b] = (unsigned char)(bits >> (8 * b));
    }
}

/* A walk through a variable in row-major order, in boxes that span all of its inner dimensions. */
struct walk {
    int axis;       /* the dimension along which boxes advance; those before it are 1 wide */
    uint64_t step;  /* how far */
    uint64_t inner; /* elements behind one step of the axis */
};

/* Takes the outermost axis of which one step is not too much, and as many steps as fit: of whole chunks, if
 * it can, so that none is unpacked twice. */
static struct walk plan_walk(const struct pko_reader_variable *variable) {
    struct walk walk = {0, 1, variable->count};
    for (int k = 0; k < variable->rank; k++) {
        uint64_t chunk = variable->chunk[k] > 0 ? variable->chunk[k] : 1;
        walk.axis = k;
        walk.inner /= variable->shape[k];
        walk.step = PIECE_BYTES / (walk.inner * variable->bytes);
        if (walk.step > chunk)
            walk.step -= walk.step % chunk;
        if (walk.step > variable->shape[k])
            walk.step = variable->shape[k];
        if (walk.step > 0)
            break;
    }
    return walk;
}

/* Advances the box to the next place; false at the end. */
static bool next_box(const struct pko_reader_variable *variable, const struct walk *walk, uint64_t *start) {
    start[walk->axis] += walk->step;
    for (int k = walk->axis; start[k] >= variable->shape[k]; k--) {
        if (k == 0)
            return false;
        start[k] = 0;
        start[k - 1]++;
    }
    return true;
}

static int add_values(struct pko_sha256 *hash, const struct pko_reader *reader, size_t number,
                      char **message) {
    const struct pko_reader_variable *variable = pko_reader_variable(reader, number);
    uint64_t start[PKO_READER_RANK_MOST] = {0}, count[PKO_READER_RANK_MOST];
    if (variable->count == 0)
        return PKO_OK;
    struct walk walk = plan_walk(variable);
    unsigned char *values = malloc((size_t)(walk.step * walk.inner * variable->bytes));
    int status = values ? PKO_OK : PKO_ERROR_MEMORY;
    bool more = true;
    while (status == PKO_OK && more) {
        uint64_t elements = 1;
        for (int k = 0; k < variable->rank; k++) {
            uint64_t left = variable->shape[k] - start[k];
            count[k] = k < walk.axis ? 1 : k > walk.axis || left < walk.step ? left : walk.step;
            elements *= count[k];
        }
        status = pko_reader_box(reader, number, start, count, values, message);
        if (status == PKO_OK) {
            settle(values, elements, variable->bytes, variable->type == PKO_READ_REAL);
            pko_sha256_add(hash, values, (size_t)(elements * variable->bytes));
            more = variable->rank > 0 && next_box(variable, &walk, start);
        }
    }
    free(values);
    return status;
}

static int add_texts(struct pko_sha256 *hash, const struct pko_reader *reader, size_t number,
                     char **message) {
    char **texts;
    int status = pko_reader_texts(reader, number, &texts, message);
    if (status != PKO_OK)
        return status;
    for (uint64_t k = 0; k < pko_reader_variable(reader, number)->count; k++)
        pko_sha256_add(hash, texts[k], strlen(texts[k]) + 1);
    free(texts);
    return PKO_OK;
}

static int add_variable(struct pko_sha256 *hash, const struct pko_reader *reader, size_t number,
                        char **message) {
    const struct pko_reader_variable *variable = pko_reader_variable(reader, number);
    pko_sha256_add(hash, variable->name, strlen(variable->name) + 1);
    pko_sha256_add(hash, &"tir"[variable->type], 1);
    add_number(hash, variable->bytes);
    add_number(hash, (uint64_t)variable->rank);
    for (int k = 0; k < variable->rank; k++)
        add_number(hash, variable->shape[k]);
    return variable->type == PKO_READ_TEXT ? add_texts(hash, reader, number, message)
                                           : add_values(hash, reader, number, message);
}

static int by_name(const void *one, const void *other, void *reader) {
    return strcmp(pko_reader_variable(reader, *(const size_t *)one)->name,
                  pko_reader_variable(reader, *(const size_t *)other)->name);
}

int pko_file_digest(const char *path, char hex[65], char **message) {
    struct pko_reader *reader;
    hex[0] = 0;
    int status = pko_reader_open(path, &reader, message);
    if (status != PKO_OK)
        return status;
    size_t count = 0;
    while (pko_reader_variable(reader, count))
        count++;
    size_t *order = calloc(count + 1, sizeof *order);
    struct pko_sha256 hash;
    pko_sha256_init(&hash);
    status = order ? PKO_OK : PKO_ERROR_MEMORY;
    for (size_t k = 0; status == PKO_OK && k < count; k++)
        order[k] = k;
    if (status == PKO_OK)
        qsort_r(order, count, sizeof *order, by_name, reader);
    for (size_t k = 0; status == PKO_OK && k < count; k++)
        status = add_variable(&hash, reader, order[k], message);
    if (status == PKO_OK)
        pko_sha256_end(&hash, hex);
    free(order);
    pko_reader_free(reader);
    return status;
}
