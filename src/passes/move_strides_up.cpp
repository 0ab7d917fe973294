// A 1x1 convolution with stride s reads but every s-th element.  Where all readers of a value do so, what
// makes it need not compute the others:
// Before:  1x1/2(ReLU(Eltwise(Convolution/1, Convolution/1))), of all readers alike
// After:   1x1/1(ReLU(Eltwise(Convolution/2, Convolution/2)))
// Where only some readers do, those that are no convolutions themselves get a 1x1 max Pooling with stride s
// in front of them.

#include <algorithm>

#include "ops/ops.h"
#include "passes/passes.h"

namespace mo::passes {

namespace {

using Strides = std::vector<std::int64_t>;

bool is_one(const Strides& strides) {
  return std::ranges::all_of(strides, [](std::int64_t s) { return s == 1; });
}

bool reads_single_elements(const Node& node) {
  const auto all = [&](const char* name, std::int64_t wanted) {
    return std::ranges::all_of(node.attributes.integers(name), [&](std::int64_t v) { return v == wanted; });
  };
  return node.op == &op::convolution && all("kernel", 1) && all("pads_begin", 0) && all("pads_end", 0);
}

/// A ScaleShift that treats all places of the image alike.
bool covers_channels_alone(const Node& node) {
  return std::ranges::all_of(node.blobs, [&](const Blob& blob) {
    return blob.tensor.size() == 1 ||
           (node.attributes.integer("axis") <= 1 &&
            node.attributes.integer("axis") + static_cast<std::int64_t>(blob.tensor.shape().size()) <= 2);
  });
}

class StrideMover {
 public:
  /// What strides move through beside ReLU, convolutions and sums of equal shapes.
  struct Through {
    bool broadcast = false;  ///< Eltwise with operands that are broadcast
    bool factors = true;     ///< the factor of a ScaleShift, not only its offset
  };

  StrideMover(Graph& graph, Through through) : graph_(graph), through_(through), demands_(graph.capacity()) {}

  void run() {
    const std::vector<NodeId> order = graph_.topological_order();
    for (auto it = order.rbegin(); it != order.rend(); ++it) visit(*it);
    if (!changed_) return;
    for (const NodeId id : graph_.topological_order()) graph_.infer(id);
  }

 private:
  /// True for ops of which element i of the output needs but element i of the inputs, and for convolutions.
  bool supports(const Node& node) const {
    if (node.op == &op::relu || node.op == &op::convolution) return true;
    const Shape& shape = node.outputs[0].shape;
    if (node.op == &op::scale_shift) return covers_channels_alone(node);
    // An operand of size 1 stays as it is under any stride.
    return node.op == &op::eltwise && std::ranges::all_of(node.inputs, [&](Value input) {
             const Shape& operand = graph_.shape(input);
             return operand == shape || (through_.broadcast && operand.size() == shape.size());
           });
  }

  Strides demand(NodeId id) const { return id < demands_.size() ? demands_[id] : Strides{}; }
  void visit(NodeId id);
  bool agree(Value value, Strides& common) const;
  void subsample(Value value);
  void split_factor(NodeId id, const Strides& strides);

  Graph& graph_;
  Through through_;
  std::vector<Strides> demands_;  // what a node reads of its inputs; empty: everything
  bool changed_ = false;
};

/// Whether all readers of `value` have the same demand.
bool StrideMover::agree(Value value, Strides& common) const {
  const auto& uses = graph_.output(value).uses;
  if (uses.empty() || graph_.is_output(value)) return false;
  common = demand(uses.front().node);
  return std::ranges::all_of(uses, [&](const Use& use) { return demand(use.node) == common; });
}

void StrideMover::visit(NodeId id) {
  Strides common;
  const bool alike = agree({id, 0}, common);
  if (!supports(graph_.node(id)) || !alike) {
    for (std::uint32_t i = 0; i < graph_.node(id).outputs.size(); ++i) subsample({id, i});
    common.clear();
  }
  if (!common.empty())
    for (const Use& use : graph_.output({id, 0}).uses) {
      Node& reader = graph_.node(use.node);
      if (reader.op == &op::convolution) reader.attributes.set("strides", Strides(common.size(), 1));
      changed_ = true;
    }
  if (graph_.node(id).op == &op::scale_shift && !through_.factors && !common.empty()) {
    split_factor(id, common);
    return;
  }
  Node& node = graph_.node(id);
  if (node.op == &op::convolution) {
    Strides strides = node.attributes.integers("strides");
    for (std::size_t i = 0; i < common.size(); ++i) strides[i] *= common[i];
    node.attributes.set("strides", strides);
    if (reads_single_elements(node) && !is_one(strides)) demands_[id] = std::move(strides);
  } else {
    demands_[id] = std::move(common);
  }
}

/// Subsamples between the factor and the offset of a ScaleShift.
void StrideMover::split_factor(NodeId id, const Strides& strides) {
  Value source = graph_.node(id).inputs[0];
  if (graph_.node(id).blob("weights") != nullptr) {
    const Attributes attributes = graph_.node(id).attributes;
    Tensor weights = *graph_.node(id).blob("weights");
    source = {graph_.add(op::scale_shift, graph_.node(id).name + "/Mul_", {source}, attributes,
                         {{"weights", std::move(weights)}}),
              0};
    graph_.node(id).erase_blob("weights");
    graph_.set_input(id, 0, source);
    graph_.take_over(id, source.node);
  }
  demands_[id] = strides;
  if (graph_.node(source.node).op != &op::scale_shift) return;
  subsample(source);
  demands_[id].clear();
}

/// Gives each reader with a demand, unless it is a convolution, its own Pooling.
void StrideMover::subsample(Value value) {
  const std::vector<Use> uses = graph_.output(value).uses;
  for (const Use& use : uses) {
    const Strides strides = demand(use.node);
    if (strides.empty() || graph_.node(use.node).op == &op::convolution) continue;
    const NodeId pooling = graph_.add(op::pooling, "Pooling_", {value},
                                      {{"pool-method", std::string("max")},
                                       {"rounding_type", std::string("floor")},
                                       {"global", false},
                                       {"subsampling", true},
                                       {"kernel", Strides(strides.size(), 1)},
                                       {"strides", strides},
                                       {"pads_begin", Strides(strides.size(), 0)},
                                       {"pads_end", Strides(strides.size(), 0)}});
    graph_.set_input(use.node, use.input, {pooling, 0});
    changed_ = true;
  }
}

}  // namespace

void move_strides_up(Graph& graph) {
  StrideMover(graph, {}).run();
}

void legacy_move_strides_up(Graph& graph) {
  StrideMover(graph, {.broadcast = true, .factors = true}).run();
}

void legacy_move_strides_up_v7(Graph& graph) {
  StrideMover(graph, {.broadcast = false, .factors = false}).run();
}

}  // namespace mo::passes
