#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/shape.h"

namespace mo::verify {

/// Numbers in row-major order.
struct Array {
  Shape shape;
  std::vector<float> values;
};

using Arrays = std::map<std::string, Array>;

}  // namespace mo::verify
