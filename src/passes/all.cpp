#include <array>

#include "passes/passes.h"

namespace mo::passes {

std::span<const Pass> all() {
  static const auto always = [](const Options&) { return true; };
  static const auto if_fusing = [](const Options& options) { return options.fusing; };
  static const std::array passes{
      Pass{"batch_normalization_to_scale_shift", "say BatchNorm as a factor and an offset per channel",
           always, batch_normalization_to_scale_shift},
      Pass{"merge_scale_shifts", "make one ScaleShift of several in a row", if_fusing, merge_scale_shifts},
      Pass{"remove_neutral_scale_shifts", "drop factors of 1 and offsets of 0", if_fusing,
           remove_neutral_scale_shifts},
      Pass{"fuse_scale_shift_backward", "multiply a ScaleShift into the weights of the layer before it",
           if_fusing, fuse_scale_shift_backward},
  };
  return passes;
}

void run(Graph& graph, const Options& options, const std::function<void(const Pass&, const Graph&)>& after) {
  for (const Pass& pass : all()) {
    if (!pass.enabled(options)) continue;
    pass.run(graph);
    if (after) after(pass, graph);
  }
}

}  // namespace mo::passes
