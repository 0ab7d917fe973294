#pragma once

#include <string>

#include "ir/model.h"
#include "ir/xml_text.h"

namespace mo::ir {

/// The .xml file of an IR of any version, as the original tools lay it out: tab indent, one element a line.
/// The same model gives the same bytes.  Precondition: lay_out() has placed the model's constants.
void write_xml(const Model& model, const TextSink& sink);
std::string to_xml(const Model& model);

}  // namespace mo::ir
