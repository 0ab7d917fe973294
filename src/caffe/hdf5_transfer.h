#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "caffe/caffemodel_reader.h"

namespace mo::caffe {

/// Weights as bytes, for another process that has the same file mapped: blobs that are views of the file go
/// as places in it, others with their values.
std::string pack(const std::vector<WeightLayer>& layers, const MappedFile& file);

/// The other way round; empty when the bytes are not what pack() gives for this file.
std::vector<WeightLayer> unpack(std::string_view bytes, const std::shared_ptr<const MappedFile>& file);

}  // namespace mo::caffe
