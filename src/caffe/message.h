#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostics.h"

namespace mo::caffe {

struct Message;

/// One `name: value` or `name { ... }` of a protobuf text file, or the same decoded from a binary one.
/// A repeated field is several Fields of one name, also when it was written as `name: [1, 2]` or packed.
struct Field {
  enum class Kind : std::uint8_t { number, identifier, string, message };

  std::string name;
  Kind kind = Kind::number;
  std::string text;  ///< number and identifier as written, string unescaped
  std::unique_ptr<Message> message;
  Position position;  ///< of the name
};

/// A protobuf message whose schema nobody had to know: all fields are kept, in file order.
struct Message {
  std::vector<Field> fields;
  Position position;  ///< of the opening brace; 1:1 for a whole file

  /// The last field of that name (protobuf: the last one counts), or nullptr.
  const Field* find(std::string_view name) const;
  /// The last field at a dotted path of messages (`pooling_param.kernel_size`), or nullptr.
  const Field* find_path(std::string_view path) const;
  /// Every field of that name, in order.
  std::vector<const Field*> all(std::string_view name) const;
  std::vector<const Field*> all_path(std::string_view path) const;
};

}  // namespace mo::caffe
