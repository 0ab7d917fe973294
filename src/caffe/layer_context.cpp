#include "caffe/layer_context.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "caffe/field_values.h"

namespace mo::caffe {

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
  if (!boolean_value(*field, value))
    fail_at(path, code::bad_value, "\"" + field->text + "\" is not true or false", "write true or false");
  return value;
}

void LayerContext::check_range(std::string_view path, std::int64_t value) const {
  constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
  if (!path.ends_with(".dim") && (value > most || value < std::numeric_limits<std::int32_t>::min()))
    fail_at(path, code::bad_value, std::to_string(value) + " is beyond an integer of 32 bits",
            "correct the number");
}

std::int64_t LayerContext::integer(std::string_view path) const {
  const auto fallback = std::get<std::int64_t>(default_of(path));
  const Field* field = layer_.parameters->find_path(path);
  if (field == nullptr) return fallback;
  std::int64_t value = 0;
  if (!integer_value(*field, value))
    fail_at(path, code::bad_value, "\"" + field->text + "\" is not a whole number", "write a whole number");
  check_range(path, value);
  return value;
}

float LayerContext::number(std::string_view path) const {
  const auto fallback = std::get<float>(default_of(path));
  const Field* field = layer_.parameters->find_path(path);
  if (field == nullptr) return fallback;
  float value = 0;
  if (!number_value(*field, value))
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
    if (!integer_value(*field, value))
      fail_at(path, code::bad_value, "\"" + field->text + "\" is not a whole number", "write a whole number");
    check_range(path, value);
    values.push_back(value);
  }
  return values.empty() ? std::get<std::vector<std::int64_t>>(default_of(path)) : values;
}

std::vector<float> LayerContext::numbers(std::string_view path) const {
  std::vector<float> values;
  for (const Field* field : layer_.parameters->all_path(path)) {
    float value = 0;
    if (!number_value(*field, value))
      fail_at(path, code::bad_value, "\"" + field->text + "\" is not a number", "write a number");
    values.push_back(value);
  }
  return values.empty() ? std::get<std::vector<float>>(default_of(path)) : values;
}

AttributeValue LayerContext::value(std::string_view path) const {
  switch (default_of(path).index()) {
    case 0:
      return boolean(path);
    case 1:
      return integer(path);
    case 2:
      return number(path);
    case 3:
      return text(path);
    case 4:
      return integers(path);
    default:
      return numbers(path);
  }
}

std::vector<std::int64_t> LayerContext::dims_of(const Field& shape) const {
  std::vector<std::int64_t> dims;
  if (shape.message == nullptr) return dims;
  for (const Field* field : shape.message->all("dim")) {
    std::int64_t dim = 0;
    if (!integer_value(*field, dim) || dim < -1)
      fail(code::bad_value, "the dimension \"" + field->text + "\" is not a whole number of elements",
           "write a positive number");
    dims.push_back(dim);
  }
  return dims;
}

std::int64_t LayerContext::channels() const {
  const Shape& x = bottom_shape(0);
  if (x.size() < 2) fail(code::bad_shape, "its bottom " + to_string(x) + " has no channels");
  return x[1];
}

Value LayerContext::bottom(std::size_t index) const {
  if (index < bottoms_.size()) return bottoms_[index];
  fail(code::wrong_arity,
       "it has " + std::to_string(bottoms_.size()) + " bottoms where its type, set so, takes more",
       "correct the bottom lines of this layer");
}

const Tensor& LayerContext::blob(std::size_t index) const {
  if (index < blob_count()) return blobs()[index];
  fail(code::missing_weights,
       "the caffemodel has " + std::to_string(blob_count()) +
           " blobs for it where its type, set so, takes more",
       "take the caffemodel that belongs to this prototxt");
}

void LayerContext::top(std::size_t index, Value value) {
  if (index >= tops_.size())
    fail(code::wrong_arity,
         "it has " + std::to_string(tops_.size()) + " tops where its type, set so, gives more",
         "correct the top lines of this layer");
  tops_[index] = value;
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

std::vector<Value> LayerContext::lower_part(const Layer& part, const LayerDef& definition,
                                            std::vector<Value> bottoms) {
  const std::size_t first = graph_.capacity();
  LayerContext context(part, definition, net_, overrides_, std::move(bottoms), graph_, diagnostics_);
  definition.lower(context);
  for (std::size_t id = first; id < graph_.capacity(); ++id)
    graph_.node(static_cast<NodeId>(id)).layer = layer_.name;
  silenced_.insert(silenced_.end(), context.silenced().begin(), context.silenced().end());
  return context.tops();
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
  Diagnostic result = diagnostic(code, std::string(path) + ": " + std::move(cause), std::move(remedy));
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
