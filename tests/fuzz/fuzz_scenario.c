/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a scenario, with the first line as a setting when it holds '=': refused with words or loaded,
 * never a crash, a leak or a silent refusal. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pkosim/scenario.h"
#include "pkosim/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pko_scenario *scenario = NULL;
    char *problems = NULL, name[128] = "", *value = NULL;
    const uint8_t *end = memchr(data, '\n', size);
    size_t line = end ? (size_t)(end - data) : 0, settings = 0;
    if (line > 0 && line < sizeof name && memchr(data, '=', line) && !memchr(data, 0, line)) {
        memcpy(name, data, line);
        name[line] = 0;
        value = strchr(name, '=');
        *value++ = 0;
        settings = 1;
        data += line + 1, size -= line + 1;
    }
    struct pko_setting setting = {name, value, "--set"};
    int status =
        pko_scenario_parse("fuzz.yaml", (const char *)data, size, &setting, settings, &scenario, &problems);
    if ((status == PKO_OK) != (scenario != NULL) || (status == PKO_ERROR_INPUT && !(problems && *problems)))
        abort();
    free(problems);
    pko_scenario_free(scenario);
    return 0;
}
