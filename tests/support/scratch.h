/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of its own for each test that writes files: TestSuite(x, .init = scratch_enter, .fini =
 * scratch_leave).
 */
#ifndef PKO_TEST_SCRATCH_H
#define PKO_TEST_SCRATCH_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch[] = "/tmp/pkosim-test-XXXXXX";

static inline void scratch_enter(void) {
    cr_assert(mkdtemp(scratch) && chdir(scratch) == 0);
}

static inline void scratch_leave(void) {
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    cr_assert(chdir("/") == 0 && system(command) == 0);
}

/* How many entries it has. */
static inline int scratch_files(void) {
    int count = 0;
    DIR *list = opendir(".");
    for (struct dirent *entry; (entry = readdir(list));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(list);
    return count;
}

#endif
