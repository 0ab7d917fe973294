#pragma once

#include "convert.h"
#include "report/conversion.h"
#include "support/progress.h"

namespace mo::cli {

/// A conversion as reports tell it.
report::Conversion to_conversion(const ConvertOptions& options, const ConvertResult& result,
                                 const std::vector<Progress::Phase>& phases, double seconds);

}  // namespace mo::cli
