/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as texts (record/provenance.c). */
#ifndef PKO_RECORD_NUMBER_H
#define PKO_RECORD_NUMBER_H

/* The shortest decimal number that reads back as `value`; in the locale of the thread, which is to be the
 * plain one ("C"). */
void pko_number_text(double value, char text[32]);

#endif
