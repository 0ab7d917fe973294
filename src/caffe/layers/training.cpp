#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

void note_inference_form(const LayerContext& c, const char* form) {
  c.note(code::training_layer, Severity::info, std::string("the loss becomes its inference form, ") + form);
}

void drop(LayerContext& c) {
  c.note(code::training_layer, Severity::info, "the layer only serves training or scoring and is left out");
}

}  // namespace

const LayerDef softmax_loss = {
    .types = {"SoftmaxWithLoss", "SoftmaxLoss", "InfogainLoss", "SoftmaxWithOHEMLoss"},
    .parameters = {{"softmax_param.axis", std::int64_t{1}}},
    .blobs = {0, 0},
    .bottoms = {1, 4},
    .tops = {0, 3},
    .lower =
        [](LayerContext& c) {
          note_inference_form(c, "Softmax");
          const Value scores =
              c.emit_value(op::softmax, {c.bottom(0)}, {{"axis", c.integer("softmax_param.axis")}});
          if (c.top_count() > 0) c.top(0, scores);
        },
    .inference_bottoms = 1,
};

const LayerDef sigmoid_loss = {
    .types = {"SigmoidCrossEntropyLoss"},
    .parameters = {},
    .blobs = {0, 0},
    .bottoms = {1, 3},
    .tops = {0, 2},
    .lower =
        [](LayerContext& c) {
          note_inference_form(c, "Sigmoid");
          const Value scores = c.emit_value(op::sigmoid, {c.bottom(0)});
          if (c.top_count() > 0) c.top(0, scores);
        },
    .inference_bottoms = 1,
};

/// What the losses compare stays an output of the net.
const LayerDef loss = {
    .types = {"EuclideanLoss", "HingeLoss", "ContrastiveLoss", "MultinomialLogisticLoss", "SmoothL1Loss",
              "MultiBoxLoss", "CenterLoss", "TripletLoss", "L1Loss", "SmoothL1LossOHEM", "RegionLoss",
              "Yolov3"},
    .parameters = {},
    .blobs = {0, any_number},
    .bottoms = {1, any_number},
    .tops = {0, any_number},
    .lower = drop,
    .inference_bottoms = 0,
};

const LayerDef accuracy = {
    .types = {"Accuracy", "DetectionEvaluate", "HDF5Output"},
    .parameters = {},
    .blobs = {0, 0},
    .bottoms = {1, any_number},
    .tops = {0, any_number},
    .lower = drop,
    .inference_bottoms = 0,
};

/// Its bottoms are wanted by nobody: they are no outputs of the net.
const LayerDef silence = {
    .types = {"Silence"},
    .parameters = {},
    .blobs = {0, 0},
    .bottoms = {1, any_number},
    .tops = {0, 0},
    .lower =
        [](LayerContext& c) {
          for (std::size_t i = 0; i < c.bottom_count(); ++i) c.silence(c.bottom(i));
        },
    .inference_bottoms = 0,
};

std::span<const LayerDef* const> training_layers() {
  static constexpr std::array layers{&softmax_loss, &sigmoid_loss, &loss, &accuracy, &silence};
  return layers;
}

}  // namespace mo::caffe::layers
