#include "caffe/layer_context.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace mo::caffe {

namespace {

bool parse_boolean(const Field& field, bool& out) {
  std::string text = field.text;
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (text == "true" || text == "t" || text == "1") return out = true, true;
  if (text == "false" || text == "f" || text == "0") return out = false, true;
  return false;
}

bool parse_integer(const Field& field, std::int64_t& out) {
  std::string_view text = field.text;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.starts_with('0')) {
    base = 8;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  if (negative) out = -out;
  return true;
}

bool parse_number(const Field& field, float& out) {
  std::string_view text = field.text;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() > 1 && (text.ends_with('f') || text.ends_with('F')) && text != "inf") text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (end != text.data() + text.size()) return false;
  if (error == std::errc::result_out_of_range)  // as strtof: to infinity or zero
    out = std::strtof(std::string(text).c_str(), nullptr);
  else if (error != std::errc{})
    return false;
  if (negative) out = -out;
  return true;
}

}  // namespace

const AttributeValue& LayerContext::default_of(std::string_view path) const {
  const auto it = std::ranges::find(definition_.parameters, path, &Parameter::path);
  if (it == definition_.parameters.end())
    throw std::logic_error("layer type " + std::string(definition_.types.front()) +
                           " does not list its parameter " + std::string(path));
  return it->default_value;
}

bool LayerContext::boolean(std::string_view path) const {
  const auto fallback = std::get<bool>(default_of(path));
  const Field* field = layer_.parameters->find_path(path);
  if (field == nullptr) return fallback;
  bool value = false;
  if (!parse_boolean(*field, value))
    fail_at(path, code::bad_value, "\"" + field->text + "\" is not true or false", "write true or false");
  return value;
}

std::int64_t LayerContext::integer(std::string_view path) const {
  const auto fallback = std::get<std::int64_t>(default_of(path));
  const Field* field = layer_.parameters->find_path(path);
  if (field == nullptr) return fallback;
  std::int64_t value = 0;
  if (!parse_integer(*field, value))
    fail_at(path, code::bad_value, "\"" + field->text + "\" is not a whole number", "write a whole number");
  return value;
}

float LayerContext::number(std::string_view path) const {
  const auto fallback = std::get<float>(default_of(path));
  const Field* field = layer_.parameters->find_path(path);
  if (field == nullptr) return fallback;
  float value = 0;
  if (!parse_number(*field, value))
    fail_at(path, code::bad_value, "\"" + field->text + "\" is not a number", "write a number");
  return value;
}

std::string LayerContext::text(std::string_view path) const {
  const auto& fallback = std::get<std::string>(default_of(path));
  const Field* field = layer_.parameters->find_path(path);
  return field == nullptr ? fallback : field->text;
}

std::vector<std::int64_t> LayerContext::integers(std::string_view path) const {
  std::vector<std::int64_t> values;
  for (const Field* field : layer_.parameters->all_path(path)) {
    std::int64_t value = 0;
    if (!parse_integer(*field, value))
      fail_at(path, code::bad_value, "\"" + field->text + "\" is not a whole number", "write a whole number");
    values.push_back(value);
  }
  return values.empty() ? std::get<std::vector<std::int64_t>>(default_of(path)) : values;
}

std::vector<float> LayerContext::numbers(std::string_view path) const {
  std::vector<float> values;
  for (const Field* field : layer_.parameters->all_path(path)) {
    float value = 0;
    if (!parse_number(*field, value))
      fail_at(path, code::bad_value, "\"" + field->text + "\" is not a number", "write a number");
    values.push_back(value);
  }
  return values.empty() ? std::get<std::vector<float>>(default_of(path)) : values;
}

std::vector<std::int64_t> LayerContext::dims_of(const Field& shape) const {
  std::vector<std::int64_t> dims;
  if (shape.message == nullptr) return dims;
  for (const Field* field : shape.message->all("dim")) {
    std::int64_t dim = 0;
    if (!parse_integer(*field, dim) || dim < -1)
      fail(code::bad_value, "the dimension \"" + field->text + "\" is not a whole number of elements",
           "write a positive number");
    dims.push_back(dim);
  }
  return dims;
}

Tensor LayerContext::vector_blob(std::size_t index, std::int64_t size, std::string_view what) const {
  const Tensor& tensor = blob(index);
  if (size > 0 && tensor.size() != size)
    fail(code::blob_size_mismatch,
         "its " + std::string(what) + " (blob " + std::to_string(index) + ") has " +
             std::to_string(tensor.size()) + " elements where " + std::to_string(size) + " are needed",
         "check that prototxt and caffemodel belong together");
  return tensor.reshaped({tensor.size()});
}

NodeId LayerContext::emit(const OpDef& op, std::vector<Value> inputs, Attributes attributes,
                          std::vector<Blob> blobs, std::string_view suffix) {
  const std::string node_name = suffix.empty() ? layer_.name : layer_.name + "/" + std::string(suffix);
  const NodeId id = graph_.add(op, node_name, std::move(inputs), std::move(attributes), std::move(blobs));
  graph_.node(id).layer = layer_.name;
  return id;
}

std::size_t LayerContext::resolved_axis(std::int64_t axis, std::size_t rank) const {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank)
    fail(code::bad_shape,
         "axis " + std::to_string(axis) + " is outside a bottom of rank " + std::to_string(rank),
         "check axis, and the shape of the input (--input_shape)");
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

Diagnostic layer_diagnostic(const Net& net, const Layer& layer, const DiagnosticCode& code, std::string cause,
                            std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  diagnostic.layer = layer.name;
  diagnostic.layer_type = layer.type;
  diagnostic.file = net.source->file;
  diagnostic.position = layer.position;
  return diagnostic;
}

Diagnostic LayerContext::diagnostic(const DiagnosticCode& code, std::string cause, std::string remedy) const {
  return layer_diagnostic(net_, layer_, code, std::move(cause), std::move(remedy));
}

void LayerContext::fail(const DiagnosticCode& code, std::string cause, std::string remedy) const {
  throw Failure(diagnostic(code, std::move(cause), std::move(remedy)));
}

void LayerContext::fail_at(std::string_view path, const DiagnosticCode& code, std::string cause,
                           std::string remedy) const {
  Diagnostic result = diagnostic(code, std::string(path) + ": " + cause, std::move(remedy));
  if (const Field* field = layer_.parameters->find_path(path); field != nullptr && field->position.line > 0) {
    result.position = field->position;
    result.source_line = net_.source->line(field->position.line);
  }
  throw Failure(std::move(result));
}

void LayerContext::note(const DiagnosticCode& code, Severity severity, std::string cause,
                        std::string remedy) const {
  Diagnostic result = diagnostic(code, std::move(cause), std::move(remedy));
  result.severity = severity;
  diagnostics_.add(std::move(result));
}

}  // namespace mo::caffe
