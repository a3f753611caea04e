/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes the runs of an experiment into one HDF5 file (docs/file-format.md), which appears whole or not at
 * all. Finished runs leave memory in blocks, so that memory does not grow with their number. No function of
 * this header prints, changes the handling of signals, or leaves HDF5 printing or the locale changed. */
#ifndef PKO_RECORD_WRITER_H
#define PKO_RECORD_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkosim/observe.h"
#include "pkosim/scenario.h"

struct pko_writer;

/* Everything known before the first day is computed. What the pointers point to must outlive the writer. */
struct pko_file_plan {
    const struct pko_scenario *scenario;
    const char *const *regimes; /* names, each once */
    size_t regime_count;        /* at least 1 */
    uint32_t first_replicate;
    uint32_t replicates; /* wanted, at least 1; all below 2^20 */
    const char *command; /* the command line as typed, for `history` */
    int threads;
};

/* Starts a file: refuses an existing path without `force` and one that cannot be written (PKO_ERROR_DISK, or
 * PKO_ERROR_MEMORY, with a message; *writer is NULL then) or a regime that the scenario has not
 * (PKO_ERROR_NAME), removes temporary files that dead processes left in the folder, and creates the temporary
 * file. Every *message of this header is one line that the caller frees, or NULL; `message` itself may be
 * NULL. */
int pko_writer_open(const char *path, bool force, const struct pko_file_plan *plan,
                    struct pko_writer **writer, char **message);
/* Takes one finished run: `regime` counts the plan's regimes, `replicate_index` from 0 to replicates − 1.
 * Runs come in the order of (replicate_index, regime), none left out, from one thread at a time (any thread).
 * The observer is not needed afterwards. PKO_ERROR_DISK, PKO_ERROR_MEMORY: the file is given up, its space
 * freed, and every later call fails likewise; pko_writer_message tells why. */
int pko_writer_add(struct pko_writer *writer, size_t regime, uint32_t replicate_index,
                   const struct pko_observer *observer);
/* After the last run, before the commit: makes the last chunks ready, which is most of a commit's work.
 * Several threads may call it at the same time, each once, and share what there is to do; nobody has to. */
void pko_writer_pack(struct pko_writer *writer);
/* Notes a change that was made to a run between its days, for the attribute `changes`. PKO_ERROR_MEMORY. */
int pko_writer_change(struct pko_writer *writer, size_t regime, uint32_t replicate_index,
                      const struct pko_change *change);
/* Why adding failed: one line, owned by the writer, or NULL. */
const char *pko_writer_message(const struct pko_writer *writer);
/* Ends with the first `replicates`, all of whose runs must have been added: the file is complete, on the
 * disk, and has its name. With 0, PKO_ERROR_INTERRUPTED and no file. On PKO_ERROR_DISK, PKO_ERROR_MEMORY and
 * PKO_ERROR_LIMIT (an event table of 2^31 rows) there is no file either, but for one case: if the path
 * appeared meanwhile without `force`, the result stands beside it under the name that the message gives. Once
 * only. */
int pko_writer_commit(struct pko_writer *writer, uint32_t replicates, char **message);
/* Always legal, also on NULL and after a commit. Without one, removes the temporary file and does not close
 * it through HDF5, which could crash over a full disk: what HDF5 held for it stays allocated until the
 * process ends. */
void pko_writer_free(struct pko_writer *writer);

#endif
