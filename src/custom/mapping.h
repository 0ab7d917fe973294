#pragma once

#include <string>
#include <vector>

#include "custom/expression.h"
#include "support/diagnostics.h"
#include "support/file.h"

namespace mo::custom {

/// One `<CustomLayer>`: a Caffe type that passes into the IR as it is.
struct MappedLayer {
  std::string type;
  std::string parameter;  ///< the field of LayerParameter whose fields become attributes; empty: none
  std::vector<Expression> shapes;  ///< `outputShape`, `;` between several outputs; empty: not said
  std::string file;
  Position position;
};

/// Reads a CustomLayersMapping.xml.  Throws Failure (custom_layers_mapping) for a file that is no such XML,
/// has a DOCTYPE, or a wrong outputShape.  As in the original, an entry that lacks what it needs, or repeats
/// another, is left out with a warning.
std::vector<MappedLayer> read_mapping(const MappedFile& file, Diagnostics& diagnostics);

}  // namespace mo::custom
