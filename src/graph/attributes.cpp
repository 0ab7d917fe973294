#include "graph/attributes.h"

#include <algorithm>
#include <stdexcept>

namespace mo {

void Attributes::set(std::string_view name, AttributeValue value) {
  for (auto& [key, existing] : entries_) {
    if (key == name) {
      existing = std::move(value);
      return;
    }
  }
  entries_.emplace_back(name, std::move(value));
}

void Attributes::erase(std::string_view name) {
  std::erase_if(entries_, [name](const auto& entry) { return entry.first == name; });
}

const AttributeValue* Attributes::find(std::string_view name) const {
  const auto it = std::ranges::find_if(entries_, [name](const auto& entry) { return entry.first == name; });
  return it == entries_.end() ? nullptr : &it->second;
}

void Attributes::fail(std::string_view name) {
  throw std::logic_error("attribute '" + std::string(name) + "' is absent or of another type");
}

}  // namespace mo
