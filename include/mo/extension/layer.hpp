/// @file
/// Types of Caffe's layers, and what their callback has in hands.
#ifndef MO_EXTENSION_LAYER_HPP
#define MO_EXTENSION_LAYER_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "mo/extension/nodes.hpp"

namespace mo::extension {

/// A layer of Caffe that becomes nodes.
class Layer : public Nodes {
 public:
  using Nodes::Nodes;
  using Nodes::shape;

  /// The name in the prototxt.
  std::string name() const { return text(host_->layer_name); }
  /// The first name of its type.
  std::string type() const { return text(host_->layer_type); }
  /// A parameter that the definition declares, in the type of its default.
  template <class T>
  T parameter(std::string_view path) const {
    const Data data = read_parameter(path).first;
    const T* value = std::get_if<T>(&data);
    if (value == nullptr) fail("the parameter " + std::string(path) + " is declared with another type");
    return *value;
  }
  /// Whether the prototxt says it.
  bool is_set(std::string_view path) const { return read_parameter(path).second; }

  /// How many bottoms it has.
  std::size_t bottom_count() const { return size(host_->bottom_count); }
  /// What it reads.
  Value bottom(std::size_t index) const {
    Value out{};
    check(host_->bottom(call_, index, &out));
    return out;
  }
  /// The sizes of what it reads.
  Shape bottom_shape(std::size_t index) const { return shape(bottom(index)); }
  /// How many tops it has.
  std::size_t top_count() const { return size(host_->top_count); }
  /// Says which value a top is.
  void set_top(std::size_t index, Value value) { check(host_->set_top(call_, index, value)); }
  /// How many blobs it has.
  std::size_t blob_count() const { return size(host_->layer_blob_count); }
  /// Its weights, in the order of the caffemodel.
  Tensor blob(std::size_t index) const {
    Tensor out{};
    check(host_->layer_blob(call_, index, &out));
    return out;
  }

  /// Adds a node.  `suffix`: of helpers beside the node that has the layer's name.
  Node add(std::string_view op, const std::vector<Value>& inputs, const Attributes& attributes = {},
           const std::vector<Blob>& blobs = {}, std::string_view suffix = {}) {
    return add_node(op, suffix, inputs, attributes, blobs);
  }

 private:
  std::pair<Data, bool> read_parameter(std::string_view path) const {
    mo_data out{};
    std::int32_t is_set = 0;
    check(host_->parameter(call_, detail::to_text(path), &out, &is_set));
    return {detail::from_data(out), is_set != 0};
  }
};

/// A parameter of a layer: its path in LayerParameter, and its default; an empty text or list is "not set".
struct Parameter {
  std::string path;    ///< my_param.size
  Data default_value;  ///< says the type too
};

/// How many, inclusive.
struct Count {
  std::size_t least = 0;  ///< no fewer
  std::size_t most = 0;   ///< no more
};
/// No limit, of Count::most.
inline constexpr std::size_t any_number = SIZE_MAX;

/// A type of Caffe's layers: what it takes, and the nodes that compute it.
struct LayerDef {
  std::vector<std::string> types;          ///< the name, then other spellings
  std::vector<Parameter> parameters = {};  ///< those that `lower` reads
  Count blobs = {0, 0};                    ///< that it takes
  Count bottoms = {1, 1};                  ///< that it takes
  Count tops = {1, 1};                     ///< that it gives
  std::function<void(Layer&)> lower;       ///< adds the nodes that compute it, and sets its tops
};

}  // namespace mo::extension

#endif
