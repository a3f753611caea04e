/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* O_TMPFILE, renameat2, asprintf */
#include "record/target.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkosim/status.h"
#include "record/message.h"

#define SUFFIX    ".pkosim.tmp"
#define HOST_SIZE 65
#define NAME_PART_MOST                                                                                       \
    120 /* bytes of the target's name kept in a temporary name, which must stay under 255 */

/* The machine's name, with nothing in it that could confuse a file name. */
static void host_name(char host[HOST_SIZE]) {
    if (gethostname(host, HOST_SIZE) != 0 || !host[0])
        strcpy(host, "localhost");
    host[HOST_SIZE - 1] = 0;
    for (char *c = host; *c; c++)
        if (*c == '/' || (unsigned char)*c <= ' ')
            *c = '-';
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The process named in a temporary file's name; 0 if it is none of this machine. */
static pid_t owner_of(const char *name, const char *host) {
    char mark[HOST_SIZE + 2];
    snprintf(mark, sizeof mark, ".%s.", host);
    for (const char *at = name; name[0] == '.' && (at = strstr(at, mark)) != NULL; at++) {
        int pid = 0, count = 0, used = 0;
        const char *tail = at + strlen(mark);
        if (sscanf(tail, "%9d.%9d%n", &pid, &count, &used) == 2 && pid > 0 &&
            strcmp(tail + used, SUFFIX) == 0)
            return pid;
    }
    return 0;
}

/* Removes what dead processes left. Nobody's word is taken alone: the owner must be gone and the file
 * unlocked (HDF5 holds a lock on a file that it writes), for a process of another container may have the same
 * machine's name. */
static void remove_stale(const char *folder, const char *host) {
    DIR *list = opendir(folder);
    if (!list)
        return;
    for (struct dirent *entry; (entry = readdir(list));) {
        pid_t owner = owner_of(entry->d_name, host);
        if (owner == 0 || kill(owner, 0) == 0 || errno != ESRCH)
            continue;
        int file = openat(dirfd(list), entry->d_name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (file < 0)
            continue;
        if (flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            (void)unlinkat(dirfd(list), entry->d_name, 0);
        close(file);
    }
    closedir(list);
}

/* Fills path and folder; refuses what must not be replaced. */
static int resolve(struct pko_target *target, const char *path, char **message) {
    struct stat found;
    target->path = realpath(path, NULL);
    int error = target->path ? 0 : errno;
    if (error == ENOENT && lstat(path, &found) != 0) {
        target->path = strdup(path);
    } else if (error != 0) {
        pko_message(message, "cannot write '%s': %s", path,
                    error == ENOENT ? "it is a symbolic link that leads nowhere" : strerror(error));
        return error == ENOMEM ? PKO_ERROR_MEMORY : PKO_ERROR_DISK;
    } else if (stat(target->path, &found) != 0 || !S_ISREG(found.st_mode)) {
        pko_message(message, "cannot write '%s': it exists and is not a regular file", path);
        return PKO_ERROR_DISK;
    } else if (!target->force) {
        pko_message(message, "'%s' exists; choose another name or allow it to be replaced with --force",
                    path);
        return PKO_ERROR_DISK;
    }
    if (!target->path)
        return PKO_ERROR_MEMORY;
    size_t length = (size_t)(name_of(target->path) - target->path);
    if (!target->path[length]) {
        pko_message(message, "cannot write '%s': it is not the name of a file", path);
        return PKO_ERROR_DISK;
    }
    target->folder = length > 1 ? strndup(target->path, length - 1) : strdup(length == 1 ? "/" : ".");
    return target->folder ? PKO_OK : PKO_ERROR_MEMORY;
}

/* Creates a file of a name that no other writer has, of this process or another. */
static int create_temporary(const struct pko_target *target, char **temporary, int *file) {
    char host[HOST_SIZE];
    host_name(host);
    for (int count = 0; count < 1000000; count++) {
        if (asprintf(temporary, "%s/.%.*s.%s.%ld.%d" SUFFIX, target->folder, NAME_PART_MOST,
                     name_of(target->path), host, (long)getpid(), count) < 0) {
            *temporary = NULL;
            return PKO_ERROR_MEMORY;
        }
        *file = open(*temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*file >= 0)
            return PKO_OK;
        int error = errno;
        free(*temporary);
        *temporary = NULL;
        errno = error;
        if (error != EEXIST)
            break;
    }
    return PKO_ERROR_DISK;
}

void pko_target_clean(const char *folder) {
    char host[HOST_SIZE];
    host_name(host);
    remove_stale(folder, host);
}

int pko_target_begin(struct pko_target *target, const char *path, bool force, char **message) {
    *target = (struct pko_target){.force = force};
    int status = resolve(target, path, message), file;
    if (status != PKO_OK)
        return status;
    status = create_temporary(target, &target->temporary, &file);
    if (status == PKO_ERROR_DISK)
        pko_message(message, "cannot write '%s': %s", path, strerror(errno));
    if (status == PKO_OK)
        close(file);
    return status;
}

int pko_target_open(struct pko_target *target, const char *path, bool force, char **message) {
    int status = pko_target_begin(target, path, force, message);
    if (status == PKO_OK)
        pko_target_clean(target->folder); /* not our own: its process lives */
    return status;
}

/* Writes all bytes; 0, or −1 with errno set. */
static int write_all(int file, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t written = write(file, bytes, size);
        if (written < 0 && errno != EINTR)
            return -1;
        if (written > 0) {
            bytes += written;
            size -= (size_t)written;
        }
    }
    return 0;
}

int pko_target_bytes(const char *path, bool force, const void *bytes, size_t size, char **message) {
    struct pko_target target;
    int status = pko_target_begin(&target, path, force, message), error = 0;
    if (status != PKO_OK)
        goto out;
    int file = open(target.temporary, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write_all(file, bytes, size) != 0)
        error = errno;
    if (file >= 0 && close(file) != 0 && error == 0)
        error = errno;
    if (error) {
        pko_message(message, "cannot write '%s': %s", path, strerror(error));
        status = PKO_ERROR_DISK;
    } else {
        status = pko_target_publish(&target, message);
    }
out:
    pko_target_discard(&target);
    return status;
}

int pko_target_scratch(const struct pko_target *target, int *file, char **message) {
    *file = open(target->folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
    if (*file >= 0)
        return PKO_OK;
    /* Not every file system has unnamed files. */
    char *name = NULL;
    int status = create_temporary(target, &name, file);
    if (status == PKO_OK && unlink(name) != 0) {
        close(*file);
        status = PKO_ERROR_DISK;
    }
    if (status == PKO_ERROR_DISK)
        pko_message(message, "cannot write beside '%s': %s", target->path, strerror(errno));
    if (status != PKO_OK)
        *file = -1;
    free(name);
    return status;
}

static int sync_path(const char *path, int flags) {
    int file = open(path, flags | O_CLOEXEC);
    if (file < 0)
        return -1;
    int result = fsync(file);
    int error = errno;
    close(file);
    errno = error;
    /* Some file systems cannot sync a folder and say so; the rename stands all the same. */
    return result == 0 || ((flags & O_DIRECTORY) && (error == EINVAL || error == ENOTSUP)) ? 0 : -1;
}

/* Renames without replacing; -1 with EEXIST if the name is taken. */
static int rename_new(const char *from, const char *to) {
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (access(to, F_OK) == 0) { /* a file system without that kind of rename */
        errno = EEXIST;
        return -1;
    }
    return rename(from, to);
}

/* The target's name is taken by a file that was not there when the work began. */
static int publish_beside(struct pko_target *target, char **message) {
    const char *dot = strrchr(name_of(target->path), '.');
    int stem = (int)(dot ? (size_t)(dot - target->path) : strlen(target->path));
    for (int count = 2; count < 10000; count++) {
        char *beside = NULL;
        if (asprintf(&beside, "%.*s-%d%s", stem, target->path, count, target->path + stem) < 0)
            return PKO_ERROR_MEMORY;
        if (rename_new(target->temporary, beside) == 0) {
            pko_message(message,
                        "'%s' has appeared in the meantime and is left as it is; this result is in '%s'",
                        target->path, beside);
            free(beside);
            free(target->temporary);
            target->temporary = NULL;
            (void)sync_path(target->folder, O_RDONLY | O_DIRECTORY);
            return PKO_ERROR_DISK;
        }
        free(beside);
        if (errno != EEXIST)
            break;
    }
    pko_message(message, "cannot write '%s': %s", target->path, strerror(errno));
    return PKO_ERROR_DISK;
}

int pko_target_publish(struct pko_target *target, char **message) {
    assert(target->temporary);
    if (sync_path(target->temporary, O_RDWR) != 0) {
        pko_message(message, "cannot write '%s': %s", target->path, strerror(errno));
        return PKO_ERROR_DISK;
    }
    int result =
        target->force ? rename(target->temporary, target->path) : rename_new(target->temporary, target->path);
    if (result != 0 && errno == EEXIST)
        return publish_beside(target, message);
    if (result != 0) {
        pko_message(message, "cannot write '%s': %s", target->path, strerror(errno));
        return PKO_ERROR_DISK;
    }
    free(target->temporary);
    target->temporary = NULL;
    if (sync_path(target->folder, O_RDONLY | O_DIRECTORY) != 0) {
        pko_message(message, "'%s' is written, but its folder could not be synced: %s", target->path,
                    strerror(errno));
        return PKO_ERROR_DISK;
    }
    return PKO_OK;
}

void pko_target_discard(struct pko_target *target) {
    if (target->temporary) {
        if (truncate(target->temporary, 0) != 0)
            errno = 0; /* the unlink is what counts */
        (void)unlink(target->temporary);
    }
    free(target->path);
    free(target->folder);
    free(target->temporary);
    *target = (struct pko_target){0};
}
