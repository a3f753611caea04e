/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* vasprintf */
#include "record/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void pko_message(char **message, const char *format, ...) {
    if (!message)
        return;
    char *line = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&line, format, arguments) < 0)
        line = NULL;
    va_end(arguments);
    for (char *c = line; c && *c; c++)
        if ((unsigned char)*c < 32 || *c == 127)
            *c = '?';
    free(*message);
    *message = line;
}
