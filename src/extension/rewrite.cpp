// mo's functions for passes: what changes the graph.

#include "extension/call.h"
#include "extension/host.h"

namespace mo::extension {

namespace {

Graph& graph_of(const mo_call& call) {
  if (call.rewritten == nullptr) fail(call, "this function of mo is for passes alone");
  return *call.rewritten;
}

/// A node that the pass is about to change.
Node& touched(mo_call& call, mo_node node) {
  to_graph_node(call, graph_of(call), node);
  call.touched.insert(node);
  return graph_of(call).node(node);
}

/// Whether `node` needs what `other` gives, through any number of nodes.
bool depends(const Graph& graph, NodeId node, NodeId other) {
  std::vector<bool> seen(graph.capacity(), false);
  std::vector<NodeId> pending{node};
  while (!pending.empty()) {
    const NodeId id = pending.back();
    pending.pop_back();
    if (id == other) return true;
    if (seen[id]) continue;
    seen[id] = true;
    for (const Value& input : graph.node(id).inputs) pending.push_back(input.node);
  }
  return false;
}

template <class Item, class Source>
void store(const mo_call& call, const Source& source, Item* out, std::size_t capacity, std::size_t* count) {
  *count = source.size();
  if (capacity > 0 && out == nullptr) fail(call, "there is no room for what is asked for");
  for (std::size_t i = 0; i < source.size() && i < capacity; ++i) out[i] = source[i];
}

std::int32_t nodes(mo_call* call, mo_node* out, std::size_t capacity, std::size_t* count) noexcept {
  return guarded(call,
                 [&](const mo_call& c) { store(c, graph_of(c).topological_order(), out, capacity, count); });
}

std::int32_t uses(mo_call* call, mo_value value, mo_use* out, std::size_t capacity,
                  std::size_t* count) noexcept {
  return guarded(call, [&](const mo_call& c) {
    std::vector<mo_use> found;
    for (const Use& use : graph_of(c).output(to_graph_value(c, graph_of(c), value)).uses)
      found.push_back({use.node, use.input});
    store(c, found, out, capacity, count);
  });
}

std::int32_t is_output(mo_call* call, mo_value value, std::int32_t* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    *out = graph_of(c).is_output(to_graph_value(c, graph_of(c), value)) ? 1 : 0;
  });
}

std::int32_t set_attribute(mo_call* call, mo_node node, mo_text name, const mo_data* value) noexcept {
  return guarded(call, [&](mo_call& c) {
    if (value == nullptr) fail(c, "set_attribute needs a value");
    touched(c, node).attributes.set(to_name(c, name), to_value(c, *value));
  });
}

std::int32_t erase_attribute(mo_call* call, mo_node node, mo_text name) noexcept {
  return guarded(call, [&](mo_call& c) { touched(c, node).attributes.erase(to_view(c, name)); });
}

std::int32_t set_blob(mo_call* call, mo_node node, mo_text role, mo_tensor tensor) noexcept {
  return guarded(call,
                 [&](mo_call& c) { touched(c, node).set_blob(to_name(c, role), to_tensor(c, tensor)); });
}

std::int32_t erase_blob(mo_call* call, mo_node node, mo_text role) noexcept {
  return guarded(call, [&](mo_call& c) { touched(c, node).erase_blob(to_view(c, role)); });
}

std::int32_t set_input(mo_call* call, mo_node node, std::size_t index, mo_value value) noexcept {
  return guarded(call, [&](mo_call& c) {
    const Node& changed = touched(c, node);
    const Value to = to_graph_value(c, graph_of(c), value);
    if (index >= changed.inputs.size())
      fail(c, c.where + " of " + c.library + ": the node " + changed.name + " has no input " +
                  std::to_string(index));
    if (depends(graph_of(c), to.node, node))
      fail(c, c.where + " of " + c.library + " would let the node " + changed.name + " need itself");
    graph_of(c).set_input(node, index, to);
  });
}

std::int32_t replace(mo_call* call, mo_value from, mo_value to) noexcept {
  return guarded(call, [&](mo_call& c) {
    Graph& graph = graph_of(c);
    const Value before = to_graph_value(c, graph, from);
    const Value after = to_graph_value(c, graph, to);
    std::vector<Use> own;  // that `to` is computed from
    for (const Use& use : graph.output(before).uses) {
      if (use.node == after.node)
        own.push_back(use);
      else if (depends(graph, after.node, use.node))
        fail(c, c.where + " of " + c.library + " would let the node " + graph.node(use.node).name +
                    " need itself");
      c.touched.insert(use.node);
    }
    graph.replace(before, after);
    if (before != after)
      for (const Use& use : own) graph.set_input(use.node, use.input, before);
  });
}

std::int32_t erase(mo_call* call, mo_node node) noexcept {
  return guarded(call, [&](mo_call& c) {
    Graph& graph = graph_of(c);
    const Node& gone = to_graph_node(c, graph, node);
    for (std::uint32_t i = 0; i < gone.outputs.size(); ++i)
      if (!gone.outputs[i].uses.empty() || graph.is_output({node, i}))
        fail(c, c.where + " of " + c.library + " erases the node " + gone.name + ", which is in use");
    c.touched.erase(node);
    graph.erase(node);
  });
}

std::int32_t ir_version(mo_call* call, std::int32_t* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    if (c.ir_version == 0) fail(c, "the version of the IR is known to passes and spellings alone");
    *out = c.ir_version;
  });
}

}  // namespace

void fill_rewrite(mo_host& table) {
  table.nodes = nodes;
  table.uses = uses;
  table.is_output = is_output;
  table.set_attribute = set_attribute;
  table.erase_attribute = erase_attribute;
  table.set_blob = set_blob;
  table.erase_blob = erase_blob;
  table.set_input = set_input;
  table.replace = replace;
  table.erase = erase;
  table.ir_version = ir_version;
}

}  // namespace mo::extension
