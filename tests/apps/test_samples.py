"""The samples on the runtime: what they print and draw is what the IR gives."""

import re

import numpy as np
import pytest

from support import apps, converter, executors

DIGITS = converter.REPOSITORY / "examples" / "digits"
SHAPES = converter.REPOSITORY / "examples" / "shapes"
ASYNC = ["classification_sample_async", "classification_sample_async.py"]
SSD = ["object_detection_sample_ssd", "object_detection_sample_ssd.py"]


def convert(folder, model, *options):
    done = converter.run("--input_model", model, "--output_dir", folder, *options)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def models(tmp_path_factory, mo):
    folder = tmp_path_factory.mktemp("models")
    convert(folder, DIGITS / "digits.caffemodel", "--scale", 255)
    convert(folder, SHAPES / "shapes.caffemodel")
    convert(folder, SHAPES / "shapes.caffemodel", "--output", "colours", "--model_name", "colours")
    (folder / "shapes.labels").write_text((SHAPES / "shapes.labels").read_text())
    return folder


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("program", ["hello_classification", "hello_classification.py", *ASYNC, *SSD, "segmentation_sample",
                                     "validation_app", "mo-verify"])  # fmt: skip
def test_help_is_no_error(program, option, mo):
    done = apps.run(program, option)
    assert done.returncode == 0 and done.stderr == ""
    assert "-m" in done.stdout or "MODEL.xml" in done.stdout or "--input_model" in done.stdout


@pytest.mark.parametrize("more", [[], ["-nireq", 3]], ids=["requests as suit the device", "three requests"])
@pytest.mark.parametrize("sample", ASYNC)
def test_many_images_get_the_classes_of_one_at_a_time(sample, more, models, tmp_path):
    names = [f"{i:03}.png" for i in range(8)]
    for name in names:
        (tmp_path / name).write_bytes((DIGITS / "images" / name).read_bytes())
    (tmp_path / "note.txt").write_text("no image")
    done = apps.run(sample, "-m", models / "digits.xml", "-i", tmp_path, "-nt", 3, *more)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("WARNING") == 1
    assert "note.txt" in done.stderr
    parts = re.split(r"^Image (.+)$", done.stdout, flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2]))
    assert sorted(found) == [str(tmp_path / name) for name in names]
    for path, text in found.items():
        alone = apps.run("hello_classification", models / "digits.xml", path)
        rows = re.findall(r"^(\d+) +([\d.]+)", text, flags=re.MULTILINE)
        expected = re.findall(r"^(\d+) +([\d.]+)", alone.stdout, flags=re.MULTILINE)[:3]
        assert len(rows) == 3
        assert rows[0][0] == expected[0][0]
        assert float(rows[0][1]) == pytest.approx(float(expected[0][1]), abs=2e-3)


def detections(models, picture):
    """(class, score, corners in pixels) of scores from 0.5 on, by the IR itself on the picture made smaller."""
    import cv2

    small = cv2.resize(picture, (96, 96))
    rows = executors.run_openvino(models / "shapes.xml", {"data": small.transpose(2, 0, 1)[None].astype(np.float32)})
    found = rows["detections"].reshape(-1, 7)
    found = found[: int((found[:, 0] < 0).argmax())]
    return [(int(row[1]), row[2], row[3:] * 288) for row in found if row[2] >= 0.5]


@pytest.mark.parametrize("sample", SSD)
def test_detections_are_printed_and_drawn(sample, models, tmp_path):
    import cv2

    done = apps.run(sample, "-m", models / "shapes.xml", "-i", SHAPES / "images" / "00.png", "-o", tmp_path / "out.png")
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^class (\d) score ([\d.]+) box \((\d+), (\d+)\) - \((\d+), (\d+)\)$", done.stdout, flags=re.MULTILINE)
    picture = cv2.imread(str(SHAPES / "images" / "00.png"))
    expected = detections(models, picture)
    assert len(rows) == len(expected) >= 3
    for row, (category, score, corners) in zip(sorted(rows), sorted(expected, key=lambda e: (str(e[0]), e[1]))):
        assert int(row[0]) == category
        assert float(row[1]) == pytest.approx(score, abs=0.02)
        assert np.abs(np.array(row[2:], float) - np.clip(corners, 0, 287)).max() <= 4
    drawn = cv2.imread(str(tmp_path / "out.png"))
    changed = (drawn != picture).any(-1)
    assert 0.01 < changed.mean() < 0.2
    for _, _, left, top, right, bottom in rows:  # the frame is there, the inside is as it was
        left, top, right, bottom = (int(v) for v in (left, top, right, bottom))
        assert changed[bottom, left : right + 1].all()
        assert not changed[(top + bottom) // 2, left + 4 : right - 4].any()


def test_both_languages_draw_the_same_picture_and_it_is_the_one_in_the_documentation(models, tmp_path):
    import cv2

    pictures = []
    for sample in SSD:
        apps.run(sample, "-m", models / "shapes.xml", "-i", SHAPES / "images" / "00.png", "-o", tmp_path / "out.png")
        pictures.append(cv2.imread(str(tmp_path / "out.png")).astype(float))
    shown = cv2.imread(str(converter.REPOSITORY / "docs" / "images" / "shapes.png")).astype(float)
    for picture in pictures:
        assert np.abs(picture - shown).mean() < 1.5


def voc_colour(category: int) -> list:
    """Red, green, blue, as the VOC development kit makes its colour map."""
    colour = [0, 0, 0]
    for bit in range(8):
        for channel in range(3):
            colour[channel] |= ((category >> (3 * bit + channel)) & 1) << (7 - bit)
    return colour


def test_segmentation_colours_the_best_class_of_every_pixel(models, tmp_path):
    import cv2

    path = SHAPES / "images" / "00.png"
    done = apps.run("segmentation_sample", "-m", models / "colours.xml", "-i", path, "-o", tmp_path / "map.png")
    assert done.returncode == 0, done.stderr
    picture = cv2.imread(str(path))
    small = cv2.resize(picture, (96, 96)).transpose(2, 0, 1)[None].astype(np.float32)
    classes = executors.run_openvino(models / "colours.xml", {"data": small})["colours"][0].argmax(0)
    assert len(np.unique(classes)) == 4
    expected = np.array([voc_colour(c)[::-1] for c in range(4)], np.uint8)[classes].repeat(3, 0).repeat(3, 1)
    drawn = cv2.imread(str(tmp_path / "map.png"))
    assert (drawn == expected).all(-1).mean() > 0.998
    over = cv2.imread(str(tmp_path / "map_over.png"))
    assert np.abs(over.astype(float) - (drawn.astype(float) + picture) / 2).max() <= 1
    for category in range(4):
        assert f"class {category}: {100 * (classes == category).mean():.1f}%" in done.stdout


WRONG = {
    "no image": ("digits.xml", DIGITS / "README.md", [], "no image that can be read"),
    "no such image": ("digits.xml", "none.png", [], "none.png"),
    "no model": ("none.xml", DIGITS / "images" / "000.png", [], "there is no such file"),
    "no device": ("digits.xml", DIGITS / "images" / "000.png", ["-d", "NPU9"], "there is no device NPU9 here, but: CPU"),
}


@pytest.mark.parametrize(("sample", "case"), [
    *((sample, case) for sample in (ASYNC[0], SSD[0], "segmentation_sample") for case in WRONG),
    *((sample, case) for sample in (ASYNC[1], SSD[1]) for case in ("no image", "no device")),
])  # fmt: skip
def test_one_message_says_what_is_wrong(sample, case, models):
    model, image, more, words = WRONG[case]
    if sample in SSD:
        model = model.replace("digits", "shapes")
    if sample == "segmentation_sample":
        model = model.replace("digits", "colours")
    done = apps.run(sample, "-m", models / model, "-i", image, *more)
    assert done.returncode == 1
    assert words in done.stderr
    assert sum("ERROR" in line for line in done.stderr.splitlines()) == 1


@pytest.mark.parametrize("sample", [*ASYNC, "hello_classification", "hello_classification.py"])
def test_a_classifier_refuses_a_detector(sample, models):
    image = SHAPES / "images" / "00.png"
    arguments = ["-m", models / "shapes.xml", "-i", image] if sample in ASYNC else [models / "shapes.xml", image]
    done = apps.run(sample, *arguments)
    assert done.returncode == 1
    assert "its output is not one number for each class" in done.stderr
    assert sum("ERROR" in line for line in done.stderr.splitlines()) == 1


@pytest.mark.parametrize("sample", [*SSD, "segmentation_sample"])
def test_a_model_with_another_output_is_refused(sample, models):
    done = apps.run(sample, "-m", models / "digits.xml", "-i", DIGITS / "images" / "000.png")
    assert done.returncode == 1
    assert "its output is no" in done.stderr
