#pragma once

#include <functional>

#include "caffe/layer_context.h"
#include "caffe/layer_registry.h"
#include "caffe/net.h"
#include "graph/graph.h"

namespace mo::caffe {

/// Sees a lowered layer in its context, with its tops said, and its definition. What it emitted are the
/// graph's nodes from `first_node` on.
using LayerObserver =
    std::function<void(const LayerContext& context, const LayerDef& definition, NodeId first_node)>;

/// Lowers every layer of the net to ops, in file order.  All problems are collected: a layer that fails is
/// reported, what depends on it is passed over.  The graph is only whole when `diagnostics` has no errors.
/// Outputs of the graph: every value that nothing consumes (as Caffe has it), except what Silence takes.
/// The graph refers to the ops of `registry`, which must outlive it.
/// `observe` is called after each layer that was lowered.
Graph build_graph(const Net& net, const InputOverrides& overrides, const LayerRegistry& registry,
                  Diagnostics& diagnostics, const LayerObserver& observe = {});

}  // namespace mo::caffe
