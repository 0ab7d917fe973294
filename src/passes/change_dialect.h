#pragma once

#include "graph/graph.h"

namespace mo::passes {

/// A graph read from legacy IR `from`, so that legacy IR `to` can say it: nothing else is rewritten.
/// Before:  Eltwise(a, b; coeff 1, -1)   After, from v6 on:  Eltwise(a, Power(b; scale -1))
/// Before:  Eltwise(x, y of size 1)      After, up to v4:    Eltwise(x, Tile(y))
/// Before:  FullyConnected(x)            After, in v7:       FullyConnected(Reshape(x; 0, -1))
void change_dialect(Graph& graph, int from, int to);

/// Graph::means become layers, as IR v10 and v11 have no section for them.
/// Before:  net(x), means m beside it    After:  net(ScaleShift(x; biases = -m))
void means_into_layers(Graph& graph);

}  // namespace mo::passes
