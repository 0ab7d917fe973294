#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caffe/layer_def.h"
#include "custom/foreign_op.h"
#include "support/diagnostics.h"
#include "support/file.h"

namespace mo::custom {

/// A place in a description file, for messages.
struct Place {
  std::string file;
  Position position;
  std::string source_line;
};

/// A parameter of the layer, under the name by which expressions call it.
struct DescribedParameter {
  std::string name;
  std::string path;              ///< in LayerParameter: `my_param.size`
  AttributeValue default_value;  ///< its type is the parameter's type, also where it is required
  bool required = false;
};

/// A built-in layer type that computes a part of the described one.
struct Step {
  std::string name;
  std::string layer;  ///< its Caffe type
  std::vector<std::string>
      bottoms;  ///< `bottom0` ..., or the name of an earlier step; `name:1`: its second top
  std::size_t tops = 1;
  std::vector<std::int64_t> blobs;        ///< which of the described layer's blobs it has
  std::vector<AttributeRule> parameters;  ///< by path: `power_param.scale`
  Place place;
};

/// A layer description file: what a Caffe type takes, and what it becomes.  docs/custom-layers.md shows one.
struct Description {
  std::vector<std::string> types;  ///< empty: the file only disables built-in types
  std::vector<DescribedParameter> parameters;
  caffe::Count bottoms{1, 1};
  caffe::Count tops{1, 1};
  caffe::Count blobs{0, 0};
  std::vector<Expression> outputs;    ///< shapes of the tops
  std::optional<ForeignLayer> layer;  ///< it becomes a layer of the IR,
  std::vector<Step> steps;            ///< or these,
  std::vector<std::string> results;   ///< whose tops are these; empty: the last step's
  std::vector<std::string> disabled;  ///< built-in types that do not exist for this conversion
  Place place;
};

/// Reads one description.  Throws Failure (layer_description) with file, line and column for a text that is
/// no TOML, nests too deeply, lacks something, or has a key that does not exist.
Description read_description(const MappedFile& file);

}  // namespace mo::custom
