#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "graph/graph.h"

namespace mo::passes {

struct Options {
  bool fusing = true;  ///< --disable_fusing turns it off
};

/// A rewrite of the graph.  Each is a file of its own, with its Before and After on top.
struct Pass {
  std::string_view name;
  std::string_view help;
  std::function<bool(const Options&)> enabled;
  std::function<void(Graph&)> run;
};

/// All passes in the order in which they run.
std::span<const Pass> all();

/// Runs every enabled pass.  `after`: called behind each, for printing and checking.
void run(Graph& graph, const Options& options,
         const std::function<void(const Pass&, const Graph&)>& after = {});

void batch_normalization_to_scale_shift(Graph& graph);
void merge_scale_shifts(Graph& graph);
void remove_neutral_scale_shifts(Graph& graph);
void fuse_scale_shift_backward(Graph& graph);

}  // namespace mo::passes
