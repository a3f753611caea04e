/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "record/sha256.h"

static void expect(const void *data, size_t size, const char *hash) {
    char text[PKO_SHA256_TEXT];
    pko_sha256_of(data, size, text);
    cr_expect_str_eq(text, hash);
}

/* The examples of FIPS 180-4 and of NIST's test vectors. */
Test(sha256, gives_the_published_hashes) {
    expect("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
           "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char *million = malloc(1000000);
    memset(million, 'a', 1000000);
    expect(million, 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

Test(sha256, does_not_depend_on_how_the_data_are_cut) {
    unsigned char data[300];
    char whole[PKO_SHA256_TEXT], pieces[PKO_SHA256_TEXT];
    for (size_t k = 0; k < sizeof data; k++)
        data[k] = (unsigned char)(k * 37);
    for (size_t size = 0; size < sizeof data; size++)
        for (size_t cut = 1; cut < 130; cut += 13) {
            struct pko_sha256 hash;
            pko_sha256_init(&hash);
            for (size_t at = 0; at < size; at += cut)
                pko_sha256_add(&hash, data + at, size - at < cut ? size - at : cut);
            pko_sha256_end(&hash, pieces);
            pko_sha256_of(data, size, whole);
            cr_assert_str_eq(whole, pieces, "%zu bytes in pieces of %zu", size, cut);
        }
}
