#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "support/diagnostics.h"

namespace mo::passes {

struct FrozenInput {
  std::string name;  ///< of the input, by layer or blob
  std::vector<double> values;
};

/// Before:  Input   After:  Const of the input's shape
/// Unknown names and wrong counts of values are added to `diagnostics`.
void freeze_inputs(Graph& graph, const std::vector<FrozenInput>& frozen, Diagnostics& diagnostics);

}  // namespace mo::passes
