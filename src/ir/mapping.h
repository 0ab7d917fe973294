#pragma once

#include "ir/model.h"
#include "ir/xml_text.h"

namespace mo::ir {

/// The .mapping file: which IR layer and output port carries which top of which Caffe layer.
void write_mapping(const Model& model, const TextSink& sink);

}  // namespace mo::ir
