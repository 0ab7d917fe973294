#include "caffe/upgrade.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "caffe/build_message.h"
#include "caffe/layer_types.h"
#include "caffe/upgrade_v0.h"

namespace mo::caffe {
namespace {

bool is_layer(const Field& field, std::string_view name) {
  return field.name == name && field.message;
}

Diagnostic at(const Source& source, Position position, const DiagnosticCode& code, std::string cause,
              std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  diagnostic.file = source.file;
  diagnostic.position = position;
  diagnostic.source_line = source.line(position.line);
  return diagnostic;
}

/// `blobs_lr`, `weight_decay`, `blob_share_mode` and the string `param` each speak of the i-th blob; V2 has
/// one message `param` per blob.
void upgrade_blob_settings(Message& layer) {
  struct Setting {
    std::string_view v1;
    std::string_view v2;
  };
  constexpr std::array settings{Setting{"param", "name"}, Setting{"blob_share_mode", "share_mode"},
                                Setting{"blobs_lr", "lr_mult"}, Setting{"weight_decay", "decay_mult"}};
  std::vector<Field> params;
  std::array<std::size_t, settings.size()> seen{};
  for (Field& field : layer.fields) {
    const auto setting = std::ranges::find(settings, field.name, &Setting::v1);
    if (setting == settings.end() || field.message) continue;
    const std::size_t blob = seen[static_cast<std::size_t>(setting - settings.begin())]++;
    if (params.size() <= blob) params.push_back(make_message("param", field.position));
    field.name = setting->v2;
    params[blob].message->fields.push_back(std::exchange(field, {}));  // without a name: it has moved
  }
  std::erase_if(layer.fields, [](const Field& field) { return field.name.empty(); });
  std::ranges::move(params, std::back_inserter(layer.fields));
}

void move_transformations(Message& layer) {
  constexpr std::array params{std::string_view("data_param"), std::string_view("image_data_param"),
                              std::string_view("window_data_param")};
  constexpr std::array moved{std::string_view("scale"), std::string_view("mean_file"),
                             std::string_view("crop_size"), std::string_view("mirror")};
  std::vector<Field> found;
  for (Field& param : layer.fields) {
    if (!param.message || std::ranges::find(params, param.name) == params.end()) continue;
    for (Field& field : param.message->fields) {
      if (std::ranges::find(moved, field.name) == moved.end()) continue;
      found.push_back(std::exchange(field, {}));
    }
    std::erase_if(param.message->fields, [](const Field& field) { return field.name.empty(); });
  }
  if (found.empty()) return;
  Message& transform = message_at(layer, "transform_param", found.front().position);
  std::ranges::move(found, std::back_inserter(transform.fields));
}

void upgrade_v1_layer(Message& layer) {
  for (Field& field : layer.fields) {
    if (field.name != "type" || field.message) continue;
    std::int64_t number = 0;
    field.text = parse_integer(field, number) && number >= 0
                     ? v2_layer_type(static_cast<std::uint64_t>(number))
                     : v2_layer_type(field.text);
    field.kind = Field::Kind::string;
  }
  upgrade_blob_settings(layer);
  move_transformations(layer);
}

Field make_input_layer(const Field& input) {
  Field layer = make_message("layer", input.position);
  layer.message->fields.push_back(make_string("name", input.text, input.position));
  layer.message->fields.push_back(make_string("type", "Input", input.position));
  layer.message->fields.push_back(make_string("top", input.text, input.position));
  return layer;
}

/// Gives the i-th Input layer its part of all `input_dim`: four each, or all of them to an only input.
void distribute_dims(std::vector<Field>& dims, std::vector<Field>& inputs, const Source& source,
                     Diagnostics& diagnostics) {
  if (dims.empty()) return;
  if (inputs.size() > 1 && dims.size() != 4 * inputs.size()) {
    diagnostics.add(at(
        source, dims.front().position, code::bad_value,
        fmt::format("{} input_dim values for {} inputs: each input takes four", dims.size(), inputs.size()),
        "give each input an input_shape { dim: ... } instead"));
    return;
  }
  const std::size_t each = dims.size() / inputs.size();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Position position = dims[i * each].position;
    Message& shape = message_at(message_at(*inputs[i].message, "input_param", position), "shape", position);
    for (std::size_t j = i * each; j < (i + 1) * each; ++j) {
      dims[j].name = "dim";
      shape.fields.push_back(std::move(dims[j]));
    }
  }
}

void inputs_to_layers(Message& net, const Source& source, Diagnostics& diagnostics) {
  std::vector<Field> inputs;
  std::vector<Field> shapes;
  std::vector<Field> dims;
  std::vector<Field> rest;
  for (Field& field : net.fields) {
    if (field.name == "input" && !field.message) {
      inputs.push_back(make_input_layer(field));
    } else if (is_layer(field, "input_shape")) {
      shapes.push_back(std::move(field));
    } else if (field.name == "input_dim" && !field.message) {
      dims.push_back(std::move(field));
    } else {
      rest.push_back(std::move(field));
    }
  }
  for (std::size_t i = 0; i < std::min(inputs.size(), shapes.size()); ++i) {
    shapes[i].name = "shape";
    message_at(*inputs[i].message, "input_param", shapes[i].position).fields.push_back(std::move(shapes[i]));
  }
  if (shapes.empty() && !inputs.empty()) distribute_dims(dims, inputs, source, diagnostics);
  net.fields = std::move(inputs);
  std::ranges::move(rest, std::back_inserter(net.fields));
}

}  // namespace

void upgrade(Message& net, const Source& source, Diagnostics& diagnostics) {
  const auto old =
      std::ranges::find_if(net.fields, [](const Field& field) { return is_layer(field, "layers"); });
  if (old != net.fields.end()) {
    if (std::ranges::any_of(net.fields, [](const Field& field) { return is_layer(field, "layer"); })) {
      throw Failure(at(source, old->position, code::not_a_net,
                       R"(the net mixes old "layers" with new "layer" messages)",
                       "write all of them in one form: layer { type: \"Convolution\" ... }"));
    }
    upgrade_v0_layers(net);
    for (Field& field : net.fields) {
      if (!is_layer(field, "layers")) continue;
      upgrade_v1_layer(*field.message);
      field.name = "layer";
    }
  }
  inputs_to_layers(net, source, diagnostics);
}

}  // namespace mo::caffe
