# SPDX-License-Identifier: MIT
"""The command's answers as objects."""

import pickle
from decimal import Decimal

import numpy as np
import pytest

import selfnorm

# eq. 14 of the paper by mpmath, 52 digits
ALPHA = "1.673263242354377284817042991671652038461155348281216"
LAMBDA = "1.050700987355480493419334985294606351958981204376405"


def test_constants_are_proven_decimals():
    r = selfnorm.constants(digits=40)
    assert r.alpha is r["alpha"] and r.lambda_ is r["lambda"]
    for got, want in ((r.alpha, ALPHA), (r.lambda_, LAMBDA)):
        assert isinstance(got, Decimal)
        assert abs(Decimal(want) - got) <= got.radius < Decimal("1e-38")
    again = pickle.loads(pickle.dumps(r.alpha))
    assert again == r.alpha and again.radius == r.alpha.radius
    assert r.json()["alpha"]["value"] == str(r.alpha)
    assert "\u00b1" in repr(r)


def test_attributes_that_are_not_there_name_those_that_are():
    with pytest.raises(AttributeError, match="alpha_prime"):
        selfnorm.constants().beta


def test_no_solution_is_a_result_no_error():
    assert selfnorm.constants(mean=9, variance=1).ok is False


def test_refusals_name_the_word():
    with pytest.raises(selfnorm.SelfnormError, match="digits") as refused:
        selfnorm.constants(digits=0)
    assert refused.value.status == 2
    with pytest.raises(selfnorm.SelfnormError, match="no-such"):
        selfnorm.constants(no_such=1)
    with pytest.raises(selfnorm.SelfnormError) as refused:
        selfnorm.audit("/nowhere/file.c")
    assert refused.value.status == 3


def test_moments_of_one_activation_have_its_keys():
    r = selfnorm.moments("gelu", digits=12)
    # E gelu(z) = 1/(2 sqrt(pi))
    assert float(r.mean) == pytest.approx(0.5 / np.sqrt(np.pi), rel=1e-11)


def test_map_fixed_points_prove():
    assert float(selfnorm.map(0, 1).variance) == pytest.approx(1, abs=1e-12)
    assert selfnorm.prove("jacobian").ok
    assert len(selfnorm.fixed_points().fixed_points) >= 1
    # the paper: a = (q + alpha'^2 q (1 - q))^(-1/2)
    q, alpha = 0.9, float(Decimal(ALPHA) * Decimal(LAMBDA))
    assert float(selfnorm.dropout_affine(0.1).a) == pytest.approx(
        (q + alpha**2 * q * (1 - q)) ** -0.5)


def test_certificate(tmp_path):
    file = tmp_path / "c"
    selfnorm.prove("jacobian", certificate=file)
    assert selfnorm.verify_certificate(file).claims[0].verified


def test_vectors(tmp_path):
    x, y = selfnorm.vectors(tmp_path, count=64).load()
    assert np.array_equal(selfnorm.selu(x)[x == x].view("u4"),
                          y[x == x].view("u4"))


def test_simulate_gives_arrays():
    found = selfnorm.simulate(width=64, depth=3, networks=4, inputs=4)
    assert found.layer("variance").shape == (4,)
