#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

// Layers that are known and cannot be converted, with the reason.

namespace mo::caffe::layers {

namespace {

LayerDef refused(std::string_view type, Count bottoms, const char* reason, const char* remedy) {
  return {.types = {type},
          .parameters = {},
          .blobs = {0, any_number},
          .bottoms = bottoms,
          .tops = {0, any_number},
          .lower = [reason, remedy](LayerContext& c) { c.fail(code::unsupported_layer, reason, remedy); }};
}

}  // namespace

const LayerDef filter =
    refused("Filter", {2, any_number},
            "how many items a Filter passes on depends on the numbers in them; an IR's shapes are fixed",
            "cut the net before it with --output, and choose the items in the application");

const LayerDef window_data = refused(
    "WindowData", {0, 0},
    "a WindowData layer cuts windows out of a list of images on disk, which no runtime does",
    "replace it by an Input layer with the shape of one window, and cut the windows in the application");

std::span<const LayerDef* const> refused_layers() {
  static constexpr std::array layers{&filter, &window_data};
  return layers;
}

}  // namespace mo::caffe::layers
