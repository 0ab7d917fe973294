#include <algorithm>
#include <array>

#include "evaluate/evaluate.h"
#include "ops/ops.h"

namespace mo::evaluate {

std::size_t Arguments::output_size(std::size_t index) const {
  return static_cast<std::size_t>(element_count(output_shape(index)));
}

const Rule* rule(const OpDef& op) {
  static constexpr std::array rules{
      Rule{&op::reshape, same_numbers},
      Rule{&op::flatten, same_numbers},
      Rule{&op::permute, permute},
      Rule{&op::tile, tile},
      Rule{&op::concat, concat},
      Rule{&op::slice, slice},
      Rule{&op::eltwise, eltwise},
      Rule{&op::scale_shift, scale_shift},
      Rule{&op::batch_normalization, batch_normalization},
      Rule{&op::prelu, prelu},
      Rule{&op::softmax, softmax},
      Rule{&op::relu, unary},
      Rule{&op::elu, unary},
      Rule{&op::sigmoid, unary},
      Rule{&op::tanh, unary},
      Rule{&op::abs, unary},
      Rule{&op::exp, unary},
      Rule{&op::log, unary},
      Rule{&op::power, unary},
      Rule{&op::bnll, unary},
      Rule{&op::threshold, unary},
      Rule{&op::clamp, unary},
      Rule{&op::swish, unary},
      Rule{&op::convolution, convolution},
      Rule{&op::fully_connected, fully_connected},
      Rule{&op::pooling, pooling},
      Rule{&op::prior_box, prior_box, true},
      Rule{&op::prior_box_clustered, prior_box_clustered, true},
  };
  const auto found = std::ranges::find(rules, &op, &Rule::op);
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace mo::evaluate
