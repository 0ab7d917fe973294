#include "caffe/net_ends.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "ops/ops.h"

namespace mo::caffe {

namespace {

/// The value once more, called as the layer.
Value make_copy(Graph& graph, const Layer& layer, Value value) {
  const std::vector<std::int64_t> same(graph.shape(value).size(), 0);
  const NodeId id = graph.add(op::reshape, layer.name, {value},
                              {{"dim", same}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}});
  graph.node(id).layer = layer.name;
  return {id, 0};
}

void move_name(Graph& graph, const Layer& layer, const std::string& name, Value from, Value to) {
  if (NetEnds::is_own_name(graph, from, name)) return;
  std::erase(graph.output(from).names, name);
  std::erase_if(graph.output(from).origins,
                [&](const Origin& origin) { return origin.layer == layer.name && origin.top == name; });
  graph.output(to).names.push_back(name);
  graph.output(to).origins.push_back({layer.name, name});
}

}  // namespace

void NetEnds::add(const Layer& layer, const LayerContext& context, std::span<const Value> bottoms) {
  for (const Value value : context.silenced()) silenced_.push_back(value);
  const std::span<const Value> tops = context.tops();
  for (std::size_t i = 0; i < layer.tops.size(); ++i) {
    if (tops[i] != Value{} && std::ranges::find(bottoms, tops[i]) != bottoms.end())
      unread_renamings_.insert_or_assign(layer.tops[i], Renaming{&layer, i, tops[i]});
    else
      unread_renamings_.erase(layer.tops[i]);
  }
  if (std::ranges::all_of(tops, [](Value top) { return top == Value{}; })) return;
  for (const Value value : bottoms)
    if (std::ranges::find(tops, value) == tops.end() && !read_.contains(value)) read_.push_back(value);
}

/// An input that nothing reads is none.
bool NetEnds::is_end(const Graph& graph, Value value) const {
  return graph.output(value).uses.empty() && !silenced_.contains(value) && !read_.contains(value) &&
         graph.node(value.node).op != &op::input;
}

/// A top that nothing reads is an output too where it is the bottom by another name, and that is none itself:
/// it becomes a value of its own, one for all such names of a bottom.
void NetEnds::keep_renamed_ends(Graph& graph) const {
  std::vector<Renaming> renamings;
  for (const auto& [blob, renaming] : unread_renamings_)
    if (!is_end(graph, renaming.value)) renamings.push_back(renaming);
  std::ranges::sort(renamings, {},
                    [](const Renaming& renaming) { return std::tuple(renaming.layer, renaming.top); });
  std::map<std::pair<NodeId, std::uint32_t>, Value> copies;
  for (const auto& [layer, top, value] : renamings) {
    Value& copy = copies[{value.node, value.output}];
    if (copy == Value{}) copy = make_copy(graph, *layer, value);
    move_name(graph, *layer, layer->tops[top], value, copy);
  }
}

bool NetEnds::is_own_name(const Graph& graph, Value value, std::string_view blob) {
  const std::vector<std::string>& names = graph.output(value).names;
  return graph.node(value.node).op == &op::input && !names.empty() && names.front() == blob;
}

Value NetEnds::wanted(Graph& graph, const Layer& layer, std::size_t top, Value value) {
  if (graph.node(value.node).op != &op::input || layer.bottoms.empty()) return value;
  const Value copy = make_copy(graph, layer, value);
  move_name(graph, layer, layer.tops[top], value, copy);
  return copy;
}

void NetEnds::choose(Graph& graph) const {
  keep_renamed_ends(graph);
  for (const NodeId id : graph.topological_order())
    for (std::uint32_t i = 0; i < graph.node(id).outputs.size(); ++i)
      if (is_end(graph, {id, i})) graph.outputs.push_back({id, i});
  if (!graph.outputs.empty()) return;
  // A net that silences its last layer for the training: that is its result.
  for (const Value& value : silenced_)
    if (value != Value{} && graph.output(value).uses.empty() && graph.node(value.node).op != &op::input &&
        !graph.outputs.contains(value))
      graph.outputs.push_back(value);
}

}  // namespace mo::caffe
