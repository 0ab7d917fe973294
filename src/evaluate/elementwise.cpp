#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <unordered_map>

#include "evaluate/evaluate.h"
#include "ops/ops.h"

namespace mo::evaluate {

namespace {

using Unary = std::function<double(double)>;

Unary power(const Attributes& a) {
  return [power = a.number("power"), scale = a.number("scale"), shift = a.number("shift")](double x) {
    const double base = shift + scale * x;
    return power == 1.0F ? base : std::pow(base, power);
  };
}

Unary function_of(const OpDef* op, const Attributes& a) {
  if (op == &op::relu)
    return [slope = a.number("negative_slope")](double x) { return x > 0 ? x : slope * x; };
  if (op == &op::elu)
    return [alpha = a.number("alpha")](double x) { return x > 0 ? x : alpha * std::expm1(x); };
  if (op == &op::sigmoid) return [](double x) { return 1 / (1 + std::exp(-x)); };
  if (op == &op::tanh) return [](double x) { return std::tanh(x); };
  if (op == &op::abs) return [](double x) { return std::abs(x); };
  if (op == &op::exp) return [](double x) { return std::exp(x); };
  if (op == &op::log) return [](double x) { return std::log(x); };
  if (op == &op::bnll) return [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); };
  if (op == &op::threshold)
    return [threshold = a.number("threshold")](double x) { return x > threshold ? 1.0 : 0.0; };
  if (op == &op::clamp)
    return [min = a.number("min"), max = a.number("max")](double x) {
      return std::min<double>(std::max<double>(x, min), max);
    };
  if (op == &op::swish) return [beta = a.number("beta")](double x) { return x / (1 + std::exp(-beta * x)); };
  return power(a);
}

/// For each element of `out`, in order, the index of the element of `in` that numpy's broadcasting pairs with
/// it.
std::vector<std::size_t> broadcast_indices(const Shape& in, const Shape& out) {
  std::vector<std::size_t> indices{0};
  auto inner = static_cast<std::size_t>(element_count(in));  // elements of `in` below the axis
  for (std::size_t axis = 0; axis < out.size(); ++axis) {
    const std::size_t missing = out.size() - in.size();
    const auto size = static_cast<std::size_t>(axis < missing ? 1 : in[axis - missing]);
    inner /= std::max<std::size_t>(size, 1);
    std::vector<std::size_t> next;
    next.reserve(indices.size() * static_cast<std::size_t>(out[axis]));
    for (const std::size_t index : indices)
      for (std::size_t i = 0; i < static_cast<std::size_t>(out[axis]); ++i)
        next.push_back(index + (size == 1 ? 0 : i * inner));
    indices = std::move(next);
  }
  return indices;
}

/// Elements of a blob that covers the dimensions from `axis` on: outer ones repeat it, inner ones its
/// elements.
struct Coverage {
  std::size_t size;
  std::size_t inner = 1;

  Coverage(const Shape& x, std::size_t axis, const Tensor& blob)
      : size(static_cast<std::size_t>(blob.size())) {
    for (std::size_t i = axis + blob.shape().size(); i < x.size(); ++i)
      inner *= static_cast<std::size_t>(x[i]);
  }
  std::size_t operator()(std::size_t element) const { return element / inner % size; }
};

}  // namespace

Results unary(const Arguments& arguments) {
  std::vector<float> out = arguments.inputs[0];
  const Unary f = function_of(arguments.node.op, arguments.attributes());
  for (float& x : out) x = static_cast<float>(f(x));
  return {std::move(out)};
}

Results eltwise(const Arguments& arguments) {
  const std::string& operation = arguments.attributes().text("operation");
  const auto& coefficients = arguments.attributes().numbers("coeff");
  std::vector<double> out;
  for (std::size_t k = 0; k < arguments.inputs.size(); ++k) {
    const auto indices = broadcast_indices(arguments.input_shape(k), arguments.output_shape());
    if (k == 0) out.resize(indices.size());
    const double factor = coefficients.empty() ? 1.0 : coefficients[k];
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const double x = arguments.inputs[k][indices[i]] * factor;
      if (k == 0)
        out[i] = x;
      else
        out[i] = operation == "sum" ? out[i] + x : operation == "mul" ? out[i] * x : std::max(out[i], x);
    }
  }
  return {std::vector<float>(out.begin(), out.end())};
}

Results scale_shift(const Arguments& arguments) {
  const auto axis = static_cast<std::size_t>(arguments.attributes().integer("axis"));
  std::vector<double> out(arguments.inputs[0].begin(), arguments.inputs[0].end());
  for (const char* role : {"weights", "biases"}) {
    const Tensor* blob = arguments.node.blob(role);
    if (blob == nullptr) continue;
    const Coverage element_of(arguments.input_shape(0), axis, *blob);
    const std::vector<double> values = blob->values();
    const bool multiplies = role == std::string_view("weights");
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double value = values[element_of(i)];
      out[i] = multiplies ? out[i] * value : out[i] + value;
    }
  }
  return {std::vector<float>(out.begin(), out.end())};
}

Results batch_normalization(const Arguments& arguments) {
  const Tensor& mean = *arguments.node.blob("mean");
  const std::vector<double> means = mean.values();
  const std::vector<double> variances = arguments.node.blob("variance")->values();
  const double epsilon = arguments.attributes().number("epsilon");
  const Coverage channel_of(arguments.input_shape(0), 1, mean.reshaped({mean.size()}));
  std::vector<float> out(arguments.inputs[0].size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t c = channel_of(i);
    out[i] = static_cast<float>((arguments.inputs[0][i] - means[c]) / std::sqrt(variances[c] + epsilon));
  }
  return {std::move(out)};
}

Results prelu(const Arguments& arguments) {
  const Tensor& blob = *arguments.node.blob("weights");
  const std::vector<double> slopes = blob.values();
  const Coverage slope_of(arguments.input_shape(0), 1, blob.reshaped({blob.size()}));
  std::vector<float> out = arguments.inputs[0];
  for (std::size_t i = 0; i < out.size(); ++i)
    if (out[i] < 0) out[i] = static_cast<float>(out[i] * slopes[slope_of(i)]);
  return {std::move(out)};
}

Results softmax(const Arguments& arguments) {
  const Shape& x = arguments.input_shape(0);
  const std::int64_t axis = axis_from_start(arguments.attributes().integer("axis"), x);
  const auto size = static_cast<std::size_t>(x[static_cast<std::size_t>(axis)]);
  std::size_t inner = 1;
  for (auto i = static_cast<std::size_t>(axis) + 1; i < x.size(); ++i)
    inner *= static_cast<std::size_t>(x[i]);
  std::vector<float> out = arguments.inputs[0];
  for (std::size_t begin = 0; begin < out.size(); begin += size * inner)
    for (std::size_t i = begin; i < begin + inner; ++i) {
      float largest = out[i];
      for (std::size_t k = 0; k < size; ++k) largest = std::max(largest, out[i + k * inner]);
      double sum = 0;
      for (std::size_t k = 0; k < size; ++k) sum += std::exp(double{out[i + k * inner]} - largest);
      for (std::size_t k = 0; k < size; ++k)
        out[i + k * inner] = static_cast<float>(std::exp(double{out[i + k * inner]} - largest) / sum);
    }
  return {std::move(out)};
}

}  // namespace mo::evaluate
