/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the memory of this machine gives, to hold the loop over individuals against: for tables of several
 * sizes, the nanoseconds of looking at a record of 16 bytes at random places that are known beforehand, as in
 * meetings, and of going through 16 bytes one after the other. One thread. Prints lines `name_BYTES
 * nanoseconds`. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct record {
    uint32_t word[4];
};
enum { LEAST = 1 << 14, MOST = 1 << 28, LOOKS = 1 << 22 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static uint32_t look(const struct record *table, const uint32_t *place, size_t looks) {
    uint32_t sum = 0;
    for (size_t k = 0; k < looks; k++)
        for (int w = 0; w < 4; w++)
            sum += table[place[k]].word[w];
    return sum;
}

static uint32_t pass(const struct record *table, size_t records) {
    uint32_t sum = 0;
    for (size_t k = 0; k < records; k++)
        for (int w = 0; w < 4; w++)
            sum += table[k].word[w];
    return sum;
}

/* Where the next LOOKS looks go: anywhere in a table of a power of two of records. */
static void choose(uint32_t *place, size_t records, uint64_t *state) {
    for (size_t k = 0; k < LOOKS; k++) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        place[k] = (uint32_t)(*state >> 33) & (uint32_t)(records - 1);
    }
}

int main(void) {
    struct record *table = malloc(MOST);
    uint32_t *place = malloc(LOOKS * sizeof *place), sum = 0;
    uint64_t state = 1;
    if (!table || !place)
        return 71;
    memset(table, 1, MOST);
    for (size_t size = LEAST; size <= MOST; size *= 4) {
        size_t records = size / sizeof *table, passes = LOOKS / records + 1;
        choose(place, records, &state);
        sum += pass(table, records);
        double start = now();
        sum += look(table, place, LOOKS);
        double looked = now();
        for (size_t k = 0; k < passes; k++) {
            sum += pass(table, records);
            __asm__ volatile("" ::: "memory"); /* each pass is made anew */
        }
        double passed = now();
        printf("random_%zu %.3f\npass_%zu %.3f\n", size, (looked - start) / LOOKS, size,
               (passed - looked) / ((double)passes * (double)records));
    }
    fprintf(stderr, "%s", sum == 1 ? "\n" : "");
    free(place);
    free(table);
    return 0;
}
