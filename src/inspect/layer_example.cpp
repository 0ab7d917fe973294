#include <algorithm>
#include <functional>

#include "caffe/build_graph.h"
#include "caffe/prototxt_reader.h"
#include "inspect/layer_list.h"
#include "ir/legacy/emitter.h"
#include "ir/opset/emitter.h"
#include "onnx/emitter.h"
#include "passes/passes.h"

namespace mo::inspect {

namespace {

using caffe::Layer;
using caffe::LayerDef;
using caffe::Net;

constexpr const char* example_name = "example";
constexpr const char* behind_name = "behind";

std::unique_ptr<caffe::Message> parameters_of(const std::string& text) {
  return std::make_unique<caffe::Message>(caffe::parse_prototxt(caffe::Source::of("example", text)));
}

Layer input_layer(const std::string& name, const Shape& shape) {
  std::string dims;
  for (const std::int64_t dim : shape) dims += " dim: " + std::to_string(dim);
  Layer layer;
  layer.name = name;
  layer.type = "Input";
  layer.tops = {name};
  layer.parameters = parameters_of("input_param { shape {" + dims + " } }");
  return layer;
}

/// The example behind inputs of its bottoms' shapes, and a layer behind it: a net whose output is an input
/// cannot do without a layer between.
Net example_net(const LayerDef& definition) {
  std::vector<Shape> bottoms = definition.example.bottoms;
  if (bottoms.empty()) bottoms.assign(definition.bottoms.min, {1, 4, 8, 8});
  Net net;
  net.name = example_name;
  net.source = std::make_shared<caffe::Source>();
  if (bottoms.empty()) net.layers.push_back(input_layer("unused", {1}));  // a net has an input
  Layer layer;
  for (std::size_t i = 0; i < bottoms.size(); ++i) {
    layer.bottoms.push_back("bottom" + std::to_string(i));
    net.layers.push_back(input_layer(layer.bottoms.back(), bottoms[i]));
  }
  layer.name = example_name;
  layer.type = definition.types.front();
  for (std::size_t i = 0; i < std::max<std::size_t>(definition.tops.min, 1); ++i)
    layer.tops.push_back("top" + std::to_string(i));
  if (definition.tops.max == 0) layer.tops.clear();
  layer.parameters = parameters_of(std::string(definition.example.parameters));
  const bool gives = !layer.tops.empty() && definition.inference_bottoms > 0;
  const std::string top = gives ? layer.tops.front() : "";
  net.layers.push_back(std::move(layer));
  if (gives) {
    Layer behind;
    behind.name = behind_name;
    behind.type = "ReLU";
    behind.bottoms = {top};
    behind.tops = {behind_name};
    behind.parameters = parameters_of("");
    net.layers.push_back(std::move(behind));
  }
  return net;
}

/// Gives the example the blobs that training would.
void add_blobs(Net& net) {
  Diagnostics ignored;
  std::vector<Shape> shapes;
  caffe::build_graph(net, {}, {}, ignored,
                     [&](const caffe::LayerContext& context, const LayerDef& definition, NodeId) {
                       if (context.name() == example_name && definition.blob_shapes)
                         shapes = definition.blob_shapes(context);
                     });
  Layer& example = *std::ranges::find(net.layers, example_name, &Layer::name);
  for (const Shape& shape : shapes)
    example.blobs.push_back(
        Tensor::of(shape, std::vector<float>(static_cast<std::size_t>(element_count(shape)), 0.5F)));
  net.has_weights = true;
}

/// Types of the layers of an IR but its ends and constants, each once.
std::vector<std::string> types_of(const ir::Model& model) {
  std::vector<std::string> types;
  for (const ir::Layer& layer : model.layers) {
    const bool is_end = layer.type == "Parameter" || layer.type == "Result" || layer.type == "Input";
    if (!is_end && layer.name != behind_name && layer.type != "Const" &&
        std::ranges::find(types, layer.type) == types.end())
      types.push_back(layer.type);
  }
  return types;
}

/// Types of the nodes of an ONNX model, each once; a domain that is not ONNX's own stands before its type.
std::vector<std::string> types_of(const onnx::Model& model) {
  std::vector<std::string> types;
  for (const onnx::Node& node : model.nodes) {
    const std::string type = node.domain.empty() ? node.type : node.domain + "." + node.type;
    if (node.name != behind_name && std::ranges::find(types, type) == types.end()) types.push_back(type);
  }
  return types;
}

/// The first problem that is one; a net that gives nothing is the point of losses.
std::string first_error(const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (diagnostic.severity == Severity::error && diagnostic.code != &code::no_outputs)
      return diagnostic.cause;
  return {};
}

/// An example is too small for some layers to change anything: a Slice into one part.
const std::vector<std::string> too_small{"remove_identities"};

/// What is written of a graph: an IR of a version, or ONNX.
using Target = std::function<std::vector<std::string>(Graph&)>;

std::vector<std::string> to_ir(Graph& graph, int version) {
  const bool opset = version >= 10;
  passes::run(graph, {.fusing = !opset, .disabled = too_small, .ir_version = version});
  return types_of(opset ? ir::opset::emit(graph, {.version = version})
                        : ir::legacy::emit(graph, {.version = version}));
}

std::vector<std::string> to_onnx(Graph& graph) {
  Diagnostics ignored;
  passes::run(graph, {.fusing = false, .disabled = too_small});
  return types_of(onnx::emit(graph, {}, ignored));
}

std::vector<std::string> convert(const Net& net, const Target& target, std::string& problem) {
  Diagnostics diagnostics;
  try {
    Graph graph = caffe::build_graph(net, {}, {}, diagnostics);
    problem = first_error(diagnostics);
    if (diagnostics.has_errors()) return {};
    return target(graph);
  } catch (const Failure& failure) {
    problem = failure.diagnostic().cause;
    return {};
  }
}

}  // namespace

Outcome outcome_of(const LayerDef& definition) {
  Outcome outcome;
  outcome.is_input = definition.source || definition.types.front() == "Input";
  if (outcome.is_input) return outcome;
  Net net = example_net(definition);
  add_blobs(net);
  outcome.opset = convert(
      net, [](Graph& graph) { return to_ir(graph, 11); }, outcome.opset_problem);
  outcome.legacy = convert(
      net, [](Graph& graph) { return to_ir(graph, 7); }, outcome.legacy_problem);
  outcome.onnx = convert(net, to_onnx, outcome.onnx_problem);
  if (definition.bottoms.max == 0)  // it stands for numbers alone
    for (auto* types : {&outcome.opset, &outcome.legacy, &outcome.onnx})
      if (types->empty()) *types = {"Const"};
  return outcome;
}

}  // namespace mo::inspect
