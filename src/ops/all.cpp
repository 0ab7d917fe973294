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
      &op::crop,
      &op::interp,
      &op::resample,
      &op::arg_max,
      &op::mvn,
      &op::grn,
      &op::reduction,
      &op::gather,
      &op::lstm,
      &op::rnn,
      &op::correlation,
      &op::accum,
      &op::data_augmentation,
      &op::power_file,
      &op::spatial_transformer,
  };
  return ops;
}

}  // namespace mo
