# SPDX-License-Identifier: MIT
"""The plugin as its user meets it: one right kernel, one wrong."""

FILE = '''
import numpy as np, pytest
L, LA = 1.0507009873554805, 1.7580993408473766
def right(x):
    y = x.astype("f8")
    return np.where(y > 0, L * y, LA * np.expm1(np.where(y > 0, 0, y))).astype(
        x.dtype)
def wrong(x):
    return np.where(x > 0, np.float32(L) * x,
                    np.float32(LA) * (np.exp(np.minimum(x, 0)) - np.float32(1)))
@pytest.mark.selfnorm(function="selu")
def test_right(selfnorm_check):
    assert selfnorm_check(right).max_ulp < 1
@pytest.mark.selfnorm(dtype="f32")
def test_wrong(selfnorm_check):
    selfnorm_check(wrong)
'''
CHANGED = FILE.replace("def right(x):", '''def right(x):
    return np.nextafter(first(x), np.float32(9))
def first(x):''').replace(".max_ulp < 1", ".max_ulp < 9")


def test_one_passes_and_one_is_named(pytester):
    pytester.makepyfile(FILE)
    found = pytester.runpytest_subprocess()
    found.assert_outcomes(passed=1, failed=1)
    found.stdout.fnmatch_lines(["*cancel*"])


def test_baselines_lie_beside_the_test(pytester):
    file = pytester.makepyfile(FILE)
    pytester.runpytest_subprocess("--selfnorm-save", "-k", "right")
    assert list((file.parent / f"{file.name}.selfnorm").iterdir())
    file.write_text(CHANGED)
    pytester.runpytest_subprocess("-k", "right").assert_outcomes(failed=1)
