/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * oneDNN 2 and 3, C API.  It has no SELU: its documentation offers an eltwise
 * primitive elu(alpha) with a post-op linear(lambda), and frameworks that
 * keep their own scale run a second primitive.
 *
 *   onednn_selu             elu with post-op, as a 1 x n matrix
 *   onednn_selu_1d_postop   the same as a vector of n: 2.6.3 reports success
 *                           and writes nothing
 *   onednn_selu_two_pass    elu, then linear in place
 *   onednn_elu, _bf16       elu, alpha = 1; in f16 2.6.3 has none for the CPU
 *   onednn_elu_grad, _bf16  its backward pass, from x
 *   onednn_elu_grad_result  from the result (..._use_dst_for_bwd)
 *
 * A primitive is made for one size, hence a cache per thread; it lives as
 * long as the program.  A failed call gives NaN.
 */
#include <dnnl.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LAMBDA 1.0507009873554804934193349852946f
#define ALPHA  1.6732632423543772848170429916717f

enum form {
    MATRIX_POSTOP,
    VECTOR_POSTOP,
    SELU_ELU,
    LINEAR,
    ELU,
    ELU_BF16,
    GRAD,
    GRAD_BF16,
    GRAD_RESULT,
    FORMS
};
enum { SLOTS = 256 }; /* by n % SLOTS: 0..130 and a block size fit together */

static const struct {
    dnnl_alg_kind_t kind;
    dnnl_data_type_t type;
    float alpha;
    bool post, vector, backward;
} forms[FORMS] = {
    [MATRIX_POSTOP] = {dnnl_eltwise_elu, dnnl_f32, ALPHA, true, false, false},
    [VECTOR_POSTOP] = {dnnl_eltwise_elu, dnnl_f32, ALPHA, true, true, false},
    [SELU_ELU] = {dnnl_eltwise_elu, dnnl_f32, ALPHA, false, false, false},
    [LINEAR] = {dnnl_eltwise_linear, dnnl_f32, LAMBDA, false, false, false},
    [ELU] = {dnnl_eltwise_elu, dnnl_f32, 1, false, false, false},
    [ELU_BF16] = {dnnl_eltwise_elu, dnnl_bf16, 1, false, false, false},
    [GRAD] = {dnnl_eltwise_elu, dnnl_f32, 1, false, false, true},
    [GRAD_BF16] = {dnnl_eltwise_elu, dnnl_bf16, 1, false, false, true},
    [GRAD_RESULT] = {dnnl_eltwise_elu_use_dst_for_bwd, dnnl_f32, 1, false,
        false, true},
};

struct slot {
    size_t n;
    dnnl_primitive_t run;
    dnnl_memory_t in, dy, out; /* dy: backward */
};

static _Thread_local dnnl_engine_t engine;
static _Thread_local dnnl_stream_t stream;
static _Thread_local struct slot cache[FORMS][SLOTS];

/* What oneDNN 3 changed: a shape lies behind a pointer, not in a struct (as an
 * array of one it is used alike), and operations have no descriptor of their
 * own. */
#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t shape_t;

static bool take_shape(shape_t *shape, enum form form, dnnl_dims_t dims)
{
    const bool vector = forms[form].vector;
    return !dnnl_memory_desc_create_with_tag(shape, vector ? 1 : 2, dims,
        forms[form].type, vector ? dnnl_a : dnnl_ab);
}

static void drop_shape(shape_t *shape)
{
    dnnl_memory_desc_destroy(*shape);
}

static bool append_scale(dnnl_post_ops_t post)
{
    return !dnnl_post_ops_append_eltwise(
        post, dnnl_eltwise_linear, LAMBDA, 0.0f);
}

static bool describe_forward(dnnl_primitive_desc_t *desc, enum form form,
    shape_t *shape, dnnl_primitive_attr_t attr)
{
    return !dnnl_eltwise_forward_primitive_desc_create(desc, engine,
        forms[form].backward ? dnnl_forward_training : dnnl_forward_inference,
        forms[form].kind, *shape, *shape, forms[form].alpha, 0.0f, attr);
}

static bool describe_backward(dnnl_primitive_desc_t *desc, enum form form,
    shape_t *shape, dnnl_primitive_desc_t hint)
{
    return !dnnl_eltwise_backward_primitive_desc_create(desc, engine,
        forms[form].kind, *shape, *shape, *shape, forms[form].alpha, 0.0f,
        hint, NULL);
}
#else
typedef dnnl_memory_desc_t shape_t[1];

static bool take_shape(shape_t *shape, enum form form, dnnl_dims_t dims)
{
    const bool vector = forms[form].vector;
    return !dnnl_memory_desc_init_by_tag(*shape, vector ? 1 : 2, dims,
        forms[form].type, vector ? dnnl_a : dnnl_ab);
}

static void drop_shape(shape_t *shape)
{
    (void)shape;
}

static bool append_scale(dnnl_post_ops_t post)
{
    return !dnnl_post_ops_append_eltwise(
        post, 1.0f, dnnl_eltwise_linear, LAMBDA, 0.0f);
}

static bool describe_forward(dnnl_primitive_desc_t *desc, enum form form,
    shape_t *shape, dnnl_primitive_attr_t attr)
{
    dnnl_eltwise_desc_t forward;
    return !dnnl_eltwise_forward_desc_init(&forward,
               forms[form].backward ? dnnl_forward_training
                                    : dnnl_forward_inference,
               forms[form].kind, *shape, forms[form].alpha, 0.0f) &&
           !dnnl_primitive_desc_create(desc, &forward, attr, engine, NULL);
}

static bool describe_backward(dnnl_primitive_desc_t *desc, enum form form,
    shape_t *shape, dnnl_primitive_desc_t hint)
{
    dnnl_eltwise_desc_t backward;
    return !dnnl_eltwise_backward_desc_init(&backward, forms[form].kind,
               *shape, *shape, forms[form].alpha, 0.0f) &&
           !dnnl_primitive_desc_create(desc, &backward, NULL, engine, hint);
}
#endif

static bool make(struct slot *s, enum form form, size_t n)
{
    dnnl_dims_t dims = {forms[form].vector ? (dnnl_dim_t)n : 1, (dnnl_dim_t)n};
    shape_t shape;
    dnnl_primitive_attr_t attr = NULL;
    dnnl_post_ops_t post = NULL;
    dnnl_primitive_desc_t desc = NULL, hint = NULL;

    if (!take_shape(&shape, form, dims))
        return false;
    bool ok =
        !dnnl_primitive_attr_create(&attr) && !dnnl_post_ops_create(&post);
    if (ok && forms[form].post)
        ok = append_scale(post) &&
             !dnnl_primitive_attr_set_post_ops(attr, post);
    if (forms[form].backward)
        ok = ok && describe_forward(&hint, form, &shape, attr) &&
             describe_backward(&desc, form, &shape, hint);
    else
        ok = ok && describe_forward(&desc, form, &shape, attr);
    ok = ok && !dnnl_primitive_create(&s->run, desc) &&
         !dnnl_memory_create(&s->in, shape, engine, DNNL_MEMORY_NONE) &&
         !dnnl_memory_create(&s->dy, shape, engine, DNNL_MEMORY_NONE) &&
         !dnnl_memory_create(&s->out, shape, engine, DNNL_MEMORY_NONE);
    dnnl_primitive_desc_destroy(hint);
    dnnl_primitive_desc_destroy(desc);
    dnnl_post_ops_destroy(post);
    dnnl_primitive_attr_destroy(attr);
    drop_shape(&shape);
    return ok;
}

/* dy: of a backward pass; then x may be the result, as the form wants. */
static bool run(
    enum form form, void *out, const void *dy, const void *x, size_t n)
{
    struct slot *s = &cache[form][n % SLOTS];
    const bool result = form == GRAD_RESULT;
    if (!stream &&
        (dnnl_engine_create(&engine, dnnl_cpu, 0) ||
            dnnl_stream_create(&stream, engine, dnnl_stream_default_flags)))
        return false;
    if (s->n != n) {
        dnnl_primitive_destroy(s->run);
        dnnl_memory_destroy(s->in);
        dnnl_memory_destroy(s->dy);
        dnnl_memory_destroy(s->out);
        *s = (struct slot){0};
        if (!make(s, form, n))
            return false;
        s->n = n;
    }
    dnnl_exec_arg_t args[] = {{result ? DNNL_ARG_DST : DNNL_ARG_SRC, s->in},
        {dy ? DNNL_ARG_DIFF_SRC : DNNL_ARG_DST, s->out},
        {DNNL_ARG_DIFF_DST, s->dy}};
    return !dnnl_memory_set_data_handle(s->in, (void *)(size_t)x) &&
           (!dy || !dnnl_memory_set_data_handle(s->dy, (void *)(size_t)dy)) &&
           !dnnl_memory_set_data_handle(s->out, out) &&
           !dnnl_primitive_execute(s->run, stream, dy ? 3 : 2, args) &&
           !dnnl_stream_wait(stream);
}

/* All bits: a NaN of every type. */
static void fail(void *y, size_t bytes)
{
    memset(y, 0xff, bytes);
}

void onednn_selu(float *y, const float *x, size_t n)
{
    if (n && !run(MATRIX_POSTOP, y, NULL, x, n))
        fail(y, n * sizeof *y);
}

void onednn_selu_1d_postop(float *y, const float *x, size_t n)
{
    if (n && !run(VECTOR_POSTOP, y, NULL, x, n))
        fail(y, n * sizeof *y);
}

void onednn_selu_two_pass(float *y, const float *x, size_t n)
{
    if (n && !(run(SELU_ELU, y, NULL, x, n) && run(LINEAR, y, NULL, y, n)))
        fail(y, n * sizeof *y);
}

void onednn_elu(float *y, const float *x, size_t n)
{
    if (n && !run(ELU, y, NULL, x, n))
        fail(y, n * sizeof *y);
}

void onednn_elu_bf16(uint16_t *y, const uint16_t *x, size_t n)
{
    if (n && !run(ELU_BF16, y, NULL, x, n))
        fail(y, n * sizeof *y);
}

void onednn_elu_grad(float *dx, const float *dy, const float *x, size_t n)
{
    if (n && !run(GRAD, dx, dy, x, n))
        fail(dx, n * sizeof *dx);
}

void onednn_elu_grad_bf16(
    uint16_t *dx, const uint16_t *dy, const uint16_t *x, size_t n)
{
    if (n && !run(GRAD_BF16, dx, dy, x, n))
        fail(dx, n * sizeof *dx);
}

void onednn_elu_grad_result(
    float *dx, const float *dy, const float *x, size_t n)
{
    enum { PIECE = 4096 };
    float y[PIECE];
    for (size_t i = 0, m; i < n; i += m) {
        m = n - i < PIECE ? n - i : PIECE;
        if (!run(ELU, y, NULL, x + i, m) ||
            !run(GRAD_RESULT, dx + i, dy + i, y, m))
            fail(dx + i, m * sizeof *dx);
    }
}
