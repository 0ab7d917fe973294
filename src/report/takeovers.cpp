#include "report/takeovers.h"

#include <algorithm>
#include <cstddef>

namespace mo::report {

namespace {

constexpr std::size_t most_heirs = 16;  // of one node: keeps the whole linear

void add(std::vector<NodeId>& heirs, NodeId heir) {
  if (heirs.size() < most_heirs && std::ranges::find(heirs, heir) == heirs.end()) heirs.push_back(heir);
}

}  // namespace

std::vector<std::vector<NodeId>> heirs(const Graph& graph) {
  std::vector<std::vector<NodeId>> result(graph.capacity());
  for (NodeId id = 0; id < graph.capacity(); ++id)
    if (graph.node(id).alive) result[id].push_back(id);
  // From the last to the first: what took over has all its heirs by then.
  for (std::size_t i = graph.takeovers.size(); i-- > 0;) {
    const Takeover& takeover = graph.takeovers[i];
    for (const NodeId heir : std::vector(result[takeover.into])) add(result[takeover.from], heir);
  }
  return result;
}

}  // namespace mo::report
