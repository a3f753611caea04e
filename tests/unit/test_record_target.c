/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkosim/status.h"
#include "record/target.h"
#include "support/scratch.h"

TestSuite(target, .init = scratch_enter, .fini = scratch_leave);

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void expect_text(const char *path, const char *text) {
    char read[100] = "";
    FILE *file = fopen(path, "r");
    cr_assert(file, "%s", path);
    cr_expect(fgets(read, sizeof read, file));
    cr_expect_str_eq(read, text);
    fclose(file);
}

static void refuse(const char *path, bool force, const char *words) {
    struct pko_target target;
    char *message = NULL;
    cr_expect_eq(pko_target_open(&target, path, force, &message), PKO_ERROR_DISK, "%s", path);
    cr_expect(message && strstr(message, words), "%s: %s", path, message ? message : "no message");
    pko_target_discard(&target);
    free(message);
}

Test(target, appears_only_when_published) {
    struct pko_target target;
    char *message = NULL;
    cr_assert_eq(pko_target_open(&target, "new.h5", false, &message), PKO_OK);
    cr_expect_neq(access("new.h5", F_OK), 0);
    cr_expect_eq(scratch_files(), 1);
    put(target.temporary, "whole");
    cr_expect_eq(pko_target_publish(&target, &message), PKO_OK);
    pko_target_discard(&target);
    expect_text("new.h5", "whole");
    cr_expect_eq(scratch_files(), 1);
    cr_expect_null(message);
}

Test(target, discarding_leaves_nothing) {
    struct pko_target target;
    cr_assert_eq(pko_target_open(&target, "new.h5", false, NULL), PKO_OK);
    pko_target_discard(&target);
    pko_target_discard(&target);
    cr_expect_eq(scratch_files(), 0);
}

Test(target, discarding_frees_the_space_of_a_file_still_open) {
    struct pko_target target;
    struct stat found;
    cr_assert_eq(pko_target_open(&target, "new.h5", false, NULL), PKO_OK);
    put(target.temporary, "some bytes");
    int file = open(target.temporary, O_RDONLY);
    pko_target_discard(&target);
    cr_expect(fstat(file, &found) == 0 && found.st_size == 0 && found.st_nlink == 0);
    close(file);
}

Test(target, refuses_what_it_must_not_replace) {
    put("old.h5", "old");
    cr_assert(mkdir("folder.h5", 0777) == 0 && mkfifo("pipe.h5", 0666) == 0 &&
              symlink("nowhere", "link.h5") == 0);
    refuse("old.h5", false, "exists");
    refuse("folder.h5", true, "not a regular file");
    refuse("pipe.h5", true, "not a regular file");
    refuse("/dev/null", true, "not a regular file");
    refuse("link.h5", true, "leads nowhere");
    refuse("no/such/new.h5", false, "No such file or directory");
    refuse("old.h5/new.h5", false, "Not a directory");
    refuse("", false, "not the name of a file");
    refuse("none/", false, "not the name of a file");
    expect_text("old.h5", "old");
    cr_expect_eq(scratch_files(), 4);
}

Test(target, force_replaces_only_at_the_end_and_through_links) {
    struct pko_target target;
    put("old.h5", "old");
    cr_assert(symlink("old.h5", "link.h5") == 0);
    cr_assert_eq(pko_target_open(&target, "link.h5", true, NULL), PKO_OK);
    put(target.temporary, "new");
    expect_text("old.h5", "old");
    cr_expect_eq(pko_target_publish(&target, NULL), PKO_OK);
    pko_target_discard(&target);
    struct stat found;
    cr_expect(lstat("link.h5", &found) == 0 && S_ISLNK(found.st_mode));
    expect_text("old.h5", "new");
    expect_text("link.h5", "new");
}

Test(target, leaves_alone_what_appeared_meanwhile) {
    struct pko_target target;
    char *message = NULL;
    put("new-2.h5", "second");
    cr_assert_eq(pko_target_open(&target, "new.h5", false, &message), PKO_OK);
    put(target.temporary, "mine");
    put("new.h5", "theirs");
    cr_expect_eq(pko_target_publish(&target, &message), PKO_ERROR_DISK);
    cr_expect(message && strstr(message, "new-3.h5"), "%s", message ? message : "no message");
    free(message);
    pko_target_discard(&target);
    expect_text("new.h5", "theirs");
    expect_text("new-2.h5", "second");
    expect_text("new-3.h5", "mine");
    cr_expect_eq(scratch_files(), 3);
}

Test(target, two_writers_of_one_process_do_not_meet) {
    struct pko_target one, other;
    cr_assert_eq(pko_target_open(&one, "new.h5", false, NULL), PKO_OK);
    cr_assert_eq(pko_target_open(&other, "new.h5", false, NULL), PKO_OK);
    cr_expect_str_neq(one.temporary, other.temporary);
    pko_target_discard(&one);
    pko_target_discard(&other);
}

Test(target, removes_what_dead_processes_left_and_nothing_else) {
    char host[65] = "", name[400];
    pid_t dead = fork();
    if (dead == 0)
        _exit(0);
    waitpid(dead, NULL, 0);
    gethostname(host, sizeof host);
    snprintf(name, sizeof name, ".other.h5.%s.%d.0.pkosim.tmp", host, (int)dead);
    put(name, "stale");
    snprintf(name, sizeof name, ".new.h5.%s.%d.3.pkosim.tmp", host, (int)dead);
    put(name, "stale");
    snprintf(name, sizeof name, ".new.h5.%s.%d.0.pkosim.tmp", host, (int)getppid());
    put(name, "of a living process");
    snprintf(name, sizeof name, ".new.h5.%s-elsewhere.%d.0.pkosim.tmp", host, (int)dead);
    put(name, "of another machine");
    snprintf(name, sizeof name, ".new.h5.%s.%d.0.tmp", host, (int)dead);
    put(name, "not ours");
    snprintf(name, sizeof name, ".new.h5.%s.%dx.0.pkosim.tmp", host, (int)dead);
    put(name, "not ours");
    cr_expect_eq(scratch_files(), 6);
    struct pko_target target;
    cr_assert_eq(pko_target_open(&target, "new.h5", false, NULL), PKO_OK);
    pko_target_discard(&target);
    cr_expect_eq(scratch_files(), 4);
}

Test(target, long_names_have_room) {
    char name[256];
    memset(name, 'n', 255);
    name[255] = 0;
    struct pko_target target;
    cr_assert_eq(pko_target_open(&target, name, false, NULL), PKO_OK);
    cr_expect_eq(pko_target_publish(&target, NULL), PKO_OK);
    pko_target_discard(&target);
    cr_expect_eq(access(name, F_OK), 0);
}

Test(target, scratch_files_have_no_name) {
    struct pko_target target;
    int file;
    cr_assert_eq(pko_target_open(&target, "new.h5", false, NULL), PKO_OK);
    cr_assert_eq(pko_target_scratch(&target, &file, NULL), PKO_OK);
    cr_expect_eq(write(file, "abc", 3), 3);
    cr_expect_eq(scratch_files(), 1);
    close(file);
    pko_target_discard(&target);
}
