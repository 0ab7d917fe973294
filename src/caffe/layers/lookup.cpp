#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

// Layers that take their numbers from a table.

namespace mo::caffe::layers {

namespace {

/// Row i of the weights for each whole number i of the bottom.
void lower_embed(LayerContext& c) {
  const std::int64_t outputs = c.integer("embed_param.num_output");
  const std::int64_t rows = c.integer("embed_param.input_dim");
  if (outputs <= 0 || rows <= 0 || outputs >= (std::int64_t{1} << 31) || rows >= (std::int64_t{1} << 31))
    c.fail(code::bad_value, "embed_param needs num_output and input_dim");
  const bool bias = c.boolean("embed_param.bias_term");
  const bool trained = c.blob_count() > 0;
  const Shape shape{rows, outputs};
  std::vector<Blob> table;
  if (trained)
    table.push_back({"custom", c.vector_blob(0, element_count({rows, outputs}), "weights").reshaped(shape)});
  const Attributes untrained{{"shape", shape}};
  const Value weights =
      c.emit_value(op::constant, {}, trained ? Attributes{} : untrained, std::move(table), "weights");
  const Value y = c.emit_value(op::gather, {weights, c.bottom(0)}, {{"axis", std::int64_t{0}}}, {},
                               bias && trained ? "WithoutBiases" : "");
  if (!bias || !trained) {
    c.top(0, y);
    return;
  }
  if (c.blob_count() < 2)
    c.fail(code::missing_weights, "the caffemodel has no bias for it",
           "set bias_term: false, or take the caffemodel that belongs to this prototxt");
  const auto axis = static_cast<std::int64_t>(c.bottom_shape(0).size());
  c.top(0, c.emit_value(op::scale_shift, {y}, {{"axis", axis}},
                        {{"biases", c.vector_blob(1, outputs, "bias")}}));
}

/// The blob itself; its shape is in the prototxt.
void lower_parameter(LayerContext& c) {
  std::vector<std::int64_t> dims = c.integers("parameter_param.shape.dim");
  if (c.blob_count() == 0 && !c.has_weights() && !dims.empty()) {
    c.top(0, c.emit_value(op::constant, {}, {{"shape", dims}}));
    return;
  }
  if (c.blob_count() == 0)
    c.fail(code::missing_weights, "it stands for numbers of the caffemodel, which are not there",
           "take the caffemodel that belongs to this prototxt; layers are matched by name");
  Tensor tensor = c.blob(0);
  if (!dims.empty()) {
    std::int64_t count = 1;
    for (const std::int64_t dim : dims) count = dim <= 0 || dim > (std::int64_t{1} << 31) ? -1 : count * dim;
    if (count != tensor.size() || element_count(dims) != tensor.size())
      c.fail(code::blob_size_mismatch, "its blob has " + std::to_string(tensor.size()) +
                                           " elements, its shape in the prototxt is " + to_string(dims));
    tensor = tensor.reshaped(dims);
  }
  c.top(0, c.emit_value(op::constant, {}, {}, {{"custom", std::move(tensor)}}));
}

/// 0 for the first step of every sequence, 1 for all others.
void lower_continuation(LayerContext& c) {
  const std::int64_t steps = c.integer("continuation_indicator_param.time_step");
  const std::int64_t batch = c.integer("continuation_indicator_param.batch_size");
  if (steps <= 0 || batch <= 0 || steps > 1 << 20 || batch > 1 << 20 || steps * batch > 1 << 24)
    c.fail(code::bad_value, "continuation_indicator_param needs time_step and batch_size");
  std::vector<float> values(static_cast<std::size_t>(steps * batch), 1.0F);
  std::fill_n(values.begin(), batch, 0.0F);
  c.top(0, c.emit_value(op::constant, {}, {}, {{"custom", Tensor::of({steps, batch}, std::move(values))}}));
}

}  // namespace

const LayerDef embed = {
    .types = {"Embed"},
    .parameters = {{"embed_param.num_output", std::int64_t{0}},
                   {"embed_param.input_dim", std::int64_t{0}},
                   {"embed_param.bias_term", true}},
    .blobs = {1, 2},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_embed,
    .blob_shapes = [](const LayerContext& c) -> std::vector<Shape> {
      const Shape table{c.integer("embed_param.input_dim"), c.integer("embed_param.num_output")};
      return c.boolean("embed_param.bias_term") ? std::vector<Shape>{table, {table[1]}}
                                                : std::vector<Shape>{table};
    },
    .example = {{{1, 4}}, "embed_param { num_output: 2 input_dim: 5 }"},
};

const LayerDef batch_reindex = {
    .types = {"BatchReindex"},
    .parameters = {},
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          if (c.bottom_shape(1).size() != 1)
            c.fail(code::bad_shape, "its second bottom must be a list, not " + to_string(c.bottom_shape(1)));
          c.top(0, c.emit_value(op::gather, {c.bottom(0), c.bottom(1)}, {{"axis", std::int64_t{0}}}));
        },
    .example = {{{4, 8}, {3}}},
};

const LayerDef parameter = {
    .types = {"Parameter"},
    .parameters = {{"parameter_param.shape.dim", std::vector<std::int64_t>{}}},
    .blobs = {1, 1},
    .bottoms = {0, 0},
    .tops = {1, 1},
    .lower = lower_parameter,
    .blob_shapes =
        [](const LayerContext& c) { return std::vector<Shape>{c.integers("parameter_param.shape.dim")}; },
    .example = {{}, "parameter_param { shape { dim: 2 dim: 3 } }"},
};

const LayerDef continuation_indicator = {
    .types = {"ContinuationIndicator"},
    .parameters = {{"continuation_indicator_param.time_step", std::int64_t{0}},
                   {"continuation_indicator_param.batch_size", std::int64_t{0}}},
    .blobs = {0, 0},
    .bottoms = {0, 0},
    .tops = {1, 1},
    .lower = lower_continuation,
    .example = {{}, "continuation_indicator_param { time_step: 3 batch_size: 1 }"},
};

std::span<const LayerDef* const> lookup_layers() {
  static constexpr std::array layers{&embed, &batch_reindex, &parameter, &continuation_indicator};
  return layers;
}

}  // namespace mo::caffe::layers
