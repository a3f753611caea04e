/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* uselocale, sigtimedwait */
#include "record/hdf.h"

#include <ctype.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pkosim/status.h"
#include "record/build.h"

/* Half the chunks in a node of a variable's index: with HDF5's 32, the empty places would be half of a small
 * file. */
#define INDEX_HALF 8
/* Room in which texts are turned into those of the file: HDF5 zeroes it at every writing, and its own is 2
 * MB. */
#define TEXTS_BYTES 4096

void pko_hdf_enter(struct pko_hdf_guard *guard) {
    sigset_t limit, waiting;
    sigemptyset(&limit);
    sigaddset(&limit, SIGXFSZ);
    sigemptyset(&waiting);
    sigpending(&waiting);
    guard->pending = sigismember(&waiting, SIGXFSZ) == 1;
    pthread_sigmask(SIG_BLOCK, &limit, &guard->signals);
    guard->plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    guard->before = guard->plain ? uselocale(guard->plain) : (locale_t)0;
    H5dont_atexit();
    guard->print = NULL;
    guard->print_data = NULL;
    H5Eget_auto2(H5E_DEFAULT, &guard->print, &guard->print_data);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void pko_hdf_leave(struct pko_hdf_guard *guard) {
    H5Eset_auto2(H5E_DEFAULT, guard->print, guard->print_data);
    if (guard->plain) {
        uselocale(guard->before);
        freelocale(guard->plain);
    }
    sigset_t limit;
    sigemptyset(&limit);
    sigaddset(&limit, SIGXFSZ);
    const struct timespec now = {0, 0};
    if (!guard->pending) /* one that came meanwhile was reported as an error already */
        while (sigtimedwait(&limit, NULL, &now) == SIGXFSZ)
            continue;
    pthread_sigmask(SIG_SETMASK, &guard->signals, NULL);
}

struct cause {
    int error; /* errno, 0 if none was named */
    bool memory;
    char deepest[128]; /* HDF5's words */
};

static herr_t look_at(unsigned depth, const H5E_error2_t *entry, void *data) {
    struct cause *cause = data;
    const char *words = entry->desc ? entry->desc : "";
    const char *error = strstr(words, "errno = ");
    if (error && cause->error == 0)
        cause->error = atoi(error + strlen("errno = "));
    if (entry->maj_num == H5E_RESOURCE && entry->min_num == H5E_NOSPACE)
        cause->memory = true;
    if (depth == 0)
        snprintf(cause->deepest, sizeof cause->deepest, "%s", words);
    return 0;
}

int pko_hdf_why(char *text, size_t size) {
    struct cause cause = {0};
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, look_at, &cause);
    /* Without an error of HDF5 it was memory of our own that could not be had. */
    bool memory = cause.error == 0 && (cause.memory || !cause.deepest[0]);
    snprintf(text, size, "%s",
             cause.error != 0 ? strerror(cause.error)
             : memory         ? "out of memory"
                              : cause.deepest);
    return memory ? PKO_ERROR_MEMORY : PKO_ERROR_DISK;
}

/* How files are opened: formats of HDF5 1.8 to 1.10 (attributes may pass 64 KiB); closing fails while
 * something in the file is still open; a file system without locks is no obstacle. */
static hid_t access_list(void) {
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    if (list >= 0 && H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_V110) >= 0 &&
        H5Pset_fclose_degree(list, H5F_CLOSE_SEMI) >= 0 && H5Pset_file_locking(list, true, true) >= 0)
        return list;
    if (list >= 0)
        H5Pclose(list);
    return H5I_INVALID_HID;
}

herr_t pko_hdf_release(herr_t result, int count, const hid_t *ids) {
    hid_t stack = result < 0 ? H5Eget_current_stack() : H5I_INVALID_HID;
    for (int k = 0; k < count; k++)
        if (ids[k] >= 0 && H5Idec_ref(ids[k]) < 0) {
            if (stack < 0) /* what is closed next would forget why */
                stack = H5Eget_current_stack();
            result = -1;
        }
    if (stack >= 0)
        H5Eset_current_stack(stack);
    return result;
}

/* Of a file that is written, HDF5 would keep a megabyte of what was closed, with ten times as much around it,
 * and nobody asks for it again. */
#define KEPT_BYTES 65536
static herr_t keep_little(hid_t list) {
    H5AC_cache_config_t config = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    if (H5Pget_mdc_config(list, &config) < 0)
        return -1;
    config.set_initial_size = true;
    config.initial_size = config.min_size = config.max_size = KEPT_BYTES;
    config.incr_mode = H5C_incr__off;
    config.flash_incr_mode = H5C_flash_incr__off;
    config.decr_mode = H5C_decr__off;
    return H5Pset_mdc_config(list, &config);
}

hid_t pko_hdf_create(const char *path) {
    hid_t file = H5I_INVALID_HID, access = access_list(), list = H5Pcreate(H5P_FILE_CREATE);
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    if (access >= 0 && list >= 0 && keep_little(access) >= 0 &&
        H5Pset_link_creation_order(list, order) >= 0 && H5Pset_attr_creation_order(list, order) >= 0 &&
        H5Pset_obj_track_times(list, false) >= 0 && H5Pset_istore_k(list, INDEX_HALF) >= 0)
        file = H5Fcreate(path, H5F_ACC_TRUNC, list, access);
    pko_hdf_release(file < 0 ? -1 : 0, 2, (hid_t[]){access, list});
    return file;
}

hid_t pko_hdf_create_in_memory(size_t growth) {
    hid_t file = H5I_INVALID_HID, access = access_list();
    if (access >= 0 && H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110) >= 0 &&
        H5Pset_fapl_core(access, growth, false) >= 0)
        file = H5Fcreate("in memory", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    pko_hdf_release(file < 0 ? -1 : 0, 1, &access);
    return file;
}

hid_t pko_hdf_open(const char *path) {
    hid_t access = access_list();
    hid_t file = access >= 0 ? H5Fopen(path, H5F_ACC_RDONLY, access) : H5I_INVALID_HID;
    pko_hdf_release(file < 0 ? -1 : 0, 1, &access);
    return file;
}

/* Length of the UTF-8 sequence at `text`, 0 if there is none. */
static size_t sequence(const unsigned char *text) {
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    for (size_t k = 1; k < length; k++)
        if ((text[k] & 0xc0) != 0x80)
            return 0;
    bool overlong = (text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xf0 && text[1] < 0x90);
    bool outside = (text[0] == 0xed && text[1] > 0x9f) || (text[0] == 0xf4 && text[1] > 0x8f);
    return length > 1 && (overlong || outside) ? 0 : length;
}

static void clean_text(char *text) {
    for (unsigned char *c = (unsigned char *)text; *c;) {
        size_t length = sequence(c);
        if (length == 0)
            *c = '?';
        c += length == 0 ? 1 : length;
    }
}

herr_t pko_hdf_text(hid_t object, const char *name, const char *text) {
    herr_t result = -1;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR), attribute = H5I_INVALID_HID;
    char *clean = strdup(text);
    if (clean && type >= 0 && space >= 0 && H5Tset_size(type, strlen(text) + 1) >= 0 &&
        H5Tset_cset(type, H5T_CSET_UTF8) >= 0) {
        clean_text(clean);
        attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
        if (attribute >= 0)
            result = H5Awrite(attribute, type, clean);
    }
    free(clean);
    return pko_hdf_release(result, 3, (hid_t[]){attribute, space, type});
}

herr_t pko_hdf_numbers(hid_t object, const char *name, hid_t file_type, hid_t memory_type, const void *values,
                       hsize_t count) {
    herr_t result = -1;
    hid_t space = count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, NULL);
    hid_t attribute =
        space < 0 ? space : H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute >= 0)
        result = H5Awrite(attribute, memory_type, values);
    return pko_hdf_release(result, 2, (hid_t[]){attribute, space});
}

hid_t pko_hdf_memory_type(enum pko_hdf_type type) {
    switch (type) {
    case PKO_HDF_F32:
        return H5T_NATIVE_FLOAT;
    case PKO_HDF_F64:
        return H5T_NATIVE_DOUBLE;
    default:
        return H5T_NATIVE_INT32;
    }
}

hid_t pko_hdf_file_type(enum pko_hdf_type type) {
    switch (type) {
    case PKO_HDF_F32:
        return H5T_IEEE_F32LE;
    case PKO_HDF_F64:
        return H5T_IEEE_F64LE;
    default:
        return H5T_STD_I32LE;
    }
}

size_t pko_hdf_size(enum pko_hdf_type type) {
    return type == PKO_HDF_F32 || type == PKO_HDF_I32 ? 4 : 8;
}

/* Fill value, order of attributes, no times; in chunks also the filters. */
static hid_t creation_list(enum pko_hdf_type type, int rank, const hsize_t *chunk) {
    const float nan32 = NAN;
    const double nan64 = NAN;
    hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    bool good = list >= 0 && H5Pset_obj_track_times(list, false) >= 0 &&
                H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0;
    if (good && type == PKO_HDF_F32)
        good = H5Pset_fill_value(list, H5T_NATIVE_FLOAT, &nan32) >= 0;
    if (good && type == PKO_HDF_F64)
        good = H5Pset_fill_value(list, H5T_NATIVE_DOUBLE, &nan64) >= 0;
    if (good && chunk)
        good = H5Pset_chunk(list, rank, chunk) >= 0 && H5Pset_shuffle(list) >= 0 &&
               H5Pset_deflate(list, 1) >= 0 && H5Pset_fletcher32(list) >= 0;
    if (good)
        return list;
    pko_hdf_release(-1, 1, &list);
    return H5I_INVALID_HID;
}

/* Blocks are written as whole chunks: a cache of chunks would only hold memory for every open dataset. */
static hid_t dataset_access(void) {
    hid_t access = H5Pcreate(H5P_DATASET_ACCESS);
    if (access < 0 || H5Pset_chunk_cache(access, 1, 0, 1) >= 0)
        return access;
    pko_hdf_release(-1, 1, &access);
    return H5I_INVALID_HID;
}

hid_t pko_hdf_dataset(hid_t file, const char *name, enum pko_hdf_type type, int rank, const hsize_t *shape,
                      const hsize_t *most, const hsize_t *chunk) {
    hid_t dataset = H5I_INVALID_HID;
    hid_t list = creation_list(type, rank, chunk), access = dataset_access();
    hid_t space = H5Screate_simple(rank, shape, most);
    if (list >= 0 && space >= 0 && access >= 0)
        dataset = H5Dcreate2(file, name, pko_hdf_file_type(type), space, H5P_DEFAULT, list, access);
    pko_hdf_release(dataset < 0 ? -1 : 0, 3, (hid_t[]){list, access, space});
    return dataset;
}

hid_t pko_hdf_again(hid_t file, const char *name) {
    hid_t access = dataset_access(), dataset = H5I_INVALID_HID;
    if (access >= 0)
        dataset = H5Dopen2(file, name, access);
    pko_hdf_release(dataset < 0 ? -1 : 0, 1, &access);
    return dataset;
}

hid_t pko_hdf_virtual(hid_t file, const char *name, enum pko_hdf_type type, int rank, const hsize_t *shape,
                      const struct pko_hdf_piece *pieces, size_t count) {
    hid_t dataset = H5I_INVALID_HID, list = creation_list(type, rank, NULL);
    hid_t space = H5Screate_simple(rank, shape, NULL);
    bool good = list >= 0 && space >= 0;
    for (size_t k = 0; good && k < count; k++) {
        hid_t source = H5Screate_simple(rank, pieces[k].count, NULL);
        good =
            source >= 0 &&
            H5Sselect_hyperslab(space, H5S_SELECT_SET, pieces[k].start, NULL, pieces[k].count, NULL) >= 0 &&
            H5Pset_virtual(list, space, pieces[k].path, name, source) >= 0;
        pko_hdf_release(0, 1, &source);
    }
    if (good && H5Sselect_all(space) >= 0)
        dataset = H5Dcreate2(file, name, pko_hdf_file_type(type), space, H5P_DEFAULT, list, H5P_DEFAULT);
    pko_hdf_release(dataset < 0 ? -1 : 0, 2, (hid_t[]){list, space});
    return dataset;
}

herr_t pko_hdf_write(hid_t dataset, enum pko_hdf_type type, int rank, const hsize_t *start,
                     const hsize_t *count, const void *values) {
    herr_t result = -1;
    hid_t space = H5Dget_space(dataset), memory = H5Screate_simple(rank, count, NULL);
    if (space >= 0 && memory >= 0 &&
        H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0)
        result = H5Dwrite(dataset, pko_hdf_memory_type(type), memory, space, H5P_DEFAULT, values);
    return pko_hdf_release(result, 2, (hid_t[]){space, memory});
}

herr_t pko_hdf_write_chunk(hid_t dataset, const hsize_t *start, const void *packed, size_t size) {
    return H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, start, size, packed); /* 0: no filter was left out */
}

herr_t pko_hdf_strings(hid_t file, const char *name, const char *const *texts, hsize_t count,
                       hid_t *dataset) {
    herr_t result = -1;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate_simple(1, &count, NULL);
    hid_t list = creation_list(PKO_HDF_TEXT, 1, NULL), transfer = H5Pcreate(H5P_DATASET_XFER);
    *dataset = H5I_INVALID_HID;
    if (type >= 0 && space >= 0 && list >= 0 && transfer >= 0 && H5Tset_size(type, H5T_VARIABLE) >= 0 &&
        H5Tset_cset(type, H5T_CSET_UTF8) >= 0 && H5Pset_buffer(transfer, TEXTS_BYTES, NULL, NULL) >= 0)
        *dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (*dataset >= 0)
        result = H5Dwrite(*dataset, type, H5S_ALL, H5S_ALL, transfer, texts);
    return pko_hdf_release(result, 4, (hid_t[]){type, space, list, transfer});
}

void pko_build_hdf5(char version[32]) {
    unsigned major = 0, minor = 0, release = 0;
    struct pko_hdf_guard guard;
    pko_hdf_enter(&guard);
    (void)H5get_libversion(&major, &minor, &release);
    pko_hdf_leave(&guard);
    snprintf(version, 32, "%u.%u.%u", major, minor, release);
}

bool pko_build_deflates(void) {
    struct pko_hdf_guard guard;
    pko_hdf_enter(&guard);
    bool deflates = H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0;
    pko_hdf_leave(&guard);
    return deflates;
}
