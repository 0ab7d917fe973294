#include "caffe/message.h"

#include <algorithm>

namespace mo::caffe {
namespace {

void collect(const Message& message, std::string_view path, std::vector<const Field*>& found) {
  const std::size_t dot = path.find('.');
  const std::string_view name = path.substr(0, dot);
  for (const Field& field : message.fields) {
    if (field.name != name) continue;
    if (dot == std::string_view::npos) {
      found.push_back(&field);
    } else if (field.message) {
      collect(*field.message, path.substr(dot + 1), found);
    }
  }
}

}  // namespace

const Field* Message::find(std::string_view name) const {
  const auto found =
      std::find_if(fields.rbegin(), fields.rend(), [&](const Field& field) { return field.name == name; });
  return found == fields.rend() ? nullptr : &*found;
}

const Field* Message::find_path(std::string_view path) const {
  const std::vector<const Field*> found = all_path(path);
  return found.empty() ? nullptr : found.back();
}

std::vector<const Field*> Message::all(std::string_view name) const {
  std::vector<const Field*> found;
  for (const Field& field : fields) {
    if (field.name == name) found.push_back(&field);
  }
  return found;
}

std::vector<const Field*> Message::all_path(std::string_view path) const {
  std::vector<const Field*> found;
  collect(*this, path, found);
  return found;
}

}  // namespace mo::caffe
