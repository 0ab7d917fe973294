"""Forms of nets: how inputs are declared, phases, in-place chains, old formats, encodings of weights."""

from dataclasses import replace

from numeric.row import several, text_net
from support.caffemodel import Encoding
from support.prototxt import input_layer, layer, shape

CONV = layer("conv", "Convolution", ["data"], params="convolution_param { num_output: 3 kernel_size: 3 }")
SUM = 'layer { name: "sum" type: "Eltwise" bottom: "a" bottom: "b" top: "sum" }\n'
DATA = {"data": (2, 4, 6, 5)}
BLOBS = {"conv": [(3, 4, 3, 3), (3,)]}
TWO = {"a": (1, 2, 3, 4), "b": (1, 2, 3, 4)}
DEPLOY = input_layer("data", (2, 4, 6, 5)) + CONV


def dims(*values):
    return " ".join(f"input_dim: {v}" for v in values) + "\n"


V1 = """
input: "data" input_dim: 2 input_dim: 4 input_dim: 6 input_dim: 5
layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 blobs_lr: 2 weight_decay: 1
  convolution_param { num_output: 3 kernel_size: 3 } }
layers { name: "relu" type: RELU bottom: "conv" top: "conv" }
layers { name: "pool" type: POOLING bottom: "conv" top: "pool" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layers { name: "norm" type: LRN bottom: "pool" top: "norm" lrn_param { local_size: 3 alpha: 0.1 } }
layers { name: "ip" type: INNER_PRODUCT bottom: "norm" top: "ip" inner_product_param { num_output: 5 } }
layers { name: "drop" type: DROPOUT bottom: "ip" top: "ip" }
layers { name: "prob" type: SOFTMAX bottom: "ip" top: "prob" }
"""
V1_OTHERS = """
input: "data" input_dim: 2 input_dim: 4 input_dim: 6 input_dim: 5
layers { name: "split" type: SPLIT bottom: "data" top: "a" top: "b" }
layers { name: "tanh" type: TANH bottom: "a" top: "tanh" }
layers { name: "sig" type: SIGMOID bottom: "b" top: "sig" }
layers { name: "abs" type: ABSVAL bottom: "tanh" top: "abs" }
layers { name: "power" type: POWER bottom: "sig" top: "power" power_param { power: 2 scale: 3 } }
layers { name: "exp" type: EXP bottom: "power" top: "exp" exp_param { scale: 0.1 } }
layers { name: "sum" type: ELTWISE bottom: "abs" bottom: "exp" top: "sum"
  eltwise_param { operation: SUM coeff: 1 coeff: 2 } }
layers { name: "cat" type: CONCAT bottom: "sum" bottom: "tanh" top: "cat" concat_param { concat_dim: 2 } }
layers { name: "cut" type: SLICE bottom: "cat" top: "c1" top: "c2" slice_param { slice_dim: 1 slice_point: 3 } }
layers { name: "quiet" type: SILENCE bottom: "c2" }
layers { name: "flat" type: FLATTEN bottom: "c1" top: "flat" }
"""
V1_DECONV = """
input: "data" input_dim: 2 input_dim: 4 input_dim: 6 input_dim: 5
layers { name: "up" type: DECONVOLUTION bottom: "data" top: "up"
  convolution_param { num_output: 3 kernel_size: 4 stride: 2 pad: 1 } }
"""
V1_BLOBS = {"conv": [(3, 4, 3, 3), (3,)], "ip": [(5, 12), (5,)]}
V1_DISK = Encoding("v1", legacy_dims=True)
V0 = """
input: "data" input_dim: 2 input_dim: 4 input_dim: 6 input_dim: 5
layers { layer { name: "pad" type: "padding" pad: 1 } bottom: "data" top: "pad" }
layers { layer { name: "conv" type: "conv" num_output: 3 kernelsize: 3 blobs_lr: 1. blobs_lr: 2. weight_decay: 1. }
  bottom: "pad" top: "conv" }
layers { layer { name: "relu" type: "relu" } bottom: "conv" top: "conv" }
layers { layer { name: "pool" type: "pool" pool: MAX kernelsize: 2 stride: 2 } bottom: "conv" top: "pool" }
layers { layer { name: "norm" type: "lrn" local_size: 3 alpha: 0.1 beta: 0.75 } bottom: "pool" top: "norm" }
layers { layer { name: "ip" type: "innerproduct" num_output: 5 biasterm: true } bottom: "norm" top: "ip" }
layers { layer { name: "drop" type: "dropout" dropout_ratio: 0.5 } bottom: "ip" top: "ip" }
layers { layer { name: "prob" type: "softmax" } bottom: "ip" top: "prob" }
"""

TRAIN_VAL = """
name: "train_val"
layer { name: "mnist" type: "Data" top: "data" top: "label" include { phase: TRAIN }
  transform_param { crop_size: 6 } data_param { source: "train" batch_size: 64 backend: LMDB } }
layer { name: "mnist" type: "Data" top: "data" top: "label" include { phase: TEST }
  transform_param { crop_size: 6 } data_param { source: "test" batch_size: 2 backend: LMDB } }
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" param { lr_mult: 1 } param { lr_mult: 2 }
  convolution_param { num_output: 3 kernel_size: 3 weight_filler { type: "xavier" } bias_filler { type: "constant" } } }
layer { name: "ip" type: "InnerProduct" bottom: "conv" top: "ip" inner_product_param { num_output: 5 } }
layer { name: "accuracy" type: "Accuracy" bottom: "ip" bottom: "label" top: "accuracy" include { phase: TEST } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }
"""
TRAIN_VAL_DEPLOY = (
    input_layer("data", (2, 3, 6, 6))
    + CONV
    + layer("ip", "InnerProduct", ["conv"], params="inner_product_param { num_output: 5 }")
    + layer("loss", "Softmax", ["ip"])
)
TRAIN_VAL_BLOBS = {"conv": [(3, 3, 3, 3), (3,)], "ip": [(5, 48), (5,)]}


def encoded(name, encoding, **more):
    return text_net(name, DEPLOY, DATA, BLOBS, encoding=encoding, **more)


def phases(name, rules, present):
    """A TanH that is there or not in the phase TEST."""
    tail = layer("relu", "ReLU", ["x"])
    tanh = layer("tanh", "TanH", ["x"], ["x"])
    head = input_layer("data", (1, 2, 3, 4)) + layer(
        "power", "Power", ["data"], ["x"], "power_param { scale: 2 }"
    )
    net = head + layer("tanh", "TanH", ["x"], ["x"], rules) + tail
    return text_net(name, net, {"data": (1, 2, 3, 4)}, executor_net=head + (tanh if present else "") + tail)


ROWS = [
    text_net("input_and_input_dim", 'input: "data"\n' + dims(2, 4, 6, 5) + CONV, DATA, BLOBS),
    text_net(
        "input_and_input_shape", 'input: "data"\ninput_' + shape((2, 4, 6, 5)) + "\n" + CONV, DATA, BLOBS
    ),
    text_net("input_layer", DEPLOY, DATA, BLOBS),
    text_net("two_inputs_input_dim", 'input: "a" input: "b"\n' + dims(1, 2, 3, 4, 1, 2, 3, 4) + SUM, TWO),
    text_net(
        "two_inputs_input_shape",
        'input: "a"\ninput: "b"\n' + 2 * ("input_" + shape((1, 2, 3, 4)) + "\n") + SUM,
        TWO,
    ),
    text_net(
        "one_input_layer_two_tops",
        'layer { name: "in" type: "Input" top: "a" top: "b" '
        "input_param { shape { dim: [1, 2, 3, 4] } shape { dim: [1, 2, 3, 4] } } }\n" + SUM,
        TWO,
    ),
    text_net(
        "one_shape_for_two_tops",
        'layer { name: "in" type: "Input" top: "a" top: "b" input_param { shape { dim: 1 dim: 2 dim: 3 dim: 4 } } }\n'
        + SUM,
        TWO,
        opencv="one top per Input",
    ),
    text_net("input_rank_2", input_layer("data", (3, 5)) + layer("r", "ReLU", ["data"]), {"data": (3, 5)}),
    text_net(
        "data_layer",
        TRAIN_VAL,
        {"data": (2, 3, 6, 6)},
        TRAIN_VAL_BLOBS,
        executor_net=TRAIN_VAL_DEPLOY,
        outputs=("loss",),
        options=("--input_shape", "[2,3,6,6]"),
    ),
    text_net(
        "batch_option",
        input_layer("data", (1, 4, 6, 5)) + CONV,
        DATA,
        BLOBS,
        executor_net=DEPLOY,
        options=("--batch", "2"),
    ),
    text_net(
        "input_shape_option",
        input_layer("data", (1, 4, 9, 9)) + CONV,
        DATA,
        BLOBS,
        executor_net=DEPLOY,
        options=("--input_shape", "[2,4,6,5]"),
    ),
    phases("phase_train", "include { phase: TRAIN }", False),
    phases("phase_test", "include { phase: TEST }", True),
    phases("phase_excluded_in_test", "exclude { phase: TEST }", False),
    phases("phase_excluded_in_train", "exclude { phase: TRAIN }", True),
    phases("phase_either", "include { phase: TRAIN } include { phase: TEST }", True),
    phases("stage_not_set", 'include { phase: TEST stage: "deploy" }', False),
    phases("not_stage", 'include { not_stage: "fit" }', True),
    phases("rule_without_conditions", "include { }", True),
    phases("phase_field", "phase: TEST", True),
    several(
        "in_place_chain",
        DATA,
        [CONV]
        + [
            layer(f"l{i}", t, ["conv"], ["conv"])
            for i, t in enumerate(("ReLU", "TanH", "Dropout", "Sigmoid", "Power"))
        ],
        BLOBS,
    ),
    several(
        "in_place_between_two_readers",
        DATA,
        [
            CONV,
            layer("before", "TanH", ["conv"]),
            layer("relu", "ReLU", ["conv"], ["conv"]),
            layer("after", "AbsVal", ["conv"]),
        ],
        BLOBS,
        outputs=("after",),
        # Caffe itself refuses to overwrite a blob that another layer reads; readers of nets by others do not.
        executor_net=DEPLOY + layer("relu", "ReLU", ["conv"]) + layer("after", "AbsVal", ["relu"]),
    ),
    several(
        "in_place_on_input",
        DATA,
        [layer("relu", "ReLU", ["data"], ["data"]), layer("tanh", "TanH", ["data"])],
    ),
    several("input_is_output", DATA, [layer("drop", "Dropout", ["data"], ["result"])]),
    several(
        "several_outputs", DATA, [CONV, layer("a", "ReLU", ["conv"]), layer("b", "TanH", ["conv"])], BLOBS
    ),
    several(
        "output_and_reader_of_the_same",
        DATA,
        [CONV, layer("tail", "Slice", ["conv"], ["x", "y", "z"]), layer("r", "ReLU", ["y"])],
        BLOBS,
        opencv="gives the first output of a layer alone",
    ),
    several(
        "top_named_unlike_layer",
        DATA,
        [
            CONV,
            layer("a/long-name.1", "ReLU", ["conv"], ["Blob: 1"]),
            layer("t", "TanH", ["Blob: 1"], ["result"]),
        ],
        BLOBS,
    ),
    text_net("v1", V1, DATA, V1_BLOBS, encoding=V1_DISK),
    text_net("v1_shapes_on_disk", V1, DATA, V1_BLOBS, encoding=Encoding("v1")),
    text_net("v1_other_layers", V1_OTHERS, DATA, encoding=V1_DISK, opencv="ignores concat_dim and slice_dim"),
    text_net("v1_deconvolution", V1_DECONV, DATA, {"up": [(4, 3, 4, 4), (3,)]}, encoding=V1_DISK),
    text_net(
        "v0",
        V0,
        DATA,
        {"conv": [(3, 4, 3, 3), (3,)], "ip": [(5, 27), (5,)]},
        encoding=Encoding("v0", True),
        opencv="reads no V0",
    ),
    encoded("legacy_dims", Encoding(legacy_dims=True)),
    encoded("unpacked", Encoding(packed=False)),
    encoded("unpacked_doubles", Encoding(packed=False, values="double"), opencv="reads floats"),
    encoded("doubles", Encoding(values="double"), opencv="reads floats"),
    encoded("half_blobs", Encoding(values="half"), limit=1e-5),
    text_net(
        "comments_and_separators",
        '# a comment\nname: "net" # another\n'
        + input_layer("data", (2, 4, 6, 5))
        + 'layer { name: \'conv\'; type: "Convol" \'ution\', bottom: "data" top: "conv" '
        + "convolution_param < num_output: 3, kernel_size: 3; > }",
        DATA,
        BLOBS,
        executor_net=DEPLOY,
    ),
    text_net(
        "fields_of_training",
        DEPLOY.replace("kernel_size: 3", 'kernel_size: 3 weight_filler { type: "xavier" }'),
        DATA,
        BLOBS,
        executor_net=DEPLOY,
    ),
]


def _half_as_stored(row):
    """BVLC Caffe reads no raw halves: it gets the same rounded numbers as floats."""
    rounded = {k: [b.astype("<f2").astype("<f4") for b in v] for k, v in row.weights.items()}
    return replace(row, weights=rounded)


ROWS = [_half_as_stored(r) if r.encoding.values == "half" else r for r in ROWS]
