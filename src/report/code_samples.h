#pragma once

#include <string>

#include "report/conversion.h"

namespace mo::report {

/// A program that loads the very model, feeds every input and prints every output; empty where there is no
/// model.  Of legacy IR: for the Inference Engine's API of its time.
std::string python_code(const Conversion& conversion);

/// The same in C++, for the OpenVINO runtime, with the commands that build it on top; empty for legacy IR.
std::string cpp_code(const Conversion& conversion);

}  // namespace mo::report
