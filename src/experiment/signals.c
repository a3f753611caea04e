/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/signals.h"

#include <string.h>

static void stop_set(sigset_t *set) {
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR1);
    sigaddset(set, SIGALRM);
}

static void die_of(int number) {
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    raise(number);
}

static void *await(void *argument) {
    struct pko_signals *signals = argument;
    sigset_t set;
    stop_set(&set);
    for (;;) {
        int number = 0;
        if (sigwait(&set, &number) != 0)
            continue;
        if (atomic_load(&signals->ending))
            return NULL;
        /* Whoever asks twice at the keyboard wants out now; what is on the disk stays as it was. */
        if (number == SIGINT && atomic_load(&signals->stop) == SIGINT)
            die_of(number);
        atomic_store(&signals->stop, number);
    }
}

int pko_signals_start(struct pko_signals *signals) {
    sigset_t set;
    stop_set(&set);
    atomic_store(&signals->stop, 0);
    atomic_store(&signals->ending, 0);
    signals->started = false;
    int error = pthread_sigmask(SIG_BLOCK, &set, &signals->before);
    if (error != 0)
        return error;
    error = pthread_create(&signals->thread, NULL, await, signals);
    if (error != 0)
        pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
    signals->started = error == 0;
    return error;
}

void pko_signals_end(struct pko_signals *signals) {
    if (!signals->started)
        return;
    atomic_store(&signals->ending, 1);
    pthread_kill(signals->thread, SIGUSR1);
    pthread_join(signals->thread, NULL);
    pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
    signals->started = false;
}
