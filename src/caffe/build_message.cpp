#include "caffe/build_message.h"

#include <charconv>
#include <cstdint>

namespace mo::caffe {

Field make_string(std::string name, std::string text, Position position) {
  return {std::move(name), Field::Kind::string, std::move(text), nullptr, position};
}

Field make_number(std::string name, std::string text, Position position) {
  return {std::move(name), Field::Kind::number, std::move(text), nullptr, position};
}

Field make_message(std::string name, Position position) {
  Field field{std::move(name), Field::Kind::message, "", std::make_unique<Message>(), position};
  field.message->position = position;
  return field;
}

Message& message_at(Message& message, std::string_view name, Position position) {
  for (auto field = message.fields.rbegin(); field != message.fields.rend(); ++field) {
    if (field->name == name && field->message) return *field->message;
  }
  return *message.fields.emplace_back(make_message(std::string(name), position)).message;
}

bool parse_integer(const Field& field, std::int64_t& value) {
  if (field.kind != Field::Kind::number) return false;
  const char* const end = field.text.data() + field.text.size();
  const auto [rest, error] = std::from_chars(field.text.data(), end, value);
  return error == std::errc{} && rest == end;
}

}  // namespace mo::caffe
