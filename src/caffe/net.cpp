#include "caffe/net.h"

#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "caffe/caffemodel_reader.h"
#include "caffe/prototxt_reader.h"
#include "support/file.h"

namespace mo::caffe {
namespace {

std::string text_of(const Message& message, std::string_view name) {
  const Field* field = message.find(name);
  return field ? field->text : std::string();
}

std::vector<std::string> texts_of(const Message& message, std::string_view name) {
  std::vector<std::string> texts;
  for (const Field* field : message.all(name)) texts.push_back(field->text);
  return texts;
}

Layer make_layer(std::unique_ptr<Message> parameters, Position position) {
  Layer layer;
  layer.name = text_of(*parameters, "name");
  layer.type = text_of(*parameters, "type");
  layer.bottoms = texts_of(*parameters, "bottom");
  layer.tops = texts_of(*parameters, "top");
  layer.parameters = std::move(parameters);
  layer.position = position;
  return layer;
}

void attach_weights(Net& net, std::vector<WeightLayer> weights) {
  std::unordered_map<std::string, std::size_t> by_name;  // the first of a name, as Caffe does
  for (std::size_t i = 0; i < weights.size(); ++i) by_name.try_emplace(weights[i].name, i);
  std::vector<bool> used(weights.size());
  for (Layer& layer : net.layers) {
    const auto found = by_name.find(layer.name);
    if (found == by_name.end()) continue;
    layer.in_caffemodel = true;
    layer.blobs = weights[found->second].blobs;
    used[found->second] = true;
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!used[i] && !weights[i].blobs.empty()) net.unused_weights.push_back(weights[i].name);
  }
}

}  // namespace

Net read_net(const NetFiles& files, Diagnostics& diagnostics) {
  (void)diagnostics;
  Net net;
  const auto file = MappedFile::open(files.prototxt);
  require_prototxt(files.prototxt, file->text());
  auto source = std::make_shared<Source>(Source{files.prototxt, std::string(file->text())});
  Message definition = parse_prototxt(*source);
  net.source = source;
  net.name = text_of(definition, "name");
  for (Field& field : definition.fields) {
    if (field.name == "layer" && field.message) {
      net.layers.push_back(make_layer(std::move(field.message), field.position));
    }
  }
  net.has_weights = !files.caffemodel.empty();
  if (!files.caffemodel.empty()) attach_weights(net, read_weights(MappedFile::open(files.caffemodel)));
  return net;
}

}  // namespace mo::caffe
