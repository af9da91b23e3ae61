/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathers evidence and asks each kind of explanation. */
#include "verify/conformance/diagnosis/diagnosis.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ABOVE = 4096,
    LOGARITHMIC = 8192,
    LINEAR = 4096,
    TINY = 256,
    LARGE = 128
};

void diag_add(struct diag_evidence *e, const char *code, bool fault,
    const char *words, const char *format, ...)
{
    for (int i = 0; i < e->count; i++)
        if (!strcmp(e->found[i].code, code) &&
            !strcmp(e->found[i].words, words))
            return;
    if (e->count == CONF_DIAGNOSES)
        return;
    struct conf_diagnosis *d = &e->found[e->count++];
    va_list args;
    d->code = code;
    d->fault = fault;
    snprintf(d->words, sizeof d->words, "%s", words);
    va_start(args, format);
    vsnprintf(d->evidence, sizeof d->evidence, format, args);
    va_end(args);
}

bool diag_has(const struct diag_evidence *e, const char *code)
{
    for (int i = 0; i < e->count; i++)
        if (!strcmp(e->found[i].code, code))
            return true;
    return false;
}

long double diag_candidate_at(
    const struct diag_candidate *candidate, bool derivative, double x)
{
    if (x > 0)
        return derivative ? candidate->a : candidate->a * x;
    long double t = x / candidate->w;
    return candidate->b * (derivative ? expl(t) : expm1l(t));
}

/* ---- evidence ------------------------------------------------------------
 */

static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static double uniform(uint64_t *state)
{
    return (double)(random_bits(state) >> 11) * 0x1p-53;
}

/* 16-bit types: all finite numbers.  Others: where errors tell most. */
static size_t choose(int dtype, double width, double *x)
{
    const struct num_format *format = ref_types[dtype].format;
    const int least = format->emin + format->precision - 2;
    uint64_t state = 1706;
    size_t n = 0;
    for (int i = 0; i < 6; i++)
        x[n++] = (double[]){
            0.0, -0.0, 1, -1, (double)INFINITY, -(double)INFINITY}[i];
    if (ref_types[dtype].size == 2) {
        n = 0;
        for (uint64_t bits = 0; bits < 65536; bits++)
            if (isfinite(x[n] = conf_type_value(dtype, bits)))
                n++;
        return n;
    }
    for (int i = 0; i < ABOVE; i++)
        x[n++] = ldexp(1 + uniform(&state), (int)(uniform(&state) * 40) - 20);
    for (int i = 0; i < LOGARITHMIC; i++)
        x[n++] = -exp2(uniform(&state) * (format->precision + 22) -
                       format->precision - 14);
    for (int i = 0; i < LINEAR; i++)
        x[n++] = -uniform(&state) * (format->precision + 2);
    for (int i = 0; i < TINY; i++)
        x[n++] = (i % 2 ? -1 : 1) * ldexp(uniform(&state), least);
    /* where x/width is subnormal, and x not */
    for (int i = 0; width > 1 && i < TINY; i++)
        x[n++] = -ldexp(exp2(uniform(&state) * log2(width)), least);
    for (int i = 0; i < LARGE; i++)
        x[n++] = (i % 2 ? -1 : 1) *
                 (i % 4 < 2 ? 0.9 * format->most * uniform(&state)
                            : 60 + 700 * uniform(&state));
    for (size_t i = 0; i < n; i++)
        x[i] = conf_type_round(dtype, x[i]);
    return n;
}

static bool gather(
    struct diag_evidence *e, const struct conf_target *target, double timeout)
{
    static const size_t most = 65536;
    double *x = malloc(most * sizeof *x), *y = malloc(most * sizeof *y);
    e->sample = malloc(most * sizeof *e->sample);
    bool good = x && y && e->sample;
    size_t n = good ? choose(e->dtype, diag_width(e), x) : 0;
    good = good && conf_target_evaluate(target, e->reference, e->dtype, x,
                       NULL, y, &n, timeout);
    for (size_t i = 0; good && i < n; i++) {
        struct diag_sample *s = &e->sample[e->n++];
        s->x = x[i];
        s->y = y[i];
        s->want = conf_reference_rounded(e->reference, e->dtype, s->x);
        s->error = 0;
        s->wrong = memcmp(&s->want, &s->y, sizeof s->y) != 0;
        if (s->wrong)
            s->error = conf_reference_ulp(e->reference, e->dtype, s->x, s->y);
        if (s->y < s->want || (isnan(s->y) && s->want > 0))
            s->error = -s->error;
        const struct num_format *format = ref_types[e->dtype].format;
        int exponent = s->want == 0 || !isfinite(s->want)
                           ? format->emin - 1
                           : ilogb(s->want) - format->precision + 1;
        if (exponent < format->emin - 1)
            exponent = format->emin - 1;
        s->unit = ldexp(1, exponent);
        e->wrong += s->wrong;
    }
    free(x);
    free(y);
    return good;
}

/* ---- what findings say ---------------------------------------------------
 */

/* What another fault, found before, makes a matter of course. */
static bool follows(const struct diag_evidence *e, unsigned kind)
{
    return (kind == CONF_KIND_SIGNALLING && diag_has(e, "nan-swallowed")) ||
           (kind == CONF_KIND_ALIAS && diag_has(e, "unwritten")) ||
           (kind & (CONF_KIND_TAIL | CONF_KIND_PLACE | CONF_KIND_THREAD |
                       CONF_KIND_ALIAS) &&
               diag_has(e, "not-reproducible")) ||
           (kind == CONF_KIND_DY_SPECIAL && diag_has(e, "dy-ignored"));
}

/* NaN above the overflow of e^x is one fault, not three; so is ELU for SELU.
 */
static void drop_consequences(struct diag_evidence *e)
{
    int kept = 0;
    if (!diag_has(e, "unused-branch") &&
        !diag_has(e, "gradient-from-result") && !e->another)
        return;
    for (int i = 0; i < e->count; i++)
        if (strcmp(e->found[i].code, "infinity") &&
            strcmp(e->found[i].code, "overflow") &&
            !(e->another && (!strcmp(e->found[i].code, "dy-overflow") ||
                                !strcmp(e->found[i].code, "dy-ignored") ||
                                !strcmp(e->found[i].code, "dy-special"))))
            e->found[kept++] = e->found[i];
    e->count = kept;
}

static void from_findings(struct diag_evidence *e,
    const struct conf_finding *findings, int count,
    const struct conf_sweep *sweep)
{
    static const struct {
        unsigned kind;
        const char *code, *words;
    } row[] = {
        {CONF_KIND_ZERO_SIGN, "sign-of-zero", "the sign of zero is lost"},
        {CONF_KIND_NAN, "nan-swallowed", "NaN becomes a number"},
        {CONF_KIND_SIGNALLING, "signalling-nan",
            "signalling NaN are treated as numbers"},
        {CONF_KIND_INFINITY, "infinity", "infinities are wrong"},
        {CONF_KIND_OVERFLOW, "overflow",
            "overflow at the top: the largest numbers go wrong"},
        {CONF_KIND_UNWRITTEN, "unwritten", "outputs stay unwritten"},
        {CONF_KIND_OUTSIDE, "out-of-bounds",
            "memory outside of the arrays is touched"},
        {CONF_KIND_INPUT, "input-changed", "inputs are changed"},
        {CONF_KIND_REPEAT, "not-reproducible",
            "one call gives different bits each time"},
        {CONF_KIND_TAIL, "tail-differs",
            "the scalar tail differs from the vector body"},
        {CONF_KIND_PLACE, "place",
            "results depend on length, position or alignment"},
        {CONF_KIND_THREAD, "thread", "results depend on the thread"},
        {CONF_KIND_ALIAS, "in-place",
            "in place, inputs are overwritten early"},
        {CONF_KIND_MODE, "mode", "the floating-point mode is left switched"},
        {CONF_KIND_CRASH, "crash", "it crashes, ends its process or hangs"},
        {CONF_KIND_DY, "dy-ignored", "dy is ignored or does not scale"},
        {CONF_KIND_DY_OVERFLOW, "dy-overflow",
            "dy times a constant overflows before e^x scales it back"},
        {CONF_KIND_DY_SPECIAL, "dy-special",
            "NaN, an infinity or the sign of a zero of dy is lost"},
    };
    for (size_t k = 0; k < sizeof row / sizeof *row; k++)
        for (int i = 0; i < count; i++)
            if (findings[i].kinds & row[k].kind && !follows(e, row[k].kind))
                diag_add(e, row[k].code, true, row[k].words, "%s: %s",
                    findings[i].name, findings[i].detail);
    if (*sweep->fault)
        diag_add(e, "crash", true, "it crashes, ends its process or hangs",
            "%s", sweep->fault);
}

/* Where the errors of 1 ULP and more are, as binades of the input. */
struct stretch {
    double from, to;
    uint64_t off, right, all; /* in these binades */
};

static struct stretch stretch_of_errors(
    int dtype, const struct conf_sweep *sweep)
{
    const int shift = ref_types[dtype].format->precision - 1;
    struct stretch s = {HUGE_VAL, -HUGE_VAL, 0, 0, 0};
    for (unsigned i = 0; i < CONF_BINADES; i++) {
        const uint64_t *count = sweep->histogram[i];
        uint64_t off = 0;
        for (int k = 2; k < CONF_BUCKETS; k++)
            off += count[k];
        if (!off)
            continue;
        double start = conf_type_value(dtype, (uint64_t)i << shift);
        double end = isinf(start)
                         ? start
                         : conf_type_value(dtype, ((uint64_t)i + 1) << shift);
        s.from = fmin(s.from, fmin(start, end));
        s.to = fmax(s.to, fmax(start, end));
        s.off += off;
        s.right += count[0];
        s.all += count[0] + count[1] + off;
    }
    return s;
}

/*
 * Nothing known fits.  A kernel that is right nearly everywhere, there too
 * where it is off by 1 ULP and more, was meant to be right.
 */
static void unexplained(
    struct diag_evidence *e, const struct conf_sweep *sweep)
{
    const struct stretch s = stretch_of_errors(e->dtype, sweep);
    if (!s.off) {
        if (sweep->incorrectly_rounded < sweep->inputs / 10000 &&
            sweep->max_ulp > 0.51)
            diag_add(e, "isolated", false, "right but for isolated inputs",
                "%llu of %llu results are not correctly rounded, worst at %a",
                (unsigned long long)sweep->incorrectly_rounded,
                (unsigned long long)sweep->inputs, sweep->worst_input);
    } else if (sweep->worst_got == 0 && e->reference->derivative) {
        diag_add(e, "underflows-early", true,
            "results become 0 where they should not yet",
            "x = %a gives 0, want %a; %llu zeros for results that are not",
            sweep->worst_input, sweep->worst_want,
            (unsigned long long)sweep->zeros);
    } else if (s.off * 100 < s.all && s.off * 100 < sweep->inputs &&
               s.right > s.all / 10 * 9) {
        diag_add(e, "isolated", true, "right but for isolated inputs",
            "%llu results are off by 1 ULP or more, for x from %g to %g, "
            "where %llu of %llu are correctly rounded; worst at %a",
            (unsigned long long)s.off, s.from, s.to,
            (unsigned long long)s.right, (unsigned long long)s.all,
            sweep->worst_input);
    } else if (s.off * 100 < sweep->inputs && sweep->max_ulp >= 2 &&
               sweep->incorrectly_rounded < sweep->inputs / 20) {
        diag_add(e, "range", true,
            "right but for a range of inputs: an approximation used too far, "
            "or a wrong entry of a table?",
            "%llu of %llu results for x from %g to %g are off by 1 ULP or "
            "more, worst at %a; %llu there are correctly rounded",
            (unsigned long long)s.off, (unsigned long long)s.all, s.from, s.to,
            sweep->worst_input, (unsigned long long)s.right);
    } else if (sweep->max_ulp > 4) {
        diag_add(e, "unexplained", false,
            "no known fault fits; an approximation of the exponential?",
            "%llu of %llu results are off by 1 ULP or more, for x from %g to "
            "%g; worst %.4g ULP at %a",
            (unsigned long long)s.off, (unsigned long long)sweep->inputs,
            s.from, s.to, sweep->max_ulp, sweep->worst_input);
    }
}

int diag_run(struct conf_diagnosis found[CONF_DIAGNOSES],
    const struct conf_reference *reference, const struct conf_target *target,
    int dtype, const struct conf_sweep *sweep,
    const struct conf_finding *findings, int count, double timeout)
{
    struct diag_evidence e = {
        .reference = reference, .dtype = dtype, .found = found};
    from_findings(&e, findings, count, sweep);
    if (sweep->inputs && sweep->incorrectly_rounded && !*sweep->fault &&
        gather(&e, target, timeout)) {
        int structural = e.count;
        diag_formulas(&e);
        if (!e.another)
            diag_rounding(&e);
        if (!e.another && !diag_has(&e, "narrow-arithmetic")) {
            diag_ranges(&e);
            diag_constants(&e);
        }
        if (e.count == structural)
            diag_slope(&e);
        if (!e.count)
            unexplained(&e, sweep);
        drop_consequences(&e);
    }
    free(e.sample);
    return e.count;
}
