/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading with short memory: whichever allocation fails, the load says so and leaves nothing behind. */
#include <criterion/criterion.h>

#include <stdatomic.h>

#include "unit/fixtures/scenario_text.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_ALLOCATOR 0 /* a sanitizer brings its own */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OWN_ALLOCATOR 0
#endif
#endif
#ifndef OWN_ALLOCATOR
#define OWN_ALLOCATOR 1
#endif

#if OWN_ALLOCATOR
/* The C library's allocator under other names. Every call of the program and its libraries passes through the
 * functions below, which must be visible to the libraries whatever the flags say. */
#pragma GCC visibility push(default)
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void __libc_free(void *memory);

static atomic_long to_go = -1; /* allocations until one fails; −1: none does */
static atomic_long held;       /* allocated and not freed */

static bool fails(void) {
    return to_go >= 0 && to_go-- == 0;
}

void *malloc(size_t size) {
    void *memory = fails() ? NULL : __libc_malloc(size);
    held += memory != NULL;
    return memory;
}

void *calloc(size_t count, size_t size) {
    void *memory = fails() ? NULL : __libc_calloc(count, size);
    held += memory != NULL;
    return memory;
}

void *realloc(void *old, size_t size) {
    void *memory = fails() ? NULL : __libc_realloc(old, size);
    held += memory != NULL && !old;
    return memory;
}

void free(void *memory) {
    held -= memory != NULL;
    __libc_free(memory);
}
#pragma GCC visibility pop

/* Loads with the allocation number `failing` failing; whether it was reached. */
static bool load_with_failure(const char *text, const struct pko_setting *settings, size_t count,
                              long failing, int expected) {
    struct pko_scenario *scenario = NULL;
    char *problems = NULL;
    long before = held;
    to_go = failing;
    int status = pko_scenario_parse("t.yaml", text, strlen(text), settings, count, &scenario, &problems);
    bool reached = to_go < 0;
    to_go = -1;
    if (reached) {
        cr_assert(status == PKO_ERROR_MEMORY, "allocation %ld: status %d", failing, status);
        cr_assert(!scenario && !problems);
    } else {
        cr_assert(status == expected, "status %d", status);
    }
    pko_scenario_free(scenario);
    free(problems);
    cr_assert(held == before, "allocation %ld: %ld pieces of memory are left", failing, held - before);
    return reached;
}

static void fail_each(const char *text, const struct pko_setting *settings, size_t count, int expected) {
    long failing = 0;
    while (load_with_failure(text, settings, count, failing, expected))
        failing++;
    cr_expect(failing > 100, "only %ld allocations", failing);
}

Test(scenario_memory, each_allocation_of_a_right_scenario_may_fail) {
    struct pko_setting settings[] = {
        {"regime.minusma.leak", "0.002", "--set"},
        {"regions.gao.threat", "0.1", "--set"},
        {"record.snapshots", "2018-07-05,2018-07-09", "--set"},
        {"cut", "reciprocity@2018-07-09", "--cut"},
        {"contingents.germany.detachments", "[{camp: castor, strength: 3}]", "--set"},
        {"days", "40", "--days"}};
    fail_each(scenario_text, settings, 6, PKO_OK);
}

Test(scenario_memory, each_allocation_of_a_wrong_scenario_may_fail) {
    char *text = text_with(scenario_text, "km: 350", "km: 0");
    struct pko_setting settings[] = {{"dys", "3", "--set"}, {"regime.silo.leak", "0.1", "--set"}};
    fail_each(text, settings, 2, PKO_ERROR_INPUT);
    free(text);
}
#else
Test(scenario_memory, nothing_is_left_behind) {
    /* the sanitizer watches this */
    pko_scenario_free(parsed(scenario_text, NULL, 0));
}
#endif
