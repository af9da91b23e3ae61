/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/records/baseline.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

json_t *record_baseline_new(void)
{
    return json_pack("{s:i, s:[]}", "selfnorm_baseline",
        RECORD_BASELINE_VERSION, "kernels");
}

static json_t *binades_of(const struct record_record *record)
{
    json_t *all = json_object();
    for (int i = 0; i < SWEEP_BINADES; i++) {
        char name[16];
        if (record->binade[i] < 1)
            continue; /* all right there */
        snprintf(name, sizeof name, "%03x", (unsigned)i);
        json_object_set_new(all, name, json_integer(record->binade[i]));
    }
    return all;
}

bool record_baseline_add(json_t *baseline, const struct record_record *r)
{
    json_t *checks = json_object(), *faults = json_array();
    for (int i = 0; i < r->checks; i++)
        json_object_set_new(
            checks, r->check[i].name, json_boolean(r->check[i].passed));
    for (int i = 0; i < r->faults; i++)
        json_array_append_new(faults, json_string(r->fault[i]));
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:I, s:I,"
                              " s:f, s:I, s:I, s:I, s:o, s:o, s:o}",
        "kernel", r->kernel, "function", r->function, "dtype", r->dtype,
        "lambda", r->lambda, "alpha", r->alpha, "exhaustive", r->exhaustive,
        "ftz_allowed", r->flush, "samples", (json_int_t)r->samples, "seed",
        (json_int_t)r->seed, "max_ulp", r->max_ulp, "incorrectly_rounded",
        (json_int_t)r->incorrectly_rounded, "zeros_for_nonzero",
        (json_int_t)r->zeros, "monotonicity_violations",
        (json_int_t)r->monotonicity_violations, "checks", checks, "faults",
        faults, "binades_worst_bucket", binades_of(r));
    return entry &&
           !json_array_append_new(json_object_get(baseline, "kernels"), entry);
}

/* ---- reading -------------------------------------------------------------
 */

static const struct {
    const char *name;
    json_type type;
} member[] = {{"kernel", JSON_STRING}, {"function", JSON_STRING},
    {"dtype", JSON_STRING}, {"lambda", JSON_STRING}, {"alpha", JSON_STRING},
    {"samples", JSON_INTEGER}, {"seed", JSON_INTEGER}, {"max_ulp", JSON_REAL},
    {"incorrectly_rounded", JSON_INTEGER}, {"zeros_for_nonzero", JSON_INTEGER},
    {"monotonicity_violations", JSON_INTEGER}, {"checks", JSON_OBJECT},
    {"faults", JSON_ARRAY}, {"binades_worst_bucket", JSON_OBJECT},
    {"exhaustive", JSON_TRUE}, {"ftz_allowed", JSON_TRUE}};

static bool has_type(const json_t *value, json_type type)
{
    if (!value)
        return false;
    if (type == JSON_TRUE)
        return json_is_boolean(value);
    if (type == JSON_REAL)
        return json_is_number(value) && json_number_value(value) >= 0;
    if (type == JSON_INTEGER)
        return json_is_integer(value) && json_integer_value(value) >= 0;
    return json_typeof(value) == type;
}

static bool entry_is_whole(const json_t *entry, char *why, size_t room)
{
    size_t i;
    json_t *value;
    const char *key;
    for (i = 0; i < sizeof member / sizeof *member; i++)
        if (!has_type(
                json_object_get(entry, member[i].name), member[i].type)) {
            snprintf(why, room,
                "has a kernel whose '%s' is missing or no "
                "figure of that kind",
                member[i].name);
            return false;
        }
    snprintf(why, room, "has a list of the wrong kind");
    json_object_foreach(json_object_get(entry, "checks"), key,
        value) if (!json_is_boolean(value)) return false;
    json_object_foreach(json_object_get(entry, "binades_worst_bucket"), key,
        value) if (!json_is_integer(value)) return false;
    json_array_foreach(json_object_get(entry, "faults"), i,
        value) if (!json_is_string(value)) return false;
    return true;
}

json_t *record_baseline_parse(
    const char *bytes, size_t size, char *why, size_t room)
{
    json_error_t error;
    json_t *document = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &error);
    if (!document) {
        snprintf(
            why, room, "is no JSON: line %d: %.120s", error.line, error.text);
        return NULL;
    }
    json_t *version = json_object_get(document, "selfnorm_baseline");
    json_t *kernels = json_object_get(document, "kernels");
    bool good = false;
    if (!json_is_integer(version) || !json_is_array(kernels))
        snprintf(why, room,
            "is no baseline; 'check --save-baseline' makes "
            "one");
    else if (json_integer_value(version) != RECORD_BASELINE_VERSION)
        snprintf(why, room, "is a baseline of version %lld; must be %d",
            (long long)json_integer_value(version), RECORD_BASELINE_VERSION);
    else
        good = true;
    size_t i;
    json_t *entry;
    json_array_foreach(kernels, i, entry) good =
        good && entry_is_whole(entry, why, room);
    if (good)
        return document;
    json_decref(document);
    return NULL;
}

/* ---- comparing -----------------------------------------------------------
 */

static const char *text_of(const json_t *entry, const char *name)
{
    return json_string_value(json_object_get(entry, name));
}

static bool is_of(const json_t *entry, const struct record_record *r)
{
    return !strcmp(text_of(entry, "kernel"), r->kernel) &&
           !strcmp(text_of(entry, "function"), r->function) &&
           !strcmp(text_of(entry, "dtype"), r->dtype);
}

static void line(json_t *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void line(json_t *list, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    json_array_append_new(list, json_string(text));
}

static void compare_figures(const json_t *entry, const struct record_record *r,
    json_t *worse, json_t *better)
{
    const struct {
        const char *name;
        double now;
    } row[] = {{"max_ulp", r->max_ulp},
        {"incorrectly_rounded", (double)r->incorrectly_rounded},
        {"zeros_for_nonzero", (double)r->zeros},
        {"monotonicity_violations", (double)r->monotonicity_violations}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double was = json_number_value(json_object_get(entry, row[i].name));
        /* twelve digits: a decimal must not make a regression */
        double slack = 1e-11 * fabs(was);
        if (!(row[i].now <= was + slack))
            line(
                worse, "%s was %.12g, is %.12g", row[i].name, was, row[i].now);
        else if (row[i].now < was - slack)
            line(better, "%s was %.12g, is %.12g", row[i].name, was,
                row[i].now);
    }
}

static void compare_checks(const json_t *entry, const struct record_record *r,
    json_t *worse, json_t *better)
{
    const json_t *checks = json_object_get(entry, "checks");
    const json_t *faults = json_object_get(entry, "faults");
    for (int i = 0; i < r->checks; i++) {
        const json_t *was = json_object_get(checks, r->check[i].name);
        if (!r->check[i].passed && (!was || json_is_true(was)))
            line(worse, "'%s' %s, fails", r->check[i].name,
                was ? "passed" : "was not checked");
        else if (r->check[i].passed && json_is_false(was))
            line(better, "'%s' failed, passes", r->check[i].name);
    }
    for (int i = 0; i < r->faults; i++) {
        size_t k;
        json_t *known;
        bool there = false;
        json_array_foreach(faults, k, known) there =
            there || !strcmp(json_string_value(known), r->fault[i]);
        if (!there)
            line(worse, "the fault '%s' is new", r->fault[i]);
    }
}

/* The worst bucket of a binade has risen: the first few are told. */
static void compare_binades(
    const json_t *entry, const struct record_record *r, json_t *worse)
{
    const json_t *binades = json_object_get(entry, "binades_worst_bucket");
    const int type = conf_type_find(r->dtype);
    int told = 0, more = 0;
    for (int i = 0; i < SWEEP_BINADES; i++) {
        char name[16];
        snprintf(name, sizeof name, "%03x", (unsigned)i);
        int was = (int)json_integer_value(json_object_get(binades, name));
        if (r->binade[i] <= was || was < 0 || was >= SWEEP_BUCKETS)
            continue;
        if (++told > 3) {
            more++;
            continue;
        }
        double from = conf_type_value(
            type, (uint64_t)i << (ref_types[type].format->precision - 1));
        line(worse, "errors from x = %.6g on were below %g ULP, reach %g",
            from, was ? sweep_bucket_limit[was] : 0.5,
            sweep_bucket_limit[r->binade[i] - 1]);
    }
    if (more)
        line(worse, "so in %d more binades", more);
}

bool record_baseline_compare(const json_t *baseline,
    const struct record_record *r, json_t *worse, json_t *better, char *why,
    size_t room)
{
    size_t i;
    json_t *entry, *found = NULL;
    json_array_foreach(json_object_get(baseline, "kernels"), i,
        entry) if (is_of(entry, r)) found = entry;
    if (!found) {
        snprintf(why, room, "has nothing about '%.200s' as %s in %s",
            r->kernel, r->function, r->dtype);
        return false;
    }
    if (strcmp(text_of(found, "lambda"), r->lambda) ||
        strcmp(text_of(found, "alpha"), r->alpha)) {
        snprintf(why, room, "was made with lambda %.40s, alpha %.40s",
            text_of(found, "lambda"), text_of(found, "alpha"));
        return false;
    }
    const bool exhaustive = json_is_true(json_object_get(found, "exhaustive"));
    const uint64_t samples =
        (uint64_t)json_integer_value(json_object_get(found, "samples"));
    const uint64_t seed =
        (uint64_t)json_integer_value(json_object_get(found, "seed"));
    if (exhaustive != r->exhaustive || samples != r->samples ||
        seed != r->seed ||
        json_is_true(json_object_get(found, "ftz_allowed")) != r->flush) {
        snprintf(why, room,
            "was made %s, --samples %llu --seed %llu%s: other "
            "inputs cannot be compared",
            exhaustive ? "with --exhaustive" : "without --exhaustive",
            (unsigned long long)samples, (unsigned long long)seed,
            json_is_true(json_object_get(found, "ftz_allowed"))
                ? " --ftz allow"
                : "");
        return false;
    }
    compare_figures(found, r, worse, better);
    compare_checks(found, r, worse, better);
    compare_binades(found, r, worse);
    return true;
}
