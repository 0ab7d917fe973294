#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/attributes.h"

namespace mo::ir::legacy {

/// In what IR v2 to v7 differ.  v2 and v3 follow the tools of release 2018 R4, v4 2018 R5, v5 2019 R1, v6
/// 2019 R3, v7 2020.
struct Dialect {
  int version;
  bool window_lists;        ///< `kernel="3,3"`; v2 has an attribute for each axis: `kernel-x`, `kernel-y`
  bool layer_precision;     ///< on `<layer>`; v7 has it on output ports and blobs, and no `batch` on `<net>`
  bool flatten_layer;       ///< Flatten is a layer; v7 says it by Reshape
  bool flatten_end_axis;    ///< Flatten says where it ends
  bool max_excludes_pad;    ///< `exclude-pad` of max pooling: "true", else "false"
  bool reshape_attribute;   ///< Reshape has its target as `dim`; else as a second input
  bool reshape_axes;        ///< Reshape has `axis` and `num_axes`; else `special_zero`
  bool integer_constants;   ///< sizes are I32 constants; v5 stores them as FP32
  bool relu_slope;          ///< ReLU says a slope of 0 too
  bool eltwise_coeff;       ///< Eltwise sums with coefficients; else the coefficients are layers
  bool eltwise_broadcasts;  ///< else Tiles bring the operands to one shape
  bool split_layer;         ///< Slice at given points is called Split
  bool fc_flattens;         ///< FullyConnected takes any rank; else a Reshape makes it 2
  bool fuses_power;         ///< Power is spelled after merging; its generated parts count as whole numbers
  bool exponentials;        ///< Exp, Log, Abs are layers
  bool gathers;             ///< Gather is a layer
  bool sequences;           ///< LSTMSequence and RNNSequence are layers
  bool unset_image_size;    ///< DetectionOutput says -1 for a size of the image that is not given; else 1
  bool box_densities;       ///< PriorBox has densities, empty for Caffe
  bool region_variants;     ///< Proposal and PSROIPooling say which of their variants they are
  bool resizes_by_size;     ///< Interp by a reference has its size, else a factor
};

inline constexpr int lowest_version = 2;
inline constexpr int highest_version = 7;

inline constexpr bool is_legacy(int version) {
  return version >= lowest_version && version <= highest_version;
}

/// Throws std::invalid_argument for a version that is not 2 to 7.
const Dialect& dialect(int version);

/// A number as the original's Python printed it: the shortest text of the double, always with `.0` or an
/// exponent.
std::string format(double value);

/// An attribute's value as legacy IR writes it: lists as `1,2`, booleans as 0 and 1, floats as the double
/// that they are.
std::string format(const AttributeValue& value);

/// `name` of a Convolution, Deconvolution or Pooling with one value for each spatial axis (H, W): one
/// attribute, or in v2 one for each axis (`kernel-x` ...).
std::vector<std::pair<std::string, AttributeValue>> window_attributes(std::string_view name,
                                                                      const std::vector<std::int64_t>& values,
                                                                      const Dialect& dialect);

}  // namespace mo::ir::legacy
