#include <algorithm>
#include <array>
#include <numeric>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

using Floats = std::vector<float>;
using Integers = std::vector<std::int64_t>;

void lower_region_yolo(LayerContext& c) {
  Attributes attributes{{"anchors", c.numbers("region_yolo_param.anchors")},
                        {"axis", c.integer("flatten_param.axis")},
                        {"end_axis", c.integer("flatten_param.end_axis")},
                        {"classes", c.integer("region_yolo_param.classes")},
                        {"coords", c.integer("region_yolo_param.coords")},
                        {"num", c.integer("region_yolo_param.num")},
                        {"do_softmax", c.boolean("region_yolo_param.do_softmax")},
                        {"mask", c.integers("region_yolo_param.mask")}};
  c.top(0, c.emit_value(op::region_yolo, {c.bottom(0)}, std::move(attributes)));
}

/// The layer of pytorch-caffe-darknet-convert's nets: YOLO v2 without a choice of axes.  Without softmax all
/// its boxes are taken, as RegionYolo's masks say it.
void lower_region(LayerContext& c) {
  const bool softmax = c.boolean("region_param.softmax");
  const std::int64_t num = c.integer("region_param.num");
  Integers all(softmax ? 0 : static_cast<std::size_t>(std::clamp<std::int64_t>(num, 0, 65536)));
  std::iota(all.begin(), all.end(), 0);
  Attributes attributes{{"anchors", c.numbers("region_param.anchors")},
                        {"axis", std::int64_t{1}},
                        {"end_axis", std::int64_t{-1}},
                        {"classes", c.integer("region_param.classes")},
                        {"coords", c.integer("region_param.coords")},
                        {"num", num},
                        {"do_softmax", softmax},
                        {"mask", std::move(all)}};
  c.top(0, c.emit_value(op::region_yolo, {c.bottom(0)}, std::move(attributes)));
}

void emit_reorg(LayerContext& c, std::int64_t stride) {
  c.top(0, c.emit_value(op::reorg_yolo, {c.bottom(0)}, {{"stride", stride}}));
}

void lower_reorg(LayerContext& c) {
  if (c.boolean("reorg_param.reverse"))
    c.fail_at("reorg_param.reverse", code::unsupported_parameter,
              "the IR rearranges from space to channels alone",
              "cut the net before this layer with --output, or describe it as a custom layer");
  emit_reorg(c, c.integer("reorg_param.stride"));
}

/// SegNet's: each number goes back to where the Pooling layer's mask found it.  A size counts more than a
/// factor, and odd sizes are made of even ones.
void lower_unpooling(LayerContext& c, std::int64_t scale_h, std::int64_t scale_w) {
  const Shape& x = c.bottom_shape(0);
  if (x.size() != 4 || scale_h < 1 || scale_h > 65535 || scale_w < 1 || scale_w > 65535)
    c.fail(code::bad_shape, "it needs a bottom [N, C, H, W] and a scale of at least 1, not " + to_string(x));
  const auto size = [&](const char* given, std::int64_t scaled, const char* odd) {
    return c.has(given) ? c.integer(given) : scaled - std::int64_t{c.boolean(odd)};
  };
  c.top(0, c.emit_value(
               op::unpooling, {c.bottom(0), c.bottom(1)},
               {{"height", size("upsample_param.upsample_h", x[2] * scale_h, "upsample_param.pad_out_h")},
                {"width", size("upsample_param.upsample_w", x[3] * scale_w, "upsample_param.pad_out_w")}}));
}

/// Factors of upsample_param: one for both axes, or one for each.
void lower_upsample(LayerContext& c) {
  const std::int64_t scale = c.integer("upsample_param.scale");
  const auto factor = [&](const char* path) { return c.has(path) ? c.integer(path) : scale; };
  const std::int64_t scale_h = factor("upsample_param.scale_h");
  const std::int64_t scale_w = factor("upsample_param.scale_w");
  if (c.bottom_count() == 2) return lower_unpooling(c, scale_h, scale_w);
  for (const char* path : {"upsample_param.upsample_h", "upsample_param.upsample_w",
                           "upsample_param.pad_out_h", "upsample_param.pad_out_w"})
    if (c.has(path))
      c.fail_at(path, code::unsupported_parameter, "it only serves the form with a Pooling layer's mask",
                "give scale");
  c.top(0, c.emit_value(op::upsample, {c.bottom(0)}, {{"scale_h", scale_h}, {"scale_w", scale_w}}));
}

}  // namespace

const LayerDef region_yolo = {
    .types = {"RegionYolo"},
    .parameters = {{"region_yolo_param.anchors", Floats{}},
                   {"region_yolo_param.classes", std::int64_t{20}},
                   {"region_yolo_param.coords", std::int64_t{4}},
                   {"region_yolo_param.num", std::int64_t{1}},
                   {"region_yolo_param.do_softmax", true},
                   {"region_yolo_param.mask", Integers{}},
                   {"flatten_param.axis", std::int64_t{1}},
                   {"flatten_param.end_axis", std::int64_t{-1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_region_yolo,
    .example = {{{1, 125, 4, 4}}, "region_yolo_param { num: 5 classes: 20 coords: 4 }"},
};

const LayerDef darknet_region = {
    .types = {"Region"},
    .parameters = {{"region_param.anchors", Floats{}},
                   {"region_param.classes", std::int64_t{20}},
                   {"region_param.coords", std::int64_t{4}},
                   {"region_param.num", std::int64_t{1}},
                   {"region_param.softmax", true}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_region,
    .example = {{{1, 125, 4, 4}}, "region_param { num: 5 classes: 20 coords: 4 }"},
};

const LayerDef reorg_yolo = {
    .types = {"ReorgYolo"},
    .parameters = {{"reorg_yolo_param.stride", std::int64_t{1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = [](LayerContext& c) { emit_reorg(c, c.integer("reorg_yolo_param.stride")); },
};

const LayerDef reorg = {
    .types = {"Reorg"},
    .parameters = {{"reorg_param.stride", std::int64_t{2}}, {"reorg_param.reverse", false}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_reorg,
};

/// Their boxes are darknet's post-processing, which no IR has.
const LayerDef yolo_detection_output = {
    .types = {"YoloDetectionOutput", "Yolov3DetectionOutput"},
    .parameters = {},
    .blobs = {0, 0},
    .bottoms = {1, any_number},
    .tops = {0, any_number},
    .lower =
        [](LayerContext& c) {
          c.fail(
              code::unsupported_layer,
              "no IR has an operation that turns YOLO's predictions into a list of boxes",
              "put a RegionYolo layer (do_softmax: true for v2; for v3 do_softmax: false, one with a mask "
              "for "
              "each bottom) in its place, or cut the net before it with --output, and decode the boxes and "
              "suppress near ones in the application");
        },
};

const LayerDef upsample = {
    .types = {"Upsample"},
    .parameters = {{"upsample_param.scale", std::int64_t{2}},
                   {"upsample_param.scale_h", std::int64_t{0}},
                   {"upsample_param.scale_w", std::int64_t{0}},
                   {"upsample_param.upsample_h", std::int64_t{0}},
                   {"upsample_param.upsample_w", std::int64_t{0}},
                   {"upsample_param.pad_out_h", false},
                   {"upsample_param.pad_out_w", false}},
    .blobs = {0, 0},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_upsample,
    .example = {{}, "upsample_param { scale: 2 }"},
};

const LayerDef upsample_darknet = {
    .types = {"UpsampleDarknet"},
    .parameters = {{"upsample_darknet_param.stride", std::int64_t{2}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          const std::int64_t stride = c.integer("upsample_darknet_param.stride");
          c.top(0, c.emit_value(op::upsample, {c.bottom(0)}, {{"scale_h", stride}, {"scale_w", stride}}));
        },
};

std::span<const LayerDef* const> yolo_layers() {
  static constexpr std::array layers{&region_yolo,           &darknet_region, &reorg_yolo,      &reorg,
                                     &yolo_detection_output, &upsample,       &upsample_darknet};
  return layers;
}

}  // namespace mo::caffe::layers
