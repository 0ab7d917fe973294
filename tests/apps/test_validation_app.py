"""validation_app's accuracies are exactly those that reference code computes from the same IR's results."""

import csv
import re
import shutil
from xml.etree import ElementTree

import numpy as np
import pytest

from support import apps, converter, executors

pytestmark = pytest.mark.usefixtures("mo")
DIGITS = converter.REPOSITORY / "examples" / "digits"
SHAPES = converter.REPOSITORY / "examples" / "shapes"
MEAN = "[150]"
LABELS = {name: int(label) for name, label in (line.split() for line in (DIGITS / "labels.txt").read_text().splitlines())}


def convert(folder, model, *options):
    done = converter.run("--input_model", model, "--output_dir", folder, *options)
    assert done.returncode == 0, done.stderr
    return folder / f"{model.stem}.xml"


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    """An IR that errs now and then: its net was trained without a mean."""
    return convert(tmp_path_factory.mktemp("digits"), DIGITS / "digits.caffemodel", "--scale", 255, "--mean_values", MEAN)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return convert(tmp_path_factory.mktemp("shapes"), SHAPES / "shapes.caffemodel")


@pytest.fixture(scope="module")
def probabilities(digits):
    import cv2

    model = executors.compiled(digits)
    images = [cv2.imread(str(DIGITS / name), cv2.IMREAD_GRAYSCALE) for name in LABELS]
    return np.concatenate([np.array(model({"data": image[None, None].astype(np.float32)})[0]) for image in images])


def top_k_accuracy(scores, labels, k: int) -> int:
    """How many labels are among the k largest scores of their row, as scikit-learn's top_k_accuracy_score counts."""
    ranks = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return int((ranks == np.asarray(labels)[:, None]).any(1).sum())


def accuracies(text: str) -> list:
    return [tuple(map(int, found)) for found in re.findall(r"accuracy: [\d.]+% \((\d+) of (\d+) images", text)]


def list_file(folder):
    shutil.copytree(DIGITS / "images", folder / "images")
    (folder / "list.txt").write_text("".join(f"{name}\t{label}\n" for name, label in LABELS.items()))
    return folder / "list.txt"


def class_folders(folder):
    for name, label in LABELS.items():
        place = folder / "set" / f"number {label}"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(DIGITS / name, place)
    return folder / "set"


@pytest.mark.parametrize("more", [[], ["-b", 7]], ids=["one by one", "batch"])
def test_accuracy_on_a_list_is_that_of_reference_code(more, digits, probabilities, tmp_path):
    done = apps.run("validation_app", "-m", digits, "-i", list_file(tmp_path), "-t", "C", *more)
    assert done.returncode == 0, done.stderr
    expected = [(top_k_accuracy(probabilities, list(LABELS.values()), k), len(LABELS)) for k in (1, 5)]
    assert 100 < expected[0][0] < expected[1][0] < 360  # neither of them is trivial
    assert accuracies(done.stdout) == expected
    assert f"Top1 accuracy: {100 * expected[0][0] / 360:.2f}%" in done.stdout
    assert "Progress: [....................] 100.00% done" in done.stdout


def test_accuracy_on_folders_is_the_same(digits, probabilities, tmp_path):
    (tmp_path / "names").write_text("".join(f"number {i}\n" for i in range(10)))
    done = apps.run("validation_app", "-m", digits, "-i", class_folders(tmp_path), "-lbl", tmp_path / "names")
    assert done.returncode == 0, done.stderr
    assert accuracies(done.stdout)[0][0] == top_k_accuracy(probabilities, list(LABELS.values()), 1)


def test_background_class_shifts_the_labels(digits, probabilities, tmp_path):
    path = list_file(tmp_path)
    kept = {name: label for name, label in LABELS.items() if label < 9}
    path.write_text("".join(f"{name} {label}\n" for name, label in kept.items()))
    done = apps.run("validation_app", "-m", digits, "-i", path, "-Czb", "true")
    rows = [i for i, label in enumerate(LABELS.values()) if label < 9]
    assert accuracies(done.stdout)[0] == (top_k_accuracy(probabilities[rows], [v + 1 for v in kept.values()], 1), len(kept))


def test_dump_has_the_results_of_every_image(digits, probabilities, tmp_path):
    done = apps.run("validation_app", "-m", digits, "-i", list_file(tmp_path), "--dump", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader((tmp_path / "dumpfile0000.csv").open(), delimiter=";"))
    assert len(rows) == len(LABELS)
    for row, (name, label), scores in zip(rows, LABELS.items(), probabilities):
        assert row[0].endswith(name)
        assert row[1] == str(int(scores.argmax() == label))
        assert int(row[2]) == scores.argmax()
        np.testing.assert_allclose([float(v) for v in row[3::2]], -np.sort(-scores)[:5], atol=1e-5)


def test_fitting_changes_what_the_net_sees(digits, tmp_path):
    path = list_file(tmp_path)
    counts = {}
    for fit in (["-ppType", "None"], ["-ppType", "ResizeCrop", "-ppSize", 8], ["-ppType", "ResizeCrop", "-ppSize", 12],
                ["-ppType", "ResizeCrop", "-ppWidth", 8, "-ppHeight", 12]):  # fmt: skip
        done = apps.run("validation_app", "-m", digits, "-i", path, *fit)
        assert done.returncode == 0, done.stderr
        counts[" ".join(map(str, fit[1:]))] = accuracies(done.stdout)[0][0]
    assert counts["None"] == counts["ResizeCrop -ppSize 8"]
    assert counts["ResizeCrop -ppSize 12"] < counts["None"]
    assert counts["ResizeCrop -ppWidth 8 -ppHeight 12"] != counts["ResizeCrop -ppSize 12"]


@pytest.mark.parametrize("version", [3, 7])
def test_legacy_ir_is_validated_too(version, digits, probabilities, tmp_path):
    xml = convert(tmp_path, DIGITS / "digits.caffemodel", "--scale", 255, "--mean_values", MEAN, "--ir_version", version)
    done = apps.run("validation_app", "-m", xml, "-i", list_file(tmp_path))
    assert accuracies(done.stdout)[0][0] == top_k_accuracy(probabilities, list(LABELS.values()), 1)


# The reference for detection: PASCAL VOC 2007's evaluation, written here on arrays.


def overlaps(box, others):
    width = np.clip(np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0]), 0, None)
    height = np.clip(np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1]), 0, None)
    area = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1]) + (box[2] - box[0]) * (box[3] - box[1])
    return width * height / (area - width * height)


def eleven_point_precision(found: list, truths: dict) -> float:
    """`found`: (score, image, box); `truths`: image -> (boxes [N, 4], difficult [N])."""
    hits, used = [], {image: np.zeros(len(boxes), bool) for image, (boxes, _) in truths.items()}
    for _, image, box in sorted(found, key=lambda row: -row[0]):
        boxes, difficult = truths.get(image, (np.zeros((0, 4)), np.zeros(0, bool)))
        shares = overlaps(box, boxes) if len(boxes) else np.zeros(0)
        best = int(shares.argmax()) if len(shares) else -1
        if best >= 0 and shares[best] >= 0.5:
            if difficult[best]:
                continue
            hits.append(not used[image][best])
            used[image][best] = True
        else:
            hits.append(False)
    count = sum(int((~difficult).sum()) for _, difficult in truths.values())
    right = np.cumsum(hits)
    recall, precision = right / count, right / np.arange(1, len(hits) + 1)
    return float(np.mean([precision[recall >= r - 1e-12].max(initial=0) for r in np.linspace(0, 1, 11)]))


def reference_precisions(xml) -> dict:
    import cv2

    model, names = executors.compiled(xml), {"red": 1, "green": 2, "blue": 3}
    found, truths = {c: [] for c in names.values()}, {c: {} for c in names.values()}
    for path in sorted((SHAPES / "Annotations").glob("*.xml")):
        picture = cv2.resize(cv2.imread(str(SHAPES / "images" / f"{path.stem}.png")), (96, 96))
        rows = np.array(model({"data": picture.transpose(2, 0, 1)[None].astype(np.float32)})[0]).reshape(-1, 7)
        for row in rows[: int((rows[:, 0] < 0).argmax())]:  # image -1 ends the list
            found[int(row[1])].append((row[2], path.stem, row[3:]))
        for category in truths:
            objects = [o for o in ElementTree.parse(path).iter("object") if names[o.findtext("name")] == category]
            boxes = [[int(o.findtext(f"bndbox/{s}")) / 288 for s in ("xmin", "ymin", "xmax", "ymax")] for o in objects]
            hard = np.array([o.findtext("difficult") == "1" for o in objects], bool)
            truths[category][path.stem] = (np.array(boxes).reshape(-1, 4), hard)
    return {c: eleven_point_precision(found[c], truths[c]) for c in truths}


def detection_options(**changes):
    options = {"-t": "OD", "-i": SHAPES, "-ODa": SHAPES / "Annotations", "-ODc": SHAPES / "classes.txt", **changes}
    return [word for pair in options.items() for word in pair]


def precisions(text: str) -> tuple:
    rows = {int(c): float(p) for c, p in re.findall(r"^(\d+)\t([\d.]+)$", text, flags=re.MULTILINE)}
    return rows, float(re.search(r"\(mAP\): ([\d.]+)", text)[1])


@pytest.mark.parametrize("more", [[], ["-b", 5]], ids=["one by one", "batch"])
def test_mean_average_precision_is_that_of_reference_code(more, shapes):
    done = apps.run("validation_app", "-m", shapes, *detection_options(), *more)
    assert done.returncode == 0, done.stderr
    expected = reference_precisions(shapes)
    rows, mean = precisions(done.stdout)
    assert {c: round(p, 3) for c, p in expected.items()} == rows
    assert mean == pytest.approx(np.mean(list(expected.values())), abs=5.1e-5)
    assert 0.5 < mean < 0.95  # some squares are hard to find


def test_a_subfolder_between_folder_and_image(shapes, tmp_path):
    shutil.copytree(SHAPES / "images", tmp_path / "images" / "JPEGImages")
    done = apps.run("validation_app", "-m", shapes, *detection_options(**{"-i": tmp_path, "-ODsubdir": "JPEGImages"}))
    assert precisions(done.stdout) == precisions(apps.run("validation_app", "-m", shapes, *detection_options()).stdout)


def wrong_line(folder):
    (folder / "list.txt").write_text("cat.png\n")
    return ["-i", folder / "list.txt"]


def wrong_class(folder):
    path = list_file(folder)
    path.write_text("images/000.png 10\n")
    return ["-i", path]


def unknown_folder(folder):
    (folder / "names").write_text("one\ntwo\n")
    return ["-i", class_folders(folder), "-lbl", folder / "names"]


def all_damaged(folder):
    (folder / "a.png").write_text("no image")
    (folder / "list.txt").write_text("a.png 1\n")
    return ["-i", folder / "list.txt"]


WRONG = {
    "a line without a class": (wrong_line, 3, "dataset", "cat.png"),
    "a class that the model does not have": (wrong_class, 3, "dataset", "10 classes"),
    "a folder that is no label": (unknown_folder, 3, "dataset", "number 1"),
    "an empty folder": (lambda folder: ["-i", folder], 3, "dataset", "no images"),
    "no image that can be read": (all_damaged, 3, "dataset", "none of its images"),
    "detection with a classifier": (lambda folder: detection_options(), 1, "unexpected-model", "list of detections"),
    "no device": (lambda folder: ["-i", list_file(folder), "-d", "NPU9"], 2, "no-device", "CPU"),
    "no such type": (lambda folder: ["-i", folder, "-t", "X"], 2, "command-line", "-t X"),
    "no such kind": (lambda folder: [*detection_options(), "-ODkind", "YOLO"], 2, "command-line", "YOLO"),
    "no images named": (lambda folder: [], 2, "command-line", "-i is missing"),
    "a crop without a size": (lambda folder: ["-i", folder, "-ppType", "ResizeCrop"], 2, "command-line", "-ppSize"),
    "an option that is none": (lambda folder: ["-ppTipe", "None"], 2, "unknown-option", "-ppType"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_one_message_says_what_is_wrong(case, digits, tmp_path):
    prepare, status, code, words = WRONG[case]
    done = apps.run("validation_app", "-m", digits, *prepare(tmp_path))
    assert done.returncode == status, done.stdout + done.stderr
    assert done.stderr.count("[ ERROR ]") == 1
    assert words in done.stderr
    assert f"docs/FAQ.md#{code}" in done.stderr


def test_classification_with_a_detector_is_refused(shapes, tmp_path):
    done = apps.run("validation_app", "-m", shapes, "-i", list_file(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("[ ERROR ]") == 1
    assert "not one number for each class" in done.stderr
    assert "docs/FAQ.md#unexpected-model" in done.stderr


def test_images_that_cannot_be_read_are_left_out_and_named(digits, tmp_path):
    path = list_file(tmp_path)
    (tmp_path / "images" / "003.png").write_bytes(b"\x89PNG broken")
    done = apps.run("validation_app", "-m", digits, "-i", path)
    assert done.returncode == 0
    assert done.stderr.count("WARNING") == 1
    assert "003.png" in done.stderr
    assert accuracies(done.stdout)[0][1] == 359


ANNOTATIONS = {
    "no XML": ("<annotation", "this is no XML"),
    "a class that is not listed": (None, '"red" is not in the list'),
    "an object without a box": ("<annotation><filename>00.png</filename><size><width>9</width><height>9</height></size><object>"
                                "<name>blue</name></object></annotation>", "has no xmin"),
    "no image": ("<annotation/>", "names no image"),
}  # fmt: skip


@pytest.mark.parametrize("case", ANNOTATIONS)
def test_annotations_that_cannot_be_used(case, shapes, tmp_path):
    text, words = ANNOTATIONS[case]
    shutil.copytree(SHAPES / "Annotations", tmp_path / "a")
    if text is not None:
        (tmp_path / "a" / "00.xml").write_text(text)
    (tmp_path / "classes").write_text("blue 3\n" if text is None else "red 1\ngreen 2\nblue 3\n")
    changes = {"-ODa": tmp_path / "a", "-ODc": tmp_path / "classes"}
    done = apps.run("validation_app", "-m", shapes, *detection_options(**changes))
    assert done.returncode == 3
    assert words in done.stderr
    assert "docs/FAQ.md#annotations" in done.stderr
