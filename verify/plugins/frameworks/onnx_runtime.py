# SPDX-License-Identifier: GPL-3.0-or-later
"""ONNX Runtime on the CPU: a graph of one node."""
import exchange as e
import numpy
import onnxruntime
from onnx import TensorProto, helper

TYPE = {
    "f32": TensorProto.FLOAT,
    "f64": TensorProto.DOUBLE,
    "f16": TensorProto.FLOAT16,
}.get(e.DTYPE)
if e.GRADIENT or e.NAME not in ("selu", "elu", "celu") or TYPE is None:
    e.unknown()
attributes = {} if e.NAME == "selu" else {"alpha": e.ALPHA}
node = helper.make_node(e.NAME.capitalize(), ["x"], ["y"], **attributes)
graph = helper.make_graph(
    [node],
    "one",
    [helper.make_tensor_value_info("x", TYPE, [None])],
    [helper.make_tensor_value_info("y", TYPE, [None])],
)
model = helper.make_model(
    graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
options = onnxruntime.SessionOptions()
options.log_severity_level = 3
try:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options,
        providers=["CPUExecutionProvider"])
except Exception:  # pylint: disable=broad-except
    # no such kernel, or no such type in the operator's definition
    e.unknown()
x = e.read()[0]
e.write(session.run(None, {"x": x})[0] if x.size
        else numpy.empty(0, e.NUMPY))
