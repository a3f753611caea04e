/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys of scenario files (keys.def) and campaign files (campaign_keys.def) as data. */
#ifndef PKO_SCENARIO_KEYS_H
#define PKO_SCENARIO_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* The mappings of the format; a bit each, since a key may belong to several. */
enum pko_section {
    PKO_IN_ROOT = 1 << 0,        /* the file */
    PKO_IN_DEFINITION = 1 << 1,  /* a value of regime_definitions; takes the eight rules by name too */
    PKO_IN_MANDATE = 1 << 2,     /* mandate */
    PKO_IN_MANDATE_ROW = 1 << 3, /* an element of mandate.timeline */
    PKO_IN_REGION = 1 << 4,      /* an element of regions */
    PKO_IN_MIX = 1 << 5,         /* regions.threat_mix */
    PKO_IN_CAMP = 1 << 6,        /* an element of camps */
    PKO_IN_CONTINGENT = 1 << 7,  /* an element of contingents */
    PKO_IN_POLICE = 1 << 8,      /* an element of police */
    PKO_IN_CIVILIAN = 1 << 9,    /* an element of sections */
    PKO_IN_DETACHMENT = 1 << 10, /* an element of a group's detachments */
    PKO_IN_ROUTE = 1 << 11,      /* an element of routes */
    PKO_IN_CUT = 1 << 12,        /* an element of cut that is a mapping */
    PKO_IN_RECORD = 1 << 13,     /* record */
    PKO_IN_CAMPAIGN = 1 << 14,   /* a campaign file */
    PKO_IN_FACTOR = 1 << 15,     /* a value of parameters of a campaign */
    PKO_IN_WINDOW = 1 << 16,     /* an element of windows of a campaign */
};

/* What a key's value is, and the C type of its field. */
enum pko_key_type {
    PKO_KEY_OWN_NAME,    /* name that others refer to: char[PKO_NAME_SIZE] */
    PKO_KEY_WORD,        /* any name: char[PKO_NAME_SIZE] */
    PKO_KEY_TEXT,        /* any text: char *, owned */
    PKO_KEY_COUNTRY,     /* three capital letters: char[4] */
    PKO_KEY_DATE,        /* an ISO day: int32_t */
    PKO_KEY_DATES,       /* a list of rising days: int32_t *, owned, and its count after it */
    PKO_KEY_INTEGER,     /* whole number: int */
    PKO_KEY_SEED,        /* whole number in [0, 2^64): uint64_t */
    PKO_KEY_NUMBER,      /* double */
    PKO_KEY_BOOLEAN,     /* true or false: bool */
    PKO_KEY_CHOICE,      /* one of `choices`: its index as an enum or bool */
    PKO_KEY_TIMELINE,    /* a list of [date, number]: struct pko_timeline */
    PKO_KEY_LEVEL,       /* a number or a timeline: struct pko_timeline */
    PKO_KEY_LANGUAGES,   /* a list of names: uint64_t, bits into the scenario's languages */
    PKO_KEY_ALLIANCE,    /* a name: int, its number among the scenario's alliances */
    PKO_KEY_REGION_NAME, /* name of a region: int, its number */
    PKO_KEY_CAMP_NAME,   /* name of a camp: int, its number */
    PKO_KEY_ARROW,       /* name of a causal arrow: enum pko_arrow */
    PKO_KEY_BASE,        /* name of a built-in regime: double[PKO_RULE_COUNT], its rules */
    PKO_KEY_REGIMES,     /* a list of names of regimes: fills regimes and regime_count */
    PKO_KEY_DEFINITIONS, /* regimes by name, of section `inner` */
    PKO_KEY_PARAMETERS,  /* numbers by name of parameter: struct pko_parameters */
    PKO_KEY_CUTS,        /* a list of names of arrows or mappings of section `inner` */
    PKO_KEY_MAP,         /* a mapping of section `inner` */
    PKO_KEY_LIST,        /* a list of mappings of section `inner` */
    PKO_KEY_TEXTS,       /* a list of words, each once: struct pko_text_list */
    PKO_KEY_NUMBERS,     /* a list of numbers: struct pko_number_list */
    PKO_KEY_SETTINGS,    /* values by name of setting: fills settings and setting_count of a campaign */
    PKO_KEY_FACTORS,     /* mappings of section `inner` by name of setting: fills factors and factor_count */
    PKO_KEY_WINDOWS,     /* a list of mappings of section `inner`: fills windows and window_count */
};

struct pko_key {
    unsigned sections; /* enum pko_section, joined by | */
    const char *name;
    enum pko_key_type type;
    double least, most; /* range of a number, whole number or value of a timeline; both 0: none */
    bool above;         /* the range leaves out its least */
    bool required;
    const char *value;      /* the default as text, or NULL */
    size_t offset, size;    /* the field in the struct of its section; MAP, LIST and the like do not use it */
    enum pko_section inner; /* of MAP, LIST, DEFINITIONS, CUTS, FACTORS, WINDOWS; else 0 */
    const char *choices;    /* of CHOICE: names joined by |; else NULL */
    const char *unit;       /* "1" for a pure number, "" for what is no number */
    const char *meaning;    /* one line */
};

/* Rows by number, NULL past the end. */
const struct pko_key *pko_key(size_t number);
/* Number of the row with this name in this section, −1 if there is none. */
int pko_key_find(enum pko_section section, const char *name);
/* The k-th key's name of a section, NULL past the end. */
const char *pko_key_name(enum pko_section section, size_t k);

#define PKO_KEYS_MOST 128 /* no table is longer; asserted */

#endif
