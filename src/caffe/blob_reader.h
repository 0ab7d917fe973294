#pragma once

#include <memory>

#include "caffe/wire.h"
#include "weights/tensor.h"

namespace mo::caffe {

/// Reads one BlobProto: `data`, `double_data` or NVCaffe's `raw_data` (FP16, FP32, FP64), packed, unpacked or
/// in several chunks; shape from `shape`, or the four legacy dimensions (num, channels, height, width), or,
/// where there is neither, [count].  A blob that lies in one run is a view of the file, kept alive by
/// `file`. Throws Failure: damaged_caffemodel, blob_size_mismatch.
Tensor read_blob(WireReader reader, const std::shared_ptr<const MappedFile>& file);

}  // namespace mo::caffe
