#include "ir/mapping.h"

#include "ir/xml_text.h"

namespace mo::ir {

void write_mapping(const Model& model, const TextSink& sink) {
  XmlText xml(sink);
  xml.declare("<?xml version=\"1.0\"?>\n");
  xml.open("mapping");
  xml.end_open();
  for (const MappingEntry& entry : model.mapping) {
    const Layer& layer = model.layers[entry.layer];
    xml.open("map");
    xml.end_open();
    xml.open("framework");
    xml.attribute("name", entry.caffe_layer);
    xml.attribute("out_port_id", entry.top);
    xml.end_empty();
    xml.open("IR");
    xml.attribute("id", entry.layer);
    xml.attribute("name", layer.name);
    xml.attribute("out_port_id", layer.first_output_port() + entry.output);
    xml.end_empty();
    xml.close("map");
  }
  xml.close("mapping");
  xml.finish();
}

}  // namespace mo::ir
