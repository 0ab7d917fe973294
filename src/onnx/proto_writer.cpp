#include "onnx/proto_writer.h"

#include <algorithm>
#include <iterator>
#include <protozero/pbf_writer.hpp>
#include <protozero/varint.hpp>
#include <set>

#include "onnx/dialect.h"

namespace mo::onnx {

namespace {

using protozero::pbf_writer;

// Field numbers and enumerators of onnx.proto.
namespace model_proto {
constexpr protozero::pbf_tag_type ir_version = 1, producer_name = 2, producer_version = 3, graph = 7,
                                  opset_import = 8, metadata_props = 14;
}
namespace operator_set {
constexpr protozero::pbf_tag_type domain = 1, version = 2;
}
namespace entry {
constexpr protozero::pbf_tag_type key = 1, value = 2;
}
namespace graph_proto {
constexpr protozero::pbf_tag_type node = 1, name = 2, initializer = 5, input = 11, output = 12,
                                  value_info = 13;
}
namespace node_proto {
constexpr protozero::pbf_tag_type input = 1, output = 2, name = 3, op_type = 4, attribute = 5, domain = 7;
}
namespace attribute_proto {
constexpr protozero::pbf_tag_type name = 1, f = 2, i = 3, s = 4, floats = 7, ints = 8, type = 20;
enum Type : std::int32_t { float_number = 1, integer = 2, string = 3, float_list = 6, integer_list = 7 };
}  // namespace attribute_proto
namespace tensor_proto {
constexpr protozero::pbf_tag_type dims = 1, data_type = 2, name = 8, raw_data = 9, external_data = 13,
                                  data_location = 14;
constexpr std::int32_t external = 1;
}  // namespace tensor_proto
namespace value_info {
constexpr protozero::pbf_tag_type name = 1, type = 2, tensor_type = 1, elem_type = 1, shape = 2, dim = 1,
                                  dim_value = 1, dim_param = 2;
}

/// Writes one attribute's value and its kind.
struct AttributeWriter {
  pbf_writer& out;

  void operator()(bool value) const { (*this)(std::int64_t{value ? 1 : 0}); }
  void operator()(std::int64_t value) const {
    out.add_int64(attribute_proto::i, value);
    kind(attribute_proto::integer);
  }
  void operator()(float value) const {
    out.add_float(attribute_proto::f, value);
    kind(attribute_proto::float_number);
  }
  void operator()(const std::string& value) const {
    out.add_bytes(attribute_proto::s, value);
    kind(attribute_proto::string);
  }
  // onnx.proto has the syntax of protobuf 2, where lists are not packed.
  void operator()(const std::vector<std::int64_t>& values) const {
    for (const std::int64_t value : values) out.add_int64(attribute_proto::ints, value);
    kind(attribute_proto::integer_list);
  }
  void operator()(const std::vector<float>& values) const {
    for (const float value : values) out.add_float(attribute_proto::floats, value);
    kind(attribute_proto::float_list);
  }
  void kind(std::int32_t type) const { out.add_enum(attribute_proto::type, type); }
};

void add_entry(pbf_writer& parent, protozero::pbf_tag_type tag, const std::string& key,
               const std::string& value) {
  pbf_writer out(parent, tag);
  out.add_string(entry::key, key);
  out.add_string(entry::value, value);
}

void add_node(pbf_writer& graph, const Model& model, const Node& node) {
  const auto name_of = [&](Value value) {
    return value.present() ? model.values[value.index].name : std::string();
  };
  pbf_writer out(graph, graph_proto::node);
  for (const Value input : node.inputs) out.add_string(node_proto::input, name_of(input));
  for (const Value output : node.outputs) out.add_string(node_proto::output, name_of(output));
  out.add_string(node_proto::name, node.name);
  out.add_string(node_proto::op_type, node.type);
  for (const auto& [name, value] : node.attributes) {
    pbf_writer attribute(out, node_proto::attribute);
    attribute.add_string(attribute_proto::name, name);
    std::visit(AttributeWriter{attribute}, value);
  }
  if (!node.domain.empty()) out.add_string(node_proto::domain, node.domain);
}

/// `symbols`: dimensions that are not known get names, so that a reader knows them for free.
void add_value(pbf_writer& graph, protozero::pbf_tag_type tag, const ValueInfo& value, bool symbols) {
  pbf_writer out(graph, tag);
  out.add_string(value_info::name, value.name);
  pbf_writer type(out, value_info::type);
  pbf_writer tensor(type, value_info::tensor_type);
  tensor.add_enum(value_info::elem_type, static_cast<std::int32_t>(value.type));
  // Texts of their own, since a pbf_writer drops messages without contents: scalars' shapes, unknown
  // dimensions.
  std::string dims;
  pbf_writer shape(dims);
  for (std::size_t i = 0; i < value.shape.size(); ++i) {
    std::string size;
    pbf_writer dim(size);
    if (value.shape[i] >= 0)
      dim.add_int64(value_info::dim_value, value.shape[i]);
    else if (symbols)
      dim.add_string(value_info::dim_param, i == 0 ? "batch" : value.name + "_" + std::to_string(i));
    shape.add_message(value_info::dim, size);
  }
  tensor.add_message(value_info::shape, dims);
}

/// Everything of the graph but the initializers.
std::string graph_text(const Model& model) {
  std::string text;
  pbf_writer graph(text);
  for (const Node& node : model.nodes) add_node(graph, model, node);
  graph.add_string(graph_proto::name, model.name);
  for (const Value input : model.inputs)
    add_value(graph, graph_proto::input, model.values[input.index], true);
  for (const Value output : model.outputs)
    add_value(graph, graph_proto::output, model.values[output.index], false);
  std::vector<bool> said(model.values.size(), false);
  for (const auto* list : {&model.inputs, &model.outputs})
    for (const Value value : *list) said[value.index] = true;
  for (const Node& node : model.nodes)
    for (const Value value : node.outputs)
      if (!said[value.index]) add_value(graph, graph_proto::value_info, model.values[value.index], false);
  return text;
}

/// What stands before the graph.
std::string head_text(const Model& model) {
  std::string text;
  pbf_writer out(text);
  out.add_int64(model_proto::ir_version, dialect(model.opset).ir_version);
  const std::size_t space = std::min(model.producer.find(' '), model.producer.size());
  out.add_string(model_proto::producer_name, model.producer.substr(0, space));
  out.add_string(model_proto::producer_version,
                 model.producer.substr(std::min(space + 1, model.producer.size())));
  std::set<std::string> domains{""};
  for (const Node& node : model.nodes) domains.insert(node.domain);
  for (const std::string& domain : domains) {
    pbf_writer import(out, model_proto::opset_import);
    import.add_string(operator_set::domain, domain);
    import.add_int64(operator_set::version, domain.empty() ? model.opset : 1);
  }
  for (const auto& [key, value] : model.metadata) add_entry(out, model_proto::metadata_props, key, value);
  return text;
}

void add_key_and_length(std::string& text, protozero::pbf_tag_type tag, std::uint64_t length) {
  constexpr std::uint32_t delimited = 2;  // the wire type of strings, bytes and messages
  protozero::write_varint(std::back_inserter(text), (std::uint64_t{tag} << 3U) | delimited);
  protozero::write_varint(std::back_inserter(text), length);
}

/// A TensorProto without its bytes.
std::string tensor_text(const Model& model, const Initializer& initializer, const std::string& external) {
  const ValueInfo& info = model.values[initializer.value.index];
  std::string text;
  pbf_writer out(text);
  for (const std::int64_t dim : info.shape) out.add_int64(tensor_proto::dims, dim);
  out.add_enum(tensor_proto::data_type, static_cast<std::int32_t>(info.type));
  out.add_string(tensor_proto::name, info.name);
  if (external.empty()) {
    add_key_and_length(text, tensor_proto::raw_data, initializer.stored.size);
    return text;
  }
  add_entry(out, tensor_proto::external_data, "location", external);
  add_entry(out, tensor_proto::external_data, "offset", std::to_string(initializer.stored.offset));
  add_entry(out, tensor_proto::external_data, "length", std::to_string(initializer.stored.size));
  out.add_enum(tensor_proto::data_location, tensor_proto::external);
  return text;
}

}  // namespace

Layout lay_out_file(const Model& model, const std::string& external) {
  const std::string body = graph_text(model);
  std::vector<std::string> tensors;
  std::uint64_t graph_size = body.size();
  for (const Initializer& initializer : model.initializers) {
    const std::string text = tensor_text(model, initializer, external);
    const std::uint64_t size = text.size() + (external.empty() ? initializer.stored.size : 0);
    std::string whole;
    add_key_and_length(whole, graph_proto::initializer, size);
    tensors.push_back(whole + text);
    graph_size += whole.size() + size;
  }
  Layout layout;
  std::string text = head_text(model);
  add_key_and_length(text, model_proto::graph, graph_size);
  text += body;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    text += tensors[i];
    if (!external.empty()) continue;
    layout.size += text.size();
    layout.texts.push_back(std::exchange(text, {}));
    layout.weights.push_back({i, layout.size});
    layout.size += model.initializers[i].stored.size;
  }
  layout.size += text.size();
  layout.texts.push_back(std::move(text));
  return layout;
}

}  // namespace mo::onnx
