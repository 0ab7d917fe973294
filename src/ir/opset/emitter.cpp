#include "ir/opset/emitter.h"

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>
#include <unordered_set>

#include "graph/op.h"
#include "ir/opset/lowering.h"
#include "support/diagnostics.h"

namespace mo::ir::opset {

/// Collects the layers that the ops' spellings emit, and names and connects them.
class Emitter {
 public:
  Emitter(const Graph& graph, const EmitOptions& options)
      : graph_(graph),
        options_(options),
        dialect_(opset::dialect(options.version)),
        ports_(graph.capacity()) {
    model_.name = graph.name;
    model_.version = options.version;
  }

  ir::Model run();

  const Dialect& dialect() const { return dialect_; }
  ir::Model& model() { return model_; }
  bool compress_to_fp16() const { return options_.compress_to_fp16; }

  Port port(Value value) const {
    const auto& ports = ports_[value.node];
    if (value.output >= ports.size())
      throw std::logic_error("op '" + std::string(graph_.node(value.node).op->name) +
                             "' has not said output " + std::to_string(value.output));
    return ports[value.output];
  }

  bool has_port(Value value) const { return value.output < ports_[value.node].size(); }

  void set_port(Value value, Port port) {
    auto& ports = ports_[value.node];
    if (ports.size() <= value.output) ports.resize(value.output + 1);
    ports[value.output] = port;
  }

  std::size_t add_layer(ir::Layer layer, const std::vector<Port>& inputs) {
    const std::size_t id = model_.layers.size();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      model_.edges.push_back({inputs[i].layer, inputs[i].output, id, i});
      const ir::Port& source = model_.layers[inputs[i].layer].outputs[inputs[i].output];
      layer.inputs.push_back({source.dims, source.precision, {}});  // without its names, which may be many
    }
    model_.layers.push_back(std::move(layer));
    return id;
  }

 private:
  void emit_node(NodeId id);
  void name_layers(const Node& node, std::size_t first, Port main);
  void name_tensors(const Node& node, const std::vector<Port>& ports);
  Port pass_on(Port input);
  void add_results();
  void clear_names_of_results();
  std::string unique(const std::string& wanted);

  const Graph& graph_;
  const EmitOptions& options_;
  const Dialect& dialect_;
  ir::Model model_;
  std::vector<std::vector<Port>> ports_;  // by node, then output
  std::deque<std::string> made_names_;    // of layers that no node is called after
  std::unordered_set<std::string_view> layer_names_;
  std::unordered_set<std::string_view> blob_names_;
};

namespace {

Precision precision_of(ElementType type) {
  switch (type) {
    case ElementType::f16:
      return Precision::fp16;
    case ElementType::i32:
      return Precision::i32;
    case ElementType::i64:
      return Precision::i64;
    default:
      return Precision::fp32;
  }
}

Port emit_constant(Emitter& emitter, Tensor tensor, ElementType stored, Shape shape, std::string suffix,
                   std::string_view report_name) {
  const Precision precision = precision_of(stored);
  ir::Layer layer;
  layer.name = std::move(suffix);
  layer.type = "Const";
  layer.version = "opset1";
  layer.data.emplace_back("element_type", element_name(precision));
  layer.data.emplace_back("shape", format(AttributeValue(shape), emitter.dialect()));
  layer.outputs.push_back({std::move(shape), precision, {}});
  auto& constants = emitter.model().constants;
  layer.blobs.push_back({{}, constants.size()});
  constants.push_back({.tensor = std::move(tensor), .stored = stored, .name = std::string(report_name)});
  return {emitter.add_layer(std::move(layer), {}), 0};
}

}  // namespace

void Lowering::refuse(std::string cause, std::string remedy) const {
  Diagnostic diagnostic;
  diagnostic.code = &code::not_in_this_version;
  diagnostic.layer = node().layer;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

std::string Emitter::unique(const std::string& wanted) {
  std::string& name = made_names_.emplace_back(wanted);
  for (int suffix = 1; !layer_names_.insert(name).second; ++suffix)
    name = wanted + "_" + std::to_string(suffix);
  return name;
}

void Emitter::emit_node(NodeId id) {
  const Node& node = graph_.node(id);
  const std::size_t first = model_.layers.size();
  Lowering lowering(*this, graph_, id);
  if (!node.op->opset)
    lowering.refuse(
        "IR v" + std::to_string(options_.version) + " has no operation for " + std::string(node.op->name),
        "write legacy IR (--ir_version 7 or lower), or cut the net before it with --output");
  node.op->opset(lowering);
  name_layers(node, first, port({id, 0}));
  name_tensors(node, ports_[id]);
}

void Emitter::name_layers(const Node& node, std::size_t first, Port main) {
  for (std::size_t id = first; id < model_.layers.size(); ++id) {
    ir::Layer& layer = model_.layers[id];  // its name is the suffix so far
    layer.name = id == main.layer ? node.name : unique(node.name + "/" + layer.name);
  }
}

void Emitter::name_tensors(const Node& node, const std::vector<Port>& ports) {
  for (std::size_t i = 0; i < node.outputs.size() && i < ports.size(); ++i) {
    auto& names = model_.layers[ports[i].layer].outputs[ports[i].output].names;
    std::ranges::copy(node.outputs[i].names, std::back_inserter(names));  // what is twice, the XML says once
    for (const Origin& origin : node.outputs[i].origins)
      model_.mapping.push_back({origin.layer, origin.top, ports[i].layer, ports[i].output});
    // Users of the original knew outputs by the layer's name; it serves too where no blob is called so.
    if (i == 0 && node.outputs.size() == 1 && !blob_names_.contains(node.name)) names.push_back(node.name);
  }
}

/// An input that is an output as well: the engines want an operation between the two.
Port Emitter::pass_on(Port input) {
  ir::Port& from = model_.layers[input.layer].outputs[input.output];
  const std::string name = unique(model_.layers[input.layer].name + "/copy");
  std::vector<std::string> names;
  for (std::string& tensor : from.names)
    if (tensor != model_.layers[input.layer].name) names.push_back(tensor);
  std::erase_if(from.names,
                [&](const std::string& tensor) { return tensor != model_.layers[input.layer].name; });
  const Shape shape = from.dims;
  const std::vector<std::int64_t> same(shape.size(), 0);
  const Port dims =
      emit_constant(*this, Tensor::of({static_cast<std::int64_t>(same.size())}, same), ElementType::i64,
                    {static_cast<std::int64_t>(same.size())}, name + "/dim", name);
  ir::Layer reshape;
  reshape.name = name;
  reshape.type = "Reshape";
  reshape.version = "opset1";
  reshape.data.emplace_back("special_zero", format(AttributeValue(true), dialect_));
  reshape.outputs.push_back({shape, Precision::fp32, std::move(names)});
  return {add_layer(std::move(reshape), {input, dims}), 0};
}

void Emitter::add_results() {
  for (const Value& value : graph_.outputs) {
    Port source = port(value);
    if (model_.layers[source.layer].type == "Parameter") source = pass_on(source);
    ir::Layer result;
    result.name = unique(model_.layers[source.layer].name + "/sink_port_" + std::to_string(source.output));
    result.type = "Result";
    result.version = "opset1";
    add_layer(std::move(result), {source});
  }
}

/// An output of IR v10 is its layer, whose name therefore is no other tensor's: the runtime refuses it.
void Emitter::clear_names_of_results() {
  std::unordered_set<std::string_view> results;
  for (const Value& value : graph_.outputs) results.insert(model_.layers[port(value).layer].name);
  for (ir::Layer& layer : model_.layers)
    for (ir::Port& output : layer.outputs)
      std::erase_if(output.names,
                    [&](const std::string& name) { return name != layer.name && results.contains(name); });
}

ir::Model Emitter::run() {
  const std::vector<NodeId> order = graph_.topological_order();
  layer_names_.reserve(4 * order.size());
  blob_names_.reserve(order.size());
  for (const NodeId id : order) {
    layer_names_.insert(graph_.node(id).name);
    for (const Output& output : graph_.node(id).outputs)
      blob_names_.insert(output.names.begin(), output.names.end());
  }
  for (const NodeId id : order) emit_node(id);
  add_results();
  if (options_.version == 10) clear_names_of_results();
  return std::move(model_);
}

ir::Model emit(const Graph& graph, const EmitOptions& options) {
  return Emitter(graph, options).run();
}

// ---- Lowering
// ---------------------------------------------------------------------------------------------------

const Dialect& Lowering::dialect() const {
  return emitter_.dialect();
}

Port Lowering::input(std::size_t index) const {
  return emitter_.port(node().inputs.at(index));
}

const Shape& Lowering::shape(Port port) const {
  return emitter_.model().layers[port.layer].outputs[port.output].dims;
}

bool Lowering::exists(Port port) const {
  const auto& layers = emitter_.model().layers;
  return port.layer < layers.size() && port.output < layers[port.layer].outputs.size();
}

Port Lowering::emit(std::string_view type, int opset, const Attributes& data, const std::vector<Port>& inputs,
                    Shape output, std::string_view suffix, Precision precision) {
  return emit_many(type, opset, data, inputs, {{std::move(output), precision, {}}}, suffix);
}

Port Lowering::emit_many(std::string_view type, int opset, const Attributes& data,
                         const std::vector<Port>& inputs, std::vector<ir::Port> outputs,
                         std::string_view suffix) {
  return emit_foreign(type, "opset" + std::to_string(opset), data, inputs, std::move(outputs), suffix);
}

Port Lowering::emit_foreign(std::string_view type, std::string_view version, const Attributes& data,
                            const std::vector<Port>& inputs, std::vector<ir::Port> outputs,
                            std::string_view suffix) {
  ir::Layer layer;
  layer.name = suffix.empty() ? type : suffix;
  layer.type = type;
  layer.version = version;
  for (const auto& [name, value] : data) {
    std::string text = format(value, dialect());
    if (text.empty() && !dialect().empty_lists) continue;
    layer.data.emplace_back(name, std::move(text));
  }
  layer.outputs = std::move(outputs);
  return {emitter_.add_layer(std::move(layer), inputs), 0};
}

Port Lowering::weights(const Tensor& tensor, Shape shape, std::string_view suffix) {
  if (!emitter_.compress_to_fp16())
    return emit_constant(emitter_, tensor, ElementType::f32, std::move(shape), std::string(suffix),
                         node().name);
  const Port half = emit_constant(emitter_, tensor, ElementType::f16, shape,
                                  std::string(suffix) + "_compressed", node().name);
  const Port full =
      emit("Convert", 1, {{"destination_type", std::string("f32")}}, {half}, std::move(shape), suffix);
  emitter_.model().layers[full.layer].decompression = true;
  return full;
}

Port Lowering::exact(std::vector<float> values, Shape shape, std::string_view suffix) {
  Tensor tensor = Tensor::of(shape, std::move(values));
  return emit_constant(emitter_, std::move(tensor), ElementType::f32, std::move(shape), std::string(suffix),
                       node().name);
}

Port Lowering::integers(std::vector<std::int64_t> values, std::string_view suffix) {
  Shape shape{static_cast<std::int64_t>(values.size())};
  Tensor tensor = Tensor::of(shape, std::move(values));
  return emit_constant(emitter_, std::move(tensor), ElementType::i64, std::move(shape), std::string(suffix),
                       node().name);
}

Port Lowering::integer(std::int64_t value, std::string_view suffix) {
  Tensor tensor = Tensor::of(Shape{}, std::vector<std::int64_t>{value});
  return emit_constant(emitter_, std::move(tensor), ElementType::i64, {}, std::string(suffix), node().name);
}

Port Lowering::reshape(Port input, std::vector<std::int64_t> dims, Shape output, std::string_view suffix) {
  const Port target = integers(std::move(dims), (suffix.empty() ? "dim" : std::string(suffix) + "/dim"));
  return emit("Reshape", 1, {{"special_zero", true}}, {input, target}, std::move(output), suffix);
}

void Lowering::output(std::size_t index, Port port) {
  emitter_.set_port({id_, static_cast<std::uint32_t>(index)}, port);
}

bool Lowering::has_output(std::size_t index) const {
  return emitter_.has_port({id_, static_cast<std::uint32_t>(index)});
}

}  // namespace mo::ir::opset
