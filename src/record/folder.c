/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* renameat2, asprintf */
#include "record/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkosim/status.h"
#include "record/message.h"

#define SUFFIX ".pkosim.tmp"
#define LISTED "units.csv" /* names every other file of an export */

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int folder_part(const char *path) {
    return (int)(name_of(path) - path);
}

static void host_name(char host[65]) {
    if (gethostname(host, 65) != 0 || !host[0])
        strcpy(host, "localhost");
    host[64] = 0;
    for (char *c = host; *c; c++)
        if (*c == '/' || (unsigned char)*c <= ' ')
            *c = '-';
}

/* Removes a folder of plain files; what is none stays, and the folder with it. */
static int remove_folder(const char *path) {
    DIR *list = opendir(path);
    if (!list)
        return -1;
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(list), entry->d_name, 0);
    closedir(list);
    return rmdir(path);
}

/* Removes what dead processes of this machine left for this target. */
static void remove_stale(const struct pko_folder *folder, const char *host) {
    char *mark = NULL, *place = NULL;
    if (asprintf(&place, "%.*s.", folder_part(folder->path), folder->path) < 0)
        return;
    if (asprintf(&mark, ".%s.%s.", name_of(folder->path), host) < 0) {
        free(place);
        return;
    }
    DIR *list = opendir(place);
    for (const struct dirent *entry; list && (entry = readdir(list)) != NULL;) {
        int pid = 0, count = 0, used = 0;
        if (strncmp(entry->d_name, mark, strlen(mark)) != 0 ||
            sscanf(entry->d_name + strlen(mark), "%9d.%9d%n", &pid, &count, &used) != 2 || pid <= 0 ||
            strcmp(entry->d_name + strlen(mark) + used, SUFFIX) != 0 || kill(pid, 0) == 0 || errno != ESRCH)
            continue;
        char *stale = NULL;
        if (asprintf(&stale, "%.*s%s", folder_part(folder->path), folder->path, entry->d_name) < 0)
            break;
        (void)remove_folder(stale);
        free(stale);
    }
    if (list)
        closedir(list);
    free(mark);
    free(place);
}

/* Whether the list of an earlier export names this file. */
static bool is_listed(int folder, const char *name) {
    char *line = NULL;
    size_t room = 0, length = strlen(name);
    bool found = strcmp(name, LISTED) == 0;
    int file = openat(folder, LISTED, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    FILE *list = file < 0 ? NULL : fdopen(file, "r");
    while (list && !found && getline(&line, &room, list) > 0)
        found = strncmp(line, name, length) == 0 && line[length] == ',';
    free(line);
    if (list)
        fclose(list);
    else if (file >= 0)
        close(file);
    return found;
}

/* Refuses a target that is no earlier export: nothing of anybody's is ever removed. */
static int check_replaced(const struct pko_folder *folder, char **message) {
    DIR *list = opendir(folder->path);
    if (!list) {
        pko_message(message, "cannot replace '%s': %s", folder->path, strerror(errno));
        return PKO_ERROR_DISK;
    }
    int status = PKO_OK;
    for (const struct dirent *entry; status == PKO_OK && (entry = readdir(list)) != NULL;) {
        struct stat found;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        bool plain =
            fstatat(dirfd(list), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(found.st_mode);
        if (plain && is_listed(dirfd(list), entry->d_name))
            continue;
        pko_message(message, "'%s' holds '%s', which no export wrote: choose another folder", folder->path,
                    entry->d_name);
        status = PKO_ERROR_DISK;
    }
    closedir(list);
    return status;
}

int pko_folder_open(struct pko_folder *folder, const char *path, bool force, char **message) {
    char host[65];
    struct stat found;
    *folder = (struct pko_folder){.path = strdup(path)};
    if (!folder->path)
        return PKO_ERROR_MEMORY;
    for (size_t length = strlen(path); length > 1 && folder->path[length - 1] == '/'; length--)
        folder->path[length - 1] = 0;
    const char *name = name_of(folder->path);
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        pko_message(message, "'%s' cannot be replaced: give the export a folder of its own", path);
        return PKO_ERROR_DISK;
    }
    if (lstat(folder->path, &found) == 0) {
        if (!force || !S_ISDIR(found.st_mode)) {
            pko_message(message,
                        S_ISDIR(found.st_mode) ? "'%s' exists; --force replaces an earlier export"
                                               : "'%s' exists and is no folder",
                        folder->path);
            return PKO_ERROR_DISK;
        }
        int status = check_replaced(folder, message);
        if (status != PKO_OK)
            return status;
        folder->replaces = true;
    }
    host_name(host);
    remove_stale(folder, host);
    for (int count = 0; count < 10000; count++) {
        if (asprintf(&folder->temporary, "%.*s.%s.%s.%ld.%d" SUFFIX, folder_part(folder->path), folder->path,
                     name, host, (long)getpid(), count) < 0) {
            folder->temporary = NULL;
            return PKO_ERROR_MEMORY;
        }
        if (mkdir(folder->temporary, 0777) == 0)
            return PKO_OK;
        int error = errno;
        free(folder->temporary);
        folder->temporary = NULL;
        errno = error;
        if (error != EEXIST)
            break;
    }
    pko_message(message, "cannot write '%s': %s", folder->path, strerror(errno));
    return PKO_ERROR_DISK;
}

FILE *pko_folder_file(const struct pko_folder *folder, const char *name) {
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder->temporary, name) < 0) {
        errno = ENOMEM;
        return NULL;
    }
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    free(path);
    return file < 0 ? NULL : fdopen(file, "w");
}

/* Puts the new folder in the place of the old one, which then stands under the temporary name. */
static int exchange(const struct pko_folder *folder) {
    if (renameat2(AT_FDCWD, folder->temporary, AT_FDCWD, folder->path, RENAME_EXCHANGE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    /* a file system without that: a moment without any folder, and the old one back if the rename fails */
    char *aside = NULL;
    if (asprintf(&aside, "%s.old", folder->temporary) < 0)
        return -1;
    int result = rename(folder->path, aside);
    if (result == 0 && (result = rename(folder->temporary, folder->path)) != 0) {
        int error = errno;
        (void)rename(aside, folder->path);
        errno = error;
    }
    if (result == 0)
        result = rename(aside, folder->temporary);
    free(aside);
    return result;
}

int pko_folder_publish(struct pko_folder *folder, char **message) {
    int result = 0;
    if (folder->replaces) {
        /* somebody may have put something there since */
        int status = check_replaced(folder, message);
        if (status != PKO_OK)
            return status;
        result = exchange(folder);
        if (result == 0)
            (void)remove_folder(folder->temporary);
    } else {
        result = renameat2(AT_FDCWD, folder->temporary, AT_FDCWD, folder->path, RENAME_NOREPLACE);
        if (result != 0 && (errno == EINVAL || errno == ENOSYS))
            result = rename(folder->temporary, folder->path); /* which spares a folder that is not empty */
    }
    if (result != 0) {
        pko_message(message, "cannot write '%s': %s", folder->path, strerror(errno));
        return PKO_ERROR_DISK;
    }
    free(folder->temporary);
    folder->temporary = NULL;
    return PKO_OK;
}

void pko_folder_discard(struct pko_folder *folder) {
    if (folder->temporary)
        (void)remove_folder(folder->temporary);
    free(folder->temporary);
    free(folder->path);
    *folder = (struct pko_folder){0};
}
