#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

/// Sizes and their products stay far from overflow: every parameter is bounded.
constexpr std::int64_t limit = std::int64_t{1} << 31;

struct Window {
  const std::vector<std::int64_t>&kernel, &strides, &pads_begin, &pads_end, &dilations;

  explicit Window(const Attributes& a)
      : kernel(a.integers("kernel")),
        strides(a.integers("strides")),
        pads_begin(a.integers("pads_begin")),
        pads_end(a.integers("pads_end")),
        dilations(a.integers("dilations")) {}

  /// Elements of the input that the dilated kernel covers on an axis.
  std::int64_t extent(std::size_t axis) const { return dilations[axis] * (kernel[axis] - 1) + 1; }
};

void check(const ShapeContext& c, const Window& window, const Shape& x) {
  c.require(x.size() >= 3, "its input " + to_string(x) + " has no spatial dimensions");
  for (const auto* list :
       {&window.kernel, &window.strides, &window.pads_begin, &window.pads_end, &window.dilations}) {
    c.require(list->size() == x.size() - 2,
              "kernel, stride, pad and dilation do not have as many axes as its input " + to_string(x));
    for (const std::int64_t value : *list)
      c.require(value >= 0 && value < limit, "kernel, stride, pad or dilation is out of range");
  }
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    c.require(window.kernel[i] > 0, "the kernel size is 0");
    c.require(window.strides[i] > 0, "the stride is 0");
    c.require(window.dilations[i] > 0, "the dilation is 0");
    c.require(window.kernel[i] * window.dilations[i] < limit, "the dilated kernel is too large");
  }
}

void check_weights(const ShapeContext& c, std::int64_t channels, std::int64_t group, std::int64_t outputs) {
  c.require(group > 0, "group is 0");
  c.require(outputs > 0 && outputs % group == 0,
            "num_output " + std::to_string(outputs) + " is not a multiple of group " + std::to_string(group));
  c.require(channels % group == 0, "its input's " + std::to_string(channels) +
                                       " channels are not a multiple of group " + std::to_string(group));
}

/// Sets the output: as many channels as `output` says, and on each spatial axis what `size(axis, in)` makes
/// of it.
template <typename Size>
void set_output(ShapeContext& c, const Window& window, Size size) {
  const Shape& x = c.input(0);
  check(c, window, x);
  const std::int64_t outputs = c.attributes().integer("output");
  check_weights(c, x[1], c.attributes().integer("group"), outputs);
  Shape out{x[0], outputs};
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    const std::int64_t in = x[i + 2];
    c.require(in < limit, "its input is too large");
    out.push_back(in < 0 ? -1 : size(i, in));
  }
  c.output(0, std::move(out));
}

/// Caffe: floor((in + pads - (dilation (kernel - 1) + 1)) / stride) + 1.
void infer_convolution(ShapeContext& c) {
  const Window window(c.attributes());
  set_output(c, window, [&](std::size_t i, std::int64_t in) {
    const std::int64_t room = in + window.pads_begin[i] + window.pads_end[i] - window.extent(i);
    if (room < 0)
      c.fail("a kernel that covers " + std::to_string(window.extent(i)) +
                 " elements does not fit its padded input " + to_string(c.input(0)) + " (pad " +
                 std::to_string(window.pads_begin[i]) + ")",
             "give a larger input with --input_shape, or correct kernel_size, dilation or pad");
    return room / window.strides[i] + 1;
  });
}

/// Caffe: stride (in - 1) + dilation (kernel - 1) + 1 - pads.
void infer_deconvolution(ShapeContext& c) {
  const Window window(c.attributes());
  set_output(c, window, [&](std::size_t i, std::int64_t in) {
    const std::int64_t size =
        window.strides[i] * (in - 1) + window.extent(i) - window.pads_begin[i] - window.pads_end[i];
    if (size <= 0)
      c.fail("pad takes away its whole output (size " + std::to_string(size) + ")",
             "correct pad or kernel_size");
    return size;
  });
}

Attributes window_attributes(const Attributes& a) {
  return {{"strides", a.integers("strides")},
          {"dilations", a.integers("dilations")},
          {"pads_begin", a.integers("pads_begin")},
          {"pads_end", a.integers("pads_end")},
          {"auto_pad", std::string("explicit")}};
}

/// Emits the op and the bias behind it.  `leading`: the weights' dimensions before the kernel.
void lower(Lowering& l, const char* type, Shape leading, Attributes data) {
  const auto& kernel = l.attributes().integers("kernel");
  leading.insert(leading.end(), kernel.begin(), kernel.end());
  const Tensor* biases = l.node().blob("biases");
  const Port weights = l.weights(*l.node().blob("weights"), std::move(leading), "weights");
  Port y = l.emit(type, 1, data, {l.input(0), weights}, l.output_shape(),
                  biases == nullptr ? "" : "WithoutBiases");
  if (biases != nullptr) {
    Shape shape(l.output_shape().size(), 1);
    shape[1] = biases->size();
    y = l.emit("Add", 1, {{"auto_broadcast", std::string("numpy")}}, {y, l.weights(*biases, shape, "biases")},
               l.output_shape());
  }
  l.output(0, y);
}

/// Both kinds in legacy IR; weights in Caffe's order.
std::function<void(ir::legacy::Spelling&)> spell(std::string_view type) {
  return [type](ir::legacy::Spelling& s) {
    s.type(type);
    s.copy({"output", "group"});
    for (const char* name : {"kernel", "strides", "pads_begin", "pads_end", "dilations"})
      s.window(name, s.attributes().integers(name));
    s.copy_blobs({"weights", "biases"});
  };
}

/// Each element of `per` times a kernel for each of `channels` in its group.
double multiply_adds(const Shape& per, std::int64_t channels, const Attributes& attributes) {
  double product = static_cast<double>(element_count(per)) * static_cast<double>(channels) /
                   static_cast<double>(attributes.integer("group"));
  for (const std::int64_t size : attributes.integers("kernel")) product *= static_cast<double>(size);
  return product;
}

void read(ir::legacy::Reading& r) {
  const std::vector<std::int64_t> kernel = r.window("kernel");
  const std::vector<std::int64_t> ones(kernel.size(), 1);
  const std::vector<std::int64_t> begins =
      r.window("pads_begin", std::vector<std::int64_t>(kernel.size(), 0));
  // Engines of v2 take 0 for 1.
  std::vector<std::int64_t> strides = r.window("strides", ones);
  if (!r.dialect().window_lists) std::ranges::replace(strides, 0, 1);
  if (const std::string pad = r.text("auto_pad", ""); !pad.empty() && pad != "explicit")
    r.unsupported("auto_pad " + pad);
  r.needed_blob("weights");
  r.attributes = {{"output", r.integer("output")},
                  {"group", r.integer("group", 1)},
                  {"kernel", kernel},
                  {"strides", strides},
                  {"pads_begin", begins},
                  {"pads_end", r.window("pads_end", begins)},
                  {"dilations", r.window("dilations", ones)}};
}

bool pads_one_pixel(const Window& window) {
  const auto is = [](std::int64_t wanted) {
    return [wanted](std::int64_t value) { return value == wanted; };
  };
  return std::ranges::all_of(window.kernel, is(1)) &&
         !(std::ranges::all_of(window.pads_begin, is(0)) && std::ranges::all_of(window.pads_end, is(0)));
}

/// OpenCV 5.0.0 reads beyond its input where a 1x1 convolution has pads.
onnx::Value onnx_padded(onnx::Lowering& l, const Window& window) {
  onnx::Integers begin{0, 0};
  onnx::Integers end{0, 0};
  begin.insert(begin.end(), window.pads_begin.begin(), window.pads_begin.end());
  end.insert(end.end(), window.pads_end.begin(), window.pads_end.end());
  return l.pad(l.input(0), std::move(begin), end);
}

/// Both kinds in ONNX; weights in Caffe's order.
std::function<void(onnx::Lowering&)> onnx_window(const char* type) {
  return [type](onnx::Lowering& l) {
    const Attributes& a = l.attributes();
    const Window window(a);
    const std::int64_t group = a.integer("group");
    const std::int64_t channels = l.input_shape(0)[1];
    const bool transposed = type == std::string_view("ConvTranspose");
    Shape shape = transposed ? Shape{channels, a.integer("output") / group}
                             : Shape{a.integer("output"), channels / group};
    shape.insert(shape.end(), window.kernel.begin(), window.kernel.end());
    std::vector<std::int64_t> pads = window.pads_begin;
    pads.insert(pads.end(), window.pads_end.begin(), window.pads_end.end());
    onnx::Value x = l.input(0);
    if (!transposed && pads_one_pixel(window)) {
      x = onnx_padded(l, window);
      std::ranges::fill(pads, 0);
    }
    onnx::Values inputs{x, l.weights(*l.node().blob("weights"), shape, "weights")};
    if (const Tensor* biases = l.node().blob("biases"))
      inputs.push_back(l.weights(*biases, {biases->size()}, "biases"));
    l.output(0, l.emit(type,
                       {{"kernel_shape", window.kernel},
                        {"strides", window.strides},
                        {"pads", pads},
                        {"dilations", window.dilations},
                        {"group", group}},
                       std::move(inputs), l.output_shape()));
  };
}

}  // namespace

/// Caffe's Convolution over any number of spatial axes.  Attributes: output, group, kernel, strides,
/// pads_begin, pads_end, dilations (lists in H, W order).  Blobs: weights [output, channels / group,
/// kernel...], biases [output].
const OpDef convolution = {
    .name = "Convolution",
    .infer = infer_convolution,
    .opset =
        [](Lowering& l) {
          const std::int64_t group = l.attributes().integer("group");
          const std::int64_t outputs = l.attributes().integer("output");
          const std::int64_t channels = l.input_shape(0)[1];
          const Attributes data = window_attributes(l.attributes());
          if (group == 1)
            lower(l, "Convolution", {outputs, channels}, data);
          else
            lower(l, "GroupConvolution", {group, outputs / group, channels / group}, data);
        },
    .legacy = spell("Convolution"),
    .onnx = onnx_window("Conv"),
    .multiply_adds =
        [](const Graph& graph, const Node& node) {
          return multiply_adds(node.outputs[0].shape, graph.shape(node.inputs[0])[1], node.attributes);
        },
    .from_legacy = {{"Convolution"}, read},
};

/// Caffe's Deconvolution: the transposed convolution.  As Convolution, weights [channels, output / group,
/// kernel...].
const OpDef deconvolution = {
    .name = "Deconvolution",
    .infer = infer_deconvolution,
    .opset =
        [](Lowering& l) {
          const std::int64_t group = l.attributes().integer("group");
          const std::int64_t outputs = l.attributes().integer("output");
          const std::int64_t channels = l.input_shape(0)[1];
          Attributes data = window_attributes(l.attributes());
          data.set("output_padding", std::vector<std::int64_t>(l.input_shape(0).size() - 2, 0));
          if (group == 1)
            lower(l, "ConvolutionBackpropData", {channels, outputs}, data);
          else
            lower(l, "GroupConvolutionBackpropData", {group, channels / group, outputs / group}, data);
        },
    .legacy = spell("Deconvolution"),
    .onnx = onnx_window("ConvTranspose"),
    .multiply_adds =
        [](const Graph& graph, const Node& node) {
          return multiply_adds(graph.shape(node.inputs[0]), node.attributes.integer("output"),
                               node.attributes);
        },
    .from_legacy = {{"Deconvolution"}, read},
};

}  // namespace mo::op
