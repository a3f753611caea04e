/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole state as bytes: saved, loaded, hashed. The bytes hold a head that tells version and scenario, the
 * numbers of the mission, its columns and its lists; a checksum ends them. Changes are written by the number
 * of their name. */
#include <stdlib.h>
#include <string.h>

#include "base/version.h"
#include "model/memory.h"
#include "pkosim/status.h"

#define MAGIC 0x31304b504f4b5031ull /* format 1 of a checkpoint, also a test of the byte order */

/* The numbers of a mission that are neither columns nor lists. */
#define NUMBERS(X)                                                                                           \
    X(stream.seed)                                                                                           \
    X(stream.replicate)                                                                                      \
    X(parameters)                                                                                            \
    X(day)                                                                                                   \
    X(date)                                                                                                  \
    X(people)                                                                                                \
    X(layers_present)                                                                                        \
    X(robustness)                                                                                            \
    X(cooperation)                                                                                           \
    X(mean_reinforcement_evening)                                                                            \
    X(severity_mission)                                                                                      \
    X(median)                                                                                                \
    X(hostile_deaths_today)                                                                                  \
    X(aboard_civilians)

struct head {
    uint64_t magic, scenario, size;
    char version[16];
};

/* A 64-bit mix of bytes, eight at a time. */
static uint64_t mix(uint64_t hash, const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    for (; size > 0;) {
        uint64_t word = 0;
        size_t part = size < 8 ? size : 8;
        memcpy(&word, at, part);
        hash = (hash ^ word) * 0x9E3779B97F4A7C15ull;
        hash ^= hash >> 29;
        at += part, size -= part;
    }
    return hash;
}

static uint64_t mix_text(uint64_t hash, const char *text) {
    return mix(hash, text, strlen(text) + 1);
}

static uint64_t scenario_hash(const struct pko_scenario *scenario) {
    return mix_text(mix_text(0x706b6f73696d, scenario->text), scenario->settings);
}

uint64_t pko_mission_hash(const struct pko_mission *mission) {
    uint64_t hash = MAGIC;
#define MIX_NUMBER(name) hash = mix(hash, &mission->name, sizeof mission->name);
    NUMBERS(MIX_NUMBER)
#undef MIX_NUMBER
    /* Of the columns of individuals only the places in use. */
#define PKO_COLUMN(type, name, count)                                                                        \
    hash =                                                                                                   \
        mix(hash, mission->name,                                                                             \
            (#count[0] == 'P' && #count[1] == 0 ? mission->people : mission->extent.count) * sizeof(type));
#include "model/mission.def"
#undef PKO_COLUMN
    if (mission->lapses.born >= 0)
        hash = mix(hash, &mission->lapses, sizeof mission->lapses);
    hash = mix(hash, mission->plots.item, mission->plots.count * sizeof *mission->plots.item);
    return mix(hash, mission->convoys.item, mission->convoys.count * sizeof *mission->convoys.item);
}

/* Appends bytes to a buffer if there is one, and counts them. */
static void write_bytes(char *buffer, size_t *at, const void *bytes, size_t size) {
    if (buffer && size)
        memcpy(buffer + *at, bytes, size);
    *at += size;
}

/* A change as saved: names are pointers into tables, so their numbers go into the file. */
struct saved_change {
    int32_t day, kind, name;
    double value;
};
static const char *const kinds[] = {"set", "cut", "restore"};

static void write_changes(const struct pko_mission *mission, char *buffer, size_t *at) {
    uint64_t count = mission->ledger.changes.count;
    write_bytes(buffer, at, &count, sizeof count);
    for (size_t k = 0; k < count; k++) {
        const struct pko_change *change = &mission->ledger.changes.item[k];
        struct saved_change saved;
        memset(&saved, 0, sizeof saved);
        while (strcmp(kinds[saved.kind], change->kind) != 0)
            saved.kind++;
        saved.day = change->day;
        saved.name = saved.kind == 0 ? pko_parameter_find(change->name) : pko_arrow_find(change->name);
        saved.value = change->value;
        write_bytes(buffer, at, &saved, sizeof saved);
    }
}

static size_t write_all(const struct pko_mission *mission, char *buffer) {
    size_t at = sizeof(struct head);
#define WRITE_NUMBER(name) write_bytes(buffer, &at, &mission->name, sizeof mission->name);
    NUMBERS(WRITE_NUMBER)
#undef WRITE_NUMBER
    write_bytes(buffer, &at, mission->block, mission->block_size);
#define WRITE_LIST(list)                                                                                     \
    {                                                                                                        \
        uint64_t count = mission->list.count;                                                                \
        write_bytes(buffer, &at, &count, sizeof count);                                                      \
        write_bytes(buffer, &at, mission->list.item, count * sizeof *mission->list.item);                    \
    }
    PKO_MISSION_PLAIN_LISTS(WRITE_LIST)
#undef WRITE_LIST
    write_changes(mission, buffer, &at);
    if (mission->lapses.born >= 0)
        write_bytes(buffer, &at, &mission->lapses, sizeof mission->lapses);
    return at;
}

int pko_mission_save(const struct pko_mission *mission, void **bytes, size_t *size) {
    size_t body = write_all(mission, NULL);
    char *buffer = malloc(body + sizeof(uint64_t));
    *bytes = NULL, *size = 0;
    if (!buffer)
        return PKO_ERROR_MEMORY;
    struct head head;
    memset(&head, 0, sizeof head);
    head.magic = MAGIC;
    head.scenario = scenario_hash(mission->scenario);
    head.size = body;
    strncpy(head.version, PKO_VERSION, sizeof head.version - 1);
    memcpy(buffer, &head, sizeof head);
    write_all(mission, buffer);
    uint64_t sum = mix(MAGIC, buffer, body);
    memcpy(buffer + body, &sum, sizeof sum);
    *bytes = buffer;
    *size = body + sizeof sum;
    return PKO_OK;
}

/* What is left to read; `failed` once something did not fit. */
struct source {
    const char *bytes;
    size_t left;
    bool failed;
};
static void read_bytes(struct source *source, void *to, size_t size) {
    if (source->failed || size > source->left) {
        source->failed = true;
        return;
    }
    if (size)
        memcpy(to, source->bytes, size);
    source->bytes += size;
    source->left -= size;
}

static void *read_items(struct source *source, size_t count, size_t size) {
    if (source->failed || count > source->left / size) {
        source->failed = true;
        return NULL;
    }
    void *items = count ? malloc(count * size) : NULL;
    if (count && !items)
        source->failed = true;
    else
        read_bytes(source, items, count * size);
    return items;
}

static void read_changes(struct pko_mission *mission, struct source *source) {
    uint64_t count = 0;
    read_bytes(source, &count, sizeof count);
    struct saved_change *saved = read_items(source, count, sizeof *saved);
    struct pko_change *changes = saved ? malloc(count * sizeof *changes) : NULL;
    source->failed |= count > 0 && !changes;
    for (size_t k = 0; k < count && !source->failed; k++) {
        const struct pko_parameter_info *parameter = pko_parameter_info((size_t)saved[k].name);
        const struct pko_arrow_info *arrow = pko_arrow_info((size_t)saved[k].name);
        source->failed = saved[k].kind < 0 || saved[k].kind > 2 || (saved[k].kind == 0 ? !parameter : !arrow);
        if (!source->failed)
            changes[k] =
                (struct pko_change){saved[k].day, kinds[saved[k].kind],
                                    saved[k].kind == 0 ? parameter->name : arrow->name, saved[k].value};
    }
    free(saved);
    mission->ledger.changes.item = changes;
    mission->ledger.changes.count = mission->ledger.changes.capacity = source->failed ? 0 : count;
}

static void read_all(struct pko_mission *mission, struct source *source) {
#define READ_NUMBER(name) read_bytes(source, &mission->name, sizeof mission->name);
    NUMBERS(READ_NUMBER)
#undef READ_NUMBER
    read_bytes(source, mission->block, mission->block_size);
#define READ_LIST(list)                                                                                      \
    {                                                                                                        \
        uint64_t count = 0;                                                                                  \
        read_bytes(source, &count, sizeof count);                                                            \
        mission->list.item = read_items(source, count, sizeof *mission->list.item);                          \
        mission->list.count = mission->list.capacity = source->failed ? 0 : count;                           \
    }
    PKO_MISSION_PLAIN_LISTS(READ_LIST)
#undef READ_LIST
    read_changes(mission, source);
    if (source->left > 0)
        read_bytes(source, &mission->lapses, sizeof mission->lapses);
}

int pko_mission_load(const struct pko_scenario *scenario, const void *bytes, size_t size,
                     struct pko_mission **out) {
    struct head head;
    struct pko_regime rules = scenario->regimes[0]; /* overwritten by the saved parameters */
    uint64_t sum;
    *out = NULL;
    if (size < sizeof head + sizeof sum)
        return PKO_ERROR_VERSION;
    memcpy(&head, bytes, sizeof head);
    if (head.magic != MAGIC || head.size != size - sizeof sum || head.scenario != scenario_hash(scenario) ||
        memcmp(head.version, PKO_VERSION, sizeof PKO_VERSION) != 0)
        return PKO_ERROR_VERSION;
    memcpy(&sum, (const char *)bytes + head.size, sizeof sum);
    if (sum != mix(MAGIC, bytes, head.size))
        return PKO_ERROR_VERSION;
    int status = pko_mission_allocate(scenario, &rules, 0, out);
    if (status != PKO_OK)
        return status;
    struct source source = {(const char *)bytes + sizeof head, head.size - sizeof head, false};
    read_all(*out, &source);
    if (source.failed || source.left != 0) {
        pko_mission_free(*out);
        *out = NULL;
        return PKO_ERROR_VERSION;
    }
    pko_roster_derive(*out);
    return PKO_OK;
}
