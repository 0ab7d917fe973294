#include "inspect/summary.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "caffe/build_graph.h"
#include "graph/op.h"

namespace mo::inspect {

namespace {

using caffe::Layer;
using caffe::LayerContext;
using caffe::LayerDef;

/// `convolution_param.kernel_size` is `kernel_size`, `shape.dim` is `shape`.
std::string short_path(std::string_view path) {
  if (const auto dot = path.find("_param."); dot != std::string_view::npos) path.remove_prefix(dot + 7);
  if (path.ends_with(".dim")) path.remove_suffix(4);
  return std::string(path);
}

std::vector<std::pair<std::string, std::string>> set_parameters(const Layer& layer,
                                                                const LayerDef& definition) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const caffe::Parameter& parameter : definition.parameters) {
    std::string values;
    for (const caffe::Field* field : layer.parameters->all_path(parameter.path))
      values += (values.empty() ? "" : ",") + field->text;
    if (!values.empty()) result.emplace_back(short_path(parameter.path), std::move(values));
  }
  return result;
}

bool is_known(const Graph& graph, const Node& node) {
  const auto known = [](const Shape& shape) {
    return std::ranges::none_of(shape, [](std::int64_t dim) { return dim < 0; });
  };
  return std::ranges::all_of(node.inputs, [&](Value value) { return known(graph.shape(value)); }) &&
         std::ranges::all_of(node.outputs, [&](const Output& output) { return known(output.shape); });
}

double count_multiply_adds(const Graph& graph, NodeId first_node) {
  double sum = 0;
  for (NodeId id = first_node; id < graph.capacity(); ++id) {
    const Node& node = graph.node(id);
    if (node.alive && node.op->multiply_adds && is_known(graph, node))
      sum += node.op->multiply_adds(graph, node);
  }
  return sum;
}

/// Products of doubles: a prototxt may ask for more weights than 63 bits count.
double elements(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), 1.0, [](double product, std::int64_t dim) {
    return product * static_cast<double>(std::max<std::int64_t>(dim, 0));
  });
}

double count_weights(const LayerContext& context, const LayerDef& definition) {
  double sum = 0;
  if (context.has_weights()) {
    for (std::size_t i = 0; i < context.blob_count(); ++i) sum += static_cast<double>(context.blob(i).size());
  } else if (definition.blob_shapes) {
    for (const Shape& shape : definition.blob_shapes(context)) sum += elements(shape);
  }
  return sum;
}

void describe(LayerSummary& summary, const LayerContext& context, const LayerDef& definition,
              NodeId first_node) {
  const Graph& graph = context.graph();
  for (std::size_t i = 0; i < context.tops().size(); ++i)
    if (const Value value = context.tops()[i]; value != Value{})
      summary.tops[i] = {summary.tops[i].name, graph.shape(value), true};
  summary.multiply_adds += count_multiply_adds(graph, first_node);
  summary.weights = count_weights(context, definition);
}

/// The bottoms' shapes, from the last layer before that has a top of that name.
void connect(std::vector<LayerSummary>& layers) {
  std::unordered_map<std::string, BlobSummary> blobs;
  for (LayerSummary& layer : layers) {
    for (BlobSummary& bottom : layer.bottoms)
      if (const auto it = blobs.find(bottom.name); it != blobs.end()) bottom = it->second;
    for (const BlobSummary& top : layer.tops) blobs[top.name] = top;
  }
}

std::vector<BlobSummary> named(const std::vector<std::string>& names) {
  std::vector<BlobSummary> blobs;
  blobs.reserve(names.size());
  for (const std::string& name : names) blobs.push_back({.name = name});
  return blobs;
}

}  // namespace

double NetSummary::multiply_adds() const {
  return std::transform_reduce(layers.begin(), layers.end(), 0.0, std::plus<>(),
                               [](const LayerSummary& layer) { return layer.multiply_adds; });
}

double NetSummary::weights() const {
  return std::transform_reduce(layers.begin(), layers.end(), 0.0, std::plus<>(),
                               [](const LayerSummary& layer) { return layer.weights; });
}

double weight_bytes(double weights) {
  return weights * static_cast<double>(sizeof(float));
}

Summarizer::Summarizer(const caffe::Net& net, const caffe::LayerRegistry& registry)
    : net_(net), summary_{.name = net.name, .layers = {}, .trained = net.has_weights} {
  for (const Layer& layer : net.layers) {
    LayerSummary& entry = summary_.layers.emplace_back();
    entry.name = layer.name;
    entry.type = layer.type;
    entry.bottoms = named(layer.bottoms);
    entry.tops = named(layer.tops);
    if (const LayerDef* definition = registry.find(layer.type); definition != nullptr && layer.parameters)
      entry.parameters = set_parameters(layer, *definition);
  }
}

std::size_t Summarizer::index_of(const LayerContext& context) const {
  return static_cast<std::size_t>(&context.layer() - net_.layers.data());
}

void Summarizer::observe(const LayerContext& context, const LayerDef& definition, NodeId first_node) {
  describe(summary_.layers.at(index_of(context)), context, definition, first_node);
}

NetSummary Summarizer::finish() {
  connect(summary_.layers);
  return std::move(summary_);
}

NetSummary summarize(const caffe::Net& net, const caffe::InputOverrides& inputs,
                     const caffe::LayerRegistry& registry, Diagnostics& diagnostics) {
  Summarizer summarizer(net, registry);
  caffe::build_graph(net, inputs, registry, diagnostics,
                     [&](const LayerContext& context, const LayerDef& definition, NodeId first_node) {
                       summarizer.observe(context, definition, first_node);
                     });
  return summarizer.finish();
}

}  // namespace mo::inspect
