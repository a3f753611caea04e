/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans of campaigns from a text. */
#ifndef PKO_TEST_PLANS_H
#define PKO_TEST_PLANS_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "experiment/plan.h"
#include "pkosim/status.h"

static inline struct pko_plan *test_plan(const char *text) {
    struct pko_plan *plan;
    char *problems, path[] = "/tmp/pkosim-plan-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
    int status = pko_plan_load(path, NULL, &plan, &problems);
    remove(path);
    cr_assert(status == PKO_OK, "%s", problems ? problems : "");
    free(problems);
    return plan;
}

#endif
