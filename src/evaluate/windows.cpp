#include <algorithm>
#include <limits>

#include "evaluate/evaluate.h"

namespace mo::evaluate {

namespace {

using Sizes = std::vector<std::int64_t>;

Sizes spatial(const Shape& shape) {
  return {shape.begin() + 2, shape.end()};
}

std::int64_t product(const Sizes& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) count *= size;
  return count;
}

/// To the next position in row-major order; false behind the last.
bool advance(Sizes& position, const Sizes& sizes) {
  for (std::size_t axis = sizes.size(); axis-- > 0;) {
    if (++position[axis] < sizes[axis]) return true;
    position[axis] = 0;
  }
  return false;
}

/// The elements under a window, as offsets within a channel, each with its place in the kernel.
struct Touched {
  std::int64_t offset;
  std::int64_t kernel;
};

std::vector<Touched> touched(const Sizes& image, const Sizes& kernel, const Sizes& dilations,
                             const Sizes& begin) {
  std::vector<Touched> elements;
  Sizes at(kernel.size(), 0);
  std::int64_t index = 0;
  do {
    std::int64_t offset = 0;
    bool inside = true;
    for (std::size_t i = 0; i < kernel.size(); ++i) {
      const std::int64_t position = begin[i] + at[i] * dilations[i];
      inside = inside && position >= 0 && position < image[i];
      offset = offset * image[i] + position;
    }
    if (inside) elements.push_back({offset, index});
    ++index;
  } while (advance(at, kernel));
  return elements;
}

std::vector<double> biases_or_zero(const Node& node, std::size_t count) {
  const Tensor* biases = node.blob("biases");
  return biases == nullptr ? std::vector<double>(count, 0.0) : biases->values();
}

std::vector<float> floats(const Tensor& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.size()));
  tensor.read(0, values);
  return values;
}

}  // namespace

Results convolution(const Arguments& arguments) {
  const Attributes& a = arguments.attributes();
  const Shape& x = arguments.input_shape(0);
  const Sizes image = spatial(x);
  const Sizes positions = spatial(arguments.output_shape());
  const Sizes& kernel = a.integers("kernel");
  const std::int64_t outputs = a.integer("output");
  const std::int64_t per_group = x[1] / a.integer("group");
  const std::vector<float> weights = floats(*arguments.node.blob("weights"));
  const std::vector<double> biases = biases_or_zero(arguments.node, static_cast<std::size_t>(outputs));
  const std::int64_t image_size = product(image);
  const std::int64_t out_size = product(positions);
  std::vector<float> out(arguments.output_size());
  Sizes position(kernel.size(), 0);
  std::int64_t place = 0;
  do {
    Sizes begin(kernel.size());
    for (std::size_t i = 0; i < kernel.size(); ++i)
      begin[i] = position[i] * a.integers("strides")[i] - a.integers("pads_begin")[i];
    const auto elements = touched(image, kernel, a.integers("dilations"), begin);
    for (std::int64_t n = 0; n < x[0]; ++n)
      for (std::int64_t o = 0; o < outputs; ++o) {
        double sum = biases[static_cast<std::size_t>(o)];
        const std::int64_t first = n * x[1] + o / (outputs / a.integer("group")) * per_group;
        for (std::int64_t c = 0; c < per_group; ++c)
          for (const Touched& element : elements)
            sum +=
                double{arguments
                           .inputs[0][static_cast<std::size_t>((first + c) * image_size + element.offset)]} *
                weights[static_cast<std::size_t>((o * per_group + c) * product(kernel) + element.kernel)];
        out[static_cast<std::size_t>((n * outputs + o) * out_size + place)] = static_cast<float>(sum);
      }
    ++place;
  } while (advance(position, positions));
  return {std::move(out)};
}

Results fully_connected(const Arguments& arguments) {
  const Attributes& a = arguments.attributes();
  const auto outputs = static_cast<std::size_t>(a.integer("out-size"));
  const std::vector<float> weights = floats(*arguments.node.blob("weights"));
  const std::vector<double> biases = biases_or_zero(arguments.node, outputs);
  const std::size_t inner = weights.size() / outputs;
  const bool transpose = a.boolean("transpose");
  const std::vector<float>& x = arguments.inputs[0];
  std::vector<float> out;
  out.reserve(arguments.output_size());
  for (std::size_t row = 0; row < x.size(); row += inner)
    for (std::size_t o = 0; o < outputs; ++o) {
      double sum = biases[o];
      for (std::size_t i = 0; i < inner; ++i)
        sum += double{x[row + i]} * weights[transpose ? i * outputs + o : o * inner + i];
      out.push_back(static_cast<float>(sum));
    }
  return {std::move(out)};
}

/// An average divides by the part of the window in the input and its symmetric pad, as Caffe does.
Results pooling(const Arguments& arguments) {
  const Attributes& a = arguments.attributes();
  const Sizes image = spatial(arguments.input_shape(0));
  const bool global = a.get_or("global", false);
  const Sizes zeros(image.size(), 0);
  const Sizes ones(image.size(), 1);
  const Sizes& kernel = global ? image : a.integers("kernel");
  const Sizes& strides = global ? ones : a.integers("strides");
  const Sizes& pads = global ? zeros : a.integers("pads_begin");
  const bool max = a.text("pool-method") == "max";
  const std::int64_t image_size = product(image);
  const Sizes positions = spatial(arguments.output_shape());
  const std::int64_t channels = arguments.input_shape(0)[0] * arguments.input_shape(0)[1];
  std::vector<float> out(arguments.output_size());
  Sizes position(image.size(), 0);
  std::int64_t place = 0;
  do {
    Sizes begin(image.size());
    double area = 1;
    for (std::size_t i = 0; i < image.size(); ++i) {
      begin[i] = position[i] * strides[i] - pads[i];
      area *= static_cast<double>(std::min(begin[i] + kernel[i], image[i] + pads[i]) - begin[i]);
    }
    const auto elements = touched(image, kernel, ones, begin);
    for (std::int64_t c = 0; c < channels; ++c) {
      double result = max ? -std::numeric_limits<float>::max() : 0.0;
      for (const Touched& element : elements) {
        const double value = arguments.inputs[0][static_cast<std::size_t>(c * image_size + element.offset)];
        result = max ? std::max(result, value) : result + value;
      }
      out[static_cast<std::size_t>(c * product(positions) + place)] =
          static_cast<float>(max ? result : result / area);
    }
    ++place;
  } while (advance(position, positions));
  return {std::move(out)};
}

}  // namespace mo::evaluate
