/* SPDX-License-Identifier: GPL-3.0-or-later */
/* INT, TERM, USR1 (what Slurm sends before a job's end) and ALRM (a time limit) ask a run or a sweep to stop;
 * a second INT kills. The signals are blocked in every thread and taken by one that waits for them, so
 * nothing runs inside a signal handler and no variable is global. */
#ifndef PKO_EXPERIMENT_SIGNALS_H
#define PKO_EXPERIMENT_SIGNALS_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

struct pko_signals {
    atomic_int stop;   /* 0, or the signal that asks to stop */
    atomic_int ending; /* the waiting thread is to end */
    sigset_t before;   /* the mask to give back */
    pthread_t thread;
    bool started;
};

/* Blocks the signals and starts to wait for them; to be called before other threads exist. 0, or an error
 * number. */
int pko_signals_start(struct pko_signals *signals);
/* Ends the waiting and gives the mask back; legal on an all-zero struct. */
void pko_signals_end(struct pko_signals *signals);

#endif
