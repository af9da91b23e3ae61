# SPDX-License-Identifier: MIT
"""check() on callables: right ones, wrong ones and ones that misbehave."""

import os
import signal
import threading
import time

import numpy as np
import pytest

import selfnorm

L, A = 1.0507009873554805, 1.6732632423543772


def right(x):
    y = x.astype("f8")
    with np.errstate(all="ignore"):
        return np.where(y > 0, L * y, L * A * np.expm1(
            np.where(y > 0, 0, y))).astype(x.dtype)


def right_grad(dy, x):
    y = x.astype("f8")
    with np.errstate(all="ignore"):
        return (dy * np.where(y > 0, L, L * A * np.exp(
            np.where(y > 0, 0, y)))).astype(x.dtype)


def cancels(x):
    return np.where(x > 0, np.float32(L) * x, np.float32(L * A) * (
        np.exp(np.minimum(x, 0)) - np.float32(1))).astype("f4")


def test_a_right_kernel_passes():
    verdict = selfnorm.check(right)
    assert verdict and verdict.passed and verdict.max_ulp < 1
    assert "right" in str(verdict).splitlines()[0]


def test_cancellation_is_named():
    verdict = selfnorm.check(cancels)
    assert not verdict and "cancel" in str(verdict)


def test_gradient():
    assert selfnorm.check(right_grad, "selu-grad")
    assert not selfnorm.check(lambda dy, x: dy * right(x), "selu-grad")


def test_f64_and_f16():
    assert selfnorm.check(right, dtype="f64", max_ulp=4)
    assert selfnorm.check(right, dtype=np.float16)


def test_in_place():
    def kernel(x):
        x[:] = right(x)
    assert selfnorm.check(kernel, inplace=True)
    assert not selfnorm.check(kernel)


def test_input_changed_is_told():
    def kernel(x):
        y = right(x)
        x[x > 20] = 20
        return y
    verdict = selfnorm.check(kernel)
    assert not verdict and "input" in str(verdict)


@pytest.mark.parametrize("kernel,words", [
    (lambda x: right(x)[:-1] if x.size else x, "shape"),
    (lambda x: right(x).astype("f8"), "float64"),
    (lambda x: (right(x), x), "2 results"),
    (lambda x: None, "inplace=True"),
    (lambda x: 1 / 0, "ZeroDivisionError"),
])
def test_what_is_no_array_of_results(kernel, words):
    verdict = selfnorm.check(kernel)
    assert not verdict and words in str(verdict)


def test_an_exception_is_told_with_the_input():
    def kernel(x):
        if x.size > 7:
            raise RuntimeError("too long for me")
        return right(x)
    verdict = selfnorm.check(kernel)
    assert "too long for me" in str(verdict) and "shape" in str(verdict)


def test_printing_does_no_harm(capfd):
    def kernel(x):
        print("hello")
        return right(x)
    assert selfnorm.check(kernel)


def test_forking_does_no_harm():
    def kernel(x):
        if os.fork() == 0:
            return right(x)  # the child must not answer
        os.wait()
        return right(x)
    assert selfnorm.check(kernel, samples=1000)


@pytest.mark.parametrize("handler", [signal.default_int_handler,
                                     signal.SIG_IGN])
def test_a_hang_ends(handler):
    def kernel(x):
        time.sleep(1000)
    before = signal.signal(signal.SIGINT, handler)
    try:
        began = time.monotonic()
        verdict = selfnorm.check(kernel, timeout=1)
        assert not verdict and time.monotonic() - began < 30
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_two_threads():
    found = []
    threads = [threading.Thread(target=lambda k=k: found.append(
        (k, bool(selfnorm.check(k))))) for k in (right, cancels)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(found) == {right: True, cancels: False}


def test_refusals():
    with pytest.raises(ValueError, match="f31"):
        selfnorm.check(right, dtype="f31")
    with pytest.raises(selfnorm.SelfnormError, match="tanhh"):
        selfnorm.check(right, "tanhh")
    with pytest.raises(ValueError, match="autograd"):  # numpy alone
        selfnorm.check(right, derivative=1, autograd=True)


def test_words_of_the_command():
    assert selfnorm.check("sn_selu_f32")


def test_views_are_checked():
    def kernel(x):
        # right for a row, wrong for what is not contiguous
        return right(x) if x.flags.c_contiguous else right(x) + 1
    verdict = selfnorm.check(kernel)
    assert not verdict and "layouts" in str(verdict)


def test_a_fault_is_shown_again_by_the_call_that_the_verdict_names():
    def by_exp(x):
        return np.where(x > 0, x, np.exp(x) - np.float32(1)).astype(x.dtype)

    verdict = selfnorm.check(by_exp, "elu")
    call = verdict.repro[0]
    assert not verdict and call in str(verdict)
    name = call[len("selfnorm.check("):].split(",")[0]
    again = eval(call.replace(name, "by_exp"),
                 {"selfnorm": selfnorm, "by_exp": by_exp})
    assert not again and again.inputs[0]["level"] == "error"
    assert again.inputs[0]["input"] in str(again)
