// Marks nodes that no fusing pass may touch.

#include <re2/re2.h>

#include <memory>

#include "passes/passes.h"

namespace mo::passes {

bool is_regular_expression(const std::string& text, std::string& why) {
  const RE2 expression(text, RE2::Quiet);
  why = expression.error();
  return expression.ok();
}

void keep_apart(Graph& graph, std::span<const std::string> expressions) {
  std::vector<std::unique_ptr<const RE2>> all;
  for (const std::string& text : expressions) all.push_back(std::make_unique<const RE2>(text, RE2::Quiet));
  for (NodeId id = 0; !all.empty() && id < graph.capacity(); ++id) {
    Node& node = graph.node(id);
    for (const auto& expression : all)
      if (node.alive && expression->ok() && RE2::PartialMatch(node.name, *expression))
        node.can_be_fused = false;
  }
}

}  // namespace mo::passes
