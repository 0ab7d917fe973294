#pragma once

#include <string_view>

namespace mo::onnx {

inline constexpr int first_opset = 11;
inline constexpr int last_opset = 21;
inline constexpr int default_opset = 17;

/// In what the operator sets differ, as far as the ops of Caffe's layers are concerned.
/// Source: https://github.com/onnx/onnx/blob/main/docs/Changelog.md, and docs/Versioning.md for ir_version.
struct Dialect {
  int opset;
  int ir_version;        ///< of the file: the oldest that may hold this opset
  bool arg_max_of_last;  ///< ArgMax can take the last of equal elements, as Caffe does
  bool axes_are_inputs;  ///< of Squeeze, Unsqueeze, ReduceSum, and the parts of Split: attributes before
  bool reduce_axes_are_inputs;  ///< of the other reductions
  bool softmax_of_one_axis;     ///< before, Softmax is that of all axes from the given one on
  bool optional_resize_inputs;  ///< before, Resize needs its inputs roi and scales even where sizes count
  bool roi_align_has_modes;     ///< before, its only one is what is output_half_pixel now
  std::string_view grid_sample_mode;  ///< the name of bilinear sampling; empty: there is no GridSample
};

/// Throws std::invalid_argument for an opset outside [first_opset, last_opset].
const Dialect& dialect(int opset);

}  // namespace mo::onnx
