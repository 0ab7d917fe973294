/// @file
/// What every callback can do: messages, tensors, and a look at the nodes of the graph.
#ifndef MO_EXTENSION_NODES_HPP
#define MO_EXTENSION_NODES_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "mo/extension/data.hpp"

namespace mo::extension {

/// A function of mo has failed, and mo knows why.
class Failed : public std::exception {
 public:
  /// Says no more than that.
  const char* what() const noexcept override { return "a function of mo failed"; }
};

/// What every callback has: messages and tensors.
class Call {
 public:
  /// Of mo's functions and what they ask for; mo makes these.
  Call(const mo_host& host, mo_call* call) : host_(&host), call_(call) {}

  /// Ends the callback with a message for the user: what is wrong, and what can be done.
  [[noreturn]] void fail(std::string_view cause, std::string_view remedy = {}) const {
    host_->fail(call_, detail::to_text(cause), detail::to_text(remedy));
    throw Failed();
  }
  /// Tells the user something.
  void warn(std::string_view cause, std::string_view remedy = {}) const {
    check(host_->warn(call_, detail::to_text(cause), detail::to_text(remedy)));
  }

  /// The sizes of a tensor.
  Shape shape(Tensor tensor) const {
    mo_shape out{};
    check(host_->tensor_shape(call_, tensor, &out));
    return {out.dims, out.dims + out.rank};
  }
  /// All elements, in row-major order.
  std::vector<float> values(Tensor tensor) const {
    std::size_t size = 1;
    for (const std::int64_t dim : shape(tensor)) size *= static_cast<std::size_t>(dim);
    std::vector<float> out(size);
    check(host_->read_tensor(call_, tensor, 0, out.data(), out.size()));
    return out;
  }
  /// A tensor of numbers in row-major order.
  Tensor tensor(const Shape& shape, const std::vector<float>& values) const {
    Tensor out{};
    check(host_->new_tensor(call_, {shape.data(), shape.size()}, values.data(), values.size(), &out));
    return out;
  }

 protected:
  /// @cond
  void check(std::int32_t status) const {
    if (status != 0) throw Failed();
  }
  std::string text(std::int32_t (*function)(mo_call*, mo_text*)) const {
    mo_text out{};
    check(function(call_, &out));
    return detail::from_text(out);
  }
  std::size_t size(std::int32_t (*function)(mo_call*, std::size_t*)) const {
    std::size_t out = 0;
    check(function(call_, &out));
    return out;
  }
  std::int32_t number(std::int32_t (*function)(mo_call*, std::int32_t*)) const {
    std::int32_t out = 0;
    check(function(call_, &out));
    return out;
  }

  const mo_host* host_;
  mo_call* call_;
  /// @endcond
};

/// What can be seen of nodes.
class Nodes : public Call {
 public:
  using Call::Call;
  using Call::shape;

  /// The name of its op.
  std::string op(Node node) const { return text_of(host_->node_op, node); }
  /// Its name in the graph.
  std::string name(Node node) const { return text_of(host_->node_name, node); }
  /// The layer of Caffe that it came from.
  std::string layer(Node node) const { return text_of(host_->node_layer, node); }
  /// How many values it reads.
  std::size_t input_count(Node node) const { return size_of(host_->input_count, node); }
  /// How many values it gives.
  std::size_t output_count(Node node) const { return size_of(host_->output_count, node); }
  /// One of the values that it reads.
  Value input(Node node, std::size_t index) const {
    Value out{};
    check(host_->input(call_, node, index, &out));
    return out;
  }
  /// The sizes of a value.
  Shape shape(Value value) const {
    mo_shape out{};
    check(host_->shape(call_, value, &out));
    return {out.dims, out.dims + out.rank};
  }
  /// All its attributes.
  Attributes attributes(Node node) const {
    Attributes out;
    const std::size_t count = size_of(host_->attribute_count, node);
    for (std::size_t i = 0; i < count; ++i) {
      mo_text name{};
      mo_data value{};
      check(host_->attribute_at(call_, node, i, &name, &value));
      out.emplace_back(detail::from_text(name), detail::from_data(value));
    }
    return out;
  }
  /// The attribute of that name, if there is one.
  std::optional<Data> find_attribute(Node node, std::string_view name) const {
    mo_data out{};
    std::int32_t found = 0;
    check(host_->attribute(call_, node, detail::to_text(name), &out, &found));
    if (found == 0) return std::nullopt;
    return detail::from_data(out);
  }
  /// The attribute, which must be there and of that type.
  template <class T>
  T attribute(Node node, std::string_view name) const {
    const auto found = find_attribute(node, name);
    const T* value = found ? std::get_if<T>(&*found) : nullptr;
    if (value == nullptr) fail("the attribute " + std::string(name) + " is absent or of another type");
    return *value;
  }
  /// Its weights.
  std::vector<Blob> blobs(Node node) const {
    std::vector<Blob> out;
    const std::size_t count = size_of(host_->blob_count, node);
    for (std::size_t i = 0; i < count; ++i) {
      mo_text role{};
      Tensor tensor{};
      check(host_->blob_at(call_, node, i, &role, &tensor));
      out.push_back({detail::from_text(role), tensor});
    }
    return out;
  }

 protected:
  /// @cond
  std::string text_of(std::int32_t (*function)(mo_call*, mo_node, mo_text*), Node node) const {
    mo_text out{};
    check(function(call_, node, &out));
    return detail::from_text(out);
  }
  std::size_t size_of(std::int32_t (*function)(mo_call*, mo_node, std::size_t*), Node node) const {
    std::size_t out = 0;
    check(function(call_, node, &out));
    return out;
  }
  Node add_node(std::string_view op, std::string_view name, const std::vector<Value>& inputs,
                const Attributes& attributes, const std::vector<Blob>& blobs) {
    const auto raw_attributes = detail::to_attributes(attributes);
    std::vector<mo_blob> raw_blobs;
    for (const Blob& blob : blobs) raw_blobs.push_back({detail::to_text(blob.role), blob.tensor});
    Node out{};
    check(host_->add_node(call_, detail::to_text(op), detail::to_text(name), inputs.data(), inputs.size(),
                          raw_attributes.data(), raw_attributes.size(), raw_blobs.data(), raw_blobs.size(),
                          &out));
    return out;
  }
  /// @endcond
};

}  // namespace mo::extension

#endif
