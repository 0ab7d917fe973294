#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "caffe/message.h"
#include "custom/message_schema.h"
#include "graph/attributes.h"

namespace mo::custom {

struct CollectOptions {
  bool all_fields = false;     ///< also those that are neither set nor have a declared default
  bool flatten_names = false;  ///< a nested message's field is called `outer__inner`, else `inner`
};

struct CollectedAttributes {
  Attributes attributes;
  std::vector<std::string> clashes;  ///< names that two fields wanted; the later one has it
  std::vector<std::string> unknown;  ///< fields that the schema does not have, taken as they are written
};

/// The fields of the message `parameter` of a layer as attributes of the IR, in the schema's order: those
/// that are set or have a declared default; enums as `caffe.Message.VALUE`, booleans as 0 and 1, repeated
/// fields as lists, empty ones left out, nested messages merged.  A value of the wrong type throws Failure,
/// which lacks the layer and its file.
CollectedAttributes collect_attributes(const caffe::Message& layer, std::string_view parameter,
                                       const MessageSchema& schema, const CollectOptions& options);

}  // namespace mo::custom
