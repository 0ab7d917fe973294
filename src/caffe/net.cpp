#include "caffe/net.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "caffe/binary_definition.h"
#include "caffe/caffemodel_reader.h"
#include "caffe/phase.h"
#include "caffe/prototxt_reader.h"
#include "caffe/shift_file.h"
#include "caffe/upgrade.h"
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

Layer make_layer(Field& field) {
  Layer layer;
  layer.name = text_of(*field.message, "name");
  layer.type = text_of(*field.message, "type");
  layer.bottoms = texts_of(*field.message, "bottom");
  layer.tops = texts_of(*field.message, "top");
  layer.parameters = std::move(field.message);
  layer.position = field.position;
  return layer;
}

Diagnostic about(const Source& source, const DiagnosticCode& code, Severity severity, std::string cause) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.severity = severity;
  diagnostic.cause = std::move(cause);
  diagnostic.file = source.file;
  return diagnostic;
}

[[noreturn]] void fail_without_layers(const Message& definition, const Source& source) {
  Diagnostic diagnostic = about(source, code::not_a_net, Severity::error, "the file defines no layers");
  diagnostic.remedy = "give a file with layer { ... } or layers { ... }";
  for (const std::string_view name : {"net", "train_net", "base_lr"}) {
    if (!definition.find(name)) continue;
    diagnostic.cause = "this is a solver's settings, not a net";
    diagnostic.remedy = "give the net's own prototxt, deploy.prototxt as a rule";
  }
  throw Failure(std::move(diagnostic));
}

/// The blobs that layers of the given state write.
std::unordered_set<std::string_view> written_blobs(const Message& definition, const NetState& state) {
  std::unordered_set<std::string_view> blobs;
  for (const Field* layer : definition.all("layer")) {
    if (!layer->message || !is_included(*layer->message, state)) continue;
    for (const Field* top : layer->message->all("top")) blobs.insert(top->text);
  }
  return blobs;
}

/// Layers of phase TEST, in order.  A caffemodel holds the net as it was trained, without the data layer of
/// phase TEST; there the one of phase TRAIN stays where nothing else writes its blobs.
std::vector<Layer> choose_layers(Message& definition, const Source& source, bool embedded,
                                 Diagnostics& diagnostics) {
  const NetState state = inference_state(definition);
  std::unordered_set<std::string> written;  // copies: the fields are moved away below
  if (embedded) {
    for (const std::string_view blob : written_blobs(definition, state)) written.emplace(blob);
  }
  const auto is_only_source = [&](const Message& layer) {
    return embedded && layer.find("bottom") == nullptr &&
           std::ranges::none_of(layer.all("top"),
                                [&](const Field* top) { return written.contains(top->text); });
  };
  std::vector<Layer> layers;
  bool any = false;
  for (Field& field : definition.fields) {
    if (field.name != "layer") continue;
    if (!field.message) {
      Diagnostic diagnostic =
          about(source, code::bad_value, Severity::error, "\"layer\" takes a message in braces");
      diagnostic.position = field.position;
      diagnostic.source_line = source.line(field.position.line);
      diagnostics.add(std::move(diagnostic));
      continue;
    }
    any = true;
    if (is_included(*field.message, state) || is_only_source(*field.message))
      layers.push_back(make_layer(field));
  }
  if (!any) fail_without_layers(definition, source);
  return layers;
}

void note_duplicates(const Net& net, Diagnostics& diagnostics) {
  std::unordered_map<std::string_view, int> seen;
  for (const Layer& layer : net.layers) {
    if (++seen[layer.name] != 2 || layer.name.empty()) continue;
    Diagnostic diagnostic = about(*net.source, code::duplicate_layer_name, Severity::info,
                                  "another layer has the same name; both take the weights of that name");
    diagnostic.layer = layer.name;
    diagnostic.layer_type = layer.type;
    diagnostic.position = layer.position;
    diagnostics.add(std::move(diagnostic));
  }
}

void attach_weights(Net& net, std::vector<WeightLayer> weights) {
  std::unordered_map<std::string_view, std::size_t> by_name;  // the first of a name, as Caffe does
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

std::shared_ptr<const Source> read_source(const MappedFile& file) {
  require_prototxt(file.path(), file.text());  // before a large file of a wrong kind is copied
  return std::make_shared<const Source>(Source::of(file.path(), std::string(file.text())));
}

std::shared_ptr<const MappedFile> open_if_given(const std::string& path) {
  return path.empty() ? nullptr : MappedFile::open(path);
}

Diagnostic no_files() {
  Diagnostic diagnostic;
  diagnostic.code = &code::file_not_found;
  diagnostic.cause = "neither a prototxt nor a caffemodel is given";
  return diagnostic;
}

}  // namespace

Net read_net(const NetFiles& files, Diagnostics& diagnostics) {
  Net net = read_net(open_if_given(files.prototxt), open_if_given(files.caffemodel), diagnostics);
  attach_shift_files(net);
  return net;
}

Net read_net(const std::shared_ptr<const MappedFile>& prototxt,
             const std::shared_ptr<const MappedFile>& caffemodel, Diagnostics& diagnostics) {
  if (!prototxt && !caffemodel) throw Failure(no_files());
  const auto source =
      prototxt ? read_source(*prototxt) : std::make_shared<const Source>(Source{caffemodel->path(), ""});
  Message definition = prototxt ? parse_prototxt(*source) : decode_definition(*caffemodel);
  upgrade(definition, *source, diagnostics);
  Net net;
  net.source = source;
  net.name = text_of(definition, "name");
  net.layers = choose_layers(definition, *source, !prototxt, diagnostics);
  note_duplicates(net, diagnostics);
  net.has_caffemodel = net.has_weights = caffemodel != nullptr;
  if (caffemodel) attach_weights(net, read_weights(caffemodel));
  return net;
}

}  // namespace mo::caffe
