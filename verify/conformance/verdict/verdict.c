/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/verdict/verdict.h"
#include "verify/conformance/sweep/parts.h"
#include "verify/shared/npy.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sn_verdict_complain(struct sn_verdict *verdict, const char *format, ...)
{
    va_list args;
    if (*verdict->complaint)
        return;
    va_start(args, format);
    vsnprintf(verdict->complaint, sizeof verdict->complaint, format, args);
    va_end(args);
}

const char *sn_verdict_hex(double x, char buffer[40])
{
    snprintf(buffer, 40, isnan(x) ? "nan" : "%a", x);
    return buffer;
}

void sn_verdict_accuracy(
    const struct sn_verdict *verdict, char *text, size_t size)
{
    const struct sn_sweep *sweep = &verdict->sweep;
    char x[40], got[40], want[40];
    if (*sweep->fault)
        snprintf(text, size, "%s", sweep->fault);
    else
        snprintf(text, size,
            "max %.6g ULP at x = %s: got %s, want %s; limit %g",
            sweep->max_ulp, sn_verdict_hex(sweep->worst_input, x),
            sn_verdict_hex(sweep->worst_got, got),
            sn_verdict_hex(sweep->worst_want, want), verdict->limit);
}

/* The two files: of one type and shape, which is then the dtype. */
static bool prepare_files(
    const struct sn_question *ask, struct sn_verdict *verdict)
{
    const struct sn_target *target = &verdict->target;
    struct sn_npy_file in, out;
    char why[300];
    const char *path = target->library;
    verdict->unusable = true;
    if (!sn_npy_open(&in, path, why, sizeof why)) {
        sn_verdict_complain(verdict, "'%s': '%s' %s", target->word, path, why);
        return false;
    }
    path = target->command;
    if (!sn_npy_open(&out, path, why, sizeof why)) {
        sn_npy_close(&in);
        sn_verdict_complain(verdict, "'%s': '%s' %s", target->word, path, why);
        return false;
    }
    const struct sn_npy *a = &in.npy, *b = &out.npy;
    bool same = a->dimensions == b->dimensions &&
                !memcmp(a->shape, b->shape, sizeof a->shape) &&
                (a->fortran == b->fortran || a->dimensions < 2);
    if (a->type != b->type)
        sn_verdict_complain(verdict, "'%s': inputs are %s, outputs %s",
            target->word, sn_types[a->type].name, sn_types[b->type].name);
    else if (!same)
        sn_verdict_complain(verdict,
            "'%s': inputs and outputs differ in shape or order", target->word);
    else if (!a->dimensions)
        sn_verdict_complain(verdict,
            "'%s': 0-d arrays; at least one dimension is needed",
            target->word);
    else if (!a->count)
        sn_verdict_complain(
            verdict, "'%s': there is no element to check", target->word);
    else if (ask->dtype_given && ask->dtype != a->type)
        sn_verdict_complain(verdict, "--dtype '%s': the files hold %s",
            sn_types[ask->dtype].name, sn_types[a->type].name);
    else
        verdict->unusable = false;
    verdict->dtype = a->type;
    sn_npy_close(&in);
    sn_npy_close(&out);
    return !verdict->unusable;
}

void sn_verdict_prepare(const struct sn_question *ask,
    struct sn_verdict *verdict, const char *word)
{
    char why[1024];
    struct sn_target *target = &verdict->target;
    *verdict = (struct sn_verdict){.dtype = ask->dtype};
    if (!sn_target_parse(target, word, why, sizeof why)) {
        sn_verdict_complain(verdict, "%s", why);
        verdict->unusable = true;
        /* a word that names no file at all is bad usage */
        verdict->bad_word = strstr(why, "must be") != NULL;
        return;
    }
    target->every_length = ask->every_length;
    if (target->way == SN_NPY && !prepare_files(ask, verdict))
        return;
    verdict->function = ask->function;
    verdict->limit = ask->max_ulp >= 0 ? ask->max_ulp : 4;
    const struct sn_kernel *builtin = target->builtin;
    if (builtin) {
        const struct sn_checked_function *own =
            sn_checked_function_find(sn_function_name(builtin->function));
        const int type = sn_type_find(sn_dtype_name(builtin->dtype));
        if (!own || type < 0) {
            sn_verdict_complain(verdict,
                "'%s' is %s in %s, which check does not know", word,
                sn_function_name(builtin->function),
                sn_dtype_name(builtin->dtype));
            verdict->unusable = true;
            return;
        }
        if (!ask->function)
            verdict->function = own;
        if (verdict->function->derivative != own->derivative ||
            verdict->function->dropout != own->dropout ||
            (ask->dtype_given && ask->dtype != type)) {
            sn_verdict_complain(verdict,
                "'%s' is %s in %s; leave out --function and --dtype", word,
                own->name, sn_types[type].name);
            verdict->unusable = verdict->bad_word = true;
            return;
        }
        verdict->dtype = type;
        if (ask->max_ulp < 0)
            verdict->limit = builtin->bound_ulp;
    } else if (!verdict->function) {
        verdict->function = &sn_checked_functions[0];
    }
    if (verdict->function->dropout && target->way == SN_NPY) {
        sn_verdict_complain(verdict,
            "'%s': alpha dropout is called with a rate and a seed; must be a "
            "built-in one, PATH.so:SYMBOL or exec:COMMAND",
            word);
        verdict->unusable = verdict->bad_word = true;
    }
    if (verdict->function->family != SN_FAMILY_SELU && ask->lambda) {
        sn_verdict_complain(verdict, "--lambda '%.40s': %s has no lambda",
            ask->lambda, verdict->function->name);
        verdict->unusable = verdict->bad_word = true;
    }
    if (ask->exhaustive && verdict->dtype == SN_F64) {
        sn_verdict_complain(verdict,
            "'%s': --exhaustive is not for f64, which has 2^64 inputs", word);
        verdict->unusable = verdict->bad_word = true;
    }
}

double sn_verdict_timeout(
    const struct sn_question *ask, const struct sn_verdict *verdict)
{
    return ask->timeout > 0                 ? ask->timeout
           : verdict->target.way == SN_EXEC ? 60
                                            : 10;
}

/* Loads once to see whether it can be loaded at all. */
static bool loads(const struct sn_question *ask, struct sn_verdict *verdict)
{
    struct sn_runner *runner;
    if (verdict->target.way >= SN_EXEC)
        return true;
    enum sn_outcome outcome = sn_runner_start(&runner, &verdict->target,
        verdict->function->derivative, (enum sn_dtype)verdict->dtype,
        sn_verdict_timeout(ask, verdict));
    if (outcome != SN_RAN) {
        snprintf(verdict->fault, sizeof verdict->fault, "%s",
            sn_runner_why(runner));
        verdict->unusable = outcome == SN_UNUSABLE;
        sn_verdict_complain(verdict, "'%s': %s%s", verdict->target.word,
            outcome == SN_UNUSABLE ? "" : "loading: ", sn_runner_why(runner));
    }
    sn_runner_stop(runner);
    return outcome == SN_RAN;
}

bool sn_question_allows(const struct sn_question *ask, const char *code)
{
    const size_t length = strlen(code);
    for (const char *at = ask->allow; at && *at;
         at += strcspn(at, ","), at += *at == ',')
        if (!strncmp(at, code, length) && (!at[length] || at[length] == ','))
            return true;
    return false;
}

static uint64_t samples_of(
    const struct sn_question *ask, const struct sn_verdict *verdict)
{
    return ask->samples                 ? ask->samples
           : verdict->function->dropout ? 1u << 20
           : verdict->dtype == SN_F32   ? 1u << 21
                                        : 1u << 17;
}

double sn_verdict_inputs(
    const struct sn_question *ask, const struct sn_verdict *verdict)
{
    return ask->exhaustive ? 0x1p32 : (double)samples_of(ask, verdict);
}

/* Pairs of files may say two things of one input. */
static void judge_repeats(struct sn_verdict *verdict)
{
    struct sn_finding *finding = &verdict->finding[verdict->findings++];
    *finding = (struct sn_finding){.name = "one result for one input",
        .passed = !verdict->sweep.contradictions,
        .failures = (int)(verdict->sweep.contradictions != 0)};
    if (!finding->passed)
        snprintf(finding->detail, sizeof finding->detail,
            "%llu times the same input has another result",
            (unsigned long long)verdict->sweep.contradictions);
}

/* The first crash, hang or switched mode is worth a line. */
static void complain_of_misconduct(struct sn_verdict *verdict)
{
    for (int i = 0; i < verdict->findings; i++) {
        const struct sn_finding *finding = &verdict->finding[i];
        if (finding->passed || !finding->misconduct)
            continue;
        sn_verdict_complain(verdict, "'%s': %s: %s", verdict->target.word,
            finding->name, finding->detail);
        return;
    }
}

static bool all_passed(
    const struct sn_question *ask, const struct sn_verdict *verdict)
{
    for (int i = 0; i < verdict->findings; i++)
        if (!verdict->finding[i].passed)
            return false;
    for (int i = 0; i < verdict->diagnoses; i++)
        if (verdict->diagnosis[i].fault &&
            !sn_question_allows(ask, verdict->diagnosis[i].code))
            return false;
    return true;
}

static void judge_dropout(const struct sn_question *ask,
    struct sn_verdict *verdict, const struct sn_reference *reference)
{
    struct sn_dropout *dropout = &verdict->dropout;
    *dropout = (struct sn_dropout){.rate = {0.1, 0.5},
        .rates = 2,
        .false_alarm = ask->false_alarm,
        .samples = samples_of(ask, verdict),
        .seed = ask->seed,
        .max_ulp = ask->max_ulp >= 0 ? ask->max_ulp : 4,
        .timeout = sn_verdict_timeout(ask, verdict),
        .progress = ask->progress,
        .ctx = ask->ctx};
    if (ask->rate >= 0) {
        dropout->rate[0] = ask->rate;
        dropout->rates = 1;
    }
    verdict->findings =
        sn_dropout_run(dropout, verdict->finding, verdict->diagnosis,
            &verdict->diagnoses, reference, &verdict->target, verdict->dtype);
    verdict->accurate = true;
    verdict->passed = all_passed(ask, verdict) && !dropout->stopped;
    complain_of_misconduct(verdict);
}

void sn_verdict_judge(
    const struct sn_question *ask, struct sn_verdict *verdict)
{
    struct sn_sweep *sweep = &verdict->sweep;
    struct sn_reference reference;
    if (!verdict->function->dropout && !loads(ask, verdict))
        return;
    enum sn_status status = sn_reference_init(
        &reference, verdict->function, ask->lambda, ask->alpha);
    if (status != SN_OK) {
        verdict->unusable = true;
        verdict->bad_word = status == SN_BAD_VALUE;
        if (status == SN_BAD_VALUE)
            sn_verdict_complain(verdict,
                "--lambda, --alpha: lambda, alpha and their product must be "
                "from %g to %g",
                SN_LEAST_FACTOR, SN_MOST_FACTOR);
        else
            sn_verdict_complain(verdict, "%s", sn_strerror(status));
        return;
    }
    reference.flush = ask->flush;
    if (verdict->function->dropout) {
        judge_dropout(ask, verdict, &reference);
        sn_reference_clear(&reference);
        return;
    }
    *sweep = (struct sn_sweep){.exhaustive = ask->exhaustive,
        .samples = samples_of(ask, verdict),
        .threads = ask->threads,
        .timeout = sn_verdict_timeout(ask, verdict),
        .seed = ask->seed,
        .progress = ask->progress,
        .ctx = ask->ctx,
        .parts = ask->parts};
    status = sn_sweep_run(sweep, &reference, &verdict->target, verdict->dtype);
    if (status != SN_OK || sweep->unusable) {
        sn_verdict_complain(verdict, "'%s': %s", verdict->target.word,
            status != SN_OK ? sn_strerror(status) : sweep->fault);
        verdict->unusable = true;
        sn_reference_clear(&reference);
        return;
    }
    if (ask->parts && ask->parts->rank > 0) {
        sn_reference_clear(&reference);
        return;
    }
    if (!sweep->stopped)
        verdict->findings = sn_structure_run(verdict->finding, &reference,
            &verdict->target, verdict->dtype, verdict->limit,
            sn_verdict_timeout(ask, verdict));
    if (verdict->target.way == SN_NPY)
        judge_repeats(verdict);
    if (!sweep->stopped)
        verdict->diagnoses = sn_diagnose(verdict->diagnosis, &reference,
            &verdict->target, verdict->dtype, sweep, verdict->finding,
            verdict->findings, sn_verdict_timeout(ask, verdict));
    sn_reference_clear(&reference);

    verdict->accurate =
        !*sweep->fault && sweep->inputs && sweep->max_ulp <= verdict->limit;
    const struct sn_kernel *builtin = verdict->target.builtin;
    if (builtin && ask->max_ulp < 0 && builtin->bound_ulp == 0.5)
        verdict->accurate = verdict->accurate && !sweep->incorrectly_rounded;
    verdict->passed =
        verdict->accurate && !sweep->stopped && all_passed(ask, verdict);
    if (*sweep->fault)
        sn_verdict_complain(
            verdict, "'%s': %s", verdict->target.word, sweep->fault);
    else
        complain_of_misconduct(verdict);
}
