#!/usr/bin/env python3
"""Classifies many images, several at a time: a queue of requests that work while the next image is read.

    classification_sample_async.py -m MODEL.xml -i IMAGE_OR_FOLDER [-d DEVICE] [-nt COUNT] [-nireq COUNT]

-nt: how many classes to print (default 10).  -nireq: requests at a time (default: as many as suit the device).  Needs
openvino, opencv-python and numpy.
"""

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import openvino
from openvino.preprocess import PrePostProcessor


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


def read_image(path, shape):
    """One image, resized to the model's input, as bytes [1, H, W, C]; None where it cannot be read."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE if shape[3] == 1 else cv2.IMREAD_COLOR)
    if image is None:
        print(f"[ WARNING ] {path}: no image that can be read", file=sys.stderr)
        return None
    return cv2.resize(image, (shape[2], shape[1])).reshape(shape)


def print_best(path, probabilities, count):
    print(f"\nImage {path}\n\nclassid probability\n------- -----------")
    for index in np.argsort(-probabilities, kind="stable")[:count]:
        print(f"{index:<7} {probabilities[index]:<11.7f}")


def classify(arguments):
    # 1. The model; its input is fed as bytes [1, H, W, C].
    core = openvino.Core()
    check_device(core, arguments.d)
    if not arguments.m.is_file():
        raise RuntimeError(f"{arguments.m}: there is no such file")
    model = core.read_model(arguments.m)
    if len(model.inputs) != 1 or len(model.input().partial_shape) != 4:
        raise RuntimeError(f"{arguments.m}: this sample needs a model with one input [N, C, H, W]")
    model.get_parameters()[0].layout = openvino.Layout("NCHW")
    if model.input().partial_shape[0] != 1:
        openvino.set_batch(model, 1)
    check_output(model, arguments.m)
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
    steps.input().model().set_layout(openvino.Layout("NCHW"))
    model = steps.build()

    # 2. Compiled for many images in a short time, not for one in the shortest.
    compiled = core.compile_model(model, arguments.d, {"PERFORMANCE_HINT": "THROUGHPUT"})
    if not arguments.i.exists():
        raise RuntimeError(f"{arguments.i}: there is no such image or folder")
    paths = sorted(p for p in arguments.i.iterdir() if p.is_file()) if arguments.i.is_dir() else [arguments.i]

    # 3. The queue calls back with each result; print them in the order of the images.
    results = {}
    queue = openvino.AsyncInferQueue(compiled, arguments.nireq)
    queue.set_callback(lambda request, path: results.update({path: request.get_output_tensor(0).data.ravel().copy()}))
    print(f"{len(paths)} images, {len(queue)} requests at a time")
    for path in paths:
        image = read_image(path, list(compiled.input().shape))
        if image is not None:
            queue.start_async(image, path)
    queue.wait_all()
    for path in paths:
        if path in results:
            print_best(path, results[path], arguments.nt)
    if not results:
        raise RuntimeError(f"{arguments.i}: no image that can be read")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-m", type=Path, required=True, metavar="MODEL.xml")
    parser.add_argument("-i", type=Path, required=True, metavar="IMAGE_OR_FOLDER")
    parser.add_argument("-d", default="CPU", metavar="DEVICE")
    parser.add_argument("-nt", type=int, default=10, metavar="COUNT")
    parser.add_argument("-nireq", type=int, default=0, metavar="COUNT")
    classify(parser.parse_args())


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(f"[ ERROR ] {error}")
