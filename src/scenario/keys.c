/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/keys.h"

#include <assert.h>
#include <string.h>

#include "model/scenario.h"
#include "scenario/campaign.h"

enum { /* the words of keys.def */
       ROOT = PKO_IN_ROOT,
       DEFINITION = PKO_IN_DEFINITION,
       MANDATE = PKO_IN_MANDATE,
       MANDATE_ROW = PKO_IN_MANDATE_ROW,
       REGION = PKO_IN_REGION,
       MIX = PKO_IN_MIX,
       CAMP = PKO_IN_CAMP,
       CONTINGENT = PKO_IN_CONTINGENT,
       POLICE = PKO_IN_POLICE,
       CIVILIAN = PKO_IN_CIVILIAN,
       DETACHMENT = PKO_IN_DETACHMENT,
       ROUTE = PKO_IN_ROUTE,
       CUT = PKO_IN_CUT,
       RECORD = PKO_IN_RECORD,
       CAMPAIGN = PKO_IN_CAMPAIGN,
       FACTOR = PKO_IN_FACTOR,
       WINDOW = PKO_IN_WINDOW,
};

#define ANY              .least = 0, .most = 0
#define FROM(low, high)  .least = low, .most = high
#define ABOVE(low, high) .least = low, .most = high, .above = true
#define REQUIRED         .required = true
#define DEFAULT(text)    .value = text
#define OPTIONAL         .value = NULL
#define NONE             .choices = NULL
#define CHOICES(names)   .choices = names
#define SECTION(name)    .inner = PKO_IN_##name
#define FIELD_SIZE(s, f) sizeof(((s *)0)->f)
/* Range, presence and kind stand in arguments of their own and expand to initializers. */
#define PKO_KEY(in, key, kind, range, presence, target, field, extra, dimension, words)                      \
    {.sections = (in),                                                                                       \
     .name = #key,                                                                                           \
     .type = PKO_KEY_##kind,                                                                                 \
     range,                                                                                                  \
     presence,                                                                                               \
     .offset = offsetof(target, field),                                                                      \
     .size = FIELD_SIZE(target, field),                                                                      \
     extra,                                                                                                  \
     .unit = dimension,                                                                                      \
     .meaning = words},

static const struct pko_key rows[] = {
#include "scenario/campaign_keys.def"
#include "scenario/keys.def"
};

#define ROWS (sizeof rows / sizeof rows[0])
static_assert(ROWS <= PKO_KEYS_MOST, "the table of keys outgrew its bound");

const struct pko_key *pko_key(size_t number) {
    return number < ROWS ? &rows[number] : NULL;
}

int pko_key_find(enum pko_section section, const char *name) {
    for (size_t k = 0; k < ROWS; k++)
        if ((rows[k].sections & section) && strcmp(rows[k].name, name) == 0)
            return (int)k;
    return -1;
}

const char *pko_key_name(enum pko_section section, size_t k) {
    for (size_t row = 0; row < ROWS; row++)
        if ((rows[row].sections & section) && k-- == 0)
            return rows[row].name;
    return NULL;
}
