#pragma once

#include <string>

#include "ir/model.h"

namespace mo::ir::legacy {

/// The .xml file of legacy IR as the original lays it out: attributes in alphabetical order, tab indent.
/// Precondition: lay_out() has placed the model's constants.
std::string to_xml(const Model& model);

}  // namespace mo::ir::legacy
