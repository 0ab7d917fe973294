#pragma once

#include "ir/model.h"
#include "ir/xml_text.h"

namespace mo::ir::legacy {

/// The .xml file of legacy IR as the original lays it out: attributes in alphabetical order, tab indent.
/// Precondition: lay_out() has placed the model's constants.
void write_xml(const Model& model, const TextSink& sink);

}  // namespace mo::ir::legacy
