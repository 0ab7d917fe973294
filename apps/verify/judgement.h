#pragma once

#include <vector>

#include "caffe/net.h"
#include "verify/compare.h"
#include "verify/ir_executor.h"
#include "verify/report.h"

namespace mo::verify {

/// What still counts as the same.  Halves have eleven bits; what they do to a layer grows on its way through
/// the net.
struct Limits {
  double relative = 0;
  double least_cosine = 0;
};

/// Whether a difference, less what came in with the layer's bottoms, is within the limits.
bool within(const Difference& difference, const Limits& limits, double inherited = 0);

/// The largest absolute difference that a layer may have without adding anything to that of its bottoms,
/// which are among the rows before it and agree; 0 for layers of which that is not known.  Layers that move
/// numbers keep the difference; Softmax makes at most half of it (its Jacobian, p_i (d_ij - p_j), has rows
/// whose absolute values sum to 2 p_i (1 - p_i)), but where logits are in the hundreds and probabilities
/// below 1, that half is more than the relative limit of the probabilities.
double inherited_difference(const caffe::Net& net, const std::vector<Observation>& observations,
                            const std::vector<Row>& rows, std::size_t index);

}  // namespace mo::verify
