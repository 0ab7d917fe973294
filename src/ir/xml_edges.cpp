#include "ir/xml_edges.h"

namespace mo::ir {

void write_edges(XmlText& xml, const Model& model) {
  xml.open("edges");
  xml.end_open();
  for (const Edge& edge : model.edges) {
    xml.open("edge");
    xml.attribute("from-layer", edge.from_layer);
    xml.attribute("from-port", model.layers[edge.from_layer].first_output_port() + edge.from_output);
    xml.attribute("to-layer", edge.to_layer);
    xml.attribute("to-port", edge.to_input);
    xml.end_empty();
  }
  xml.close("edges");
}

}  // namespace mo::ir
