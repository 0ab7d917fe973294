#pragma once

#include <string>
#include <vector>

#include "caffe/layer_context.h"
#include "caffe/layer_registry.h"
#include "caffe/net.h"
#include "support/diagnostics.h"

namespace mo::caffe {

/// Where the net is cut.  A place is the name of a layer, `PORT:layer` (its input of that number) or
/// `layer:PORT` (its output), else the name of a blob.
struct Cuts {
  std::vector<InputOverride>
      inputs;                        ///< `--input`, with the shapes of `--input_shape`; empty: all of the net
  std::vector<std::string> outputs;  ///< `--output`; empty: all of the net
};

struct CutNet {
  Net net;
  std::vector<InputOverride> inputs;    ///< those of Cuts under the names that the net's Input layers have
  std::vector<std::string> new_inputs;  ///< names of the Input layers that the net did not have
};

/// Takes out of the net what the outputs do not need of the inputs.  A cut in the middle of the net puts an
/// Input layer there, called `layer/placeholder_port_N`, `layer/placeholder_out_port_N` or as the blob.
/// Without a shape it has the one that the whole net gives that place, for the given batch.
/// Every problem with a name or a port is added to `diagnostics`.
CutNet cut(const Net& net, const Cuts& cuts, std::int64_t batch, const LayerRegistry& registry,
           Diagnostics& diagnostics);

}  // namespace mo::caffe
