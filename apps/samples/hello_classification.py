#!/usr/bin/env python3
"""Classifies one image, synchronously: the shortest way from an IR to a result.

    hello_classification.py MODEL.xml IMAGE [DEVICE]

MODEL.labels beside the model, when it is there, has the name of one class a line.  Needs openvino, opencv-python and numpy.
"""

import sys
from pathlib import Path

import cv2
import numpy as np
import openvino
from openvino.preprocess import PrePostProcessor, ResizeAlgorithm


def check_device(core, device):
    """The device's own message names none of those that could be used instead."""
    devices = core.available_devices
    if ":" not in device and device != "AUTO" and device not in devices:
        raise RuntimeError(f"there is no device {device} here, but: {' '.join(devices)}")


def check_output(model, path):
    """A model that gives one number for each class, as [N, C] or [N, C, 1, 1]."""
    shape = model.output(0).partial_shape
    if shape.is_dynamic or len(shape) < 2 or np.prod(shape.to_shape()) != shape.to_shape()[1]:
        raise RuntimeError(f"{path}: its output is not one number for each class, [1, C], but {shape}")


def classify(model_path, image_path, device="CPU"):
    # 1. The model.  Its input is one image: [N, C, H, W].
    core = openvino.Core()
    check_device(core, device)
    if not Path(model_path).is_file():
        raise RuntimeError(f"{model_path}: there is no such file")
    model = core.read_model(model_path)
    if len(model.inputs) != 1 or len(model.input().partial_shape) != 4:
        raise RuntimeError(f"{model_path}: this sample needs a model with one input [N, C, H, W]")
    model.get_parameters()[0].layout = openvino.Layout("NCHW")
    if model.input().partial_shape[0] != 1:
        openvino.set_batch(model, 1)
    check_output(model, model_path)
    channels = model.input().partial_shape[1].get_length()

    # 2. The image, as bytes [1, H, W, C] in the order blue, green, red.
    image = cv2.imread(image_path, cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR)
    if image is None:
        raise RuntimeError(f"{image_path}: no image that can be read")
    pixels = image.reshape(1, *image.shape[:2], channels)

    # 3. What happens between the image and the model becomes part of the model.
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input().tensor().set_shape(pixels.shape)
    steps.input().preprocess().resize(ResizeAlgorithm.RESIZE_LINEAR)
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    model = steps.build()

    # 4. Inference.
    probabilities = core.compile_model(model, device)(pixels)[0].ravel()

    # 5. The ten best classes.
    best = np.argsort(-probabilities, kind="stable")[:10]
    labels_file = Path(model_path).with_suffix(".labels")
    labels = labels_file.read_text().splitlines() if labels_file.exists() else []
    if labels and len(labels) != len(probabilities):
        print(f"[ WARNING ] the labels beside {model_path} have {len(labels)} names for {len(probabilities)} classes",
              file=sys.stderr)  # fmt: skip
    print(f"Top {len(best)} results:\n\nImage {image_path}\n\nclassid probability label\n------- ----------- -----")
    for index in best:
        print(f"{index:<7} {probabilities[index]:<11.7f} {labels[index] if index < len(labels) else ''}")


USAGE = "usage: hello_classification.py MODEL.xml IMAGE [DEVICE]"


def main():
    if sys.argv[1:] in (["-h"], ["--help"]):
        print(USAGE)
        return
    if not 3 <= len(sys.argv) <= 4:
        raise RuntimeError(USAGE)
    classify(*sys.argv[1:])


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"[ ERROR ] {error}")
