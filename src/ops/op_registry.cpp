#include "ops/op_registry.h"

#include <utility>
#include <vector>

#include "ops/ops.h"

namespace mo {

OpRegistry::OpRegistry() {
  for (const OpDef* definition : all_ops()) built_in_.emplace(definition->name, definition);
}

std::string OpRegistry::add(std::unique_ptr<UserOp> op) {
  if (const auto known = own_.find(op->name); known != own_.end()) return known->second->source;
  op->definition.name = op->name;
  const std::string_view name = op->name;
  own_.emplace(name, std::move(op));
  return {};
}

const OpDef* OpRegistry::find(std::string_view name) const {
  if (const auto own = own_.find(name); own != own_.end()) return &own->second->definition;
  const auto known = built_in_.find(name);
  return known == built_in_.end() ? nullptr : known->second;
}

std::string_view OpRegistry::nearest(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const auto& [known, definition] : built_in_) names.push_back(known);
  for (const auto& [known, op] : own_) names.push_back(known);
  return mo::nearest(name, names);
}

void OpRegistry::take_over(Graph& graph) const {
  if (own_.empty()) return;
  for (const NodeId id : graph.topological_order()) {
    const auto own = own_.find(graph.node(id).op->name);
    if (own == own_.end() || graph.node(id).op == &own->second->definition) continue;
    graph.node(id).op = &own->second->definition;
    graph.infer(id);
  }
}

}  // namespace mo
