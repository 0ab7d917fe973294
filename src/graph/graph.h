#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/attributes.h"
#include "graph/value.h"
#include "graph/value_list.h"
#include "support/shape.h"
#include "weights/tensor.h"

namespace mo {

struct OpDef;

/// Weights of a node under their role in the IR: `weights`, `biases`, `mean` ...
struct Blob {
  std::string role;
  Tensor tensor;
};

/// A Caffe layer and the top of it that a value is.
struct Origin {
  std::string layer;
  std::string top;
};

struct Output {
  Shape shape;
  std::vector<std::string> names;  ///< Caffe blobs (tops) that this value is known by; last that of an output
  std::vector<Origin> origins;     ///< where it came from, for the .mapping file
  std::vector<Use> uses;           ///< kept up to date by Graph; beyond a few, in no order that stays
};

struct Node {
  const OpDef* op = nullptr;
  std::string name;   ///< unique in the graph
  std::string layer;  ///< the Caffe layer it came from
  Attributes attributes;
  std::vector<Value> inputs;
  std::vector<Blob> blobs;
  std::vector<Output> outputs;
  std::vector<std::uint32_t> places;  ///< of each input among the uses of its value; kept by Graph
  bool can_be_fused = true;           ///< false where --finegrain_fusing keeps it as it is
  bool alive = true;

  const Tensor* blob(std::string_view role) const;
  /// Sets or replaces the blob of that role.
  void set_blob(std::string_view role, Tensor tensor);
  void erase_blob(std::string_view role);
};

/// A trace that a rewrite leaves: what node `from` computed, `into` computes from now on, alone or beside it.
struct Takeover {
  NodeId from;
  NodeId into;
};

/// What the runtime subtracts from an input before the net, where the IR says that beside the layers: one
/// value for each channel, or one image [H, W] for each.
struct InputMean {
  NodeId input = 0;
  std::vector<float> values;
  std::vector<Tensor> images;
};

/// Ops and the values between them.  Ids are stable: erased nodes stay as empty places.
/// Every member function is linear in what it touches, also where a value has 100,000 uses or the network as
/// many outputs; no algorithm recurses on depth.
class Graph {
 public:
  std::string name;

  /// Makes room for that many nodes.
  void reserve(std::size_t nodes);

  /// Adds a node whose inputs exist and infers its outputs' shapes with the op's rule.
  /// A name already taken gets a numeric suffix.  Throws Failure when the shapes make no sense.
  NodeId add(const OpDef& op, std::string_view wanted_name, std::vector<Value> operands,
             Attributes attributes = {}, std::vector<Blob> blobs = {});

  Node& node(NodeId id) { return nodes_[id]; }
  const Node& node(NodeId id) const { return nodes_[id]; }
  std::size_t capacity() const { return nodes_.size(); }

  Output& output(Value value) { return nodes_[value.node].outputs[value.output]; }
  const Output& output(Value value) const { return nodes_[value.node].outputs[value.output]; }
  const Shape& shape(Value value) const { return output(value).shape; }

  /// Runs the op's shape rule again, after inputs, attributes or blobs changed.
  void infer(NodeId id);

  void set_input(NodeId id, std::size_t index, Value value);
  /// Every use of `from`, and its place among the network's outputs, becomes `to`; names move along.
  /// A node made later than the one of `from` takes over what that computed.
  void replace(Value from, Value to);
  /// Says that the arithmetic of `from` has become a part of `into`, as a pass that fuses them does.
  void take_over(NodeId from, NodeId into) { takeovers.push_back({from, into}); }
  /// Gives a node another name; one already taken gets a numeric suffix.
  void rename(NodeId id, std::string_view wanted);
  /// Removes a node that nothing uses.
  void erase(NodeId id);

  /// The node that alone consumes `value`, or nullptr: when it is used elsewhere too, or is a network output.
  Node* only_consumer(Value value);
  bool is_output(Value value) const { return outputs.contains(value); }
  bool takes(std::string_view node_name) const;

  /// Live nodes so that each comes after what it consumes; ties in order of creation.
  std::vector<NodeId> topological_order() const;
  /// Erases what no network output depends on, inputs included.
  /// Returns the names of the inputs that went.
  std::vector<std::string> erase_dead();

  std::vector<NodeId> inputs;       ///< nodes of op Input, in the order of the model
  ValueList outputs;                ///< what the network gives, in the order of the model
  std::vector<InputMean> means;     ///< legacy IR's `<pre-process>`
  std::vector<Takeover> takeovers;  ///< in the order in which they happened; nodes may be gone since

 private:
  std::string unique_name(std::string_view wanted);
  void add_use(Value value, Use use);
  void forget_use(Value value, Use use);

  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::uint32_t> names_;  // name -> next suffix to try for a repetition
};

}  // namespace mo
