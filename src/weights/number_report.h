#pragma once

#include <span>
#include <vector>

#include "support/diagnostics.h"
#include "weights/bin_file.h"

namespace mo {

/// Says, tensor by tensor, which numbers are infinite or none at all, and which narrowing to FP16 took out of
/// its range: infinity is an error unless it is allowed, zero a warning.
void report_numbers(std::span<const StoredTensor> tensors, const std::vector<TensorCounts>& counts,
                    bool allow_overflow, Diagnostics& diagnostics);

}  // namespace mo
