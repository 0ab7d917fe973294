#!/usr/bin/env python3
"""Detects objects with an SSD and draws their boxes into a copy of the image.

    object_detection_sample_ssd.py -m MODEL.xml -i IMAGE [-d DEVICE] [-t SCORE] [-o OUT.png]

-t: the least score of a box (default 0.5).  -o: default out_0.png.  MODEL.labels beside the model, when it is there, has
the name of one class a line.  Needs openvino, opencv-python and numpy.
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import openvino
from openvino.preprocess import PrePostProcessor, ResizeAlgorithm

COLOURS = [(60, 180, 75), (75, 25, 230), (200, 130, 0), (48, 130, 245), (180, 30, 145), (0, 190, 190), (230, 50, 240)]


def check_device(core, device):
    """The device's own message names none of those that could be used instead."""
    devices = core.available_devices
    if ":" not in device and device != "AUTO" and device not in devices:
        raise RuntimeError(f"there is no device {device} here, but: {' '.join(devices)}")


def draw(image, left, top, right, bottom, text, colour):
    thickness = max(1, image.shape[1] // 300)
    size = max(0.4, image.shape[1] / 1000)
    cv2.rectangle(image, (left, top), (right, bottom), colour, thickness)
    (width, height), below = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size, thickness)
    top = max(top, height + below)
    cv2.rectangle(image, (left, top - height - below), (left + width, top), colour, cv2.FILLED)
    cv2.putText(image, text, (left, top - below // 2), cv2.FONT_HERSHEY_SIMPLEX, size, (255, 255, 255), thickness, cv2.LINE_AA)


def detect(arguments):
    # 1. The model.  Its output is a list of detections, [1, 1, N, 7]: image, class, score, left, top, right, bottom.
    core = openvino.Core()
    check_device(core, arguments.d)
    if not arguments.m.is_file():
        raise RuntimeError(f"{arguments.m}: there is no such file")
    model = core.read_model(arguments.m)
    shape = model.output(0).partial_shape
    if shape.rank.is_dynamic or len(shape) == 0 or shape[len(shape) - 1] != 7:
        raise RuntimeError(f"{arguments.m}: its output is no list of detections, [1, 1, N, 7]")
    # An SSD of old may have a second input, im_info.
    name = next((port.any_name for port in model.inputs if len(port.partial_shape) == 4), None)
    if name is None:
        raise RuntimeError(f"{arguments.m}: no input [N, C, H, W] for an image")
    channels = model.input(name).partial_shape[1].get_length()

    # 2. The image, as bytes [1, H, W, C].
    image = cv2.imread(str(arguments.i), cv2.IMREAD_GRAYSCALE if channels == 1 else cv2.IMREAD_COLOR)
    if image is None:
        raise RuntimeError(f"{arguments.i}: no image that can be read")
    height, width = image.shape[:2]
    pixels = image.reshape(1, height, width, channels)

    # 3. What happens between the image and the model becomes part of the model.
    steps = PrePostProcessor(model)
    steps.input(name).tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input(name).tensor().set_shape(pixels.shape)
    steps.input(name).preprocess().resize(ResizeAlgorithm.RESIZE_LINEAR)
    steps.input(name).model().set_layout(openvino.Layout("NCHW"))
    model = steps.build()

    # 4. Inference.
    feeds = {name: pixels}
    for port in model.inputs:
        if len(port.partial_shape) == 2:  # im_info: height, width, scale
            feeds[port.any_name] = np.resize(np.float32([height, width, 1, 1, 1, 1]), list(port.shape))
    rows = core.compile_model(model, arguments.d)(feeds)[0].reshape(-1, 7)

    # 5. Boxes are parts of the image's size; image -1 ends the list.
    labels_file = arguments.m.with_suffix(".labels")
    labels = labels_file.read_text().splitlines() if labels_file.exists() else []
    if channels == 1:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    for number, category, score, *corners in rows:
        if number < 0:
            break
        if score < arguments.t:
            continue
        category = int(category)
        limits = (width, height, width, height)
        left, top, right, bottom = (min(max(int(c * size), 0), size - 1) for c, size in zip(corners, limits))
        print(f"class {category} score {score:.4f} box ({left}, {top}) - ({right}, {bottom})")
        label = labels[category] if category < len(labels) else category
        draw(image, left, top, right, bottom, f"{label} {score:.2f}", COLOURS[category % len(COLOURS)])
    if not cv2.imwrite(str(arguments.o), image):
        raise RuntimeError(f"{arguments.o}: cannot be written")
    print(f"The image with boxes: {arguments.o}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-m", type=Path, required=True, metavar="MODEL.xml")
    parser.add_argument("-i", type=Path, required=True, metavar="IMAGE")
    parser.add_argument("-d", default="CPU", metavar="DEVICE")
    parser.add_argument("-t", type=float, default=0.5, metavar="SCORE")
    parser.add_argument("-o", type=Path, default=Path("out_0.png"), metavar="OUT.png")
    detect(parser.parse_args())


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"[ ERROR ] {error}")
