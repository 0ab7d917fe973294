#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "ir/legacy/dialect.h"
#include "ir/text_values.h"

namespace mo::ir {
struct DocumentLayer;
struct Document;
}  // namespace mo::ir

namespace mo::ir::legacy {

/// The type of an attribute's value.
enum class Kind : std::uint8_t { boolean, integer, number, text, integers, numbers };

/// What an op's way back from a layer sees: the layer's attributes, blobs and dims; and where it leaves the
/// node's.  Attributes that cannot be read throw Failure.
class Reading {
 public:
  Reading(const Document& document, const DocumentLayer& layer, const Dialect& dialect,
          std::vector<Blob> blobs);

  const Dialect& dialect() const { return dialect_; }
  std::string_view type() const;
  std::size_t input_count() const;
  std::size_t output_count() const;
  const Shape& input_shape(std::size_t index) const;
  const Shape& output_shape(std::size_t index = 0) const;

  // The layer's attributes.  Without a fallback they are mandatory.
  bool has(std::string_view name) const { return find(name) != nullptr; }
  bool boolean(std::string_view name, std::optional<bool> fallback = {}) const;
  std::int64_t integer(std::string_view name, std::optional<std::int64_t> fallback = {}) const;
  float number(std::string_view name, std::optional<float> fallback = {}) const;
  std::string text(std::string_view name, std::optional<std::string> fallback = {}) const;
  std::vector<std::int64_t> integers(std::string_view name,
                                     std::optional<std::vector<std::int64_t>> fallback = {}) const;
  std::vector<float> numbers(std::string_view name, std::optional<std::vector<float>> fallback = {}) const;
  /// A list with a value for each spatial axis (H, W), from v2's attributes for each axis too.
  std::vector<std::int64_t> window(std::string_view name,
                                   std::optional<std::vector<std::int64_t>> fallback = {}) const;
  /// The layer's blob as elements in a row, or nullptr.
  const Tensor* blob(std::string_view role) const;
  const Tensor& needed_blob(std::string_view role) const;

  // What becomes of it.
  Attributes attributes;
  std::vector<Blob> blobs;  ///< starts with those of the layer
  /// Takes over the layer's attribute under the same name; one that the layer lacks is left out.
  void copy(Kind kind, std::string_view name);
  /// Attributes that only later spellings use.
  void copy_texts(std::initializer_list<std::string_view> names);

  /// Something that the op cannot say, completing "its ...".  Throws Failure.
  [[noreturn]] void unsupported(std::string_view what) const;
  [[noreturn]] void fail(std::string cause) const;

 private:
  const std::string* find(std::string_view name) const;
  template <class T, class Parse>
  T value(std::string_view name, std::optional<T> fallback, Parse parse) const;

  const Document& document_;
  const DocumentLayer& layer_;
  const Dialect& dialect_;
};

/// The way back of an op whose layers have its attributes under the same names: `mandatory` and `optional`.
/// Blobs stay as they are.
std::function<void(Reading&)> same_names(std::vector<std::pair<std::string, Kind>> mandatory,
                                         std::vector<std::pair<std::string, Kind>> optional = {});

}  // namespace mo::ir::legacy
