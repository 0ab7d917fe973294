#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"
#include "ir/model.h"
#include "ir/opset/dialect.h"

namespace mo::ir::opset {

/// An output of a layer already emitted.
struct Port {
  std::size_t layer = 0;
  std::size_t output = 0;
};

class Emitter;

/// What an op's opset spelling sees: its node, its inputs as emitted layers, and the means to emit layers.
/// The layer that gives the node's first output gets the node's name; helpers are called `<node>/<suffix>`.
class Lowering {
 public:
  Lowering(Emitter& emitter, const Graph& graph, NodeId id) : emitter_(emitter), graph_(graph), id_(id) {}

  const Graph& graph() const { return graph_; }
  const Node& node() const { return graph_.node(id_); }
  const Attributes& attributes() const { return node().attributes; }
  const Dialect& dialect() const;

  std::size_t input_count() const { return node().inputs.size(); }
  Port input(std::size_t index) const;
  const Shape& input_shape(std::size_t index) const { return graph_.shape(node().inputs.at(index)); }
  const Shape& output_shape(std::size_t index = 0) const { return node().outputs.at(index).shape; }
  const Shape& shape(Port port) const;
  /// Whether a layer emitted so far has it.
  bool exists(Port port) const;

  /// Emits a layer with one output.  `opset` is the lowest opset that has the op with these attributes.
  Port emit(std::string_view type, int opset, const Attributes& data, const std::vector<Port>& inputs,
            Shape output, std::string_view suffix = {}, Precision precision = Precision::fp32);
  /// Emits a layer with several outputs; the Port is that of output 0.
  Port emit_many(std::string_view type, int opset, const Attributes& data, const std::vector<Port>& inputs,
                 std::vector<ir::Port> outputs, std::string_view suffix = {});

  /// The same for an op that is not in the opsets: `version` is that of the runtime's extension
  /// (`extension`), or a vendor's opset.
  Port emit_foreign(std::string_view type, std::string_view version, const Attributes& data,
                    const std::vector<Port>& inputs, std::vector<ir::Port> outputs,
                    std::string_view suffix = {});

  /// Weights: compressed when the conversion asks for FP16.
  Port weights(const Tensor& tensor, Shape shape, std::string_view suffix);
  /// Numbers that belong to the op's formula: never compressed.
  Port exact(std::vector<float> values, Shape shape, std::string_view suffix);
  Port scalar(float value, std::string_view suffix) { return exact({value}, {}, suffix); }
  /// Axes, sizes, orders.
  Port integers(std::vector<std::int64_t> values, std::string_view suffix);
  Port integer(std::int64_t value, std::string_view suffix);

  /// Reshape to `dims` where 0 copies the input's dimension (special_zero) and -1 is inferred.
  Port reshape(Port input, std::vector<std::int64_t> dims, Shape output, std::string_view suffix = {});

  /// Says that this version of IR lacks what the node needs; throws Failure.
  [[noreturn]] void refuse(std::string cause, std::string remedy) const;

  /// Says that `port` is the node's output `index`.  Every output that is used must be said.
  void output(std::size_t index, Port port);
  /// Whether that has been said.
  bool has_output(std::size_t index) const;

 private:
  Emitter& emitter_;
  const Graph& graph_;
  NodeId id_;
};

}  // namespace mo::ir::opset
