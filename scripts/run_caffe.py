#!/usr/bin/env python3
"""Runs a net in Caffe through its own Python module and writes what every layer gives, for `mo verify`:

    mo verify --caffe "python scripts/run_caffe.py" --input_model net.caffemodel --ir net.xml

    run_caffe.py PROTOTXT CAFFEMODEL IN.npz OUT.npz

IN.npz has the inputs by the names of their blobs.  OUT.npz gets the top of each layer by the layer's name, taken right
behind the layer, so that layers in place are seen too; `layer.1` is a second top.  Where several layers have one name,
their tops go by their own.
"""

import sys

import caffe
import numpy as np


def main() -> None:
    prototxt, caffemodel, source, target = sys.argv[1:]
    caffe.set_mode_cpu()
    net = caffe.Net(prototxt, caffemodel, caffe.TEST)
    with np.load(source) as inputs:
        for name in inputs.files:
            net.blobs[name].reshape(*inputs[name].shape)
            net.blobs[name].data[...] = inputs[name]
    net.reshape()
    results, names, blobs = {}, list(net._layer_names), list(net.blobs)
    for number, layer in enumerate(names):  # by number: several layers may have one name
        net._forward(number, number)
        for index, top in enumerate(blobs[i] for i in net._top_ids(number)):
            name = layer if index == 0 else f"{layer}.{index}"
            results[name if names.count(layer) == 1 else top] = net.blobs[top].data.copy()
    np.savez(target, **results)


if __name__ == "__main__":
    main()
