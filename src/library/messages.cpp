#include <algorithm>

#include "library/run.h"

namespace mo {

namespace {

Message::Level to_level(Severity severity) {
  if (severity == Severity::error) return Message::Level::error;
  return severity == Severity::warning ? Message::Level::warning : Message::Level::info;
}

Message to_message(const Diagnostic& diagnostic) {
  Message message;
  message.level = to_level(diagnostic.severity);
  message.code = diagnostic.code->slug;
  message.cause = diagnostic.cause;
  message.remedy = diagnostic.remedy;
  message.layer = diagnostic.layer;
  message.layer_type = diagnostic.layer_type;
  message.file = diagnostic.file;
  message.line = diagnostic.position.line;
  message.column = diagnostic.position.column;
  message.field = diagnostic.field;
  message.byte_offset = diagnostic.byte_offset;
  message.faq = "docs/FAQ.md#" + message.code;
  message.text = to_text(diagnostic);
  return message;
}

std::string text_of_errors(const std::vector<Message>& messages) {
  std::string text;
  for (const Message& message : messages)
    if (message.level == Message::Level::error) text += message.text;
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

std::vector<Message> library::to_messages(const Diagnostics& diagnostics) {
  std::vector<Message> messages;
  std::ranges::transform(diagnostics.all(), std::back_inserter(messages), to_message);
  return messages;
}

Error::Error(std::vector<Message> messages, int exit_status)
    : std::runtime_error(text_of_errors(messages)),
      messages_(std::make_shared<const std::vector<Message>>(std::move(messages))),
      exit_status_(exit_status) {}

Error::~Error() = default;

}  // namespace mo
