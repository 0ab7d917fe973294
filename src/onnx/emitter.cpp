#include "onnx/emitter.h"

#include <algorithm>
#include <stdexcept>

#include "graph/op.h"
#include "onnx/emission.h"
#include "onnx/lowering.h"

namespace mo::onnx {

namespace {

constexpr std::size_t names_shown = 50;

}  // namespace

Value Emitter::value(mo::Value of) const {
  const auto& values = bound_[of.node];
  if (of.output >= values.size() || !values[of.output].present())
    throw std::logic_error("op '" + std::string(graph_.node(of.node).op->name) + "' has not said output " +
                           std::to_string(of.output));
  return values[of.output];
}

void Emitter::bind(mo::Value of, Value value) {
  auto& values = bound_[of.node];
  if (values.size() <= of.output) values.resize(of.output + 1);
  values[of.output] = value;
}

Value Emitter::add_value(ValueInfo info) {
  model_.values.push_back(std::move(info));
  makers_.push_back(no_maker);
  return {model_.values.size() - 1};
}

Value Emitter::add_constant(Tensor tensor, ElementType stored, Shape shape, std::string_view suffix,
                            const std::string& report_name) {
  static const auto type_of = [](ElementType type) {
    switch (type) {
      case ElementType::f16:
        return DataType::f16;
      case ElementType::i64:
        return DataType::i64;
      default:
        return DataType::f32;
    }
  };
  const Value value = add_value({std::string(suffix), std::move(shape), type_of(stored)});
  model_.initializers.push_back(
      {value, {.tensor = std::move(tensor), .stored = stored, .name = report_name}});
  return value;
}

Values Emitter::add_node(Node node, std::vector<ValueInfo> outputs) {
  for (ValueInfo& info : outputs) {
    info.name.clear();
    node.outputs.push_back(add_value(std::move(info)));
    makers_.back() = model_.nodes.size();
  }
  model_.nodes.push_back(std::move(node));
  return model_.nodes.back().outputs;
}

std::string Emitter::unique(std::unordered_set<std::string>& taken, const std::string& wanted) {
  if (taken.insert(wanted).second) return wanted;
  for (int suffix = 1;; ++suffix) {
    std::string candidate = wanted + "_" + std::to_string(suffix);
    if (taken.insert(candidate).second) return candidate;
  }
}

void Emitter::emit_node(NodeId id) {
  const mo::Node& node = graph_.node(id);
  const std::size_t first_node = model_.nodes.size();
  const std::size_t first_value = model_.values.size();
  Lowering lowering(*this, graph_, id);
  if (!node.op->onnx)
    lowering.foreign();
  else
    node.op->onnx(lowering);
  const std::size_t main = node.outputs.empty() ? no_maker : makers_[value({id, 0}).index];
  const std::string prefix = node.name + "/";
  for (std::size_t i = first_node; i < model_.nodes.size(); ++i) {
    std::string& name = model_.nodes[i].name;  // the suffix so far
    name = i == main ? node.name : unique(node_names_, std::string(prefix).append(name));
  }
  for (std::size_t i = first_value; i < model_.values.size(); ++i) {
    std::string& name = model_.values[i].name;
    if (makers_[i] == no_maker && !name.empty()) name.insert(0, prefix);
  }
}

/// A network output that is an input, a constant or another output as well needs a value of its own.
Value Emitter::output_of_its_own(mo::Value of) {
  const Value found = value(of);
  const bool shared = std::ranges::find(model_.outputs, found) != model_.outputs.end();
  if (makers_[found.index] != no_maker && !shared) return found;
  Node identity;
  identity.name = unique(node_names_, graph_.node(of.node).name + "/Identity");
  identity.type = "Identity";
  identity.inputs = {found};
  return add_node(std::move(identity), {model_.values[found.index]}).front();
}

/// Of the blobs that a value is, the first; of a network output the last, which nothing consumes.
std::string Emitter::blob_name(mo::Value of, bool last) const {
  const Output& output = graph_.output(of);
  if (!output.names.empty()) return last ? output.names.back() : output.names.front();
  const std::string& node = graph_.node(of.node).name;
  return graph_.node(of.node).outputs.size() == 1 ? node : node + "." + std::to_string(of.output);
}

void Emitter::name_values(const std::vector<NodeId>& order) {
  std::unordered_set<std::string> taken;
  std::vector<bool> named(model_.values.size(), false);
  const auto name = [&](Value value, const std::string& wanted) {
    if (named[value.index]) return;
    named[value.index] = true;
    model_.values[value.index].name = unique(taken, wanted);
  };
  for (std::size_t i = 0; i < graph_.inputs.size(); ++i)
    name(model_.inputs[i], blob_name({graph_.inputs[i], 0}, false));
  for (std::size_t i = 0; i < graph_.outputs.size(); ++i)
    name(model_.outputs[i], blob_name(graph_.outputs[i], true));
  for (const NodeId id : order)
    for (std::uint32_t i = 0; i < bound_[id].size(); ++i)
      if (bound_[id][i].present() && !graph_.output({id, i}).names.empty())
        name(bound_[id][i], blob_name({id, i}, false));
  for (std::size_t i = 0; i < model_.values.size(); ++i) {
    std::string wanted = model_.values[i].name;
    if (makers_[i] != no_maker) {
      const Node& maker = model_.nodes[makers_[i]];
      wanted = maker.name;
      if (maker.outputs.size() > 1)
        wanted += "." + std::to_string(std::ranges::find(maker.outputs, Value{i}) - maker.outputs.begin());
    }
    name({i}, wanted);
  }
}

void Emitter::report_foreign() {
  for (const auto& [type, layers] : foreign_) {
    std::string names;
    for (std::size_t i = 0; i < layers.size() && i < names_shown; ++i)
      names.append(i > 0 ? ", " : "").append(layers[i]);
    if (layers.size() > names_shown)
      names.append(" and ").append(std::to_string(layers.size() - names_shown)).append(" more");
    diagnostics_.warning(
        code::onnx_foreign_operator,
        "ONNX has no operators for " + names + ": written as the operator " + type,
        "give the runtime an implementation of that operator, or cut the net before it with --output");
  }
}

Model Emitter::run() {
  const std::vector<NodeId> order = graph_.topological_order();
  for (const NodeId id : order) node_names_.insert(graph_.node(id).name);
  for (const NodeId id : graph_.inputs) {
    emit_node(id);
    model_.inputs.push_back(value({id, 0}));
  }
  for (const NodeId id : order)
    if (bound_[id].empty()) emit_node(id);
  for (const mo::Value output : graph_.outputs) model_.outputs.push_back(output_of_its_own(output));
  name_values(order);
  report_foreign();
  return std::move(model_);
}

Model emit(const Graph& graph, const EmitOptions& options, Diagnostics& diagnostics) {
  return Emitter(graph, options, diagnostics).run();
}

}  // namespace mo::onnx
