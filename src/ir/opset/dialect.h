#pragma once

#include <string>

#include "graph/attributes.h"

namespace mo::ir::opset {

/// In what IR v10 and v11 differ.  v10 is written so that the 2020 engine reads it too: it knows opset1
/// alone, wants booleans as 1/0 and cannot take empty lists.
struct Dialect {
  int version;
  bool opset1_only;
  bool numeric_booleans;
  bool empty_lists;
  bool metadata_in_rt_info;
};

/// Throws std::invalid_argument for a version that is not 10 or 11.
const Dialect& dialect(int version);

/// An attribute's value as the dialect writes it; lists as `1, 2`.
std::string format(const AttributeValue& value, const Dialect& dialect);

}  // namespace mo::ir::opset
