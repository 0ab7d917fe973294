#pragma once

#include <string>

#include "caffe/message.h"

namespace mo::caffe {

// Small pieces of messages, made where a file's generation says things otherwise.

Field make_string(std::string name, std::string text, Position position);
Field make_number(std::string name, std::string text, Position position);
Field make_message(std::string name, Position position);

/// The last message of that name in `message`; appended when there is none.
Message& message_at(Message& message, std::string_view name, Position position);

/// A field whose text is an integer, as such.  The text is taken as written; false when it is none.
bool parse_integer(const Field& field, std::int64_t& value);

}  // namespace mo::caffe
