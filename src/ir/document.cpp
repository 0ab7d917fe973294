#include "ir/document.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <utility>

#include "ir/text_values.h"

namespace mo::ir {

namespace {

constexpr std::size_t largest_file = std::size_t{256} << 20;
constexpr int deepest = 64;
constexpr std::size_t most_dims = 64;

[[noreturn]] void refuse(const MappedFile& file, std::string cause, std::uint32_t line = 0) {
  Diagnostic diagnostic;
  diagnostic.code = &code::damaged_ir;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = "give the .xml of an IR, and its .bin beside it";
  diagnostic.file = file.path();
  diagnostic.position.line = line;
  throw Failure(std::move(diagnostic));
}

/// Turns places in the text into lines; asked in rising order this is linear in all.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  std::uint32_t at(std::ptrdiff_t offset) {
    const auto wanted = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)), text_.size());
    if (wanted < at_) at_ = 0, line_ = 1;
    line_ += static_cast<std::uint32_t>(std::ranges::count(text_.substr(at_, wanted - at_), '\n'));
    at_ = wanted;
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

class Reader {
 public:
  Reader(const MappedFile& file, Diagnostics& findings)
      : file_(file), findings_(findings), lines_(file.text()) {}

  Document run();

 private:
  void check_depth(const pugi::xml_node& root);
  void read_layer(const pugi::xml_node& node);
  void read_ports(const pugi::xml_node& list, const DocumentLayer& layer, std::vector<DocumentPort>& ports);
  void read_blobs(const pugi::xml_node& node, DocumentLayer& layer);
  std::optional<DocumentBlob> read_range(const pugi::xml_node& node, const DocumentLayer* layer,
                                         std::uint32_t line);
  void read_edges(const pugi::xml_node& list);
  void read_pre_process(const pugi::xml_node& node);
  void read_channel(const pugi::xml_node& node, DocumentPreProcess& section);

  std::optional<std::int64_t> integer(const pugi::xml_node& node, const char* name, std::uint32_t line,
                                      const DocumentLayer* layer);
  void report(const DiagnosticCode& code, const DocumentLayer* layer, std::string cause,
              std::uint32_t line = 0) {
    findings_.add(finding(document_, code, layer, std::move(cause), line));
  }

  const MappedFile& file_;
  Diagnostics& findings_;
  Lines lines_;
  Document document_;
  std::string precision_;  // of the whole net
};

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

/// The element that holds a layer's parameters: `data`, and what older files called after the layer's type.
pugi::xml_node parameters(const pugi::xml_node& layer, std::string_view type) {
  if (const pugi::xml_node data = layer.child("data")) return data;
  const std::string lower = lower_case(type);
  std::vector<std::string> names{lower + "_data", lower};
  if (lower == "fullyconnected" || lower == "innerproduct") names = {"fc", "fc_data"};
  if (lower == "norm" || lower == "lrn") names = {"lrn", "norm", "norm_data"};
  if (lower == "batchnormalization") names = {"batch_norm", "batch_norm_data"};
  if (lower == "eltwise") names = {"elementwise", "elementwise_data"};
  if (lower == "crop") names = {"crop", "crop-data"};
  for (const std::string& name : names)
    if (const pugi::xml_node node = layer.child(name.c_str())) return node;
  return {};
}

std::optional<std::int64_t> Reader::integer(const pugi::xml_node& node, const char* name, std::uint32_t line,
                                            const DocumentLayer* layer) {
  const pugi::xml_attribute attribute = node.attribute(name);
  const auto value = to_integer(attribute.value());
  if (!value)
    report(code::ir_structure, layer,
           attribute ? std::string("its <") + node.name() + "> has the " + name + " \"" + attribute.value() +
                           "\", which is no whole number"
                     : std::string("its <") + node.name() + "> has no " + name,
           line);
  return value;
}

void Reader::check_depth(const pugi::xml_node& root) {
  int depth = 0;
  for (pugi::xml_node node = root; node;) {
    if (depth > deepest) refuse(file_, "its elements are nested deeper than an IR's");
    if (const pugi::xml_node child = node.first_child()) {
      node = child;
      ++depth;
      continue;
    }
    while (node && node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    if (!node || node == root) return;
    node = node.next_sibling();
  }
}

void Reader::read_ports(const pugi::xml_node& list, const DocumentLayer& layer,
                        std::vector<DocumentPort>& ports) {
  for (const pugi::xml_node& node : list.children("port")) {
    const std::uint32_t line = lines_.at(node.offset_debug());
    const auto id = integer(node, "id", line, &layer);
    if (!id) continue;
    DocumentPort port{*id, {}, node.attribute("precision").value()};
    for (const pugi::xml_node& dim : node.children("dim")) {
      const auto size = to_integer(dim.child_value());
      const bool fits = size && (*size > 0 || (!document_.is_legacy() && *size >= -1));
      if (!fits || port.dims.size() == most_dims)
        report(code::ir_dims, &layer,
               "port " + std::to_string(*id) + " has the dimension \"" + dim.child_value() + "\"", line);
      if (port.dims.size() == most_dims) break;
      port.dims.push_back(fits ? *size : 1);
    }
    if (port.dims.empty() && document_.is_legacy())
      report(code::ir_dims, &layer, "port " + std::to_string(*id) + " has no dimensions", line);
    if (port.precision.empty() && !document_.is_legacy())
      report(code::ir_structure, &layer, "port " + std::to_string(*id) + " has no precision", line);
    ports.push_back(std::move(port));
  }
  if (document_.is_legacy()) std::ranges::stable_sort(ports, {}, &DocumentPort::id);
}

std::optional<DocumentBlob> Reader::read_range(const pugi::xml_node& node, const DocumentLayer* layer,
                                               std::uint32_t line) {
  DocumentBlob blob;
  blob.role = node.name();
  for (const auto& [name, into] : {std::pair("offset", &blob.offset), std::pair("size", &blob.size)}) {
    const pugi::xml_attribute attribute = node.attribute(name);
    const auto value = to_unsigned(attribute ? attribute.value() : "0");
    if (!value) {
      report(code::ir_blob_range, layer,
             "the " + std::string(name) + " \"" + attribute.value() + "\" of its " + blob.role +
                 " is no count of bytes",
             line);
      return std::nullopt;
    }
    *into = *value;
  }
  blob.precision = node.attribute("precision").value();
  return blob;
}

void Reader::read_blobs(const pugi::xml_node& node, DocumentLayer& layer) {
  const auto take = [&](const pugi::xml_node& element) {
    auto blob = read_range(element, &layer, lines_.at(element.offset_debug()));
    if (!blob || blob->size == 0) return;  // readers ignore a blob without bytes
    if (blob->precision.empty()) blob->precision = layer.precision;
    if (blob->precision.empty() && !layer.outputs.empty()) blob->precision = layer.outputs.front().precision;
    if (blob->precision.empty()) blob->precision = precision_;
    layer.blobs.push_back(std::move(*blob));
  };
  for (const char* role : {"weights", "biases"})
    if (const pugi::xml_node element = node.child(role)) take(element);
  for (const pugi::xml_node& element : node.child("blobs").children())
    if (element.type() == pugi::node_element) take(element);
}

void Reader::read_layer(const pugi::xml_node& node) {
  DocumentLayer layer;
  layer.line = lines_.at(node.offset_debug());
  layer.name = node.attribute("name").value();
  layer.type = node.attribute("type").value();
  layer.version = node.attribute("version").value();
  layer.precision = node.attribute("precision").value();
  if (layer.precision.empty()) layer.precision = precision_;
  for (const char* name : {"name", "type"})
    if (!node.attribute(name)) report(code::ir_structure, &layer, "it has no " + std::string(name));
  const auto id = integer(node, "id", layer.line, &layer);
  if (!id) return;
  layer.id = *id;
  if (!document_.is_legacy() && layer.version.empty())
    report(code::ir_structure, &layer, "it has no version of an operation set");
  const pugi::xml_node data = parameters(node, layer.type);
  for (const pugi::xml_attribute& attribute : data.attributes()) {
    if (layer.find(attribute.name()) != nullptr)
      report(code::ir_attribute, &layer, std::string("it has the attribute ") + attribute.name() + " twice");
    layer.data.emplace_back(attribute.name(), attribute.value());
  }
  read_ports(node.child("input"), layer, layer.inputs);
  read_ports(node.child("output"), layer, layer.outputs);
  if (document_.is_legacy()) {
    read_blobs(node, layer);
  } else if (layer.type == "Const" && data) {
    if (auto blob = read_range(data, &layer, layer.line)) {
      blob->role.clear();
      blob->precision = layer.outputs.empty() ? "" : layer.outputs.front().precision;
      layer.blobs.push_back(std::move(*blob));
    }
  }
  document_.layers.push_back(std::move(layer));
}

void Reader::read_edges(const pugi::xml_node& list) {
  for (const pugi::xml_node& node : list.children("edge")) {
    DocumentEdge edge;
    edge.line = lines_.at(node.offset_debug());
    bool whole = true;
    for (const auto& [name, into] :
         {std::pair("from-layer", &edge.from_layer), std::pair("from-port", &edge.from_port),
          std::pair("to-layer", &edge.to_layer), std::pair("to-port", &edge.to_port)}) {
      const auto value = integer(node, name, edge.line, nullptr);
      whole = whole && value.has_value();
      *into = value.value_or(0);
    }
    if (whole) document_.edges.push_back(edge);
  }
}

void Reader::read_channel(const pugi::xml_node& node, DocumentPreProcess& section) {
  const std::uint32_t line = lines_.at(node.offset_debug());
  DocumentChannel channel;
  channel.id = section.channels.empty() ? 0 : section.channels.back().id + 1;
  if (node.attribute("id")) {
    const auto id = integer(node, "id", line, nullptr);
    if (!id) return;
    channel.id = *id;
  }
  const auto number = [&](const pugi::xml_node& element) -> std::optional<float> {
    const auto value = to_number(element.attribute("value").value());
    if (!value)
      report(code::ir_pre_process, nullptr,
             std::string("channel ") + std::to_string(channel.id) + " has a <" + element.name() +
                 "> without a number",
             line);
    return value ? std::optional(static_cast<float>(*value)) : std::nullopt;
  };
  if (const pugi::xml_node mean = node.child("mean")) {
    if (mean.attribute("size"))
      channel.image = read_range(mean, nullptr, line);
    else
      channel.value = number(mean);
  }
  if (const pugi::xml_node scale = node.child("scale")) channel.scale = number(scale);
  section.channels.push_back(std::move(channel));
}

void Reader::read_pre_process(const pugi::xml_node& node) {
  DocumentPreProcess section;
  section.line = lines_.at(node.offset_debug());
  section.reference_layer = trimmed(node.attribute("reference-layer-name").value());
  section.mean_precision = node.attribute("mean-precision").value();
  for (const pugi::xml_node& channel : node.children("channel")) read_channel(channel, section);
  document_.pre_process = std::move(section);
}

Document Reader::run() {
  document_.path = file_.path();
  if (file_.bytes().size() > largest_file) refuse(file_, "it is larger than 256 MiB, too large for an .xml");
  pugi::xml_document xml;  // no document types and no entities but XML's five
  const pugi::xml_parse_result result =
      xml.load_buffer(file_.bytes().data(), file_.bytes().size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) refuse(file_, std::string("it is not XML: ") + result.description(), lines_.at(result.offset));
  const pugi::xml_node net = xml.document_element();
  check_depth(net);
  document_.name = net.attribute("name").value();
  const auto version = to_integer(net.attribute("version").value());
  if (!version || *version < 2 || *version > 11 || *version == 8 || *version == 9)
    refuse(file_,
           std::string("its version \"") + net.attribute("version").value() +
               "\" is not that of an IR: 2 to 7, 10 or 11",
           lines_.at(net.offset_debug()));
  document_.version = static_cast<int>(*version);
  precision_ = net.attribute("precision").value();
  for (const pugi::xml_node& layer : net.child("layers").children("layer")) read_layer(layer);
  if (document_.layers.empty() && !findings_.has_errors()) refuse(file_, "it has no layers");
  read_edges(net.child("edges"));
  if (const pugi::xml_node section = net.child("pre-process"); section && document_.is_legacy())
    read_pre_process(section);
  return std::move(document_);
}

}  // namespace

const std::string* DocumentLayer::find(std::string_view attribute) const {
  const auto it = std::ranges::find_if(data, [&](const auto& entry) { return entry.first == attribute; });
  return it == data.end() ? nullptr : &it->second;
}

Diagnostic finding(const Document& document, const DiagnosticCode& code, const DocumentLayer* layer,
                   std::string cause, std::uint32_t line) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.file = document.path;
  if (layer != nullptr) {
    diagnostic.layer = layer->name;
    diagnostic.layer_type = layer->type;
  }
  diagnostic.position.line = line != 0 ? line : layer != nullptr ? layer->line : 0;
  return diagnostic;
}

Document read_document(const MappedFile& file, Diagnostics& findings) {
  return Reader(file, findings).run();
}

std::size_t element_bytes(std::string_view precision) {
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 16> sizes{{{"FP32", 4},
                                                                                   {"FP16", 2},
                                                                                   {"FP64", 8},
                                                                                   {"BF16", 2},
                                                                                   {"I64", 8},
                                                                                   {"I32", 4},
                                                                                   {"I16", 2},
                                                                                   {"Q78", 2},
                                                                                   {"I8", 1},
                                                                                   {"U8", 1},
                                                                                   {"BOOL", 1},
                                                                                   {"U16", 2},
                                                                                   {"U32", 4},
                                                                                   {"U64", 8},
                                                                                   {"FLOAT32", 4},
                                                                                   {"FLOAT16", 2}}};
  for (const auto& [name, bytes] : sizes)
    if (name == precision) return bytes;
  return 0;
}

}  // namespace mo::ir
