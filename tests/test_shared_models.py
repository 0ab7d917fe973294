"""Models and references that lie beside the repository, in ../shared; where the folder is absent, nothing is missing.

MO_FULL=1 takes all of them; the short form a few of each kind.
"""

import sys

import check_models
import pytest

from support import converter

SHARED = converter.REPOSITORY.parent / "shared"
FULL = converter.is_full()
MODELS = (
    "SampLeNet",
    "lenet_mnist",
    "lenet_mnist_v1_derived",
    "mtcnn_det1",
    "mtcnn_det1_half",
    "landmark106",
)
TOPOLOGIES = ("alexnet", "googlenet_v1", "mobilenet_v2", "se-resnext-50", "squeezenet_v1.1")

pytestmark = pytest.mark.skipif(
    not (SHARED / "reference-ir").is_dir(), reason="no models beside the repository"
)


def names(folder, short):
    here = sorted(p.parent.name for p in (SHARED / folder).glob("*/deploy.prototxt"))
    return [n for n in here if FULL or n in short]


@pytest.mark.parametrize("name", names("models", MODELS))
def test_trained_models_give_their_numbers(name, mo):
    (verdict,) = check_models.sweep(
        SHARED / "models", None, "", SHARED / "reference-ir", name, report=str, images=SHARED / "images"
    )
    assert verdict.good, str(verdict)
    assert FULL or verdict.state == "ok", str(verdict)


@pytest.mark.parametrize("name", names("topologies", TOPOLOGIES))
def test_published_topologies_give_their_numbers(name, mo):
    weights = f"{sys.executable} {SHARED / 'zoo' / 'make_caffemodel.py'}"
    (verdict,) = check_models.sweep(
        None, SHARED / "topologies", weights, SHARED / "reference-ir", name, report=str
    )
    assert verdict.good, str(verdict)
    assert FULL or verdict.state == "ok", str(verdict)
