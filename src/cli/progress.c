/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define TERMINAL_SECONDS 0.2 /* between lines of a terminal */
#define PLAIN_SECONDS    60.0
#define MEMORY_SECONDS   5.0 /* of the smoothed rate */
#define BAR_WIDTH        20

static double clock_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void pko_progress_span(double seconds, char *text, size_t size) {
    if (!(seconds >= 0.0 && seconds < 3.6e8)) {
        snprintf(text, size, "?");
        return;
    }
    long whole = lround(seconds), hours = whole / 3600, minutes = whole / 60 % 60;
    if (hours > 0)
        snprintf(text, size, "%ld:%02ld:%02ld", hours, minutes, whole % 60);
    else
        snprintf(text, size, "%ld:%02ld", minutes, whole % 60);
}

void pko_progress_start(struct pko_progress *progress, FILE *stream, const char *label, uint32_t replicates,
                        double person_days) {
    const char *kind = getenv("TERM"), *no_color = getenv("NO_COLOR");
    *progress = (struct pko_progress){.stream = stream,
                                      .label = label,
                                      .counted = "replicates",
                                      .replicates = replicates,
                                      .person_days = person_days};
    if (!stream)
        return;
    progress->terminal = isatty(fileno(stream)) && kind && strcmp(kind, "dumb") != 0;
    progress->color = progress->terminal && !(no_color && *no_color);
    progress->begun = progress->sampled = progress->shown = clock_seconds();
    if (progress->terminal)
        progress->shown -= TERMINAL_SECONDS;
    fprintf(stream, "%s\n", label);
}

static void print_terminal(const struct pko_progress *progress, const struct pko_twins_progress *now,
                           const char *left) {
    struct winsize window = {0};
    int width = 80;
    if (ioctl(fileno(progress->stream), TIOCGWINSZ, &window) == 0 && window.ws_col > 0)
        width = window.ws_col;
    char line[160], bar[BAR_WIDTH + 1];
    double share = now->days > 0 ? (double)now->days_done / (double)now->days : 0.0;
    int full = (int)(share * BAR_WIDTH);
    for (int k = 0; k < BAR_WIDTH; k++)
        bar[k] = k < full ? '#' : '.';
    bar[BAR_WIDTH] = 0;
    snprintf(line, sizeof line, "%3d %%  %" PRIu32 " of %" PRIu32 " %s  %.0f days/s  %s left",
             (int)(100.0 * share), now->replicates_done, progress->replicates, progress->counted,
             progress->rate, left);
    bool with_bar = (size_t)width > strlen(line) + BAR_WIDTH + 2;
    fprintf(progress->stream, "\r%s%s%s%s%.*s\033[K", progress->color && with_bar ? "\033[32m" : "",
            with_bar ? bar : "", progress->color && with_bar ? "\033[0m" : "", with_bar ? " " : "",
            width > 1 ? width - 1 : 1, line);
    fflush(progress->stream);
}

void pko_progress_tell(struct pko_progress *progress, const struct pko_twins_progress *now) {
    if (!progress->stream)
        return;
    double seconds = clock_seconds(), pause = progress->terminal ? TERMINAL_SECONDS : PLAIN_SECONDS;
    double passed = seconds - progress->sampled;
    if (passed >= TERMINAL_SECONDS) {
        double sample = (double)(now->days_done - progress->sampled_days) / passed;
        progress->rate +=
            (progress->rate > 0.0 ? -expm1(-passed / MEMORY_SECONDS) : 1.0) * (sample - progress->rate);
        progress->sampled = seconds;
        progress->sampled_days = now->days_done;
    }
    if (seconds - progress->shown < pause)
        return;
    progress->shown = seconds;
    char left[24];
    double rest = (double)(now->days - now->days_done);
    pko_progress_span(progress->rate > 0.0 ? rest / progress->rate : NAN, left, sizeof left);
    if (progress->terminal)
        print_terminal(progress, now, left);
    else
        fprintf(progress->stream, "%" PRIu32 " of %" PRIu32 " %s, %.0f days/s, %s left\n",
                now->replicates_done, progress->replicates, progress->counted, progress->rate, left);
}

void pko_progress_end(struct pko_progress *progress, uint32_t replicates_done, uint64_t days_done,
                      uint64_t days) {
    if (!progress->stream)
        return;
    double seconds = clock_seconds() - progress->begun;
    char span[24];
    pko_progress_span(seconds, span, sizeof span);
    if (progress->terminal)
        fputs("\r\033[K", progress->stream);
    fprintf(progress->stream, "%" PRIu32 " of %" PRIu32 " %s in %s", replicates_done, progress->replicates,
            progress->counted, span);
    if (seconds > 0.0 && days > 0) {
        fprintf(progress->stream, ": %.0f days/s", (double)days_done / seconds);
        if (progress->person_days > 0.0)
            fprintf(progress->stream, ", %.2g individual-days/s",
                    progress->person_days * (double)days_done / (double)days / seconds);
    }
    fputc('\n', progress->stream);
    fflush(progress->stream);
}
