#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/attributes.h"

namespace mo::custom {

/// A field of a protobuf message.
struct SchemaField {
  enum class Kind : std::uint8_t { integer, real, text, boolean, enumeration, message };

  std::string name;
  Kind kind = Kind::text;
  bool repeated = false;
  std::optional<AttributeValue> default_value = {};  ///< as it is declared; of an enum: the value's name
  std::string message = {};                          ///< its message's name
  std::string scope = {};                            ///< of an enum's values: `caffe.PoolingParameter.`
  std::vector<std::pair<std::string, std::int64_t>> values = {};  ///< of an enum
};

/// What the messages behind a LayerParameter are: names, types and defaults of their fields.
struct MessageSchema {
  std::map<std::string, std::vector<SchemaField>, std::less<>> messages;
  std::string layer_parameter;  ///< the name of the message LayerParameter

  const SchemaField* find(std::string_view message, std::string_view field) const;
};

/// Of Caffe and its known forks.  Defaults are those of the built-in layers, the layer `type` first.
MessageSchema built_in_schema(std::string_view type);

}  // namespace mo::custom
