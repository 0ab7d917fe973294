"""R-CNN: ROIPooling, PSROIPooling, ROIAlign, Proposal. BVLC Caffe has none of them: formulas say the results."""

from dataclasses import replace

import numpy as np

from numeric import detection_formulas as formulas
from numeric.layers.by_formula import case
from numeric.row import Numbers


def rois(numbers, count, width, height, images):
    left, top = numbers.uniform(0, width * 0.7, count), numbers.uniform(0, height * 0.7, count)
    right, bottom = left + numbers.uniform(1, width * 0.6, count), top + numbers.uniform(1, height * 0.6, count)
    which = np.arange(count) % images
    return np.stack([which, left, top, right, bottom], 1).round().astype(np.float32)


def roi_pooling(name, params, pooled, scale=1.0, images=1, trailing=(), opencv=""):
    numbers = Numbers(name)
    data = numbers.normal(images, 3, 9, 12)
    regions = rois(numbers, 6, 12 / scale, 9 / scale, images)
    return case(
        name,
        "ROIPooling",
        f"roi_pooling_param {{ {params} }}",
        {"data": data, "rois": regions.reshape(6, 5, *trailing)},
        lambda x, r: formulas.roi_pooling(x, r.reshape(-1, 5), pooled, scale),
        opencv,
    )


def psroi_pooling(name, channels, group, scale, images=1):
    numbers = Numbers(name)
    data = numbers.normal(images, channels * group * group, 9, 12)
    params = f"psroi_pooling_param {{ output_dim: {channels} group_size: {group} spatial_scale: {scale} }}"
    return case(
        name,
        "PSROIPooling",
        params,
        {"data": data, "rois": rois(numbers, 6, 12 / scale, 9 / scale, images)},
        lambda x, r: formulas.psroi_pooling(x, r, channels, group, scale),
    )


def roi_align(name, params, pooled, scale=1.0, ratio=0, images=1, trailing=()):
    numbers = Numbers(name)
    data = numbers.normal(images, 3, 9, 12)
    # Not rounded: that is what the layer is for.
    regions = rois(numbers, 6, 12 / scale, 9 / scale, images) + [0, 0.3, 0.4, 0.1, 0.7]
    return case(
        name,
        "ROIAlign",
        f"roi_align_param {{ {params} }}",
        {"data": data, "rois": regions.astype(np.float32).reshape(6, 5, *trailing)},
        lambda x, r: formulas.roi_align(x, r.reshape(-1, 5), pooled, scale, ratio),
        "lacks the layer",
    )


def proposal(name, params, python="", size=(6, 9), **said):
    """`params` as in proposal_param, or `python` as a param_str.

    Boxes below min_size, which Faster R-CNN drops, stand behind the others in the runtimes' results.
    """
    p = {"base": 16, "stride": 16, "min_size": 16, "ratios": (0.5, 1, 2), "scales": (8, 16, 32)}
    p |= {"pre": 6000, "post": 300, "threshold": 0.7} | said
    numbers = Numbers(name)
    count = len(p["ratios"]) * len(p["scales"])
    inputs = {
        "scores": numbers.uniform(0, 1, 1, 2 * count, *size),
        "deltas": 0.3 * numbers.normal(1, 4 * count, *size),
        "im_info": np.array([[size[0] * p["stride"], size[1] * p["stride"], 1.0]], np.float32),
    }

    def expected(scores, deltas, info):
        boxes = formulas.proposal(scores, deltas, info[0], **p)
        found = np.zeros((p["post"], 5), np.float32)
        found[: len(boxes), 1:] = boxes
        return found

    params = f"proposal_param {{ {params} }}"
    if python:
        params = f"python_param {{ module: 'rpn.proposal_layer' layer: 'ProposalLayer' param_str: \"{python}\" }}"
    return case(
        name,
        "Python" if python else "Proposal",
        params,
        inputs,
        expected,
        "has no Python layers" if python else "measures the overlap of boxes otherwise",
        padded=("out",),
    )


def simpler_nms(name, params, **said):
    """What Proposal computes with base_size 16 and the ratios 0.5, 1 and 2; boxes are kept as there."""
    row = proposal(name, "", **{"post": 150} | said)
    net = row.net.replace('"Proposal"', '"SimplerNMS"').replace("proposal_param {", f"simpler_nms_param {{ {params}")
    return replace(row, net=net, opencv="lacks the layer")


def renamed(row, name, type_):
    """The same under another fork's name of the layer."""
    return replace(row, name=name, net=row.net.replace('"Proposal"', f'"{type_}"'), opencv="lacks this spelling")


ROWS = [
    renamed(proposal("proposal_fork", "post_nms_topn: 12", post=12), "proposal_fork", "RPNProposal"),
    simpler_nms("simpler_nms", ""),
    simpler_nms("simpler_nms_counts", "pre_nms_topn: 30 post_nms_topn: 12", pre=30, post=12),
    simpler_nms("simpler_nms_overlap", "iou_threshold: 0.3 post_nms_topn: 12", threshold=0.3, post=12),
    simpler_nms("simpler_nms_least", "min_bbox_size: 40 scale: 2 scale: 4 post_nms_topn: 12",
                min_size=40, scales=(2, 4), post=12),
    simpler_nms("simpler_nms_spelt", "cls_threshold: 0.9 max_num_proposals: 3 feat_stride: 16 post_nms_topn: 12", post=12),
    roi_pooling("roi_pooling", "pooled_h: 3 pooled_w: 3", (3, 3)),
    roi_pooling("roi_pooling_h_w_scale", "pooled_h: 2 pooled_w: 5 spatial_scale: 0.0625", (2, 5), 0.0625),
    roi_pooling("roi_pooling_two_images", "pooled_h: 7 pooled_w: 7 spatial_scale: 0.125", (7, 7), 0.125, images=2),
    roi_pooling(
        "roi_pooling_4d_rois", "pooled_h: 3 pooled_w: 2", (3, 2), trailing=(1, 1), opencv="wants rois [R, 5]"
    ),
    psroi_pooling("psroi_pooling", 2, 3, 0.0625),
    psroi_pooling("psroi_pooling_two_images", 4, 2, 0.125, images=2),
    psroi_pooling("psroi_pooling_large_group", 1, 7, 0.25),
    roi_align("roi_align", "pooled_h: 3 pooled_w: 3", (3, 3)),
    roi_align("roi_align_h_w_scale", "pooled_h: 2 pooled_w: 5 spatial_scale: 0.0625", (2, 5), 0.0625),
    roi_align("roi_align_samples", "pooled_h: 3 pooled_w: 2 sampling_ratio: 2", (3, 2), ratio=2),
    roi_align("roi_align_no_samples", "pooled_h: 3 pooled_w: 2 sampling_ratio: 0", (3, 2)),
    roi_align("roi_align_two_images", "pooled_h: 7 pooled_w: 7 spatial_scale: 0.125", (7, 7), 0.125, images=2),
    roi_align("roi_align_4d_rois", "pooled_h: 3 pooled_w: 2", (3, 2), trailing=(1, 1)),
    proposal("proposal_default", "", post=300),
    proposal("proposal_post", "post_nms_topn: 12", post=12),
    proposal("proposal_pre", "pre_nms_topn: 30 post_nms_topn: 12", pre=30, post=12),
    proposal("proposal_nms", "nms_thresh: 0.3 post_nms_topn: 12", threshold=0.3, post=12),
    proposal(
        "proposal_anchors",
        "ratio: 0.7 ratio: 1.5 scale: 2 scale: 4 scale: 5.5 post_nms_topn: 12",
        ratios=(0.7, 1.5),
        scales=(2, 4, 5.5),
        post=12,
    ),
    proposal(
        "proposal_stride_base",
        "feat_stride: 8 base_size: 8 min_size: 8 scale: 2 scale: 4 post_nms_topn: 12",
        stride=8,
        base=8,
        min_size=8,
        scales=(2, 4),
        post=12,
    ),
    proposal(
        "proposal_min_size",
        "min_size: 40 scale: 2 scale: 4 post_nms_topn: 12",
        min_size=40,
        scales=(2, 4),
        post=12,
    ),
    proposal("proposal_python", "", "'feat_stride': 16", post=300),
    proposal(
        "proposal_python_dict",
        "",
        "{'feat_stride': 8, 'scales': (2, 4), 'ratios': [0.7,], 'base_size': 8, 'min_size': 8, 'post_nms_topn': 12}",
        stride=8,
        base=8,
        min_size=8,
        ratios=(0.7,),
        scales=(2, 4),
        post=12,
    ),
    proposal(
        "proposal_python_yaml",
        "",
        "feat_stride: 16\\nscales:\\n - 4\\n - 8\\npost_nms_topn: 12",
        scales=(4, 8),
        post=12,
    ),
]  # fmt: skip
