#!/usr/bin/env python3
"""Writes everything in this folder that is data:

    shapes.caffemodel        weights of shapes.prototxt, by thought and not by training
    images/NN.png            pictures with red, green and blue squares, some of them dim or half covered
    Annotations/NN.xml       where the squares are, as PASCAL VOC writes it
    classes.txt              `name number` a line; shapes.labels has the names alone

Needs numpy and nothing else.  The seed is fixed: the same files each time.
"""

import struct
import sys
import zlib
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "digits"))
import caffemodel  # noqa: E402

SEED = 11
IMAGES = 12
GRID = 96  # the net's input
SCALE = 3  # pixels of a picture for each of the net's
NAMES = ["background", "red", "green", "blue"]
PURE = {1: (40, 40, 220), 2: (50, 190, 60), 3: (210, 80, 40)}  # blue, green, red
SIZES = (14, 16, 18, 22, 24, 26)


def weights() -> dict:
    # A colour's score is its own channel less the mean of the others; the background's is constant.
    colours = np.full((4, 3, 1, 1), -0.5, np.float32)
    colours[0] = 0
    for category, channel in ((1, 2), (2, 1), (3, 0)):
        colours[category, channel] = 1
    blobs = {"colours": [colours / 8, np.array([6, 0, 0, 0], np.float32)]}
    for size in (16, 24):
        inside = np.zeros((size + 8, size + 8), bool)
        inside[4:-4, 4:-4] = True
        contrast = np.where(inside, 1 / inside.sum(), -1 / (~inside).sum()).astype(np.float32)
        fill = np.tile(contrast * 16, (4, 1, 1, 1)).astype(np.float32)
        fill[0] = 0  # the background
        blobs[f"fill{size}"] = [fill, np.array([0, -9, -9, -9], np.float32)]
        blobs[f"move{size}"] = [np.zeros((4, 4, 1, 1), np.float32), np.zeros(4, np.float32)]
    return blobs


def scene(generator):
    """A picture [GRID, GRID, 3] and the squares in it: (class, left, top, right, bottom, hard to see)."""
    tiles = generator.integers(90, 150, (GRID // 8, GRID // 8, 1)) + generator.integers(-8, 9, (GRID // 8, GRID // 8, 3))
    picture = np.repeat(np.repeat(tiles, 8, 0), 8, 1)
    squares, taken = [], np.zeros((GRID, GRID), bool)
    for _ in range(60):
        if len(squares) == 5:
            break
        category, size = int(generator.integers(1, 4)), int(generator.choice(SIZES))
        left, top = (int(v) for v in generator.integers(2, GRID - size - 2, 2))
        place = (slice(max(0, top - 6), top + size + 6), slice(max(0, left - 6), left + size + 6))
        if taken[place].any():
            continue
        taken[place] = True
        area = picture[top : top + size, left : left + size]
        kind = generator.random()
        colour = np.array(PURE[category])
        if kind < 0.15:  # dim
            colour = (colour * 0.25 + 105).astype(int)
        area[:] = colour
        if 0.15 <= kind < 0.3:  # its lower half covered
            area[size // 2 :] = 120
        squares.append((category, left, top, left + size, top + size, 0.15 <= kind < 0.3))
    return np.clip(picture, 0, 255).astype(np.uint8), squares


def png(picture) -> bytes:
    """An 8-bit PNG of a picture [H, W, 3] in the order blue, green, red."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = picture.shape
    rows = b"".join(b"\0" + row.tobytes() for row in picture[:, :, ::-1])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def annotation(name: str, squares) -> str:
    size = GRID * SCALE
    text = (f"<annotation>\n  <folder>images</folder>\n  <filename>{name}.png</filename>\n"
            f"  <size><width>{size}</width><height>{size}</height><depth>3</depth></size>\n")  # fmt: skip
    for category, *corners, hard in squares:
        sides = "".join(f"<{side}>{value * SCALE}</{side}>" for side, value in zip(("xmin", "ymin", "xmax", "ymax"), corners))
        text += (f"  <object><name>{NAMES[category]}</name><difficult>{int(hard)}</difficult>"
                 f"<bndbox>{sides}</bndbox></object>\n")  # fmt: skip
    return text + "</annotation>\n"


def main():
    layers = [{"name": name, "type": "Convolution", "bottom": [], "top": [], "blobs": blobs}
              for name, blobs in weights().items()]  # fmt: skip
    (HERE / "shapes.caffemodel").write_bytes(caffemodel.binary("shapes", layers))
    generator = np.random.default_rng(SEED)
    for folder in ("images", "Annotations"):
        (HERE / folder).mkdir(exist_ok=True)
    for i in range(IMAGES):
        picture, squares = scene(generator)
        picture = np.repeat(np.repeat(picture, SCALE, 0), SCALE, 1)
        (HERE / "images" / f"{i:02}.png").write_bytes(png(picture))
        (HERE / "Annotations" / f"{i:02}.xml").write_text(annotation(f"{i:02}", squares))
    (HERE / "classes.txt").write_text("".join(f"{name} {i}\n" for i, name in enumerate(NAMES)))
    (HERE / "shapes.labels").write_text("".join(f"{name}\n" for name in NAMES))


if __name__ == "__main__":
    main()
