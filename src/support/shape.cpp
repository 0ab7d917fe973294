#include "support/shape.h"

#include <fmt/format.h>

#include <stdexcept>

namespace mo {

std::int64_t element_count(const Shape& shape) {
  bool unknown = false;
  bool empty = false;
  std::int64_t count = 1;
  for (const std::int64_t dim : shape) {
    if (dim < 0) {
      unknown = true;
    } else if (dim == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(count, dim, &count)) {
      // A zero elsewhere does not excuse it: strides are products of the others.
      throw std::overflow_error(fmt::format("shape {} has more than 2^63 elements", to_string(shape)));
    }
  }
  return unknown ? -1 : empty ? 0 : count;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (const std::int64_t dim : shape) {
    if (text.size() > 1) text += ", ";
    text += dim < 0 ? "?" : std::to_string(dim);
  }
  return text + "]";
}

}  // namespace mo
