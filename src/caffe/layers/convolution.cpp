#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

using Integers = std::vector<std::int64_t>;

const std::vector<Parameter> convolution_parameters = {
    {"convolution_param.num_output", std::int64_t{0}},
    {"convolution_param.bias_term", true},
    {"convolution_param.kernel_size", Integers{}},
    {"convolution_param.kernel_h", std::int64_t{0}},
    {"convolution_param.kernel_w", std::int64_t{0}},
    {"convolution_param.stride", Integers{1}},
    {"convolution_param.stride_h", std::int64_t{0}},
    {"convolution_param.stride_w", std::int64_t{0}},
    {"convolution_param.pad", Integers{0}},
    {"convolution_param.pad_h", std::int64_t{0}},
    {"convolution_param.pad_w", std::int64_t{0}},
    {"convolution_param.dilation", Integers{1}},
    {"convolution_param.group", std::int64_t{1}},
    {"convolution_param.axis", std::int64_t{1}},
};

/// `kernel_size` once for all axes or once for each; or `kernel_h` and `kernel_w`.
Integers per_axis(const LayerContext& c, const std::string& name, const std::string& stem, std::size_t axes) {
  const std::string prefix = "convolution_param.";
  const std::string h = prefix + stem + "_h";
  const std::string w = prefix + stem + "_w";
  if (c.has(h) || c.has(w)) {
    if (axes != 2)
      c.fail_at(c.has(h) ? h : w, code::bad_value,
                "the _h and _w forms are for two spatial axes, here are " + std::to_string(axes));
    return {c.integer(h), c.integer(w)};
  }
  Integers values = c.integers(prefix + name);
  if (values.size() == 1) values.resize(axes, values.front());
  if (values.size() != axes)
    c.fail_at(prefix + name, code::bad_value,
              std::to_string(values.size()) + " values for " + std::to_string(axes) + " spatial axes",
              "give one value for all axes, or one for each");
  return values;
}

/// The shape of its weights for a bottom of `channels`.
Shape weights_shape(std::int64_t channels, std::int64_t outputs, std::int64_t group, const Integers& kernel,
                    bool transposed) {
  Shape shape = transposed ? Shape{channels, outputs / group} : Shape{outputs, channels / group};
  shape.insert(shape.end(), kernel.begin(), kernel.end());
  return shape;
}

bool is_depthwise(const LayerContext& c) {
  return c.layer().type.find("epthwise") != std::string::npos;
}

std::int64_t group_of(const LayerContext& c) {
  const bool channelwise = is_depthwise(c) && !c.has("convolution_param.group");
  const std::int64_t group = channelwise ? c.channels() : c.integer("convolution_param.group");
  if (group == 0) c.fail(code::bad_value, "group is 0", "give the number of groups, 1 for none");
  return group;
}

std::vector<Shape> blob_shapes(const LayerContext& c, bool transposed) {
  const std::int64_t channels = c.channels();
  const Shape& x = c.bottom_shape(0);
  const std::int64_t outputs = c.integer("convolution_param.num_output");
  std::vector<Shape> shapes{weights_shape(channels, outputs, group_of(c),
                                          per_axis(c, "kernel_size", "kernel", x.size() - 2), transposed)};
  if (c.boolean("convolution_param.bias_term")) shapes.push_back({outputs});
  return shapes;
}

/// Both kinds: each bottom goes with its top through the same weights.
void lower(LayerContext& c, const OpDef& op) {
  if (c.bottom_count() != c.top_count())
    c.fail(code::wrong_arity,
           "it has " + std::to_string(c.bottom_count()) + " bottoms and " + std::to_string(c.top_count()) +
               " tops where its type takes as many of both",
           "correct the bottom and top lines of this layer");
  for (std::size_t i = 0; i < c.bottom_count(); ++i) {
    const Shape& x = c.bottom_shape(i);
    const std::int64_t axis = c.integer("convolution_param.axis");
    const auto rank = static_cast<std::int64_t>(x.size());
    if (rank < 3 || (axis < 0 ? axis + rank : axis) != 1)
      c.fail(code::bad_shape,
             "it needs a bottom of at least 3 dimensions with the channels on axis 1, not " + to_string(x));
    const std::size_t axes = x.size() - 2;
    const std::int64_t outputs = c.integer("convolution_param.num_output");
    const std::int64_t group = group_of(c);
    Attributes attributes{{"output", outputs},
                          {"group", group},
                          {"kernel", per_axis(c, "kernel_size", "kernel", axes)},
                          {"strides", per_axis(c, "stride", "stride", axes)},
                          {"pads_begin", per_axis(c, "pad", "pad", axes)},
                          {"dilations", per_axis(c, "dilation", "dilation", axes)}};
    attributes.set("pads_end", attributes.integers("pads_begin"));
    if (outputs <= 0 || group <= 0 || x[1] <= 0 || x[1] % group != 0 || outputs % group != 0)
      c.fail(code::bad_shape, "num_output " + std::to_string(outputs) + " and the bottom's " +
                                  std::to_string(x[1]) + " channels are not multiples of group " +
                                  std::to_string(group));
    const Shape shape =
        weights_shape(x[1], outputs, group, attributes.integers("kernel"), &op == &op::deconvolution);
    std::vector<Blob> blobs;
    if (c.blob_count() > 0) {
      if (c.blob(0).size() != element_count(shape))
        c.fail(code::blob_size_mismatch,
               "its weights have the shape " + to_string(c.blob(0).shape()) +
                   " in the caffemodel, but the prototxt asks for " + to_string(shape),
               "check that prototxt and caffemodel belong together");
      blobs.push_back({"weights", c.blob(0).reshaped(shape)});
      if (c.boolean("convolution_param.bias_term")) {
        if (c.blob_count() < 2)
          c.fail(code::missing_weights, "the caffemodel has no bias for it",
                 "set bias_term: false, or take the caffemodel that belongs to this prototxt");
        blobs.push_back({"biases", c.vector_blob(1, outputs, "bias")});
      }
    }
    c.top(i, c.emit_value(op, {c.bottom(i)}, std::move(attributes), std::move(blobs),
                          i == 0 ? "" : std::to_string(i)));
  }
}

}  // namespace

const LayerDef convolution = {
    .types = {"Convolution", "ConvolutionDepthwise", "DepthwiseConvolution", "DepthwiseConv",
              "Convolution3D"},
    .parameters = convolution_parameters,
    .blobs = {1, 2},
    .bottoms = {1, any_number},
    .tops = {1, any_number},
    .lower = [](LayerContext& c) { lower(c, op::convolution); },
    .blob_shapes = [](const LayerContext& c) { return blob_shapes(c, false); },
    .example = {{}, "convolution_param { num_output: 2 kernel_size: 3 }"},
};

const LayerDef deconvolution = {
    .types = {"Deconvolution", "DeconvolutionDepthwise"},
    .parameters = convolution_parameters,
    .blobs = {1, 2},
    .bottoms = {1, any_number},
    .tops = {1, any_number},
    .lower = [](LayerContext& c) { lower(c, op::deconvolution); },
    .blob_shapes = [](const LayerContext& c) { return blob_shapes(c, true); },
    .example = {{}, "convolution_param { num_output: 2 kernel_size: 3 }"},
};

std::span<const LayerDef* const> convolution_layers() {
  static constexpr std::array layers{&convolution, &deconvolution};
  return layers;
}

}  // namespace mo::caffe::layers
