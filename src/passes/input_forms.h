#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "support/diagnostics.h"

namespace mo::passes {

/// Names of dimensions in order (`N`, `C`, `H`, `W`); `?` is a dimension without a name, `...` any number.
using Layout = std::vector<std::string>;

/// In which form the application feeds an input; empty: as the net takes it.
struct InputForm {
  std::string input;  ///< by layer or blob; empty: every input of the layout's rank
  Layout net_layout;  ///< what the net's dimensions mean; empty: N, C, H, W
  Layout fed_layout;
  std::string element_type;  ///< as IR v11 names it: `u8`
};

/// Before:  Input                         After:  Input of the other form -> Convert -> Permute
/// IR v10 and v11 alone.  Layouts that do not fit are added to `diagnostics`.
void apply_input_forms(Graph& graph, const std::vector<InputForm>& forms, Diagnostics& diagnostics);

}  // namespace mo::passes
