#include <array>

#include "ops/ops.h"

namespace mo {

std::span<const OpDef* const> all_ops() {
  static const std::array ops{
      &op::input,
      &op::constant,
      &op::convolution,
      &op::deconvolution,
      &op::fully_connected,
      &op::pooling,
      &op::relu,
      &op::prelu,
      &op::elu,
      &op::sigmoid,
      &op::tanh,
      &op::abs,
      &op::exp,
      &op::log,
      &op::power,
      &op::bnll,
      &op::threshold,
      &op::clamp,
      &op::swish,
      &op::lrn,
      &op::softmax,
      &op::batch_normalization,
      &op::scale_shift,
      &op::eltwise,
      &op::concat,
      &op::slice,
      &op::reshape,
      &op::flatten,
      &op::permute,
      &op::tile,
      &op::normalize,
      &op::prior_box,
      &op::prior_box_clustered,
      &op::detection_output,
      &op::proposal,
      &op::simpler_nms,
      &op::roi_pooling,
      &op::psroi_pooling,
      &op::region_yolo,
      &op::reorg_yolo,
      &op::upsample,
      &op::ctc_greedy_decoder,
  };
  return ops;
}

}  // namespace mo
