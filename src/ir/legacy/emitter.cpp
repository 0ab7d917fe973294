#include "ir/legacy/emitter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>

#include "ir/legacy/order.h"
#include "ir/legacy/spelling.h"
#include "ops/ops.h"
#include "support/diagnostics.h"

namespace mo::ir::legacy {

namespace {

/// Whole numbers as the version stores them: I32, or FP32 up to v5.
Tensor integer_tensor(const std::vector<std::int64_t>& values, bool as_integers) {
  Shape shape{static_cast<std::int64_t>(values.size())};
  if (!as_integers) return Tensor::of(std::move(shape), std::vector<float>(values.begin(), values.end()));
  const auto owner = std::make_shared<const std::vector<std::int32_t>>(values.begin(), values.end());
  return Tensor::view(std::move(shape), ElementType::i32, std::as_bytes(std::span(*owner)), owner);
}

void spell(const Node& node, Spelling& spelling) {
  if (!node.op->legacy) spelling.needs_version(10);
  node.op->legacy(spelling);
}

class Emitter {
 public:
  Emitter(const Graph& graph, const EmitOptions& options)
      : graph_(graph),
        options_(options),
        dialect_(legacy::dialect(options.version)),
        layers_(graph.capacity()) {
    model_.name = graph.name;
    model_.version = options.version;
  }

  ir::Model run() {
    for (const NodeId id : options_.keep_order ? graph_.topological_order() : layer_order(graph_))
      try_node(id);
    refuse();
    add_means();
    return std::move(model_);
  }

 private:
  Precision precision() const { return options_.compress_to_fp16 ? Precision::fp16 : Precision::fp32; }
  /// Remembers what the version cannot say, so that one message names all of it.
  void try_node(NodeId id);
  void refuse() const;
  void emit_node(NodeId id);
  std::size_t emit_constant(const Node& node, const LayerText::Constant& constant);
  BlobReference store(std::string role, Tensor tensor, ElementType stored, const std::string& name);
  void add_means();

  const Graph& graph_;
  const EmitOptions& options_;
  const Dialect& dialect_;
  ir::Model model_;
  std::vector<std::size_t> layers_;  // by node
  std::vector<NotInVersion> missing_;
};

void Emitter::try_node(NodeId id) {
  try {
    if (missing_.empty()) return emit_node(id);
    Spelling spelling(graph_, id, dialect_);
    spell(graph_.node(id), spelling);
  } catch (const NotInVersion& missing) {
    missing_.push_back(missing);
  }
}

void Emitter::refuse() const {
  if (missing_.empty()) return;
  int lowest = 0;
  std::map<std::string, std::vector<std::string>> layers;  // by what the version lacks
  for (const NotInVersion& missing : missing_) {
    lowest = std::max(lowest, missing.lowest());
    std::vector<std::string>& names = layers[missing.lacks()];
    if (std::ranges::find(names, missing.diagnostic().layer) == names.end())
      names.push_back(missing.diagnostic().layer);
  }
  Diagnostic diagnostic = missing_.front().diagnostic();
  const bool several = layers.size() > 1 || layers.begin()->second.size() > 1;
  if (several) {
    diagnostic.layer.clear();
    diagnostic.layer_type.clear();
    std::string lacking;
    for (const auto& [what, names] : layers)
      lacking += fmt::format("{}no {} ({})", lacking.empty() ? "" : ", ", what, fmt::join(names, ", "));
    diagnostic.cause = fmt::format("IR v{} has {}", options_.version, lacking);
    diagnostic.remedy = fmt::format(
        "write IR v{0} (--ir_version {0}), the lowest that has all of them, or cut the net before them with "
        "--output",
        lowest);
  }
  throw Failure(std::move(diagnostic));
}

BlobReference Emitter::store(std::string role, Tensor tensor, ElementType stored, const std::string& name) {
  model_.constants.push_back({.tensor = std::move(tensor), .stored = stored, .name = name});
  return {std::move(role), model_.constants.size() - 1};
}

std::size_t Emitter::emit_constant(const Node& node, const LayerText::Constant& constant) {
  ir::Layer layer;
  layer.name = node.attributes.get_or("target_name", node.name + "/" + constant.suffix);
  layer.type = "Const";
  layer.precision = dialect_.integer_constants ? Precision::i32 : precision();
  const ElementType stored = dialect_.integer_constants  ? ElementType::i32
                             : options_.compress_to_fp16 ? ElementType::f16
                                                         : ElementType::f32;
  Tensor tensor = integer_tensor(constant.values, dialect_.integer_constants);
  if (const Tensor* kept = node.blob("target"); kept != nullptr && kept->values() == tensor.values())
    tensor = *kept;  // as it lies in the file that was read
  layer.outputs.push_back({tensor.shape(), layer.precision, {}});
  layer.blobs.push_back(store("custom", std::move(tensor), stored, layer.name));
  model_.layers.push_back(std::move(layer));
  return model_.layers.size() - 1;
}

void Emitter::emit_node(NodeId id) {
  const Node& node = graph_.node(id);
  Spelling spelling(graph_, id, dialect_);
  spell(node, spelling);
  const LayerText& text = spelling.layer();

  std::vector<std::size_t> constants;
  for (const LayerText::Constant& constant : text.constants)
    constants.push_back(emit_constant(node, constant));

  ir::Layer layer;
  layer.name = node.name;
  layer.type = text.type;
  layer.data = text.data;
  std::ranges::sort(layer.data);  // the original's order
  layer.precision = precision();
  const std::size_t number = model_.layers.size();
  const auto connect = [&](std::size_t from, std::size_t output) {
    model_.edges.push_back({from, output, number, layer.inputs.size()});
    layer.inputs.push_back(model_.layers[from].outputs[output]);
  };
  for (const Value& input : node.inputs) connect(layers_[input.node], input.output);
  for (const std::size_t constant : constants) connect(constant, 0);
  const ElementType stored = options_.compress_to_fp16 ? ElementType::f16 : ElementType::f32;
  for (const Blob& blob : text.blobs) {
    const bool whole = blob.tensor.type() == ElementType::i32;  // of a Const
    if (whole) layer.precision = Precision::i32;
    layer.blobs.push_back(store(blob.role, blob.tensor, whole ? ElementType::i32 : stored, node.name));
  }
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    layer.outputs.push_back({node.outputs[i].shape, precision(), {}});
    for (const Origin& origin : node.outputs[i].origins)
      model_.mapping.push_back({origin.layer, origin.top, number, i});
  }
  for (const Shape& shape : text.extra_outputs) layer.outputs.push_back({shape, precision(), {}});
  layers_[id] = number;
  model_.layers.push_back(std::move(layer));
}

/// Mean images lie behind all blobs, always as FP32.
void Emitter::add_means() {
  for (const InputMean& mean : graph_.means) {
    PreProcess section;
    section.reference_layer = graph_.node(mean.input).name;
    for (const float value : mean.values) section.channels.push_back({value, std::nullopt});
    for (const Tensor& image : mean.images)
      section.channels.push_back(
          {0.0F, store("mean", image, ElementType::f32, section.reference_layer).constant});
    model_.pre_process.push_back(std::move(section));
  }
}

}  // namespace

ir::Model emit(const Graph& graph, const EmitOptions& options) {
  return Emitter(graph, options).run();
}

}  // namespace mo::ir::legacy
