#pragma once

#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "support/diagnostics.h"

namespace mo::ir::opset {
class Lowering;
}
namespace mo::ir::legacy {
class Reading;
class Spelling;
}  // namespace mo::ir::legacy

namespace mo::onnx {
class Lowering;
}

namespace mo {

/// What a shape rule sees of a node, and where it leaves the outputs' shapes.
class ShapeContext {
 public:
  ShapeContext(const Graph& graph, Node& node) : graph_(graph), node_(node) {}

  std::size_t input_count() const { return node_.inputs.size(); }
  const Shape& input(std::size_t index) const { return graph_.shape(node_.inputs.at(index)); }
  const Attributes& attributes() const { return node_.attributes; }
  const Tensor* blob(std::string_view role) const { return node_.blob(role); }

  const Graph& graph() const { return graph_; }
  const Node& node() const { return node_; }

  void output(std::size_t index, Shape shape);

  /// A senseless shape: `cause` names the parameter and the sizes.  Throws Failure.
  [[noreturn]] void fail(std::string cause, std::string remedy = {}) const;
  void require(bool condition, std::string_view cause) const;

 private:
  const Graph& graph_;
  Node& node_;
};

/// One kind of op: its name, its shape rule and how each dialect says it.
/// The rules are total: any attribute and shape gives outputs or a Failure, never undefined behaviour.
struct OpDef {
  std::string_view name;
  std::function<void(ShapeContext&)> infer;
  std::function<void(ir::opset::Lowering&)> opset;
  std::function<void(ir::legacy::Spelling&)> legacy;
  std::function<void(mo::onnx::Lowering&)> onnx = {};
  /// Multiplications with weights that it takes to compute the node; empty for ops without any.  Every
  /// dimension that counts is known.
  std::function<double(const Graph&, const Node&)> multiply_adds = {};
  /// Types of the legacy layers that are this op, and how its attributes come from such a layer.
  /// `Activation/elu`: the layer Activation of that type.
  struct FromLegacy {
    std::vector<std::string_view> types;
    std::function<void(ir::legacy::Reading&)> read;
  } from_legacy = {};
};

}  // namespace mo
