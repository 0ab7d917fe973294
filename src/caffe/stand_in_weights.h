#pragma once

#include <vector>

#include "weights/tensor.h"

namespace mo::caffe {

/// Tensors of these shapes in the place of trained ones.  Small ones are full of 0.5, so that no pass takes
/// them for factors of 1 or offsets of 0; large ones share pages of zeros that take no memory.  None at all
/// where a shape is not known, or larger than any model's.
std::vector<Tensor> stand_ins(const std::vector<Shape>& shapes);

}  // namespace mo::caffe
