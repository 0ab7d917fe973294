#pragma once

#include <string>
#include <string_view>

#include "verify/array.h"

namespace mo::verify {

/// Reads the bytes of a .npy file.  Throws Failure (damaged_arrays) that names `source`.
Array from_npy(std::string_view bytes, const std::string& source);

std::string to_npy(const Array& array);

}  // namespace mo::verify
