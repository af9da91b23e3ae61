/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/conformance/verdict/verdict.h"
#include "verify/conformance/sweep/parts.h"
#include "verify/shared/npy.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void verdict_complain(struct verdict_verdict *verdict, const char *format, ...)
{
    va_list args;
    if (*verdict->complaint)
        return;
    va_start(args, format);
    vsnprintf(verdict->complaint, sizeof verdict->complaint, format, args);
    va_end(args);
}

const char *verdict_hex(double x, char buffer[40])
{
    snprintf(buffer, 40, isnan(x) ? "nan" : "%a", x);
    return buffer;
}

void verdict_accuracy(
    const struct verdict_verdict *verdict, char *text, size_t size)
{
    const struct conf_sweep *sweep = &verdict->sweep;
    char x[40], got[40], want[40];
    if (*sweep->fault)
        snprintf(text, size, "%s", sweep->fault);
    else
        snprintf(text, size,
            "max %.6g ULP at x = %s: got %s, want %s; limit %g",
            sweep->max_ulp, verdict_hex(sweep->worst_input, x),
            verdict_hex(sweep->worst_got, got),
            verdict_hex(sweep->worst_want, want), verdict->limit);
}

/* The two files: of one type and shape, which is then the dtype. */
static bool prepare_files(
    const struct verdict_question *ask, struct verdict_verdict *verdict)
{
    const struct conf_target *target = &verdict->target;
    struct shared_npy_file in, out;
    char why[300];
    const char *path = target->library;
    verdict->unusable = true;
    if (!shared_npy_open(&in, path, why, sizeof why)) {
        verdict_complain(verdict, "'%s': '%s' %s", target->word, path, why);
        return false;
    }
    path = target->command;
    if (!shared_npy_open(&out, path, why, sizeof why)) {
        shared_npy_close(&in);
        verdict_complain(verdict, "'%s': '%s' %s", target->word, path, why);
        return false;
    }
    const struct shared_npy *a = &in.npy, *b = &out.npy;
    bool same = a->dimensions == b->dimensions &&
                !memcmp(a->shape, b->shape, sizeof a->shape) &&
                (a->fortran == b->fortran || a->dimensions < 2);
    if (a->type != b->type)
        verdict_complain(verdict, "'%s': inputs are %s, outputs %s",
            target->word, ref_types[a->type].name, ref_types[b->type].name);
    else if (!same)
        verdict_complain(verdict,
            "'%s': inputs and outputs differ in shape or order", target->word);
    else if (!a->dimensions)
        verdict_complain(verdict,
            "'%s': 0-d arrays; at least one dimension is needed",
            target->word);
    else if (!a->count)
        verdict_complain(
            verdict, "'%s': there is no element to check", target->word);
    else if (ask->dtype_given && ask->dtype != a->type)
        verdict_complain(verdict, "--dtype '%s': the files hold %s",
            ref_types[ask->dtype].name, ref_types[a->type].name);
    else
        verdict->unusable = false;
    verdict->dtype = a->type;
    shared_npy_close(&in);
    shared_npy_close(&out);
    return !verdict->unusable;
}

void verdict_prepare(const struct verdict_question *ask,
    struct verdict_verdict *verdict, const char *word)
{
    char why[1024];
    struct conf_target *target = &verdict->target;
    *verdict = (struct verdict_verdict){.dtype = ask->dtype};
    if (!conf_target_parse(target, word, why, sizeof why)) {
        verdict_complain(verdict, "%s", why);
        verdict->unusable = true;
        /* a word that names no file at all is bad usage */
        verdict->bad_word = strstr(why, "must be") != NULL;
        return;
    }
    target->every_length = ask->every_length;
    if (target->way == CONF_NPY && !prepare_files(ask, verdict))
        return;
    verdict->function = ask->function;
    verdict->limit = ask->max_ulp >= 0 ? ask->max_ulp : 4;
    const struct sn_kernel *builtin = target->builtin;
    if (builtin) {
        const struct conf_checked_function *own =
            ref_function_find(sn_function_name(builtin->function));
        const int type = conf_type_find(sn_dtype_name(builtin->dtype));
        if (!own || type < 0) {
            verdict_complain(verdict,
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
            verdict_complain(verdict,
                "'%s' is %s in %s; leave out --function and --dtype", word,
                own->name, ref_types[type].name);
            verdict->unusable = verdict->bad_word = true;
            return;
        }
        verdict->dtype = type;
        if (ask->max_ulp < 0)
            verdict->limit = builtin->bound_ulp;
    } else if (!verdict->function) {
        verdict->function = &ref_functions[0];
    }
    if (verdict->function->dropout && target->way == CONF_NPY) {
        verdict_complain(verdict,
            "'%s': alpha dropout is called with a rate and a seed; must be a "
            "built-in one, PATH.so:SYMBOL or exec:COMMAND",
            word);
        verdict->unusable = verdict->bad_word = true;
    }
    if (verdict->function->family != CONF_FAMILY_SELU && ask->lambda) {
        verdict_complain(verdict, "--lambda '%.40s': %s has no lambda",
            ask->lambda, verdict->function->name);
        verdict->unusable = verdict->bad_word = true;
    }
    if (ask->exhaustive && verdict->dtype == SN_F64) {
        verdict_complain(verdict,
            "'%s': --exhaustive is not for f64, which has 2^64 inputs", word);
        verdict->unusable = verdict->bad_word = true;
    }
}

double verdict_timeout(
    const struct verdict_question *ask, const struct verdict_verdict *verdict)
{
    return ask->timeout > 0                   ? ask->timeout
           : verdict->target.way == CONF_EXEC ? 60
                                              : 10;
}

/* Loads once to see whether it can be loaded at all. */
static bool loads(
    const struct verdict_question *ask, struct verdict_verdict *verdict)
{
    struct subject_runner *runner;
    if (verdict->target.way >= CONF_EXEC)
        return true;
    enum conf_outcome outcome = conf_runner_start(&runner, &verdict->target,
        verdict->function->derivative, (enum sn_dtype)verdict->dtype,
        verdict_timeout(ask, verdict));
    if (outcome != CONF_RAN) {
        snprintf(verdict->fault, sizeof verdict->fault, "%s",
            conf_runner_why(runner));
        verdict->unusable = outcome == CONF_UNUSABLE;
        verdict_complain(verdict, "'%s': %s%s", verdict->target.word,
            outcome == CONF_UNUSABLE ? "" : "loading: ",
            conf_runner_why(runner));
    }
    conf_runner_stop(runner);
    return outcome == CONF_RAN;
}

bool verdict_question_allows(
    const struct verdict_question *ask, const char *code)
{
    const size_t length = strlen(code);
    for (const char *at = ask->allow; at && *at;
         at += strcspn(at, ","), at += *at == ',')
        if (!strncmp(at, code, length) && (!at[length] || at[length] == ','))
            return true;
    return false;
}

static uint64_t samples_of(
    const struct verdict_question *ask, const struct verdict_verdict *verdict)
{
    return ask->samples                 ? ask->samples
           : verdict->function->dropout ? 1u << 20
           : verdict->dtype == SN_F32   ? 1u << 21
                                        : 1u << 17;
}

double verdict_inputs(
    const struct verdict_question *ask, const struct verdict_verdict *verdict)
{
    return ask->exhaustive ? 0x1p32 : (double)samples_of(ask, verdict);
}

/* Pairs of files may say two things of one input. */
static void judge_repeats(struct verdict_verdict *verdict)
{
    struct conf_finding *finding = &verdict->finding[verdict->findings++];
    *finding = (struct conf_finding){.name = "one result for one input",
        .passed = !verdict->sweep.contradictions,
        .failures = (int)(verdict->sweep.contradictions != 0)};
    if (!finding->passed)
        snprintf(finding->detail, sizeof finding->detail,
            "%llu times the same input has another result",
            (unsigned long long)verdict->sweep.contradictions);
}

/* The first crash, hang or switched mode is worth a line. */
static void complain_of_misconduct(struct verdict_verdict *verdict)
{
    for (int i = 0; i < verdict->findings; i++) {
        const struct conf_finding *finding = &verdict->finding[i];
        if (finding->passed || !finding->misconduct)
            continue;
        verdict_complain(verdict, "'%s': %s: %s", verdict->target.word,
            finding->name, finding->detail);
        return;
    }
}

static bool all_passed(
    const struct verdict_question *ask, const struct verdict_verdict *verdict)
{
    for (int i = 0; i < verdict->findings; i++)
        if (!verdict->finding[i].passed)
            return false;
    for (int i = 0; i < verdict->diagnoses; i++)
        if (verdict->diagnosis[i].fault &&
            !verdict_question_allows(ask, verdict->diagnosis[i].code))
            return false;
    return true;
}

static void judge_dropout(const struct verdict_question *ask,
    struct verdict_verdict *verdict, const struct conf_reference *reference)
{
    struct dropout_dropout *dropout = &verdict->dropout;
    *dropout = (struct dropout_dropout){.rate = {0.1, 0.5},
        .rates = 2,
        .false_alarm = ask->false_alarm,
        .samples = samples_of(ask, verdict),
        .seed = ask->seed,
        .max_ulp = ask->max_ulp >= 0 ? ask->max_ulp : 4,
        .timeout = verdict_timeout(ask, verdict),
        .progress = ask->progress,
        .ctx = ask->ctx};
    if (ask->rate >= 0) {
        dropout->rate[0] = ask->rate;
        dropout->rates = 1;
    }
    verdict->findings =
        dropout_run(dropout, verdict->finding, verdict->diagnosis,
            &verdict->diagnoses, reference, &verdict->target, verdict->dtype);
    verdict->accurate = true;
    verdict->passed = all_passed(ask, verdict) && !dropout->stopped;
    complain_of_misconduct(verdict);
}

void verdict_judge(
    const struct verdict_question *ask, struct verdict_verdict *verdict)
{
    struct conf_sweep *sweep = &verdict->sweep;
    struct conf_reference reference;
    if (!verdict->function->dropout && !loads(ask, verdict))
        return;
    enum sn_status status = conf_reference_init(
        &reference, verdict->function, ask->lambda, ask->alpha);
    if (status != SN_OK) {
        verdict->unusable = true;
        verdict->bad_word = status == SN_BAD_VALUE;
        if (status == SN_BAD_VALUE)
            verdict_complain(verdict,
                "--lambda, --alpha: lambda, alpha and their product must be "
                "from %g to %g",
                CONF_LEAST_FACTOR, CONF_MOST_FACTOR);
        else
            verdict_complain(verdict, "%s", sn_strerror(status));
        return;
    }
    reference.flush = ask->flush;
    if (verdict->function->dropout) {
        judge_dropout(ask, verdict, &reference);
        conf_reference_clear(&reference);
        return;
    }
    *sweep = (struct conf_sweep){.exhaustive = ask->exhaustive,
        .samples = samples_of(ask, verdict),
        .threads = ask->threads,
        .timeout = verdict_timeout(ask, verdict),
        .seed = ask->seed,
        .progress = ask->progress,
        .ctx = ask->ctx,
        .parts = ask->parts};
    status =
        conf_sweep_run(sweep, &reference, &verdict->target, verdict->dtype);
    if (status != SN_OK || sweep->unusable) {
        verdict_complain(verdict, "'%s': %s", verdict->target.word,
            status != SN_OK ? sn_strerror(status) : sweep->fault);
        verdict->unusable = true;
        conf_reference_clear(&reference);
        return;
    }
    if (ask->parts && ask->parts->rank > 0) {
        conf_reference_clear(&reference);
        return;
    }
    if (!sweep->stopped)
        verdict->findings =
            conf_structure_run(verdict->finding, &reference, &verdict->target,
                verdict->dtype, verdict->limit, verdict_timeout(ask, verdict));
    if (verdict->target.way == CONF_NPY)
        judge_repeats(verdict);
    if (!sweep->stopped)
        verdict->diagnoses = diag_run(verdict->diagnosis, &reference,
            &verdict->target, verdict->dtype, sweep, verdict->finding,
            verdict->findings, verdict_timeout(ask, verdict));
    conf_reference_clear(&reference);

    verdict->accurate =
        !*sweep->fault && sweep->inputs && sweep->max_ulp <= verdict->limit;
    const struct sn_kernel *builtin = verdict->target.builtin;
    if (builtin && ask->max_ulp < 0 && builtin->bound_ulp == 0.5)
        verdict->accurate = verdict->accurate && !sweep->incorrectly_rounded;
    verdict->passed =
        verdict->accurate && !sweep->stopped && all_passed(ask, verdict);
    if (*sweep->fault)
        verdict_complain(
            verdict, "'%s': %s", verdict->target.word, sweep->fault);
    else
        complain_of_misconduct(verdict);
}
