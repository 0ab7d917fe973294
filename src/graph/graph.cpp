#include "graph/graph.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <stdexcept>

#include "graph/op.h"

namespace mo {

const Tensor* Node::blob(std::string_view role) const {
  const auto it = std::ranges::find(blobs, role, &Blob::role);
  return it == blobs.end() ? nullptr : &it->tensor;
}

void Node::set_blob(std::string_view role, Tensor tensor) {
  const auto it = std::ranges::find(blobs, role, &Blob::role);
  if (it != blobs.end())
    it->tensor = std::move(tensor);
  else
    blobs.push_back({std::string(role), std::move(tensor)});
}

void Node::erase_blob(std::string_view role) {
  std::erase_if(blobs, [role](const Blob& blob) { return blob.role == role; });
}

namespace {

template <class T>
void move_behind(std::vector<T>& from, std::vector<T>& to) {
  std::ranges::move(from, std::back_inserter(to));
  from.clear();
}

}  // namespace

std::string Graph::unique_name(std::string_view wanted) {
  auto [it, fresh] = names_.try_emplace(std::string(wanted), 1);
  while (!fresh) {
    std::string candidate = std::string(wanted) + "_" + std::to_string(it->second++);
    auto [taken, inserted] = names_.try_emplace(candidate, 1);
    if (inserted) return candidate;
    it = names_.find(std::string(wanted));
  }
  return std::string(wanted);
}

bool Graph::takes(std::string_view node_name) const {
  return names_.contains(std::string(node_name));
}

void Graph::reserve(std::size_t nodes) {
  nodes_.reserve(nodes);
  names_.reserve(nodes);
}

NodeId Graph::add(const OpDef& op, std::string_view wanted_name, std::vector<Value> operands,
                  Attributes attributes, std::vector<Blob> blobs) {
  Node node;
  node.op = &op;
  node.layer = wanted_name;
  node.attributes = std::move(attributes);
  node.inputs = std::move(operands);
  node.blobs = std::move(blobs);
  ShapeContext context(*this, node);
  op.infer(context);  // before anything changes: a failure leaves the graph as it was

  const auto id = static_cast<NodeId>(nodes_.size());
  node.name = unique_name(wanted_name);
  nodes_.push_back(std::move(node));
  const auto& stored = nodes_.back().inputs;
  nodes_.back().places.resize(stored.size());
  for (std::uint32_t i = 0; i < stored.size(); ++i) add_use(stored[i], {id, i});
  return id;
}

void Graph::infer(NodeId id) {
  ShapeContext context(*this, nodes_[id]);
  nodes_[id].op->infer(context);
}

void Graph::add_use(Value value, Use use) {
  auto& uses = output(value).uses;
  nodes_[use.node].places[use.input] = static_cast<std::uint32_t>(uses.size());
  uses.push_back(use);
}

void Graph::forget_use(Value value, Use use) {
  constexpr std::size_t few = 64;
  auto& uses = output(value).uses;
  std::size_t place = nodes_[use.node].places[use.input];
  if (uses.size() > few) {
    uses[place] = uses.back();
    uses.pop_back();
    if (place < uses.size())
      nodes_[uses[place].node].places[uses[place].input] = static_cast<std::uint32_t>(place);
    return;
  }
  uses.erase(uses.begin() + static_cast<std::ptrdiff_t>(place));
  for (; place < uses.size(); ++place) --nodes_[uses[place].node].places[uses[place].input];
}

void Graph::set_input(NodeId id, std::size_t index, Value value) {
  const Use use{id, static_cast<std::uint32_t>(index)};
  forget_use(nodes_[id].inputs[index], use);
  nodes_[id].inputs[index] = value;
  add_use(value, use);
}

void Graph::replace(Value from, Value to) {
  if (from == to) return;
  if (to.node > from.node) take_over(from.node, to.node);
  for (const Use& use : output(from).uses) {
    nodes_[use.node].inputs[use.input] = to;
    add_use(to, use);
  }
  output(from).uses.clear();
  std::vector<std::string>& names = output(to).names;
  const std::size_t before = names.size();
  move_behind(output(from).names, names);
  if (before > 0 && is_output(to) && !is_output(from)) std::swap(names[before - 1], names.back());
  move_behind(output(from).origins, output(to).origins);
  outputs.replace(from, to);
}

void Graph::rename(NodeId id, std::string_view wanted) {
  if (nodes_[id].name == wanted) return;
  names_.erase(nodes_[id].name);
  nodes_[id].name = unique_name(wanted);
}

void Graph::erase(NodeId id) {
  Node& node = nodes_[id];
  const bool was_input = node.inputs.empty();
  for (const Output& result : node.outputs)
    if (!result.uses.empty()) throw std::logic_error("node '" + node.name + "' is erased while in use");
  for (std::uint32_t i = 0; i < node.inputs.size(); ++i) forget_use(node.inputs[i], {id, i});
  node.alive = false;
  node.inputs.clear();
  node.places.clear();
  node.blobs.clear();
  names_.erase(node.name);
  if (was_input) std::erase(inputs, id);
}

Node* Graph::only_consumer(Value value) {
  const auto& uses = output(value).uses;
  if (uses.size() != 1 || is_output(value)) return nullptr;
  return &nodes_[uses.front().node];
}

std::vector<NodeId> Graph::topological_order() const {
  std::vector<std::uint32_t> missing(nodes_.size(), 0);
  std::priority_queue<NodeId, std::vector<NodeId>, std::greater<>> ready;
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    if (!nodes_[id].alive) continue;
    missing[id] = static_cast<std::uint32_t>(nodes_[id].inputs.size());
    if (missing[id] == 0) ready.push(id);
  }
  std::vector<NodeId> order;
  while (!ready.empty()) {
    const NodeId id = ready.top();
    ready.pop();
    order.push_back(id);
    for (const Output& result : nodes_[id].outputs)
      for (const Use& use : result.uses)
        if (--missing[use.node] == 0) ready.push(use.node);
  }
  return order;
}

std::vector<std::string> Graph::erase_dead() {
  std::vector<bool> needed(nodes_.size(), false);
  std::vector<NodeId> pending;
  const auto need = [&](NodeId id) {
    if (!needed[id]) {
      needed[id] = true;
      pending.push_back(id);
    }
  };
  for (const Value& value : outputs) need(value.node);
  while (!pending.empty()) {
    const NodeId id = pending.back();
    pending.pop_back();
    for (const Value& input : nodes_[id].inputs) need(input.node);
  }
  std::vector<std::string> gone;
  for (const NodeId id : inputs)
    if (!needed[id]) gone.push_back(nodes_[id].name);
  const std::vector<NodeId> order = topological_order();
  for (auto it = order.rbegin(); it != order.rend(); ++it)
    if (!needed[*it]) erase(*it);
  return gone;
}

}  // namespace mo
