#pragma once

#include "ir/model.h"
#include "ir/xml_text.h"

namespace mo::ir {

/// `<edges>`, which every version of IR says in the same way.
void write_edges(XmlText& xml, const Model& model);

}  // namespace mo::ir
