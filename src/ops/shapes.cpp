#include "ops/shapes.h"

#include <algorithm>

namespace mo::shapes {

std::size_t resolved_axis(const ShapeContext& context, std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank)
    context.fail("axis " + std::to_string(axis) + " is outside an input of rank " + std::to_string(rank));
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

void same_as_input(ShapeContext& context) {
  context.output(0, context.input(0));
}

Shape broadcast(const ShapeContext& context, const Shape& a, const Shape& b) {
  Shape out(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1 && x != -1 && y != -1)
      context.fail("inputs of shapes " + to_string(a) + " and " + to_string(b) + " do not go together");
    std::int64_t& dim = out[out.size() - 1 - i];
    if (x == 1) {
      dim = y;
    } else if (y == 1 || x == y) {
      dim = x;
    } else {
      dim = x == -1 ? y : x;  // one is unknown, the other is not 1
    }
  }
  return out;
}

std::int64_t product(const Shape& shape, std::size_t begin, std::size_t end) {
  return element_count(Shape(shape.begin() + static_cast<std::ptrdiff_t>(begin),
                             shape.begin() + static_cast<std::ptrdiff_t>(end)));
}

}  // namespace mo::shapes
