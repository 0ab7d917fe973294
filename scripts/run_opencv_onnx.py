#!/usr/bin/env python3
"""Runs an ONNX model in OpenCV's dnn module: PYTHON scripts/run_opencv_onnx.py MODEL.onnx IN.npz OUT.npz

Needs NumPy and OpenCV alone, so that a version beside that of the tests can be asked. IN.npz has the inputs by name;
OUT.npz gets the outputs by the names that OpenCV knows them by.
"""

import sys

import cv2
import numpy as np

model, inputs, outputs = sys.argv[1:4]
cv2.setNumThreads(2)
net = cv2.dnn.readNetFromONNX(model)
with np.load(inputs) as archive:
    for name in archive.files:
        net.setInput(archive[name], name)
names = net.getUnconnectedOutLayersNames()
results = net.forward(names)
np.savez(outputs, **{name.replace("/", "|"): np.array(value, np.float32) for name, value in zip(names, results)})
