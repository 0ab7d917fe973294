#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "ir/legacy/dialect.h"
#include "support/diagnostics.h"

namespace mo::ir::legacy {

/// What a node becomes in the file: one layer.  What takes several layers is rewritten by a pass before.
struct LayerText {
  /// A size or list that the layer reads from a constant behind its other inputs.
  struct Constant {
    std::string suffix;  ///< of the Const layer's name, behind the node's
    std::vector<std::int64_t> values;
  };

  std::string type;
  std::vector<std::pair<std::string, std::string>> data;
  std::vector<Blob> blobs;  ///< roles are the elements' names, in their order
  std::vector<Constant> constants;
  std::vector<Shape> extra_outputs;  ///< behind the node's own
};

/// That a version cannot say a node: `what` it lacks, and the lowest version that has it (10 for opset IR).
class NotInVersion : public Failure {
 public:
  NotInVersion(const Node& node, int asked, int lowest, std::string what);
  int lowest() const { return lowest_; }
  const std::string& lacks() const { return lacks_; }

 private:
  int lowest_;
  std::string lacks_;
};

/// What an op's legacy spelling sees: its node, the version's dialect, and the layer that it fills in.
/// The layer starts with all inputs and without attributes and blobs.
class Spelling {
 public:
  Spelling(const Graph& graph, NodeId id, const Dialect& dialect);

  const Graph& graph() const { return graph_; }
  const Node& node() const { return graph_.node(id_); }
  const Attributes& attributes() const { return node().attributes; }
  const Dialect& dialect() const { return dialect_; }

  std::size_t input_count() const { return node().inputs.size(); }
  const Shape& input_shape(std::size_t index) const { return graph_.shape(node().inputs.at(index)); }
  const Shape& output_shape(std::size_t index = 0) const { return node().outputs.at(index).shape; }

  void type(std::string_view type) { layer_.type = type; }
  /// Writes the node's attributes of these names as they are; one that the node lacks is left out.
  void copy(std::initializer_list<std::string_view> names);
  void attribute(std::string_view name, const AttributeValue& value);
  /// An attribute with one value for each spatial axis (kernel, strides, pads_begin, pads_end, dilations).
  void window(std::string_view name, const std::vector<std::int64_t>& values);
  /// Writes `tensor` as the blob `role` (weights, biases, custom ...).
  void blob(std::string_view role, Tensor tensor);
  /// Writes the node's own blobs of these roles; one that the node lacks is left out.
  void copy_blobs(std::initializer_list<std::string_view> roles);
  /// Adds a constant input behind the others.
  void constant_input(std::string_view suffix, std::vector<std::int64_t> values);

  /// Adds an output behind the node's own, which nothing reads.
  void extra_output(Shape shape) { layer_.extra_outputs.push_back(std::move(shape)); }

  /// Says that only `version` and later have the op (10 for opset IR).  Throws NotInVersion.
  [[noreturn]] void needs_version(int version) const;
  /// The same for some parameter of the op: `what` completes "IR v3 has no ...".
  [[noreturn]] void needs_version(int version, std::string_view what) const;

  const LayerText& layer() const { return layer_; }

 private:
  const Graph& graph_;
  NodeId id_;
  const Dialect& dialect_;
  LayerText layer_;
};

/// The spelling of an op whose layer has the op's attributes `names` under the same names and the op's blobs
/// weights and biases.  `since`: the first version that has the layer.
std::function<void(Spelling&)> layer(std::string_view type, std::vector<std::string> names = {},
                                     int since = lowest_version);

}  // namespace mo::ir::legacy
