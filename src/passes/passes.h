#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace mo::passes {

struct Options {
  bool fusing = true;                        ///< --disable_fusing turns it off
  bool stride_optimization = true;           ///< --disable_resnet_optimization turns it off
  bool fold_shapes = false;                  ///< --fold_constants: also what depends on shapes alone
  std::vector<std::string> kept_apart = {};  ///< --finegrain_fusing: expressions found in names of nodes
  std::vector<std::string> disabled = {};    ///< names of passes that an extension leaves out
  int ir_version = 11;                       ///< legacy versions (2 to 7) have passes of their own
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

/// Keeps every node from being fused in whose name one of the regular expressions (RE2) is found.
void keep_apart(Graph& graph, std::span<const std::string> expressions);
/// Whether RE2 understands it; `why`: what is wrong.
bool is_regular_expression(const std::string& text, std::string& why);

void fold_shapes(Graph& graph);
void fold_constants(Graph& graph);
void batch_normalization_to_scale_shift(Graph& graph);
void merge_scale_shifts(Graph& graph);
void remove_neutral_scale_shifts(Graph& graph);
void fuse_scale_shift_backward(Graph& graph);
void fuse_offset_forward(Graph& graph);
void fuse_scale_shift_forward(Graph& graph);
void move_strides_up(Graph& graph);

// Rewrites for legacy IR alone.
void legacy_compositions(Graph& graph);
void legacy_exponentials(Graph& graph);
void legacy_name_parts(Graph& graph);
void legacy_name_parts_v7(Graph& graph);
void legacy_move_strides_up(Graph& graph);
void legacy_move_strides_up_v7(Graph& graph);
void legacy_inverse_reshapes(Graph& graph);
void legacy_lrn_k(Graph& graph);
void legacy_reshape_chains(Graph& graph);
void legacy_scale_axes(Graph& graph);
void legacy_powers(Graph& graph);
void legacy_powers_v7(Graph& graph);
void legacy_single_concats(Graph& graph);
void legacy_name_eltwises(Graph& graph);
void legacy_name_eltwises_v5(Graph& graph);
void legacy_merge_powers(Graph& graph);
void legacy_eltwise_coefficients(Graph& graph);
void legacy_eltwise_broadcast(Graph& graph);
void legacy_fully_connected_weights(Graph& graph);
void legacy_flatten_fully_connected(Graph& graph);

}  // namespace mo::passes
