/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/ledger.h"

#include <stdlib.h>

void *pko_list_grow(void *item, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return item;
    size_t wanted = *capacity ? 2 * *capacity : 64;
    void *grown = realloc(item, wanted * size);
    if (grown)
        *capacity = wanted;
    return grown;
}
