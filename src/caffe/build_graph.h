#pragma once

#include "caffe/layer_context.h"
#include "caffe/layer_registry.h"
#include "caffe/net.h"
#include "graph/graph.h"

namespace mo::caffe {

/// Lowers every layer of the net to ops, in file order.  All problems are collected: a layer that fails is
/// reported, what depends on it is passed over.  The graph is only whole when `diagnostics` has no errors.
/// Outputs of the graph: every value that nothing consumes (as Caffe has it), except what Silence takes.
/// The graph refers to the ops of `registry`, which must outlive it.
Graph build_graph(const Net& net, const InputOverrides& overrides, Diagnostics& diagnostics,
                  const LayerRegistry& registry);
/// The same with the built-in layers alone.
Graph build_graph(const Net& net, const InputOverrides& overrides, Diagnostics& diagnostics);

}  // namespace mo::caffe
