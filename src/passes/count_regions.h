#pragma once

#include "graph/graph.h"

namespace mo::passes {

/// Gives layers that propose regions as many rows as there are regions, as Caffe does, where IR has a fixed
/// number with fillers.  For formats that know lengths which depend on numbers.  Throws Failure when a layer
/// behind them needs a fixed number.
void count_regions(Graph& graph);

}  // namespace mo::passes
