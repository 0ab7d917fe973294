/// @file
/// Ops of the graph, and what their callbacks have in hands: the shape rule, and the writers of IR.
#ifndef MO_EXTENSION_OP_HPP
#define MO_EXTENSION_OP_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mo/extension/nodes.hpp"

namespace mo::extension {

/// One node of an op of the library.
class ThisNode : public Nodes {
 public:
  using Nodes::attribute;
  using Nodes::Nodes;
  using Nodes::shape;

  /// How many values it reads.
  std::size_t input_count() const { return Nodes::input_count(MO_THIS_NODE); }
  /// The sizes of what it reads.
  Shape input_shape(std::size_t index) const { return shape(input(MO_THIS_NODE, index)); }
  /// All its attributes.
  Attributes attributes() const { return Nodes::attributes(MO_THIS_NODE); }
  /// The attribute, which must be there and of that type.
  template <class T>
  T attribute(std::string_view name) const {
    return Nodes::attribute<T>(MO_THIS_NODE, name);
  }
  /// Its weights.
  std::vector<Blob> blobs() const { return Nodes::blobs(MO_THIS_NODE); }
};

/// A shape rule at work: it sets the shape of every output.
class ShapeRule : public ThisNode {
 public:
  using ThisNode::ThisNode;
  /// Sets the sizes of an output.
  void set(std::size_t output, const Shape& shape) {
    check(host_->set_shape(call_, output, {shape.data(), shape.size()}));
  }
};

/// What writers of a node have in common.
class NodeWriter : public ThisNode {
 public:
  using ThisNode::ThisNode;

  /// The version of the IR that is being written.
  int ir_version() const { return number(host_->ir_version); }
  /// The sizes of what the node gives.
  Shape output_shape(std::size_t index = 0) const {
    return shape(Value{MO_THIS_NODE, static_cast<std::uint32_t>(index)});
  }
};

/// Writes a node into IR v10 or v11, as one layer or several.
class OpsetWriter : public NodeWriter {
 public:
  using NodeWriter::NodeWriter;

  /// Where an input of the node comes from.
  Port input(std::size_t index) const {
    Port out{};
    check(host_->input_port(call_, index, &out));
    return out;
  }
  /// Writes a layer; the port is its first output.  `version`: opset1 ..., or extension.
  Port layer(std::string_view type, std::string_view version, const Attributes& attributes,
             const std::vector<Port>& inputs, const std::vector<Shape>& outputs,
             std::string_view suffix = {}) {
    const auto raw = detail::to_attributes(attributes);
    std::vector<mo_shape> shapes;
    for (const Shape& output : outputs) shapes.push_back({output.data(), output.size()});
    Port out{};
    check(host_->write_layer(call_, detail::to_text(type), detail::to_text(version), detail::to_text(suffix),
                             raw.data(), raw.size(), inputs.data(), inputs.size(), shapes.data(),
                             shapes.size(), &out));
    return out;
  }
  /// A constant that FP16 halves.
  Port weights(Tensor tensor, std::string_view suffix) { return constant(tensor, 0, suffix); }
  /// A constant that stays as it is.
  Port exact(Tensor tensor, std::string_view suffix) { return constant(tensor, 1, suffix); }
  /// A constant of type i64, of rank 1.
  Port integers(const std::vector<std::int64_t>& values, std::string_view suffix) {
    Port out{};
    check(host_->write_integers(call_, values.data(), values.size(), detail::to_text(suffix), &out));
    return out;
  }
  /// Says which port an output of the node is.
  void set_output(std::size_t index, Port port) { check(host_->set_output(call_, index, port)); }

 private:
  Port constant(Tensor tensor, std::int32_t exact, std::string_view suffix) {
    Port out{};
    check(host_->write_tensor(call_, tensor, exact, detail::to_text(suffix), &out));
    return out;
  }
};

/// Writes a node into IR v2 to v7, as one layer.
class LegacyWriter : public NodeWriter {
 public:
  using NodeWriter::NodeWriter;
  /// The layer's type; without it the op's name.
  void set_type(std::string_view type) { check(host_->set_type(call_, detail::to_text(type))); }
  /// Adds an attribute to the layer.
  void write(std::string_view name, const Data& value) {
    const mo_data raw = detail::to_data(value);
    check(host_->write_attribute(call_, detail::to_text(name), &raw));
  }
  /// Adds a blob to the layer.
  void write_blob(std::string_view role, Tensor tensor) {
    check(host_->write_blob(call_, detail::to_text(role), tensor));
  }
};

/// An op of the graph: its shape rule, and how it is written.
struct OpDef {
  std::string name;                       ///< as nodes say it
  std::function<void(ShapeRule&)> infer;  ///< the shape rule
  /// None: one layer of the op's name, with its attributes, inputs and blobs.
  std::function<void(OpsetWriter&)> opset = {};
  std::function<void(LegacyWriter&)> legacy = {};  ///< none: likewise, with blobs as blobs
  std::string version = "extension";               ///< of that one layer in IR v10 and v11
};

}  // namespace mo::extension

#endif
