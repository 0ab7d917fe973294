#include <algorithm>
#include <array>

#include "passes/passes.h"

namespace mo::passes {

namespace {

bool legacy(const Options& options, int first, int last) {
  return options.ir_version >= first && options.ir_version <= last;
}

}  // namespace

std::span<const Pass> all() {
  static const auto if_fusing = [](const Options& options) { return options.fusing; };
  // With --disable_fusing legacy IR keeps BatchNormalization, which is a layer there.
  static const auto unless_kept = [](const Options& options) {
    return options.fusing || !legacy(options, 2, 7);
  };
  static const auto if_strides = [](const Options& options) {
    return options.stride_optimization && !legacy(options, 2, 4) && !legacy(options, 7, 7);
  };
  static const auto if_strides_2020 = [](const Options& options) {
    return options.stride_optimization && legacy(options, 7, 7);
  };
  static const auto if_strides_2018 = [](const Options& options) {
    return options.stride_optimization && legacy(options, 2, 4);
  };
  // The original left offsets before convolutions in legacy IR.
  static const auto in_opset_fusing = [](const Options& options) {
    return options.fusing && !legacy(options, 2, 7);
  };
  static const auto in_legacy = [](int first, int last) {
    return [first, last](const Options& options) { return legacy(options, first, last); };
  };
  static const std::array passes{
      Pass{"fold_shapes", "compute the boxes of PriorBox, which depend on shapes alone",
           [](const Options& options) { return options.fold_shapes; }, fold_shapes},
      Pass{"fold_constants", "compute what depends on constants alone", [](const Options&) { return true; },
           fold_constants},
      Pass{"legacy_compositions", "say ops by several layers where legacy IR has none for them",
           in_legacy(2, 7), legacy_compositions},
      Pass{"legacy_exponentials", "say Exp by Sigmoid, before it was a layer", in_legacy(2, 5),
           legacy_exponentials},
      Pass{"legacy_name_parts", "name the factor and offset of BatchNorm and Scale as the original did",
           in_legacy(2, 6), legacy_name_parts},
      Pass{"legacy_name_parts_v7", "the same as the original's last legacy version did", in_legacy(7, 7),
           legacy_name_parts_v7},
      Pass{"legacy_name_eltwises", "name what was made of Axpy and of Scale with two bottoms",
           in_legacy(2, 4), legacy_name_eltwises},
      Pass{"legacy_name_eltwises_v5", "the same with the names of v5 to v7", in_legacy(5, 7),
           legacy_name_eltwises_v5},
      Pass{"legacy_eltwise_coefficients", "say coefficients of Eltwise as factors", in_legacy(6, 7),
           legacy_eltwise_coefficients},
      Pass{"batch_normalization_to_scale_shift", "say BatchNorm as a factor and an offset per channel",
           unless_kept, batch_normalization_to_scale_shift},
      Pass{"merge_scale_shifts", "make one ScaleShift of several in a row", if_fusing, merge_scale_shifts},
      Pass{"remove_neutral_scale_shifts", "drop factors of 1 and offsets of 0", if_fusing,
           remove_neutral_scale_shifts},
      Pass{"fuse_scale_shift_backward", "multiply a ScaleShift into the weights of the layer before it",
           if_fusing, fuse_scale_shift_backward},
      Pass{"legacy_flatten_fully_connected", "reshape the input of FullyConnected to a matrix",
           in_legacy(7, 7), legacy_flatten_fully_connected},
      Pass{"fuse_offset_forward", "put an offset into the biases of the unpadded convolutions behind it",
           in_opset_fusing, fuse_offset_forward},
      Pass{"fuse_scale_shift_forward", "multiply a ScaleShift into the weights of the layers behind it",
           if_fusing, fuse_scale_shift_forward},
      Pass{"move_strides_up", "let a layer compute only what strided 1x1 convolutions behind it read",
           if_strides, move_strides_up},
      Pass{"legacy_move_strides_up", "the same as the original of 2018, through more kinds of Eltwise",
           if_strides_2018, legacy_move_strides_up},
      Pass{"legacy_move_strides_up_v7", "the same as the original of 2020, through fewer", if_strides_2020,
           legacy_move_strides_up_v7},
      Pass{"legacy_inverse_reshapes", "drop two Reshapes that undo each other", in_legacy(7, 7),
           legacy_inverse_reshapes},
      Pass{"legacy_lrn_k", "say LRN with k as LRN and Power", in_legacy(2, 7), legacy_lrn_k},
      Pass{"legacy_fully_connected_weights", "transpose weights that are stored [inputs, outputs]",
           in_legacy(2, 7), legacy_fully_connected_weights},
      Pass{"legacy_reshape_chains", "make one Reshape of two in a row", in_legacy(2, 4),
           legacy_reshape_chains},
      Pass{"legacy_scale_axes", "bring the axes of a ScaleShift to the channels", in_legacy(2, 7),
           legacy_scale_axes},
      Pass{"legacy_powers", "say a ScaleShift of one number as Power, and name what is left", in_legacy(2, 6),
           legacy_powers},
      Pass{"legacy_powers_v7", "the same with the names of v7", in_legacy(7, 7), legacy_powers_v7},
      Pass{"legacy_single_concats", "drop Concat of one input", in_legacy(7, 7), legacy_single_concats},
      Pass{"legacy_merge_powers", "name Power as the versions that merge its parts", in_legacy(6, 7),
           legacy_merge_powers},
      Pass{"legacy_eltwise_broadcast", "bring operands of Eltwise to one shape by Tile", in_legacy(2, 4),
           legacy_eltwise_broadcast},
  };
  return passes;
}

void run(Graph& graph, const Options& options, const std::function<void(const Pass&, const Graph&)>& after) {
  keep_apart(graph, options.kept_apart);
  for (const Pass& pass : all()) {
    if (!pass.enabled(options) || std::ranges::find(options.disabled, pass.name) != options.disabled.end())
      continue;
    pass.run(graph);
    if (after) after(pass, graph);
  }
}

}  // namespace mo::passes
