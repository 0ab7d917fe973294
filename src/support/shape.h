#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mo {

/// Dimensions, outermost first; -1 is a dimension not known before inference.
using Shape = std::vector<std::int64_t>;

/// Product of the dimensions; -1 when one of them is unknown.
/// Throws std::overflow_error when it does not fit 63 bits.
std::int64_t element_count(const Shape& shape);

/// An axis of a tensor of that shape, counted from its start; a negative one counts from its end.
inline std::int64_t axis_from_start(std::int64_t axis, const Shape& shape) {
  return axis < 0 ? axis + static_cast<std::int64_t>(shape.size()) : axis;
}

/// `[1, 3, 224, 224]`, unknown dimensions as `?`.
std::string to_string(const Shape& shape);

}  // namespace mo
