#!/usr/bin/env python3
"""Classifies the digits test images with a converted net on the OpenVINO runtime, and prints the accuracy.

    ./mo --input_model examples/digits/digits.caffemodel
    build/venv/bin/python examples/digits/classify.py digits.xml

Needs openvino, opencv-python-headless and numpy; ./test puts them into build/venv.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import openvino

HERE = Path(__file__).resolve().parent


def test_set():
    """Images [N, 1, 8, 8] with values 0 ... 1, as the net was trained on, and labels [N]."""
    lines = [line.split() for line in (HERE / "labels.txt").read_text().splitlines()]
    images = [cv2.imread(str(HERE / name), cv2.IMREAD_GRAYSCALE) for name, _ in lines]
    return np.stack(images)[:, None] / np.float32(255), np.array([int(label) for _, label in lines])


def probabilities(xml: Path, images):
    """[N, 10], one image after the other: the net has a batch of one."""
    compiled = openvino.Core().compile_model(str(xml), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return np.concatenate([compiled({"data": image[None]})["prob"] for image in images])


def main():
    parser = argparse.ArgumentParser(description="Accuracy of the converted digits net on the OpenVINO runtime.")
    parser.add_argument("xml", type=Path, help="what `mo` wrote, e.g. digits.xml")
    images, labels = test_set()
    correct = int((probabilities(parser.parse_args().xml, images).argmax(axis=1) == labels).sum())
    print(f"{correct} of {len(labels)} test images right: accuracy {correct / len(labels):.4f}")


if __name__ == "__main__":
    main()
