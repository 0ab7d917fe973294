#pragma once

#include <span>
#include <string_view>
#include <unordered_map>

#include "caffe/layer_context.h"
#include "caffe/net.h"
#include "graph/graph.h"

namespace mo::caffe {

/// Finds a net's outputs, as Caffe does: the tops that no layer reads.  It is told of the layers in their
/// order.
class NetEnds {
 public:
  /// A layer has this bottom.
  void read(std::string_view blob) { unread_renamings_.erase(blob); }
  /// A layer is in the graph, which had these bottoms.
  void add(const Layer& layer, const LayerContext& context, std::span<const Value> bottoms);
  /// Whether the value is an input that is fed by that name, the first of its names.
  static bool is_own_name(const Graph& graph, Value value, std::string_view blob);
  /// The output for a top that was asked for: between an input and an output is an operation.
  static Value wanted(Graph& graph, const Layer& layer, std::size_t top, Value value);
  /// Makes them the graph's outputs, behind those that it has.
  void choose(Graph& graph) const;

 private:
  /// A layer that hands its bottom through under the name of its top, as Dropout does.
  struct Renaming {
    const Layer* layer;
    std::size_t top;
    Value value;
  };

  bool is_end(const Graph& graph, Value value) const;
  void keep_renamed_ends(Graph& graph) const;

  ValueList silenced_;
  ValueList read_;  // bottoms, though perhaps for their shape alone, or for what is known of them
  std::unordered_map<std::string_view, Renaming> unread_renamings_;  // by top, a name of the net's
};

}  // namespace mo::caffe
