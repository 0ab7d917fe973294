#pragma once

#include <string>

#include "verify/array.h"

namespace mo::verify {

/// Arrays from NumPy's files: an archive (.npz), one array (.npy) under the file's stem, or a folder of .npy
/// files. Numbers of any usual type become float.  Throws Failure: file_not_found, damaged_arrays.
Arrays read_arrays(const std::string& path);

/// Writes an archive that numpy.load reads.  Throws Failure (output_not_writable).
void write_npz(const std::string& path, const Arrays& arrays);

}  // namespace mo::verify
