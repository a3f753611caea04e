/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4): hash of a scenario's text and of a file's data. */
#ifndef PKO_RECORD_SHA256_H
#define PKO_RECORD_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define PKO_SHA256_TEXT 65 /* bytes of the hash as text: 64 hexadecimal digits and a final 0 */

struct pko_sha256 {
    uint32_t state[8];
    uint64_t length;         /* bytes added so far */
    unsigned char block[64]; /* the last `length` mod 64 bytes, not yet mixed in */
};

void pko_sha256_init(struct pko_sha256 *hash);
/* Adds `size` bytes; data may be NULL if size is 0. */
void pko_sha256_add(struct pko_sha256 *hash, const void *data, size_t size);
/* Ends the hash and writes it as lower-case hexadecimal; the struct is then only good for another init. */
void pko_sha256_end(struct pko_sha256 *hash, char text[PKO_SHA256_TEXT]);
/* The three in one, for data in memory. */
void pko_sha256_of(const void *data, size_t size, char text[PKO_SHA256_TEXT]);

#endif
