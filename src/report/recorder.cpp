#include "report/recorder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "graph/op.h"
#include "report/takeovers.h"

namespace mo::report {

namespace {

constexpr std::int64_t no_layer = -1;
constexpr std::size_t longest_list = 64;  // numbers of a parameter that are shown

struct ToText {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(const std::string& value) const { return value; }
  template <class T>
  std::string operator()(const std::vector<T>& values) const {
    const std::span shown(values.data(), std::min(values.size(), longest_list));
    return fmt::format("{}{}", fmt::join(shown, ","), shown.size() < values.size() ? ",…" : "");
  }
  template <class T>
  std::string operator()(T value) const {
    return fmt::format("{}", value);
  }
};

/// Attributes that say nothing to a reader: helpers' marks, and values that are not set.
bool is_shown(std::string_view name, const std::string& text) {
  return !text.empty() && name != "generated" && name != "exact" && !name.starts_with('$') &&
         !name.ends_with("_name");
}

/// The layers of the summary, connected by the names of their blobs.
Network to_network(const inspect::NetSummary& summary) {
  Network network;
  std::unordered_map<std::string_view, std::uint32_t> makers;
  for (const inspect::LayerSummary& from : summary.layers) {
    Layer& layer = network.emplace_back();
    layer.name = from.name;
    layer.type = from.type;
    layer.parameters = from.parameters;
    for (const inspect::BlobSummary& bottom : from.bottoms)
      if (const auto it = makers.find(bottom.name); it != makers.end()) layer.sources.push_back(it->second);
    for (const inspect::BlobSummary& top : from.tops) {
      layer.outputs.push_back({top.name, top.shape, top.known});
      makers[top.name] = static_cast<std::uint32_t>(network.size() - 1);
    }
    layer.multiply_adds = from.multiply_adds;
    layer.weights = from.weights;
    layer.bytes = inspect::weight_bytes(from.weights);
    layer.fate = Fate::removed;  // until something turns out to compute it
  }
  return network;
}

bool has_unknown_sizes(const Graph& graph, const Node& node) {
  const auto unknown = [](const Shape& shape) {
    return std::ranges::any_of(shape, [](std::int64_t dim) { return dim < 0; });
  };
  return std::ranges::any_of(node.inputs, [&](Value value) { return unknown(graph.shape(value)); }) ||
         std::ranges::any_of(node.outputs, [&](const mo::Output& output) { return unknown(output.shape); });
}

Layer to_layer(const Graph& graph, const Node& node, bool compress_to_fp16) {
  Layer layer;
  layer.name = node.name;
  layer.type = node.op->name;
  for (const auto& [name, value] : node.attributes)
    if (std::string text = std::visit(ToText(), value); is_shown(name, text))
      layer.parameters.emplace_back(name, std::move(text));
  for (const mo::Output& output : node.outputs)
    layer.outputs.push_back({output.names.empty() ? node.name : output.names.front(), output.shape, true});
  for (const Blob& blob : node.blobs) layer.weights += static_cast<double>(blob.tensor.size());
  layer.bytes = layer.weights * (compress_to_fp16 ? 2 : 4);
  if (node.op->multiply_adds && !has_unknown_sizes(graph, node))
    layer.multiply_adds = node.op->multiply_adds(graph, node);
  return layer;
}

void sort_once_each(Network& network) {
  for (Layer& layer : network) {
    std::vector<std::uint32_t>& all = layer.counterparts;
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
}

}  // namespace

void Recorder::begin(const caffe::Net& net, const caffe::LayerRegistry& registry) {
  record_.name = net.name;
  record_.trained = net.has_caffemodel;
  summarizer_.emplace(net, registry);
}

void Recorder::observe(const caffe::LayerContext& context, const caffe::LayerDef& definition,
                       NodeId first_node) {
  summarizer_->observe(context, definition, first_node);
  layer_of_node_.resize(context.graph().capacity(), no_layer);
  std::fill(layer_of_node_.begin() + first_node, layer_of_node_.end(),
            static_cast<std::int64_t>(summarizer_->index_of(context)));
}

void Recorder::built() {
  record_.before = to_network(summarizer_->finish());
  summarizer_.reset();
}

void Recorder::optimised(const Graph& graph, bool compress_to_fp16) {
  layer_of_node_.resize(graph.capacity(), no_layer);
  const std::vector<NodeId> order = graph.topological_order();
  add_after(graph, order, compress_to_fp16);
  connect(graph, order);
  record_.optimised = true;
}

void Recorder::add_after(const Graph& graph, const std::vector<NodeId>& order, bool compress_to_fp16) {
  std::vector<std::uint32_t> places(graph.capacity());
  for (const NodeId id : order) {
    const Node& node = graph.node(id);
    places[id] = static_cast<std::uint32_t>(record_.after.size());
    Layer& layer = record_.after.emplace_back(to_layer(graph, node, compress_to_fp16));
    for (const Value input : node.inputs) layer.sources.push_back(places[input.node]);
  }
}

/// Says of each layer before and after what it is in the other network.
void Recorder::connect(const Graph& graph, const std::vector<NodeId>& order) {
  std::vector<std::uint32_t> places(graph.capacity());
  for (std::uint32_t i = 0; i < order.size(); ++i) places[order[i]] = i;
  const std::vector<std::vector<NodeId>> all_heirs = heirs(graph);
  for (NodeId id = 0; id < graph.capacity(); ++id) {
    const std::int64_t index = layer_of_node_[id];
    for (const NodeId heir : all_heirs[id]) {
      Layer& after = record_.after[places[heir]];
      if (index != no_layer) {
        record_.before[static_cast<std::size_t>(index)].counterparts.push_back(places[heir]);
        after.counterparts.push_back(static_cast<std::uint32_t>(index));
      } else if (heir != id && !graph.node(id).alive) {
        after.absorbed.push_back(graph.node(id).name);
      }
    }
  }
  sort_once_each(record_.before);
  sort_once_each(record_.after);
  // A layer whose arithmetic is nowhere alone has been fused; the one whose name the result has is kept.
  for (Layer& layer : record_.before) {
    if (layer.counterparts.empty()) continue;
    const bool alone = std::ranges::any_of(layer.counterparts, [&](std::uint32_t place) {
      const std::vector<std::uint32_t>& layers = record_.after[place].counterparts;
      return layers.size() == 1 || record_.after[place].name == layer.name;
    });
    layer.fate = alone ? Fate::kept : Fate::fused;
  }
}

void Recorder::stored(std::span<const StoredTensor> tensors, std::span<const TensorCounts> counts) {
  std::unordered_map<std::string_view, double> bytes;
  for (const StoredTensor& tensor : tensors)
    if (!tensor.duplicate) bytes[tensor.name] += static_cast<double>(tensor.size);
  for (Layer& layer : record_.after) {
    const auto it = bytes.find(layer.name);
    layer.bytes = it == bytes.end() ? 0 : it->second;
  }
  for (const auto& [tensor, numbers] : counts)
    if (numbers.to_infinity > 0 || numbers.to_zero > 0)
      record_.clippings.push_back({tensors[tensor].name,
                                   static_cast<std::uint64_t>(tensors[tensor].tensor.size()),
                                   numbers.to_infinity, numbers.to_zero});
}

}  // namespace mo::report
