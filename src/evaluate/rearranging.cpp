#include <algorithm>

#include "evaluate/evaluate.h"

namespace mo::evaluate {

namespace {

std::size_t resolved_axis(const Arguments& arguments) {
  return static_cast<std::size_t>(
      axis_from_start(arguments.attributes().integer("axis"), arguments.input_shape(0)));
}

std::size_t product(const Shape& shape, std::size_t begin, std::size_t end) {
  std::size_t count = 1;
  for (std::size_t i = begin; i < end; ++i) count *= static_cast<std::size_t>(shape[i]);
  return count;
}

}  // namespace

Results same_numbers(const Arguments& arguments) {
  return {arguments.inputs[0]};
}

Results permute(const Arguments& arguments) {
  const Shape& in = arguments.input_shape(0);
  const auto& order = arguments.attributes().integers("order");
  std::vector<std::size_t> indices{0};  // of the input's elements, in the output's order
  for (const std::int64_t axis : order) {
    const auto from = static_cast<std::size_t>(axis);
    const std::size_t stride = product(in, from + 1, in.size());
    std::vector<std::size_t> next;
    next.reserve(indices.size() * static_cast<std::size_t>(in[from]));
    for (const std::size_t index : indices)
      for (std::size_t i = 0; i < static_cast<std::size_t>(in[from]); ++i) next.push_back(index + i * stride);
    indices = std::move(next);
  }
  std::vector<float> out;
  out.reserve(indices.size());
  for (const std::size_t index : indices) out.push_back(arguments.inputs[0][index]);
  return {std::move(out)};
}

Results tile(const Arguments& arguments) {
  const Shape& in = arguments.input_shape(0);
  const std::size_t row = product(in, resolved_axis(arguments), in.size());
  const std::vector<float>& x = arguments.inputs[0];
  std::vector<float> out;
  out.reserve(arguments.output_size());
  for (std::size_t begin = 0; begin < x.size(); begin += row)
    for (std::int64_t i = 0; i < arguments.attributes().integer("tiles"); ++i)
      out.insert(out.end(), x.begin() + static_cast<std::ptrdiff_t>(begin),
                 x.begin() + static_cast<std::ptrdiff_t>(begin + row));
  return {std::move(out)};
}

Results concat(const Arguments& arguments) {
  const std::size_t axis = resolved_axis(arguments);
  const std::size_t outer = product(arguments.output_shape(), 0, axis);
  std::vector<float> out;
  out.reserve(arguments.output_size());
  for (std::size_t i = 0; i < outer; ++i)
    for (const std::vector<float>& x : arguments.inputs) {
      const std::size_t row = x.size() / outer;
      const auto begin = x.begin() + static_cast<std::ptrdiff_t>(i * row);
      out.insert(out.end(), begin, begin + static_cast<std::ptrdiff_t>(row));
    }
  return {std::move(out)};
}

Results slice(const Arguments& arguments) {
  const std::size_t outer = product(arguments.input_shape(0), 0, resolved_axis(arguments));
  Results out(arguments.node.outputs.size());
  auto from = arguments.inputs[0].begin();
  for (std::size_t i = 0; i < outer; ++i)
    for (std::size_t k = 0; k < out.size(); ++k) {
      const auto row = static_cast<std::ptrdiff_t>(arguments.output_size(k) / outer);
      out[k].insert(out[k].end(), from, from + row);
      from += row;
    }
  return out;
}

}  // namespace mo::evaluate
