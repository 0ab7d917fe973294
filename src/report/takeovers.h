#pragma once

#include <cstddef>
#include <vector>

#include "graph/graph.h"

namespace mo::report {

/// For each node of the graph, dead or alive, the live nodes that compute now what it computed: itself, and
/// what took it over.  Of a node with very many (a scale that went into each of 1,000 readers) the first few.
std::vector<std::vector<NodeId>> heirs(const Graph& graph);

}  // namespace mo::report
