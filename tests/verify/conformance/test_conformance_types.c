/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Types, scores of 16-bit results, hard-to-round doubles, .npy headers and
 * baselines: each by a second way.
 */
#include "verify/shared/npy.h"
#include "verify/conformance/records/baseline.h"
#include "verify/conformance/sweep/inputs.h"
#include "verify/conformance/sweep/score.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static uint64_t state;
static uint64_t random_bits(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/* By bits for every 16-bit pattern; by MPFR for random doubles. */
Test(types, patterns_and_rounding)
{
    uint64_t bad = 0, rounded = 0;
    state = 31;
    for (int type = CONF_TYPE_F16; type <= CONF_TYPE_BF16; type++)
        for (uint64_t bits = 0; bits < 65536; bits++) {
            double x = conf_type_value(type, bits);
            uint64_t again = conf_type_pattern(type, x);
            bool same = isnan(x) ? isnan(conf_type_value(type, again)) != 0
                                 : again == bits;
            bad += !same;
        }
    cr_expect_eq(bad, 0, "%llu patterns", (unsigned long long)bad);
    cr_expect_eq(conf_type_value(CONF_TYPE_F16, 0x3c01), 1 + 0x1p-10);
    cr_expect_eq(conf_type_value(CONF_TYPE_F16, 0x8001), -0x1p-24);
    cr_expect_eq(conf_type_value(CONF_TYPE_BF16, 0x3f81), 1 + 0x1p-7);
    for (int type = 0; type < CONF_TYPES; type++)
        for (int i = 0; i < 20000; i++) {
            double x = conf_type_value(CONF_TYPE_F64, random_bits());
            /* half within the range of f16, many on its ties */
            if (i % 2)
                x = ldexp((double)(random_bits() >> 50) * 0.5, -30 + i % 40);
            if (!isfinite(x))
                continue;
            mpfr_t exact;
            mpfr_init2(exact, 53);
            mpfr_set_d(exact, x, MPFR_RNDN);
            double want = num_round_mpfr(exact, ref_types[type].format);
            double got = conf_type_round(type, x);
            mpfr_clear(exact);
            rounded += memcmp(&want, &got, sizeof got) != 0;
        }
    cr_expect_eq(rounded, 0, "%llu rounded otherwise than by MPFR",
        (unsigned long long)rounded);
}

/* Spoilt results, scored by the approximation and by MPFR alone. */
Test(types, score_of_16_bits_is_that_of_mpfr)
{
    enum { N = 8192 };
    static uint16_t x[N], y[N];
    static float wide[N];
    static double d[N];
    static struct sweep_score fast, slow;
    static const char *const function[] = {"selu", "celu-grad", "elu"};
    state = 32;
    for (size_t f = 0; f < COUNT(function); f++)
        for (int run = 0; run < 4; run++) {
            const int type = run % 2 ? CONF_TYPE_F16 : CONF_TYPE_BF16;
            struct conf_reference r;
            conf_reference_init(
                &r, ref_function_find(function[f]), NULL, f ? "1.5" : NULL);
            for (uint32_t i = 0; i < N; i++) {
                x[i] = (uint16_t)(4 * i + random_bits() % 4);
                x[i] = (uint16_t)(x[i] / 2 + (run < 2 ? 0 : 0x8000));
                double value = conf_type_get(type, x, i);
                wide[i] = (float)value;
                uint64_t bits = conf_type_pattern(
                    type, conf_reference_rounded(&r, type, value));
                uint32_t what = (uint32_t)random_bits() % 16;
                y[i] = (uint16_t)(bits + (what == 1 ? 1 : what == 2 ? 2 : 0));
                y[i] = what == 3 ? 0x7fff : what == 4 ? 0 : y[i];
            }
            conf_reference_approximate(&r, d, wide, N);
            sweep_score_init(&fast);
            sweep_score_init(&slow);
            sweep_score_each(&fast, &r, type, x, y,
                &(struct sweep_approximation){.high = d}, N);
            sweep_score_each(&slow, &r, type, x, y, NULL, N);
            cr_expect(fast.incorrectly_rounded == slow.incorrectly_rounded &&
                          fast.zeros == slow.zeros &&
                          fabs(fast.max_ulp - slow.max_ulp) <=
                              0x1p-20 * slow.max_ulp,
                "%s %s: %llu wrong, by MPFR %llu", function[f],
                ref_types[type].name,
                (unsigned long long)fast.incorrectly_rounded,
                (unsigned long long)slow.incorrectly_rounded);
            conf_reference_clear(&r);
        }
}

Test(types, hard_doubles_lie_near_middles)
{
    static double x[SWEEP_HARD_MOST];
    static const char *const function[] = {"selu", "selu-grad", "celu"};
    for (size_t f = 0; f < COUNT(function); f++)
        for (int negative = 0; negative < 2; negative++) {
            struct conf_reference r;
            conf_reference_init(&r, ref_function_find(function[f]), NULL,
                f == 2 ? "1.5" : NULL);
            size_t n = sweep_hard_f64(&r, negative, x), near = 0;
            for (size_t i = 0; i < n; i++) {
                double y = conf_reference_rounded(&r, SN_F64, x[i]);
                double off = conf_reference_ulp(&r, SN_F64, x[i], y);
                near += off > 0.5 - 0x1p-8;
                cr_expect(!i || fabs(x[i]) > fabs(x[i - 1]));
            }
            bool some = negative || f == 0;
            cr_expect(!some || (n > 10 && near > n * 6 / 10),
                "%s: %zu of %zu near a middle", function[f], near, n);
            conf_reference_clear(&r);
        }
}

Test(types, npy_headers)
{
    static const struct {
        const char *header;
        size_t bytes;
        bool good;
    } row[] = {
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8, true},
        {"{'shape': (2, 1), 'fortran_order': True, 'descr': \"<f8\"}", 16,
            true},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (), }", 2, true},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }", 0, true},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 9,
            false},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", 8, true},
        {"{'descr': '=f4', 'fortran_order': False, 'shape': (2,), }", 8,
            false},
        {"{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", 8, false},
        {"{'descr': '<f4', 'shape': (2,), }", 8, false},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", 8,
            false},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': "
         "(4294967296,4294967296), }",
            0, false},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", 8,
            false},
        {"", 8, false},
    };
    for (size_t i = 0; i < COUNT(row); i++) {
        unsigned char file[512] = "\x93NUMPY\x01\x00";
        struct shared_npy npy;
        char why[200] = "";
        size_t length = strlen(row[i].header);
        file[8] = (unsigned char)length;
        memcpy(file + 10, row[i].header, length);
        bool good = shared_npy_parse(
            &npy, file, 10 + length + row[i].bytes, why, sizeof why);
        cr_expect(good == row[i].good && (good || *why), "row %zu: %d '%s'", i,
            good, why);
    }
    /* what we write we read */
    for (int type = 0; type < CONF_TYPES; type++) {
        unsigned char file[128 + 24];
        struct shared_npy npy;
        char why[200] = "";
        size_t at = shared_npy_header(file, type, 3);
        cr_expect(shared_npy_parse(&npy, file, at + 3 * ref_types[type].size,
                      why, sizeof why) &&
                      npy.type == type && npy.count == 3 && npy.at == 128,
            "%s: %s", ref_types[type].name, why);
    }
}

/* A baseline against runs that are the same, worse, better, other. */
Test(types, baselines)
{
    static struct record_record was, is;
    static const char *const told[] = {"max_ulp", "incorrectly_rounded",
        "zeros_for_nonzero", "monotonicity_violations", "'accuracy' passed",
        "the fault 'crash' is new", "errors from x"};
    was = (struct record_record){.kernel = "k",
        .function = "selu",
        .dtype = "f32",
        .lambda = "exact",
        .alpha = "exact",
        .samples = 10,
        .max_ulp = 0.123456789012345,
        .incorrectly_rounded = 7,
        .checks = 1,
        .check = {{"accuracy", true}}};
    json_t *document = record_baseline_new();
    cr_assert(record_baseline_add(document, &was));
    char *text = json_dumps(
        document, JSON_INDENT(1) | JSON_SORT_KEYS | JSON_REAL_PRECISION(12));
    char why[300] = "";
    json_t *read = record_baseline_parse(text, strlen(text), why, sizeof why);
    cr_assert(read, "%s", why);
    for (int change = -1; change < (int)COUNT(told) + 2; change++) {
        json_t *worse = json_array(), *better = json_array();
        is = was;
        is.max_ulp += change == 0 ? 1e-6 : 0;
        is.incorrectly_rounded += change == 1;
        is.zeros += change == 2;
        is.monotonicity_violations += change == 3;
        is.check[0].passed = change != 4;
        is.faults = change == 5;
        is.fault[0] = "crash";
        is.binade[100] = change == 6 ? 2 : 0;
        is.samples += change == 7;
        is.function = change == 8 ? "elu" : "selu";
        bool compared =
            record_baseline_compare(read, &is, worse, better, why, sizeof why);
        cr_expect(compared == (change < 7), "change %d: %s", change, why);
        cr_expect(json_array_size(worse) == (change >= 0 && change < 7),
            "change %d: %zu lines", change, json_array_size(worse));
        if (json_array_size(worse))
            cr_expect(strstr(json_string_value(json_array_get(worse, 0)),
                          told[change]),
                "change %d: '%s'", change,
                json_string_value(json_array_get(worse, 0)));
        json_decref(worse);
        json_decref(better);
    }
    free(text);
    json_decref(document);
    json_decref(read);
}
