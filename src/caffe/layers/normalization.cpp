#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

const LayerDef lrn = {
    .types = {"LRN"},
    .parameters = {{"lrn_param.local_size", std::int64_t{5}},
                   {"lrn_param.alpha", 1.0F},
                   {"lrn_param.beta", 0.75F},
                   {"lrn_param.k", 1.0F},
                   {"lrn_param.norm_region", std::string("ACROSS_CHANNELS")}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          const std::string region = c.text("lrn_param.norm_region");
          const bool across = region == "ACROSS_CHANNELS" || region == "0";
          if (!across && region != "WITHIN_CHANNEL" && region != "1")
            c.fail_at("lrn_param.norm_region", code::bad_value, "\"" + region + "\" is not a region",
                      "write ACROSS_CHANNELS or WITHIN_CHANNEL");
          c.top(0, c.emit_value(op::lrn, {c.bottom(0)},
                                {{"alpha", c.number("lrn_param.alpha")},
                                 {"beta", c.number("lrn_param.beta")},
                                 {"k", c.number("lrn_param.k")},
                                 {"local-size", c.integer("lrn_param.local_size")},
                                 {"region", std::string(across ? "across" : "same")}}));
        },
};

const LayerDef softmax = {
    .types = {"Softmax"},
    .parameters = {{"softmax_param.axis", std::int64_t{1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::softmax, {c.bottom(0)}, {{"axis", c.integer("softmax_param.axis")}}));
        },
};

std::span<const LayerDef* const> normalization_layers() {
  static constexpr std::array layers{&lrn, &softmax};
  return layers;
}

}  // namespace mo::caffe::layers
