/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a baseline: refused, or compared with a run. */
#include "verify/conformance/records/baseline.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct record_record record = {.kernel = "k",
        .function = "selu",
        .dtype = "f32",
        .lambda = "exact",
        .alpha = "exact",
        .max_ulp = 0.5,
        .checks = 1,
        .check = {{"accuracy", true}},
        .faults = 1,
        .fault = {"crash"}};
    char why[300] = "";
    json_t *baseline =
        record_baseline_parse((const char *)bytes, size, why, sizeof why);
    if (!baseline) {
        if (!*why)
            abort();
        return 0;
    }
    json_t *worse = json_array(), *better = json_array();
    memset(record.binade, 3, sizeof record.binade);
    record_baseline_compare(baseline, &record, worse, better, why, sizeof why);
    json_decref(worse);
    json_decref(better);
    json_decref(baseline);
    return 0;
}
