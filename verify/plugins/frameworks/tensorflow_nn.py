# SPDX-License-Identifier: GPL-3.0-or-later
"""TensorFlow on the CPU: tf.nn, eagerly; Keras for alpha dropout."""
import os

import exchange as e

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf  # noqa: E402


def function(x):
    if e.NAME == "selu":
        return tf.nn.selu(x)
    # tf.nn.elu has no alpha
    if e.NAME == "elu" and e.ALPHA == 1:
        return tf.nn.elu(x)
    if e.NAME == "alpha-dropout":
        # Keras takes 31 bits; all 64 of ours shall count
        seed = (e.SEED ^ e.SEED >> 31) % 2**31
        layer = tf.keras.layers.AlphaDropout(e.RATE, seed=seed,
                                             dtype=x.dtype)
        return layer(x, training=True)
    return e.unknown()


x, dy = e.read()
x = tf.constant(x)
if e.GRADIENT:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    result = tape.gradient(y, x, output_gradients=tf.constant(dy))
else:
    result = function(x)
e.write(result.numpy())
