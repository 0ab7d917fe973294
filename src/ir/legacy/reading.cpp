#include "ir/legacy/reading.h"

#include <algorithm>

#include "ir/document.h"

namespace mo::ir::legacy {

namespace {

std::optional<float> to_float(std::string_view text) {
  const auto value = to_number(text);
  return value ? std::optional(static_cast<float>(*value)) : std::nullopt;
}

std::optional<std::string> to_text(std::string_view text) {
  return std::string(text);
}

}  // namespace

Reading::Reading(const Document& document, const DocumentLayer& layer, const Dialect& dialect,
                 std::vector<Blob> layer_blobs)
    : blobs(std::move(layer_blobs)), document_(document), layer_(layer), dialect_(dialect) {}

std::string_view Reading::type() const {
  return layer_.type;
}

std::size_t Reading::input_count() const {
  return layer_.inputs.size();
}

std::size_t Reading::output_count() const {
  return layer_.outputs.size();
}

const Shape& Reading::input_shape(std::size_t index) const {
  if (index >= layer_.inputs.size()) fail("it has no input " + std::to_string(index));
  return layer_.inputs[index].dims;
}

const Shape& Reading::output_shape(std::size_t index) const {
  if (index >= layer_.outputs.size()) fail("it has no output " + std::to_string(index));
  return layer_.outputs[index].dims;
}

const std::string* Reading::find(std::string_view name) const {
  return layer_.find(name);
}

template <class T, class Parse>
T Reading::value(std::string_view name, std::optional<T> fallback, Parse parse) const {
  const std::string* text = find(name);
  if (text == nullptr) {
    if (!fallback) fail("it has no attribute " + std::string(name));
    return *std::move(fallback);
  }
  auto parsed = parse(*text);
  if (!parsed) fail(std::string(name) + "=\"" + *text + "\" is not a value that it can have");
  return *std::move(parsed);
}

bool Reading::boolean(std::string_view name, std::optional<bool> fallback) const {
  return value<bool>(name, fallback, to_boolean);
}

std::int64_t Reading::integer(std::string_view name, std::optional<std::int64_t> fallback) const {
  return value<std::int64_t>(name, fallback, to_integer);
}

float Reading::number(std::string_view name, std::optional<float> fallback) const {
  return value<float>(name, fallback, to_float);
}

std::string Reading::text(std::string_view name, std::optional<std::string> fallback) const {
  return value<std::string>(name, std::move(fallback), to_text);
}

std::vector<std::int64_t> Reading::integers(std::string_view name,
                                            std::optional<std::vector<std::int64_t>> fallback) const {
  return value<std::vector<std::int64_t>>(name, std::move(fallback), to_integers);
}

std::vector<float> Reading::numbers(std::string_view name, std::optional<std::vector<float>> fallback) const {
  return value<std::vector<float>>(name, std::move(fallback), to_numbers);
}

std::vector<std::int64_t> Reading::window(std::string_view name,
                                          std::optional<std::vector<std::int64_t>> fallback) const {
  if (!has(name)) {
    const auto axes = window_attributes(name, {0, 0}, legacy::dialect(lowest_version));
    if (axes.size() == 2 && (has(axes[0].first) || has(axes[1].first))) {
      const auto along = [&](std::size_t i) {
        return integer(axes[i].first,
                       fallback && fallback->size() == 2 ? std::optional((*fallback)[i]) : std::nullopt);
      };
      return {along(0), along(1)};
    }
  }
  return integers(name, std::move(fallback));
}

const Tensor* Reading::blob(std::string_view role) const {
  const auto it = std::ranges::find(blobs, role, &Blob::role);
  return it == blobs.end() ? nullptr : &it->tensor;
}

const Tensor& Reading::needed_blob(std::string_view role) const {
  const Tensor* tensor = blob(role);
  if (tensor == nullptr) fail("it has no " + std::string(role));
  return *tensor;
}

void Reading::copy(Kind kind, std::string_view name) {
  if (!has(name)) return;
  switch (kind) {
    case Kind::boolean:
      return attributes.set(name, boolean(name));
    case Kind::integer:
      return attributes.set(name, integer(name));
    case Kind::number:
      return attributes.set(name, number(name));
    case Kind::text:
      return attributes.set(name, text(name));
    case Kind::integers:
      return attributes.set(name, integers(name));
    case Kind::numbers:
      return attributes.set(name, numbers(name));
  }
}

void Reading::copy_texts(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) copy(Kind::text, name);
}

void Reading::unsupported(std::string_view what) const {
  Diagnostic diagnostic =
      finding(document_, code::unsupported_parameter, &layer_, "its " + std::string(what) + " is not read");
  diagnostic.remedy = "convert the original model instead, where there still is one";
  throw Failure(std::move(diagnostic));
}

void Reading::fail(std::string cause) const {
  throw Failure(finding(document_, code::ir_attribute, &layer_, std::move(cause)));
}

std::function<void(Reading&)> same_names(std::vector<std::pair<std::string, Kind>> mandatory,
                                         std::vector<std::pair<std::string, Kind>> optional) {
  return [mandatory = std::move(mandatory), optional = std::move(optional)](Reading& r) {
    for (const auto& [name, kind] : mandatory) {
      if (!r.has(name)) r.fail("it has no attribute " + name);
      r.copy(kind, name);
    }
    for (const auto& [name, kind] : optional) r.copy(kind, name);
  };
}

}  // namespace mo::ir::legacy
