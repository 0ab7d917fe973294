#pragma once

#include "caffe/layer_context.h"
#include "caffe/net.h"
#include "support/diagnostics.h"

namespace mo::caffe {

/// Completes `overrides` by what the net's Input layers declare: the batch before and after.
/// Says where one shape is given for several inputs, and which input's first dimension is no batch while
/// --batch is given.
void settle_inputs(const Net& net, InputOverrides& overrides, Diagnostics& diagnostics);

/// Says which inputs of the graph the names in --input leave out.
void check_all_inputs_named(const Graph& graph, const std::vector<InputOverride>& named,
                            Diagnostics& diagnostics);

}  // namespace mo::caffe
