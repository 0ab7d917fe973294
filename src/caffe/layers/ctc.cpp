#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

void lower(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  if (x.size() != 3) c.fail(code::bad_shape, "its bottom " + to_string(x) + " is not [T, N, classes]");
  if (c.has("ctc_decoder_param.blank_index") && c.integer("ctc_decoder_param.blank_index") != -1 &&
      c.integer("ctc_decoder_param.blank_index") != x[2] - 1)
    c.fail_at(
        "ctc_decoder_param.blank_index", code::unsupported_parameter,
        "the IR takes the last class as the blank",
        "order the classes so that the blank is the last, or cut the net before this layer with --output");
  c.top(0, c.emit_value(op::ctc_greedy_decoder, {c.bottom(0), c.bottom(1)},
                        {{"ctc_merge_repeated", c.boolean("ctc_decoder_param.ctc_merge_repeated")}}));
}

}  // namespace

const LayerDef ctc_greedy_decoder = {
    .types = {"CTCGreedyDecoder"},
    .parameters = {{"ctc_decoder_param.blank_index", std::int64_t{-1}},
                   {"ctc_decoder_param.ctc_merge_repeated", true}},
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower = lower,
    .example = {{{3, 1, 5}, {3, 1}}},
};

std::span<const LayerDef* const> ctc_layers() {
  static constexpr std::array layers{&ctc_greedy_decoder};
  return layers;
}

}  // namespace mo::caffe::layers
