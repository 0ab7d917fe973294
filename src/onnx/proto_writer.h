#pragma once

#include <string>
#include <vector>

#include "onnx/model.h"

namespace mo::onnx {

/// Where an initializer's bytes belong in the file.
struct WeightsPlace {
  std::size_t initializer = 0;  ///< by index into Model::initializers
  std::uint64_t offset = 0;
};

/// A file of texts and, between them, the bytes of weights: text 0, weights 0, text 1 ... and a last text.
struct Layout {
  std::vector<std::string> texts;
  std::vector<WeightsPlace> weights;
  std::uint64_t size = 0;  ///< bytes of the whole file
};

/// The ModelProto as it stands in the file.  `external`: name of a file beside it that has the weights;
/// empty: they are inside.  Precondition: the initializers have their sizes and, for a file beside, their
/// offsets in it.
Layout lay_out_file(const Model& model, const std::string& external);

}  // namespace mo::onnx
