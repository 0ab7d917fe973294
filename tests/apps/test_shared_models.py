"""mo verify and the samples on the models that lie beside the repository, in ../shared; where the folder is absent, nothing
is missing.  MO_FULL=1 takes all that OpenCV runs; the short form a few.
"""

import argparse
import re

import check_verify
import pytest

from support import apps, converter

SHARED = converter.REPOSITORY.parent / "shared"
FULL = converter.is_full()
MODELS = ("SampLeNet", "lenet_mnist", "mtcnn_det1", "mtcnn_det1_half", "res10_ssd_face")

pytestmark = pytest.mark.skipif(not (SHARED / "models").is_dir(), reason="no models beside the repository")


def names():
    here = sorted(p.parent.name for p in (SHARED / "models").glob("*/deploy.prototxt"))
    return [n for n in here if FULL or n in MODELS]


@pytest.mark.parametrize("name", names())
def test_trained_models_are_verified(name, mo):
    arguments = argparse.Namespace(models=SHARED / "models", topologies=None, references=SHARED / "reference-ir",
                                   images=SHARED / "images", caffe="", only=name)  # fmt: skip
    (found,) = check_verify.sweep(arguments, report=lambda *_: None)
    assert found.state == "agrees" or (FULL and found.state in ("not converted", "not compared")), found
    assert found.layers > 0 or found.state != "agrees"


def convert(name, folder, *options):
    model = SHARED / "models" / name
    weights = next(model.glob("*.caffemodel"))
    done = converter.convert(model / "deploy.prototxt", weights, folder, name, *options)
    assert done.status == 0, done.stderr
    return done.xml


@pytest.mark.parametrize("sample", ["object_detection_sample_ssd", "object_detection_sample_ssd.py"])
@pytest.mark.parametrize(("name", "options"), [("res10_ssd_face", ["--mean_values", "[104,177,123]"]),
                                               ("face_detection_retail_0044", []), ("yufacedetect_v1", [])])  # fmt: skip
def test_a_face_is_found_where_it_is(sample, name, options, tmp_path, mo):
    xml = convert(name, tmp_path, *options)
    done = apps.run(sample, "-m", xml, "-i", SHARED / "images" / "grace_hopper_227.png", "-o", tmp_path / "out.png")
    assert done.returncode == 0, done.stderr
    boxes = re.findall(r"^class 1 score ([\d.]+) box \((\d+), (\d+)\) - \((\d+), (\d+)\)$", done.stdout, flags=re.MULTILINE)
    assert len(boxes) == 1
    score, *corners = map(float, boxes[0])
    assert score > 0.9
    for found, seen in zip(corners, (78, 46, 156, 124)):  # from brow to chin, looked up by eye
        assert abs(found - seen) <= 8


def test_the_map_of_a_proposal_net_shows_the_face(tmp_path, mo):
    """MTCNN's first net, whose faces are twelve pixels high, on the photograph made small."""
    import cv2

    xml = convert("mtcnn_det1", tmp_path, "--input_shape", "[1,3,34,34]", "--output", "prob1", "--reverse_input_channels",
                  "--mean_values", "[127.5,127.5,127.5]", "--scale", 128)  # fmt: skip
    done = apps.run("segmentation_sample", "-m", xml, "-i", SHARED / "images" / "grace_hopper_227.png", "-o", tmp_path / "map.png")
    assert done.returncode == 0, done.stderr
    faces = cv2.imread(str(tmp_path / "map.png")).any(-1)
    inside = faces[46:124, 78:156].mean()
    outside = (faces.sum() - faces[46:124, 78:156].sum()) / (faces.size - 78 * 78)
    assert inside > 5 * outside


def test_a_photograph_is_classified(tmp_path, mo):
    xml = convert("open_nsfw_resnet50_1by2", tmp_path, "--mean_values", "[104,117,123]")
    done = apps.run("hello_classification", xml, SHARED / "images" / "space_shuttle.jpg")
    assert re.search(r"^0 +0\.99", done.stdout, flags=re.MULTILINE), done.stdout
