#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

std::vector<Shape> blob_shapes(const LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  const auto axis =
      static_cast<std::ptrdiff_t>(c.resolved_axis(c.integer("inner_product_param.axis"), x.size()));
  const std::int64_t inner = element_count(Shape(x.begin() + axis, x.end()));
  const std::int64_t outputs = c.integer("inner_product_param.num_output");
  const bool transpose = c.boolean("inner_product_param.transpose");
  std::vector<Shape> shapes{transpose ? Shape{inner, outputs} : Shape{outputs, inner}};
  if (c.boolean("inner_product_param.bias_term")) shapes.push_back({outputs});
  return shapes;
}

}  // namespace

const LayerDef inner_product = {
    .types = {"InnerProduct"},
    .parameters = {{"inner_product_param.num_output", std::int64_t{0}},
                   {"inner_product_param.bias_term", true},
                   {"inner_product_param.axis", std::int64_t{1}},
                   {"inner_product_param.transpose", false}},
    .blobs = {1, 2},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          const std::int64_t outputs = c.integer("inner_product_param.num_output");
          const bool transpose = c.boolean("inner_product_param.transpose");
          if (outputs <= 0) c.fail(code::bad_value, "num_output is missing or 0", "set num_output");
          std::vector<Blob> blobs;
          if (c.blob_count() > 0) {
            const Tensor& weights = c.blob(0);
            if (weights.size() % outputs != 0)
              c.fail(code::blob_size_mismatch,
                     "its weights of shape " + to_string(weights.shape()) +
                         " do not divide into num_output " + std::to_string(outputs),
                     "check that prototxt and caffemodel belong together");
            const std::int64_t inner = weights.size() / outputs;
            blobs.push_back(
                {"weights", weights.reshaped(transpose ? Shape{inner, outputs} : Shape{outputs, inner})});
            if (c.boolean("inner_product_param.bias_term")) {
              if (c.blob_count() < 2)
                c.fail(code::missing_weights, "the caffemodel has no bias for it",
                       "set bias_term: false, or take the caffemodel that belongs to this prototxt");
              blobs.push_back({"biases", c.vector_blob(1, outputs, "bias")});
            }
          }
          c.top(0, c.emit_value(op::fully_connected, {c.bottom(0)},
                                {{"out-size", outputs},
                                 {"axis", c.integer("inner_product_param.axis")},
                                 {"transpose", transpose}},
                                std::move(blobs)));
        },
    .blob_shapes = blob_shapes,
    .example = {{}, "inner_product_param { num_output: 2 }"},
};

std::span<const LayerDef* const> inner_product_layers() {
  static constexpr std::array layers{&inner_product};
  return layers;
}

}  // namespace mo::caffe::layers
