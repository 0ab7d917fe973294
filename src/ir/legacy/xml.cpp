#include "ir/legacy/xml.h"

#include "ir/legacy/dialect.h"
#include "ir/xml_edges.h"

namespace mo::ir::legacy {

namespace {

class Writer {
 public:
  Writer(const Model& model, const TextSink& sink)
      : model_(model), dialect_(dialect(model.version)), xml_(sink, XmlText::Style::compact) {}

  void run();

 private:
  void write_pre_process(const PreProcess& section);
  void write_layer(const Layer& layer, std::size_t id);
  void write_ports(std::string_view element, const std::vector<Port>& ports, std::size_t first,
                   bool precision);
  void write_blobs(const Layer& layer);
  void write_meta_data();

  const Model& model_;
  const Dialect& dialect_;
  XmlText xml_;
};

void Writer::write_ports(std::string_view element, const std::vector<Port>& ports, std::size_t first,
                         bool precision) {
  if (ports.empty()) return;
  xml_.open(element);
  xml_.end_open();
  for (const Port& port : ports) {
    xml_.open("port");
    xml_.attribute("id", first++);
    if (precision) xml_.attribute("precision", port_name(port.precision));
    if (port.dims.empty()) {
      xml_.end_empty();
      continue;
    }
    xml_.end_open();
    for (const std::int64_t dim : port.dims) xml_.number("dim", dim);
    xml_.close("port");
  }
  xml_.close(element);
}

std::string_view stored_name(ElementType type) {
  switch (type) {
    case ElementType::f16:
      return "FP16";
    case ElementType::i32:
      return "I32";
    case ElementType::i64:
      return "I64";
    default:
      return "FP32";
  }
}

void Writer::write_blobs(const Layer& layer) {
  if (layer.blobs.empty()) return;
  xml_.open("blobs");
  xml_.end_open();
  for (const BlobReference& blob : layer.blobs) {
    const StoredTensor& stored = model_.constants[blob.constant];
    xml_.open(blob.role);
    xml_.attribute("offset", stored.offset);
    if (!dialect_.layer_precision) xml_.attribute("precision", stored_name(stored.stored));
    xml_.attribute("size", stored.size);
    xml_.end_empty();
  }
  xml_.close("blobs");
}

void Writer::write_layer(const Layer& layer, std::size_t id) {
  xml_.open("layer");
  xml_.attribute("id", id);
  xml_.attribute("name", layer.name);
  if (dialect_.layer_precision) xml_.attribute("precision", port_name(layer.precision));
  xml_.attribute("type", layer.type);
  xml_.end_open();
  if (!layer.data.empty()) {
    xml_.open("data");
    for (const auto& [name, value] : layer.data) xml_.attribute(name, value);
    xml_.end_empty();
  }
  write_ports("input", layer.inputs, 0, false);
  write_ports("output", layer.outputs, layer.first_output_port(), !dialect_.layer_precision);
  write_blobs(layer);
  xml_.close("layer");
}

void Writer::write_pre_process(const PreProcess& section) {
  const bool images = !section.channels.empty() && section.channels.front().image.has_value();
  xml_.open("pre-process");
  if (images) xml_.attribute("mean-precision", "FP32");
  xml_.attribute("reference-layer-name", section.reference_layer);
  xml_.end_open();
  for (std::size_t i = 0; i < section.channels.size(); ++i) {
    const ChannelMean& mean = section.channels[i];
    xml_.open("channel");
    xml_.attribute("id", i);
    xml_.end_open();
    xml_.open("mean");
    if (mean.image) {
      xml_.attribute("offset", model_.constants[*mean.image].offset);
      xml_.attribute("size", model_.constants[*mean.image].size);
    } else {
      xml_.attribute("value", format(static_cast<double>(mean.value)));
    }
    xml_.end_empty();
    xml_.close("channel");
  }
  xml_.close("pre-process");
}

void Writer::write_meta_data() {
  xml_.open("meta_data");
  xml_.end_open();
  xml_.open("MO_version");
  xml_.attribute("value", model_.producer);
  xml_.end_empty();
  xml_.open("cli_parameters");
  xml_.end_open();
  for (const auto& [name, value] : model_.parameters) {
    xml_.open(name);
    xml_.attribute("value", value);
    xml_.end_empty();
  }
  if (!model_.unset_parameters.empty()) {
    std::string unset;
    for (const std::string& name : model_.unset_parameters) unset += (unset.empty() ? "" : ", ") + name;
    xml_.open("unset");
    xml_.attribute("unset_cli_parameters", unset);
    xml_.end_empty();
  }
  xml_.close("cli_parameters");
  xml_.close("meta_data");
}

void Writer::run() {
  xml_.declare("<?xml version=\"1.0\" ?>\n");
  xml_.open("net");
  // The original writes 1 whatever the batch is; that is in the dims.
  if (dialect_.layer_precision) xml_.attribute("batch", "1");
  xml_.attribute("name", model_.name);
  xml_.attribute("version", static_cast<std::uint64_t>(model_.version));
  xml_.end_open();
  for (const PreProcess& section : model_.pre_process) write_pre_process(section);
  xml_.open("layers");
  xml_.end_open();
  for (std::size_t id = 0; id < model_.layers.size(); ++id) write_layer(model_.layers[id], id);
  xml_.close("layers");
  write_edges(xml_, model_);
  write_meta_data();
  xml_.close("net");
  xml_.finish();
}

}  // namespace

void write_xml(const Model& model, const TextSink& sink) {
  Writer(model, sink).run();
}

}  // namespace mo::ir::legacy
