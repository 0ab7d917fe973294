/// @file
/// The values of extension libraries, and their forms in C: data, attributes, shapes, nodes, tensors.
#ifndef MO_EXTENSION_DATA_HPP
#define MO_EXTENSION_DATA_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mo/extension.h"

namespace mo::extension {

/// A value of a parameter or an attribute.
using Data =
    std::variant<bool, std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>>;
/// Attributes by their names, in the order in which they are written.
using Attributes = std::vector<std::pair<std::string, Data>>;
/// Sizes, outermost first; -1: not known before inference.
using Shape = std::vector<std::int64_t>;
/// A node of the graph.
using Node = mo_node;
/// An output of a node.
using Value = mo_value;
/// An input of a node.
using Use = mo_use;
/// An output of a layer of the IR.
using Port = mo_port;
/// Weights, good within one callback.
using Tensor = mo_tensor;

/// Weights of a node under their role: weights, biases ...
struct Blob {
  std::string role;  ///< weights, biases ...
  Tensor tensor;     ///< the numbers
};

namespace detail {

inline mo_text to_text(std::string_view text) {
  return {text.data(), text.size()};
}

inline std::string from_text(mo_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

/// Points into `data`.
inline mo_data to_data(const Data& data) {
  mo_data out{};
  out.kind = static_cast<std::int32_t>(data.index());
  if (const auto* boolean = std::get_if<bool>(&data)) out.integer = *boolean ? 1 : 0;
  if (const auto* integer = std::get_if<std::int64_t>(&data)) out.integer = *integer;
  if (const auto* number = std::get_if<float>(&data)) out.number = *number;
  if (const auto* text = std::get_if<std::string>(&data)) out.text = to_text(*text);
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&data)) {
    out.integers = integers->data();
    out.count = integers->size();
  }
  if (const auto* numbers = std::get_if<std::vector<float>>(&data)) {
    out.numbers = numbers->data();
    out.count = numbers->size();
  }
  return out;
}

inline Data from_data(const mo_data& data) {
  switch (data.kind) {
    case MO_BOOLEAN:
      return data.integer != 0;
    case MO_INTEGER:
      return data.integer;
    case MO_NUMBER:
      return data.number;
    case MO_TEXT:
      return from_text(data.text);
    case MO_INTEGERS:
      return std::vector<std::int64_t>(data.integers, data.integers + data.count);
    default:
      return std::vector<float>(data.numbers, data.numbers + data.count);
  }
}

inline std::vector<mo_attribute> to_attributes(const Attributes& attributes) {
  std::vector<mo_attribute> out;
  for (const auto& [name, value] : attributes) out.push_back({to_text(name), to_data(value)});
  return out;
}

}  // namespace detail

}  // namespace mo::extension

#endif
