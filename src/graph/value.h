#pragma once

#include <cstdint>
#include <limits>

namespace mo {

using NodeId = std::uint32_t;

/// One output of one node.
struct Value {
  NodeId node = std::numeric_limits<NodeId>::max();
  std::uint32_t output = 0;
  friend bool operator==(const Value&, const Value&) = default;
};

/// One input of one node.
struct Use {
  NodeId node;
  std::uint32_t input;
  friend bool operator==(const Use&, const Use&) = default;
};

}  // namespace mo
