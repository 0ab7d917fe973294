#!/usr/bin/env python3
"""Trains the digits net and writes everything in this folder that is data:

    digits.prototxt, digits.caffemodel    the net
    images/NNN.png, labels.txt            the 360 test images and `file class` a line

Needs numpy, scikit-learn (for the data: 1797 scanned digits of 8x8 pixels) and nothing else; takes some seconds.
The seed is fixed: the same versions of both packages give the same files.
"""

import struct
import zlib
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import caffemodel
import network

HERE = Path(__file__).resolve().parent
SEED = 7
TEST_IMAGES = 360
EPOCHS = 15
BATCH = 32
LEARNING_RATE = 0.05
MOMENTUM = 0.9
WEIGHT_DECAY = 5e-4
STATISTICS_DECAY = 0.95  # of BatchNorm's running sums


def load(generator):
    """Bytes [N, 8, 8] as the PNG files have them, and labels [N]; in random order."""
    data = load_digits()
    images = np.round(data.images * (255 / 16)).astype(np.uint8)
    order = generator.permutation(len(images))
    return images[order], data.target[order]


def initial_blobs(generator) -> dict:
    blobs, inputs = {}, 1
    for i, channels in enumerate(network.CHANNELS, start=1):
        spread = np.sqrt(2 / (9 * inputs))
        blobs[f"conv{i}"] = [generator.normal(0, spread, (channels, inputs, 3, 3)).astype(np.float32)]
        blobs[f"bn{i}"] = [np.zeros(channels, np.float32), np.zeros(channels, np.float32), np.zeros(1, np.float32)]
        blobs[f"scale{i}"] = [np.ones(channels, np.float32), np.zeros(channels, np.float32)]
        inputs = channels
    features = inputs * 2 * 2  # 8x8 pixels after two poolings
    weights = generator.normal(0, np.sqrt(1 / features), (network.CLASSES, features)).astype(np.float32)
    blobs["score"] = [weights, np.zeros(network.CLASSES, np.float32)]
    return blobs


def normalize(x, running):
    """BatchNorm by the batch's own statistics, which it adds to the running sums."""
    mean, variance = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    for total, value in zip(running, (mean, variance, np.ones(1, np.float32))):
        total *= STATISTICS_DECAY
        total += value
    deviation = np.sqrt(network.per_channel(variance) + network.EPSILON)
    return (x - network.per_channel(mean)) / deviation, deviation


def gradients(blobs, x, labels) -> dict:
    """Of the mean cross-entropy, by layer; running sums of BatchNorm are updated on the way."""
    saved = []
    for i in range(1, len(network.CHANNELS) + 1):
        convolved = network.convolution(x, blobs[f"conv{i}"][0])
        normal, deviation = normalize(convolved, blobs[f"bn{i}"])
        gamma, beta = blobs[f"scale{i}"]
        active = np.maximum(normal * network.per_channel(gamma) + network.per_channel(beta), 0)
        pooled, mask = network.max_pool(active)
        saved.append((x, normal, deviation, active, mask))
        x = pooled
    weights, bias = blobs["score"]
    features = x.reshape(len(x), -1)
    delta = network.softmax(features @ weights.T + bias)
    delta[np.arange(len(labels)), labels] -= 1
    delta /= len(labels)

    out = {"score": [delta.T @ features, delta.sum(axis=0)]}
    delta = (delta @ weights).reshape(x.shape)
    for i in range(len(network.CHANNELS), 0, -1):
        x, normal, deviation, active, mask = saved[i - 1]
        delta = network.max_pool_backward(mask, delta) * (active > 0)
        over = (0, 2, 3)
        out[f"scale{i}"] = [(delta * normal).sum(axis=over), delta.sum(axis=over)]
        delta = delta * network.per_channel(blobs[f"scale{i}"][0])
        delta = delta - network.per_channel(delta.mean(axis=over)) \
            - normal * network.per_channel((delta * normal).mean(axis=over))
        delta, weights_gradient = network.convolution_backward(x, blobs[f"conv{i}"][0], delta / deviation)
        out[f"conv{i}"] = [weights_gradient]
    return out


def train(images, labels, generator) -> dict:
    """Stochastic gradient descent with momentum; the rate falls along a half cosine."""
    blobs = initial_blobs(generator)
    velocity = {name: [np.zeros_like(b) for b in group] for name, group in blobs.items()}
    x = (images[:, None] / np.float32(255)).astype(np.float32)
    for epoch in range(EPOCHS):
        rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS))
        order = generator.permutation(len(x))
        for begin in range(0, len(x), BATCH):
            chosen = order[begin : begin + BATCH]
            for name, group in gradients(blobs, x[chosen], labels[chosen]).items():
                for value, speed, gradient in zip(blobs[name], velocity[name], group):
                    speed *= MOMENTUM
                    speed -= np.float32(rate) * (gradient + np.float32(WEIGHT_DECAY) * value)
                    value += speed
    return blobs


def png(image) -> bytes:
    """An 8-bit greyscale PNG of bytes [H, W]."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def main():
    generator = np.random.default_rng(SEED)
    images, labels = load(generator)
    test_images, test_labels = images[:TEST_IMAGES], labels[:TEST_IMAGES]
    blobs = train(images[TEST_IMAGES:], labels[TEST_IMAGES:], generator)

    layers = network.layers(blobs)
    (HERE / "digits.prototxt").write_text(caffemodel.text("digits", layers))
    (HERE / "digits.caffemodel").write_bytes(caffemodel.binary("digits", layers))
    (HERE / "images").mkdir(exist_ok=True)
    for i, image in enumerate(test_images):
        (HERE / "images" / f"{i:03}.png").write_bytes(png(image))
    (HERE / "labels.txt").write_text("".join(f"images/{i:03}.png {label}\n" for i, label in enumerate(test_labels)))

    probabilities = network.forward(blobs, test_images[:, None] / np.float32(255))
    correct = int((probabilities.argmax(axis=1) == test_labels).sum())
    print(f"{correct} of {TEST_IMAGES} test images right: accuracy {correct / TEST_IMAGES:.4f}")


if __name__ == "__main__":
    main()
