#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "onnx/dialect.h"
#include "onnx/model.h"

namespace mo::onnx {

class Emitter;

using Values = std::vector<Value>;
/// The domain of operators that `mo` makes up.
inline constexpr std::string_view own_domain = "caffe";

using Integers = std::vector<std::int64_t>;

/// What an op's ONNX spelling sees: its node, its inputs as values already emitted, and the means to emit
/// nodes. The node that gives the first output gets the graph node's name; helpers are called
/// `<node>/<suffix>`.
class Lowering {
 public:
  Lowering(Emitter& emitter, const Graph& graph, NodeId id) : emitter_(emitter), graph_(graph), id_(id) {}

  const mo::Node& node() const { return graph_.node(id_); }
  const Attributes& attributes() const { return node().attributes; }
  const Dialect& dialect() const;

  std::size_t input_count() const { return node().inputs.size(); }
  Value input(std::size_t index) const;
  Values inputs() const;
  const Shape& input_shape(std::size_t index) const { return graph_.shape(node().inputs.at(index)); }
  const Shape& output_shape(std::size_t index = 0) const { return node().outputs.at(index).shape; }
  Shape shape(Value value) const;

  /// Emits a node with one output; its suffix is by default the operator's name.
  Value emit(std::string_view type, Attributes attributes, Values inputs, Shape output,
             std::string_view suffix = {}, DataType data_type = DataType::f32);
  /// Emits a node with several outputs, whose names are to come.
  Values emit_many(std::string_view type, Attributes attributes, Values inputs,
                   std::vector<ValueInfo> outputs, std::string_view suffix = {});
  /// What the application feeds.
  Value parameter(Shape shape, DataType data_type);
  /// Weights: stored as FP16, and cast back, when the conversion asks for FP16.
  Value weights(const Tensor& tensor, Shape shape, std::string_view suffix);
  /// Numbers that belong to the op's formula: never compressed.
  Value exact(std::vector<float> values, Shape shape, std::string_view suffix);
  Value scalar(float value, std::string_view suffix) { return exact({value}, {}, suffix); }
  /// Axes, sizes, orders.
  Value integers(Integers values, std::string_view suffix);
  Value integers(Integers values, Shape shape, std::string_view suffix);
  Value integer(std::int64_t value, std::string_view suffix);

  // ---- Operators whose form depends on the opset, or that take their numbers as inputs.

  /// `dims`: 0 copies the input's dimension, -1 is inferred.
  Value reshape(Value x, Integers dims, Shape output, std::string_view suffix = {});
  Value transpose(Value x, const Integers& order, std::string_view suffix = {});
  /// `type`: ReduceSum, ReduceMean, ReduceMax ...; the axes stay, with size 1, where `keep`.
  Value reduce(std::string_view type, Value x, const Integers& axes, bool keep, std::string_view suffix = {});
  Value squeeze(Value x, const Integers& axes, std::string_view suffix = {});
  Value unsqueeze(Value x, const Integers& axes, std::string_view suffix = {});
  /// Parts of the given sizes along an axis.
  Values split(Value x, std::int64_t axis, const Integers& sizes, std::string_view suffix = {});
  /// Elements [begin, end) of an axis.
  Value slice(Value x, std::int64_t axis, std::int64_t begin, std::int64_t end, std::string_view suffix = {});
  /// `begin`, `end`: how many elements of `value` to put before and behind each axis.
  Value pad(Value x, Integers begin, const Integers& end, std::string_view suffix = {}, float value = 0.0F);
  Value concat(const Values& parts, std::int64_t axis, Shape output, std::string_view suffix = {});
  Value softmax(Value x, std::int64_t axis, std::string_view suffix = {});
  Value cast(Value x, DataType to, std::string_view suffix = {});
  /// The result has the broadcast shape of both.
  Value binary(std::string_view type, Value a, Value b, std::string_view suffix = {},
               DataType data_type = DataType::f32);
  /// The result has the shape and type of x.
  Value unary(std::string_view type, Value x, std::string_view suffix = {});

  /// Says that `value` is the node's output `index`.  Every output that is used must be said.
  void output(std::size_t index, Value value);

  /// No ONNX operator computes the op: throws Failure with the cause and the layer.
  [[noreturn]] void refuse(std::string cause, std::string remedy) const;
  /// The op as an operator of the domain `caffe`, with its attributes, and with its blobs behind its inputs.
  void foreign();
  /// The op as an operator of a domain that is not ONNX's own, whose outputs are those of the op.  A warning
  /// will say that the runtime needs an implementation.
  void foreign(std::string_view domain, std::string_view type, Attributes attributes, Values inputs,
               std::vector<ValueInfo> outputs);

 private:
  Value constant(Tensor tensor, ElementType stored, Shape shape, std::string_view suffix);

  Emitter& emitter_;
  const Graph& graph_;
  NodeId id_;
};

}  // namespace mo::onnx
