/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one-line messages by which this room says what went wrong with a file. */
#ifndef PKO_RECORD_MESSAGE_H
#define PKO_RECORD_MESSAGE_H

/* Makes *message a formatted line that the caller frees with free(), in place of what stood there. Control
 * characters (a path may hold a newline) become '?'. Does nothing if `message` is NULL; *message is NULL if
 * memory ran out. */
void pko_message(char **message, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
