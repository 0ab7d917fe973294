#include "ir/xml_writer.h"

#include <algorithm>

#include "ir/legacy/dialect.h"
#include "ir/legacy/xml.h"
#include "ir/xml_edges.h"

namespace mo::ir {

namespace {

/// Tensor names as the `names` attribute lists them: sorted, each once, `,` inside a name escaped.
std::string joined(std::vector<std::string> names) {
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ',';
    for (const char c : name) {
      if (c == ',') text += '\\';
      text += c;
    }
  }
  return text;
}

void write_layout(XmlText& xml, const std::string& layout) {
  xml.open("rt_info");
  xml.end_open();
  xml.open("attribute");
  xml.attribute("name", "layout");
  xml.attribute("version", "0");
  xml.attribute("layout", layout);
  xml.end_empty();
  xml.close("rt_info");
}

void write_ports(XmlText& xml, std::string_view element, const std::vector<Port>& ports, std::size_t first) {
  if (ports.empty()) return;
  xml.open(element);
  xml.end_open();
  for (const Port& port : ports) {
    xml.open("port");
    xml.attribute("id", first++);
    xml.attribute("precision", port_name(port.precision));
    if (!port.names.empty()) xml.attribute("names", joined(port.names));
    if (port.dims.empty() && port.layout.empty()) {
      xml.end_empty();
      continue;
    }
    xml.end_open();
    for (const std::int64_t dim : port.dims) xml.number("dim", dim);
    if (!port.layout.empty()) write_layout(xml, port.layout);
    xml.close("port");
  }
  xml.close(element);
}

void write_data(XmlText& xml, const Model& model, const Layer& layer) {
  if (layer.data.empty() && layer.blobs.empty()) return;
  xml.open("data");
  for (const auto& [name, value] : layer.data) xml.attribute(name, value);
  for (const BlobReference& blob : layer.blobs) {
    xml.attribute("offset", model.constants[blob.constant].offset);
    xml.attribute("size", model.constants[blob.constant].size);
  }
  xml.end_empty();
}

void write_layer(XmlText& xml, const Model& model, const Layer& layer, std::size_t id) {
  xml.open("layer");
  xml.attribute("id", id);
  xml.attribute("name", layer.name);
  xml.attribute("type", layer.type);
  xml.attribute("version", layer.version);
  xml.end_open();
  write_data(xml, model, layer);
  if (layer.decompression) {
    xml.open("rt_info");
    xml.end_open();
    xml.open("attribute");
    xml.attribute("name", "decompression");
    xml.attribute("version", "0");
    xml.end_empty();
    xml.close("rt_info");
  }
  write_ports(xml, "input", layer.inputs, 0);
  write_ports(xml, "output", layer.outputs, layer.first_output_port());
  xml.close("layer");
}

void write_tail(XmlText& xml, const Model& model) {
  xml.open("rt_info");
  xml.end_open();
  xml.open("MO_version");
  xml.attribute("value", model.producer);
  xml.end_empty();
  xml.open("conversion_parameters");
  xml.end_open();
  for (const auto& [name, value] : model.parameters) {
    xml.open(name);
    xml.attribute("value", value);
    xml.end_empty();
  }
  xml.close("conversion_parameters");
  xml.close("rt_info");
}

}  // namespace

void write_xml(const Model& model, const TextSink& sink) {
  if (legacy::is_legacy(model.version)) return legacy::write_xml(model, sink);
  XmlText xml(sink);
  xml.declare("<?xml version=\"1.0\"?>\n");
  xml.open("net");
  xml.attribute("name", model.name);
  xml.attribute("version", static_cast<std::uint64_t>(model.version));
  xml.end_open();
  xml.open("layers");
  xml.end_open();
  for (std::size_t id = 0; id < model.layers.size(); ++id) write_layer(xml, model, model.layers[id], id);
  xml.close("layers");
  write_edges(xml, model);
  write_tail(xml, model);
  xml.close("net");
  xml.finish();
}

std::string to_xml(const Model& model) {
  std::string text;
  write_xml(model, [&text](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace mo::ir
