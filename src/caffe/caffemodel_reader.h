#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/file.h"
#include "weights/tensor.h"

namespace mo::caffe {

/// One layer of a caffemodel, of any age.
struct WeightLayer {
  std::string name;
  std::string type;  ///< V2 spelling
  std::vector<Tensor> blobs;
};

/// The weights in a binary NetParameter, in file order; blobs are views of the mapped file.
/// Throws Failure: wrong_file_kind, damaged_caffemodel, blob_size_mismatch.
std::vector<WeightLayer> read_weights(const std::shared_ptr<const MappedFile>& file);

/// Throws Failure (wrong_file_kind) when the bytes are recognised as something that is not a caffemodel.
void require_caffemodel(const MappedFile& file);

}  // namespace mo::caffe
