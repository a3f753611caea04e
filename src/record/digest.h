/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One hash over the data of a result file, to tell whether two files hold the same results. */
#ifndef PKO_RECORD_DIGEST_H
#define PKO_RECORD_DIGEST_H

/* Hashes (SHA-256) all variables of a file of this program in the order of their names: name, kind and size
 * of the elements, shape, values. Numbers count as little-endian, every NaN as one pattern and −0 as 0; texts
 * by their bytes. Attributes do not count, nor how the data lie in the file (chunks, filters, order of
 * creation). Reads in pieces of a few MiB. Writes 64 hexadecimal digits and a final 0. Errors as
 * pko_reader_open; *message may come back NULL. */
int pko_file_digest(const char *path, char hex[65], char **message);

#endif
