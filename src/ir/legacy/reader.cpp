#include "ir/legacy/reader.h"

#include <algorithm>
#include <functional>
#include <map>
#include <queue>
#include <unordered_map>

#include "ir/check/check.h"
#include "ir/legacy/reading.h"
#include "ops/ops.h"

namespace mo::ir::legacy {

namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

/// What a layer is looked up by: its type, and of an Activation also which one.
std::string kind_of(const DocumentLayer& layer) {
  const std::string* activation = layer.find("type");
  if (check::same_type(layer.type, "Activation") && activation != nullptr)
    return lower_case(layer.type + "/" + *activation);
  return lower_case(layer.type);
}

const OpDef* find_op(const std::string& kind) {
  static const auto table = [] {
    std::unordered_map<std::string, const OpDef*> ops;
    for (const OpDef* def : all_ops())
      for (const std::string_view type : def->from_legacy.types) ops.emplace(lower_case(type), def);
    return ops;
  }();
  const auto it = table.find(kind);
  return it == table.end() ? nullptr : it->second;
}

std::optional<ElementType> element_type(std::string_view precision) {
  if (precision == "FP32") return ElementType::f32;
  if (precision == "FP16") return ElementType::f16;
  if (precision == "I32") return ElementType::i32;
  if (precision == "I64") return ElementType::i64;
  if (precision == "U8") return ElementType::u8;
  return std::nullopt;
}

/// An output of a layer of the document.
struct Source {
  std::size_t layer = 0;
  std::size_t output = 0;
};

class GraphReader {
 public:
  GraphReader(const Document& document, const std::shared_ptr<const MappedFile>& bin,
              Diagnostics& diagnostics)
      : document_(document), bin_(bin), diagnostics_(diagnostics), dialect_(dialect(document.version)) {}

  Graph run() {
    graph_.name = document_.name;
    report_unknown();
    if (diagnostics_.has_errors()) return {};
    connect();
    for (const std::size_t layer : order()) {
      add(layer);
      if (diagnostics_.has_errors()) return {};
    }
    find_outputs();
    read_means();
    return std::move(graph_);
  }

 private:
  void report_unknown();
  void connect();
  std::vector<std::size_t> order() const;
  void add(std::size_t index);
  NodeId make_node(std::size_t index);
  void name_outputs(std::size_t index, NodeId id);
  void compare_dims(const DocumentLayer& layer, NodeId id);
  Tensor tensor(const DocumentLayer* layer, const DocumentBlob& blob, std::string_view precision) const;
  void find_outputs();
  void read_means();
  bool is_target(std::size_t index) const;

  const Document& document_;
  const std::shared_ptr<const MappedFile>& bin_;
  Diagnostics& diagnostics_;
  const Dialect& dialect_;
  Graph graph_;
  std::vector<std::vector<Source>> sources_;                            // by layer and input
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> uses_;  // by layer: (consumer, its input)
  std::map<std::pair<std::size_t, std::size_t>, bool> read_;            // outputs that a layer reads
  std::vector<std::optional<NodeId>> nodes_;
};

/// One message for all of them.
void GraphReader::report_unknown() {
  std::map<std::string, std::vector<std::string>> unknown;
  for (const DocumentLayer& layer : document_.layers)
    if (find_op(kind_of(layer)) == nullptr) {
      const std::string* activation = layer.find("type");
      unknown[activation != nullptr ? layer.type + " " + *activation : layer.type].push_back(layer.name);
    }
  if (unknown.empty()) return;
  std::string text;
  for (const auto& [type, layers] : unknown) {
    text += (text.empty() ? "" : "; ") + type + " (";
    for (std::size_t i = 0; i < layers.size(); ++i) text += (i == 0 ? "" : ", ") + layers[i];
    text += ")";
  }
  Diagnostic diagnostic =
      finding(document_, code::unknown_ir_layer, nullptr, "layers of types that are not read: " + text);
  diagnostic.remedy = "convert the original model instead, where there still is one";
  diagnostics_.add(std::move(diagnostic));
}

void GraphReader::connect() {
  std::unordered_map<std::int64_t, std::size_t> by_id;
  for (std::size_t i = 0; i < document_.layers.size(); ++i) by_id.emplace(document_.layers[i].id, i);
  nodes_.resize(document_.layers.size());
  uses_.resize(document_.layers.size());
  for (const DocumentLayer& layer : document_.layers) sources_.emplace_back(layer.inputs.size());
  const auto place = [](const std::vector<DocumentPort>& ports, std::int64_t id) {
    return static_cast<std::size_t>(std::ranges::find(ports, id, &DocumentPort::id) - ports.begin());
  };
  for (const DocumentEdge& edge : document_.edges) {
    const std::size_t from = by_id.at(edge.from_layer);
    const std::size_t to = by_id.at(edge.to_layer);
    const std::size_t output = place(document_.layers[from].outputs, edge.from_port);
    const std::size_t input = place(document_.layers[to].inputs, edge.to_port);
    sources_.at(to).at(input) = {from, output};
    uses_[from].emplace_back(to, input);
    read_[{from, output}] = true;
  }
}

/// Each layer after what it reads; else the order of the file.
std::vector<std::size_t> GraphReader::order() const {
  std::vector<std::size_t> waiting;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    waiting.push_back(sources_[i].size());
    if (waiting.back() == 0) ready.push(i);
  }
  std::vector<std::size_t> result;
  while (!ready.empty()) {
    const std::size_t layer = ready.top();
    ready.pop();
    result.push_back(layer);
    for (const auto& [consumer, input] : uses_[layer])
      if (--waiting[consumer] == 0) ready.push(consumer);
  }
  return result;
}

/// A Const that nothing reads but as the target of a Reshape.
bool GraphReader::is_target(std::size_t index) const {
  return check::same_type(document_.layers[index].type, "Const") &&
         std::ranges::all_of(uses_[index], [&](const auto& use) {
           return use.second > 0 && check::same_type(document_.layers[use.first].type, "Reshape");
         });
}

Tensor GraphReader::tensor(const DocumentLayer* layer, const DocumentBlob& blob,
                           std::string_view precision) const {
  const auto type = element_type(precision);
  if (!type)
    throw Failure(
        finding(document_, code::unsupported_parameter, layer,
                "its " + blob.role + " of the precision " + std::string(precision) + " are not read"));
  const auto bytes = bin_->bytes().subspan(blob.offset, blob.size);
  return Tensor::in_file({static_cast<std::int64_t>(blob.size / byte_size(*type))}, *type, bytes, bin_);
}

NodeId GraphReader::make_node(std::size_t index) {
  const DocumentLayer& layer = document_.layers[index];
  const OpDef& def = *find_op(kind_of(layer));
  std::vector<Blob> blobs;
  for (const DocumentBlob& blob : layer.blobs)
    blobs.push_back({blob.role, tensor(&layer, blob, blob.precision)});
  std::vector<Source> inputs = sources_[index];
  std::optional<std::string> target_name;
  if (&def == &op::reshape && inputs.size() > 1) {
    const DocumentLayer& target = document_.layers[inputs[1].layer];
    if (check::same_type(target.type, "Const")) {
      blobs.push_back({"target", tensor(&target, target.blobs.at(0), target.blobs.at(0).precision)});
      target_name = target.name;
    }
    inputs.resize(1);
  }
  std::vector<Value> operands;
  for (const Source& source : inputs) {
    const auto& node = nodes_[source.layer];
    if (!node || source.output >= graph_.node(*node).outputs.size())
      throw Failure(finding(
          document_, code::unsupported_parameter, &layer,
          "it reads an output of \"" + document_.layers[source.layer].name + "\" that is not read from IR"));
    operands.push_back({*node, static_cast<std::uint32_t>(source.output)});
  }
  Reading reading(document_, layer, dialect_, std::move(blobs));
  def.from_legacy.read(reading);
  if (target_name) reading.attributes.set("target_name", *target_name);
  return graph_.add(def, layer.name, std::move(operands), std::move(reading.attributes),
                    std::move(reading.blobs));
}

void GraphReader::compare_dims(const DocumentLayer& layer, NodeId id) {
  const auto& outputs = graph_.node(id).outputs;
  const std::size_t count = std::min(outputs.size(), layer.outputs.size());
  for (std::size_t i = 0; i < count; ++i)
    if (outputs[i].shape != layer.outputs[i].dims)
      diagnostics_.add(finding(document_, code::ir_dims, &layer,
                               "its output has the dims " + to_string(layer.outputs[i].dims) +
                                   ", but its parameters give " + to_string(outputs[i].shape)));
}

/// As the engines called them: by the layer, with a number where there are several.
void GraphReader::name_outputs(std::size_t index, NodeId id) {
  const DocumentLayer& layer = document_.layers[index];
  const std::size_t count = graph_.node(id).outputs.size();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string name = layer.outputs.size() > 1 ? layer.name + "." + std::to_string(i) : layer.name;
    graph_.output({id, i}).names = {name};
    graph_.output({id, i}).origins = {{layer.name, name}};
  }
}

void GraphReader::add(std::size_t index) {
  if (is_target(index)) return;
  const DocumentLayer& layer = document_.layers[index];
  try {
    const NodeId id = make_node(index);
    nodes_[index] = id;
    if (graph_.node(id).op == &op::input) graph_.inputs.push_back(id);
    name_outputs(index, id);
    compare_dims(layer, id);
  } catch (const Failure& failure) {
    Diagnostic diagnostic = failure.diagnostic();
    diagnostic.file = document_.path;
    diagnostic.layer = layer.name;
    diagnostic.layer_type = layer.type;
    diagnostic.position.line = layer.line;
    diagnostics_.add(std::move(diagnostic));
  } catch (const std::exception&) {  // an input that is not there, dims whose product leaves 64 bits
    diagnostics_.add(finding(document_, code::ir_structure, &layer,
                             "it does not have the inputs of its type, or their dims make no sense"));
  }
}

void GraphReader::find_outputs() {
  for (std::size_t i = 0; i < document_.layers.size(); ++i) {
    if (!nodes_[i] || graph_.node(*nodes_[i]).op == &op::input) continue;
    const std::size_t count =
        std::min(document_.layers[i].outputs.size(), graph_.node(*nodes_[i]).outputs.size());
    for (std::size_t output = 0; output < count; ++output)
      if (!read_.contains({i, output}))
        graph_.outputs.push_back({*nodes_[i], static_cast<std::uint32_t>(output)});
  }
  if (graph_.outputs.empty())
    diagnostics_.add(finding(document_, code::ir_structure, nullptr, "the network has no output"));
}

void GraphReader::read_means() {
  if (!document_.pre_process || document_.pre_process->channels.empty()) return;
  const DocumentPreProcess& section = *document_.pre_process;
  const auto input = std::ranges::find_if(graph_.inputs, [&](NodeId id) {
    return section.reference_layer.empty() ? graph_.shape({id, 0}).size() == 4
                                           : graph_.node(id).name == section.reference_layer;
  });
  const Shape& dims = graph_.shape({*input, 0});
  InputMean mean{*input, {}, {}};
  std::vector<DocumentChannel> channels = section.channels;
  std::ranges::sort(channels, {}, &DocumentChannel::id);
  for (const DocumentChannel& channel : channels) {
    if (channel.scale.value_or(1.0F) != 1.0F)
      return diagnostics_.add(finding(document_, code::unsupported_parameter, nullptr,
                                      "the <scale> of <pre-process> is not read", section.line));
    if (channel.image)
      mean.images.push_back(tensor(nullptr, *channel.image, section.mean_precision)
                                .reshaped(Shape(dims.begin() + 2, dims.end())));
    else if (channel.value)
      mean.values.push_back(*channel.value);
  }
  if (!mean.images.empty()) mean.values.clear();
  if (!mean.images.empty() || !mean.values.empty()) graph_.means.push_back(std::move(mean));
}

}  // namespace

Graph read_graph(const Document& document, const std::shared_ptr<const MappedFile>& bin,
                 Diagnostics& diagnostics) {
  return GraphReader(document, bin, diagnostics).run();
}

bool is_fp16(const Document& document) {
  return std::ranges::any_of(document.layers, [](const DocumentLayer& layer) {
    return std::ranges::any_of(layer.blobs,
                               [](const DocumentBlob& blob) { return blob.precision == "FP16"; });
  });
}

}  // namespace mo::ir::legacy
