#pragma once

#include <string>

#include "ir/model.h"

namespace mo::ir {

/// The .mapping file: which IR layer and output port carries which top of which Caffe layer.
std::string to_mapping(const Model& model);

}  // namespace mo::ir
