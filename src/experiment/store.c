/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* F_OFD_SETLK, asprintf */
#include "experiment/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiment/plan_text.h"
#include "pkosim/status.h"
#include "record/message.h"
#include "record/target.h"
#include "scenario/reader.h"

/* Bytes of the lock far behind those of shards: held while a directory is made; while it is merged. */
#define SETUP_BYTE ((off_t)1 << 62)
#define MERGE_BYTE (SETUP_BYTE + 1)

struct pko_store {
    const struct pko_plan *plan;
    char *path, *parts; /* the directory and the one of shards in it */
    int lock;           /* descriptor of the file `lock` */
    unsigned char *state;
    double *times;
    bool *blocks; /* by number */
    size_t block, block_count;
};

char *pko_store_path(const struct pko_store *store, const char *name) {
    char *path = NULL;
    return asprintf(&path, "%s/%s", store->path, name) < 0 ? NULL : path;
}

char *pko_store_part(const struct pko_store *store, const char *kind, size_t number, bool failed) {
    char *path = NULL;
    return asprintf(&path, "%s/%s-%08zu%s.h5", store->parts, kind, number, failed ? "-failed" : "") < 0
               ? NULL
               : path;
}

size_t pko_store_block(const struct pko_plan *plan) {
    if (plan->shards <= PKO_FILES_MOST)
        return 0;
    size_t points = (plan->points + PKO_FILES_MOST - 1) / PKO_FILES_MOST;
    if (plan->shards_per_point > 1)
        return points * plan->shards_per_point;
    return (points + plan->shard_points - 1) / plan->shard_points;
}

bool pko_store_has_block(const struct pko_store *store, size_t block) {
    return block < store->block_count && store->blocks[block];
}

struct pko_shard_shape pko_store_shape(const struct pko_plan *plan, struct pko_shard_range range) {
    return (struct pko_shard_shape){.points = range.points,
                                    .regimes = plan->regimes,
                                    .replicates = range.replicates,
                                    .outcomes = plan->kept_count,
                                    .scenario = plan->base,
                                    .series = plan->series,
                                    .series_count = plan->series_count};
}

/* --- Locks */

/* Locks or unlocks a byte; 0, or −1 with errno set. */
static int set_lock(const struct pko_store *store, int command, short kind, off_t byte) {
    struct flock lock = {.l_type = kind, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(store->lock, command, &lock);
}

bool pko_store_busy(const struct pko_store *store, size_t shard) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)shard, .l_len = 1};
    return fcntl(store->lock, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

void pko_store_hold(struct pko_store *store) {
    (void)set_lock(store, F_OFD_SETLKW, F_WRLCK, MERGE_BYTE);
}

void pko_store_let_go(struct pko_store *store) {
    (void)set_lock(store, F_OFD_SETLK, F_UNLCK, MERGE_BYTE);
}

static bool is_there(const struct pko_store *store, const char *kind, size_t number, bool failed) {
    char *path = pko_store_part(store, kind, number, failed);
    bool there = path && access(path, F_OK) == 0;
    free(path);
    return there;
}

enum pko_claim pko_store_claim(struct pko_store *store, size_t shard) {
    if (set_lock(store, F_OFD_SETLK, F_WRLCK, (off_t)shard) != 0 && (errno == EAGAIN || errno == EACCES))
        return PKO_CLAIM_BUSY;
    bool failed_before = store->state[shard] == PKO_SHARD_FAILED;
    if (is_there(store, "shard", shard, false) ||
        (store->block && is_there(store, "block", shard / store->block, false)))
        store->state[shard] = PKO_SHARD_DONE;
    else if (!failed_before && is_there(store, "shard", shard, true))
        store->state[shard] = PKO_SHARD_FAILED; /* another process has just tried */
    else
        return PKO_CLAIM_TAKEN;
    pko_store_release(store, shard);
    return PKO_CLAIM_DONE;
}

void pko_store_release(struct pko_store *store, size_t shard) {
    (void)set_lock(store, F_OFD_SETLK, F_UNLCK, (off_t)shard);
}

/* --- Listing */

/* The number in "KIND-NNNNNNNN.h5" or "KIND-NNNNNNNN-failed.h5"; false for any other name. */
static bool number_of(const char *name, const char *kind, size_t *number, bool *failed) {
    int used = 0, begin = (int)strlen(kind);
    unsigned long found = 0;
    if (strncmp(name, kind, (size_t)begin) != 0 || sscanf(name + begin, "-%8lu%n", &found, &used) != 1)
        return false;
    const char *tail = name + begin + used;
    *number = found;
    *failed = strcmp(tail, "-failed.h5") == 0;
    return *failed || strcmp(tail, ".h5") == 0;
}

static void take_entry(struct pko_store *store, int folder, const char *name) {
    size_t number;
    bool failed;
    struct stat found;
    if (number_of(name, "shard", &number, &failed) && number < store->plan->shards) {
        if (store->state[number] != PKO_SHARD_DONE)
            store->state[number] = failed ? PKO_SHARD_FAILED : PKO_SHARD_DONE;
        if (!failed && fstatat(folder, name, &found, 0) == 0)
            store->times[number] = (double)found.st_mtim.tv_sec + 1e-9 * (double)found.st_mtim.tv_nsec;
    } else if (number_of(name, "block", &number, &failed) && !failed && number < store->block_count) {
        store->blocks[number] = true;
        size_t end = (number + 1) * store->block;
        for (size_t shard = number * store->block; shard < end && shard < store->plan->shards; shard++)
            store->state[shard] = PKO_SHARD_DONE;
    }
}

int pko_store_look(struct pko_store *store, char **message) {
    DIR *list = opendir(store->parts);
    if (!list) {
        pko_message(message, "cannot list '%s': %s", store->parts, strerror(errno));
        return PKO_ERROR_DISK;
    }
    memset(store->state, PKO_SHARD_MISSING, store->plan->shards);
    for (struct dirent *entry; (entry = readdir(list));)
        take_entry(store, dirfd(list), entry->d_name);
    closedir(list);
    return PKO_OK;
}

enum pko_shard_state pko_store_state(const struct pko_store *store, size_t shard) {
    return (enum pko_shard_state)store->state[shard];
}

double pko_store_time(const struct pko_store *store, size_t shard) {
    return store->times[shard];
}

void pko_store_clean(const struct pko_store *store) {
    pko_target_clean(store->parts);
    pko_target_clean(store->path);
}

int pko_store_put(struct pko_store *store, size_t shard, bool failed, const void *bytes, size_t size,
                  char **message) {
    char *path = pko_store_part(store, "shard", shard, failed);
    char *before = pko_store_part(store, "shard", shard, true);
    int status = path && before ? pko_target_bytes(path, true, bytes, size, message) : PKO_ERROR_MEMORY;
    if (status == PKO_OK && !failed && unlink(before) != 0 && errno != ENOENT) {
        pko_message(message, "cannot remove '%s': %s", before, strerror(errno));
        status = PKO_ERROR_DISK;
    }
    free(path);
    free(before);
    return status;
}

/* --- Making and opening */

/* Whether a directory without a plan may become one of a campaign: it holds nothing, or what a start that
 * was killed left. */
static bool is_free(const char *path) {
    static const char *const known[] = {".", "..", "lock", "shards", "campaign.yaml", "scenario.yaml"};
    DIR *list = opendir(path);
    bool free_of_others = list != NULL;
    for (struct dirent *entry; list && (entry = readdir(list));) {
        bool ours = strstr(entry->d_name, ".pkosim.tmp") != NULL;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            ours |= strcmp(entry->d_name, known[k]) == 0;
        free_of_others &= ours;
    }
    if (list)
        closedir(list);
    return free_of_others;
}

static int disk_error(const char *what, const char *path, char **message) {
    pko_message(message, "cannot %s '%s': %s", what, path, strerror(errno));
    return PKO_ERROR_DISK;
}

static int write_text(const struct pko_store *store, const char *name, const char *text, char **message) {
    char *path = pko_store_path(store, name);
    int status = path ? pko_target_bytes(path, true, text, strlen(text), message) : PKO_ERROR_MEMORY;
    free(path);
    return status;
}

/* The text of plan.txt, NULL if there is none. */
static char *read_plan(const struct pko_store *store) {
    char *path = pko_store_path(store, "plan.txt"), *text = NULL, *problems = NULL;
    size_t size;
    if (path)
        (void)pko_read_text_file(path, &text, &size, &problems);
    free(path);
    free(problems);
    return text;
}

static int compare(const struct pko_store *store, const char *there, bool program, char **message) {
    char *difference = pko_plan_difference(store->plan->text, there, program);
    if (!difference)
        return PKO_OK;
    bool version = strncmp(difference, "version", 7) == 0 || strncmp(difference, "commit", 6) == 0;
    pko_message(message, "'%s' %s: %s; allowed: another directory%s", store->path,
                version ? "was begun by another program" : "belongs to another campaign", difference,
                version ? ", or that program" : "");
    free(difference);
    return PKO_ERROR_INPUT;
}

/* Under the lock: the plan is there and the same, or is put there. */
static int settle(struct pko_store *store, char **message) {
    char *there = read_plan(store);
    if (there) {
        int status = compare(store, there, true, message);
        free(there);
        return status;
    }
    if (!is_free(store->path)) {
        pko_message(
            message,
            "'%s' holds other things and is no directory of a campaign; allowed: a new or an empty one",
            store->path);
        return PKO_ERROR_INPUT;
    }
    const struct pko_plan *plan = store->plan;
    int status = write_text(store, "campaign.yaml", plan->campaign->text, message);
    if (status == PKO_OK)
        status = write_text(store, "scenario.yaml", plan->scenario_text, message);
    return status == PKO_OK ? write_text(store, "plan.txt", plan->text, message) : status;
}

static int open_lock(struct pko_store *store, bool make, char **message) {
    char *path = pko_store_path(store, "lock");
    if (!path)
        return PKO_ERROR_MEMORY;
    store->lock = open(path, (make ? O_CREAT : 0) | O_RDWR | O_CLOEXEC, 0666);
    int status = store->lock >= 0 || (!make && errno != ENOENT) ? PKO_OK : disk_error("open", path, message);
    free(path);
    return status;
}

static int create(const char *path, const struct pko_plan *plan, struct pko_store **store) {
    struct pko_store *made = calloc(1, sizeof *made);
    if (!made)
        return PKO_ERROR_MEMORY;
    *store = made;
    made->plan = plan;
    made->lock = -1;
    made->path = strdup(path);
    for (size_t end = made->path ? strlen(made->path) : 0; end > 1 && made->path[end - 1] == '/'; end--)
        made->path[end - 1] = 0;
    made->block = pko_store_block(plan);
    made->block_count = made->block ? (plan->shards + made->block - 1) / made->block : 0;
    made->state = calloc(plan->shards, sizeof *made->state);
    made->times = calloc(plan->shards, sizeof *made->times);
    made->blocks = calloc(made->block_count + 1, sizeof *made->blocks);
    if (!made->path || asprintf(&made->parts, "%s/shards", made->path) < 0) {
        made->parts = NULL;
        return PKO_ERROR_MEMORY;
    }
    return made->state && made->times && made->blocks ? PKO_OK : PKO_ERROR_MEMORY;
}

static int open_made(struct pko_store *store, char **message) {
    if (mkdir(store->path, 0777) != 0 && errno != EEXIST)
        return disk_error("make", store->path, message);
    struct stat found;
    if (stat(store->path, &found) == 0 && !S_ISDIR(found.st_mode)) {
        errno = ENOTDIR;
        return disk_error("make", store->path, message);
    }
    char *plan = read_plan(store);
    bool refused = !plan && !is_free(store->path); /* before anything is put there */
    free(plan);
    int status = refused ? settle(store, message) : open_lock(store, true, message);
    if (status != PKO_OK)
        return status;
    (void)set_lock(store, F_OFD_SETLKW, F_WRLCK, SETUP_BYTE);
    status = settle(store, message);
    (void)set_lock(store, F_OFD_SETLK, F_UNLCK, SETUP_BYTE);
    if (status == PKO_OK && mkdir(store->parts, 0777) != 0 && errno != EEXIST)
        status = disk_error("make", store->parts, message);
    return status;
}

int pko_store_open(const char *path, const struct pko_plan *plan, struct pko_store **store, char **message) {
    *message = NULL;
    *store = NULL;
    int status = create(path, plan, store);
    if (status == PKO_OK)
        status = open_made(*store, message);
    if (status == PKO_OK)
        status = pko_store_look(*store, message);
    if (status != PKO_OK) {
        pko_store_free(*store);
        *store = NULL;
    }
    return status;
}

/* The plan of the files in a directory. */
static int load_plan(const char *path, struct pko_plan **plan, char **message) {
    char *campaign = NULL, *scenario = NULL;
    int status = PKO_ERROR_MEMORY;
    if (asprintf(&campaign, "%s/campaign.yaml", path) < 0)
        campaign = NULL;
    else if (asprintf(&scenario, "%s/scenario.yaml", path) < 0)
        scenario = NULL;
    else if (access(campaign, R_OK) != 0 || access(scenario, R_OK) != 0)
        status = disk_error("find a campaign in", path, message);
    else
        status = pko_plan_load(campaign, scenario, plan, message);
    free(campaign);
    free(scenario);
    return status;
}

int pko_store_load(const char *path, struct pko_plan **plan, struct pko_store **store, char **message) {
    *message = NULL;
    *store = NULL;
    *plan = NULL;
    int status = load_plan(path, plan, message);
    if (status != PKO_OK)
        return status;
    free(*message); /* notes on the scenario */
    *message = NULL;
    status = create(path, *plan, store);
    char *there = status == PKO_OK ? read_plan(*store) : NULL;
    if (status == PKO_OK)
        status =
            there ? compare(*store, there, false, message) : disk_error("find plan.txt in", path, message);
    free(there);
    if (status == PKO_OK)
        status = open_lock(*store, false, message);
    if (status == PKO_OK)
        status = pko_store_look(*store, message);
    if (status == PKO_OK)
        return status;
    pko_store_free(*store);
    pko_plan_free(*plan);
    *store = NULL;
    *plan = NULL;
    return status;
}

void pko_store_free(struct pko_store *store) {
    if (!store)
        return;
    if (store->lock >= 0)
        close(store->lock);
    free(store->path);
    free(store->parts);
    free(store->state);
    free(store->times);
    free(store->blocks);
    free(store);
}
