# Writes rings.onnx and stripes.onnx from what make.mjs made (Debian: python3-onnx), in the form of torch.onnx.export.
import json, os
import numpy as np, onnx
from onnx import helper as h, numpy_helper as n, TensorProto as T

here = os.path.dirname(os.path.abspath(__file__))


def tensors(folder):
    """The weights of a tfjs model, by name."""
    model = json.load(open(f"{here}/{folder}/model.json"))
    (group,) = model["weightsManifest"]
    data, at, found = open(f"{here}/{folder}/{group['paths'][0]}", "rb").read(), 0, {}
    for w in group["weights"]:
        size = 4 * int(np.prod(w["shape"]))
        found[w["name"]] = np.frombuffer(data[at : at + size], "<f4").reshape(w["shape"])
        at += size
    return found


def save(name, nodes, weights, inputs, outputs):
    value = lambda label, shape: h.make_tensor_value_info(label, T.FLOAT, ["N", *shape])
    graph = h.make_graph(nodes, name, [value("input", inputs)], [value("output", outputs)], [n.from_array(np.ascontiguousarray(a), k) for k, a in weights.items()])
    model = h.make_model(graph, producer_name="relu-lab data/networks/make-onnx.py", opset_imports=[h.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, f"{here}/{name}.onnx")


r = tensors("rings-tfjs")
gemm = lambda i, o, w: h.make_node("Gemm", [i, f"{w}.weight", f"{w}.bias"], [o], name=f"/{w}/Gemm", transB=1)
relu = lambda i, o: h.make_node("Relu", [i], [o], name=f"/{o}/Relu")
layers = {"0": "dense", "2": "dense_1", "4": "dense_2"}
weights = {f"{k}.{p}": (r[f"{v}/kernel"].T if p == "weight" else r[f"{v}/bias"]) for k, v in layers.items() for p in ("weight", "bias")}
save("rings", [gemm("input", "a", "0"), relu("a", "b"), gemm("b", "c", "2"), relu("c", "d"), gemm("d", "output", "4")], weights, [2], [2])

s = tensors("stripes-tfjs")
# Channels first, as PyTorch has images: the first dense layer reads 3 x 3 x 3 values in another order.
dense = s["dense/kernel"].reshape(3, 3, 3, 8).transpose(2, 0, 1, 3).reshape(27, 8)
weights = {
    "0.weight": s["conv2d/kernel"].transpose(3, 2, 0, 1), "0.bias": s["conv2d/bias"],
    "4.weight": dense.T, "4.bias": s["dense/bias"],
    "6.weight": s["dense_1/kernel"].T, "6.bias": s["dense_1/bias"],
}
save("stripes", [
    h.make_node("Conv", ["input", "0.weight", "0.bias"], ["a"], name="/0/Conv", kernel_shape=[3, 3]), relu("a", "b"),
    h.make_node("MaxPool", ["b"], ["c"], name="/2/MaxPool", kernel_shape=[2, 2], strides=[2, 2]),
    h.make_node("Flatten", ["c"], ["d"], name="/3/Flatten"),
    gemm("d", "e", "4"), relu("e", "f"), gemm("f", "output", "6"),
], weights, [1, 8, 8], [2])
