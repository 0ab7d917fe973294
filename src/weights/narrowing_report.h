#pragma once

#include <span>
#include <vector>

#include "support/diagnostics.h"
#include "weights/bin_file.h"

namespace mo {

/// Warns of the numbers that narrowing to FP16 took out of its range, tensor by tensor.
void report_losses(std::span<const StoredTensor> tensors, const std::vector<NarrowingLoss>& losses,
                   Diagnostics& diagnostics);

}  // namespace mo
