"""SSD: Normalize, PriorBox, PriorBoxClustered. BVLC Caffe has none of them: formulas say the results."""

import numpy as np

from numeric import detection_formulas as formulas
from numeric.layers.by_formula import case, image, with_defaults
from numeric.row import Numbers


def normalize(name, params, across, shared, eps=1e-10, scale=None, shape=(2, 5, 4, 3), opencv="", type_="Normalize"):
    if scale is None:
        scale = Numbers(name).uniform(0.5, 20, 1 if shared else shape[1])
    blobs = (scale,)
    return case(
        name,
        type_,
        f"norm_param {{ {params} }}",
        image(name, *shape),
        lambda x: formulas.normalize(x, scale, across, eps),
        opencv,
        blobs=blobs,
    )


OFFSET = "ignores offset"


def priors(name, type_, params, expected, layer, shape, opencv):
    inputs = {"map": np.zeros((1, 2, *layer), np.float32), "image": np.zeros((1, 3, *shape), np.float32)}
    said = with_defaults(params, {"clip": "clip: false", "variance": "variance: 0.1"})
    return case(
        name,
        type_,
        f"prior_box_param {{ {params} }}",
        inputs,
        lambda *_: expected,
        opencv,
        f"prior_box_param {{ {said} }}",
    )


def prior(name, params, layer=(5, 7), shape=(60, 90), size=None, opencv="", **said):
    said.setdefault("variance", (0.1,))
    expected = formulas.prior_box(layer, size or shape, **said)
    return priors(name, "PriorBox", params, expected, layer, shape, opencv)


def clustered(name, params, layer=(5, 7), shape=(60, 90), size=None, opencv="", **said):
    expected = formulas.prior_box_clustered(layer, size or shape, **said)
    return priors(name, "PriorBoxClustered", params, expected, layer, shape, opencv)


FOUR = "variance: 0.1 variance: 0.2 variance: 0.3 variance: 0.4"


FOUR_VALUES = (0.1, 0.2, 0.3, 0.4)


ROWS = [
    normalize("normalize_default", "", True, True, opencv="takes one image"),
    normalize("normalize_as_opencv_says", "", True, True, shape=(1, 5, 4, 3), type_="NormalizeBBox"),
    normalize("normalize_one_image", "", True, True, shape=(1, 5, 4, 3)),
    normalize("normalize_across_channels", "across_spatial: false", False, True),
    normalize("normalize_ssd", "across_spatial: false channel_shared: false", False, False),
    normalize("normalize_per_channel_across_all", "channel_shared: false", True, False, opencv="takes one image"),
    normalize("normalize_eps", "across_spatial: false eps: 0.5", False, True, eps=0.5),
    normalize(
        "normalize_zero_scale", "across_spatial: false channel_shared: false", False, False, scale=np.zeros(5, "f4")
    ),
    prior("prior_default", "min_size: 20", min_size=(20,)),
    prior("prior_max", "min_size: 20 max_size: 35 variance: 0.1", min_size=(20,), max_size=(35,)),
    prior("prior_ratio", "min_size: 20 aspect_ratio: 2 variance: 0.1", min_size=(20,), ratios=(2,)),
    prior(
        "prior_ratios_max",
        "min_size: 20 max_size: 35 aspect_ratio: 2 aspect_ratio: 3 variance: 0.1",
        min_size=(20,),
        max_size=(35,),
        ratios=(2, 3),
    ),
    prior(
        "prior_no_flip",
        "min_size: 20 aspect_ratio: 2 aspect_ratio: 0.5 flip: false variance: 0.1",
        min_size=(20,),
        ratios=(2, 0.5),
        flip=False,
    ),
    prior(
        "prior_repeated_ratio",
        "min_size: 20 aspect_ratio: 1 aspect_ratio: 2 aspect_ratio: 2 variance: 0.1",
        min_size=(20,),
        ratios=(1, 2, 2),
    ),
    prior(
        "prior_two_sizes",
        f"min_size: 20 min_size: 30 max_size: 35 max_size: 50 aspect_ratio: 2 {FOUR}",
        min_size=(20, 30),
        max_size=(35, 50),
        ratios=(2,),
        variance=FOUR_VALUES,
        opencv="orders several sizes otherwise",
    ),
    prior(
        "prior_two_sizes_no_max",
        "min_size: 20 min_size: 30 variance: 0.1",
        min_size=(20, 30),
    ),
    prior("prior_clip", "min_size: 20 clip: true variance: 0.1", min_size=(20,), clip=True),
    prior("prior_one_variance", "min_size: 20 variance: 0.25", min_size=(20,), variance=(0.25,)),
    prior("prior_four_variances", f"min_size: 20 {FOUR}", min_size=(20,), variance=FOUR_VALUES),
    prior("prior_step", "min_size: 20 step: 16 variance: 0.1", min_size=(20,), step=(16, 16)),
    prior(
        "prior_step_offset",
        "min_size: 20 step: 16 offset: 0.25 variance: 0.1",
        min_size=(20,),
        step=(16, 16),
        offset=0.25,
        opencv=OFFSET,
    ),
    prior("prior_offset_alone", "min_size: 20 offset: 0 variance: 0.1", min_size=(20,), offset=0, opencv=OFFSET),
    prior(
        "prior_step_h_w", "min_size: 20 step_h: 12 step_w: 14 variance: 0.1", min_size=(20,), step=(12, 14)
    ),
    prior("prior_step_h_w_equal", "min_size: 20 step_h: 12 step_w: 12 variance: 0.1", min_size=(20,), step=(12, 12)),
    prior(
        "prior_step_h_w_everything",
        f"min_size: 20 max_size: 31 aspect_ratio: 2 clip: true step_h: 12 step_w: 14 offset: 0.3 {FOUR}",
        min_size=(20,),
        max_size=(31,),
        ratios=(2,),
        clip=True,
        step=(12, 14),
        offset=0.3,
        variance=FOUR_VALUES,
        opencv=OFFSET,
    ),
    prior(
        "prior_img_size",
        "min_size: 20 img_size: 100 variance: 0.1",
        min_size=(20,),
        size=(100, 100),
        opencv="ignores img_size",
    ),
    prior(
        "prior_img_h_w",
        "min_size: 20 img_h: 100 img_w: 80 step: 11 variance: 0.1",
        min_size=(20,),
        size=(100, 80),
        step=(11, 11),
        opencv="ignores img_h",
    ),
    prior(
        "prior_fraction", "min_size: 20.5 max_size: 31.25 variance: 0.1", min_size=(20.5,), max_size=(31.25,)
    ),
    clustered("clustered", "width: 10 height: 20 variance: 0.1", width=(10,), height=(20,)),
    clustered(
        "clustered_several",
        f"width: 10 width: 30 height: 20 height: 15 {FOUR}",
        width=(10, 30),
        height=(20, 15),
        variance=FOUR_VALUES,
    ),
    clustered("clustered_clip", "width: 40 height: 50 clip: true variance: 0.1", width=(40,), height=(50,), clip=True),
    clustered("clustered_step", "width: 10 height: 20 step: 16 variance: 0.1", width=(10,), height=(20,), step=(16, 16)),
    clustered(
        "clustered_step_h_w",
        "width: 10 height: 20 step_h: 12 step_w: 14 variance: 0.1",
        width=(10,),
        height=(20,),
        step=(12, 14),
    ),
    clustered(
        "clustered_step_offset",
        "width: 10 height: 20 step: 16 offset: 0.25 variance: 0.1",
        width=(10,),
        height=(20,),
        step=(16, 16),
        offset=0.25,
        opencv=OFFSET,
    ),
    clustered(
        "clustered_offset_alone",
        "width: 10 height: 20 offset: 0.25 variance: 0.1",
        width=(10,),
        height=(20,),
        offset=0.25,
        opencv=OFFSET,
    ),
    clustered(
        "clustered_img_h_w",
        "width: 10 height: 20 img_h: 100 img_w: 80 variance: 0.1",
        width=(10,),
        height=(20,),
        size=(100, 80),
        opencv="ignores img_h",
    ),
    clustered("clustered_img_size", "width: 10 height: 20 img_size: 90 variance: 0.1", width=(10,), height=(20,),
              size=(90, 90), opencv="ignores img_size"),
]
