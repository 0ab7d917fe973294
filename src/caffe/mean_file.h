#pragma once

#include <memory>
#include <string>

#include "support/file.h"
#include "weights/tensor.h"

namespace mo::caffe {

/// Reads a .binaryproto mean image (a BlobProto) as a tensor [channels, height, width]; leading dimensions of
/// 1 are dropped.  Throws Failure: file errors, wrong_file_kind, damaged_mean_file.
Tensor read_mean_file(const std::string& path);
Tensor read_mean_file(const std::shared_ptr<const MappedFile>& file);

}  // namespace mo::caffe
