#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mo {

/// What an op's attribute can be.  Caffe's own `float` is kept as float, so that each dialect prints it its
/// own way.
using AttributeValue =
    std::variant<bool, std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>>;

/// The attributes of one op, in the order in which they were set.
class Attributes {
 public:
  Attributes() = default;
  Attributes(std::initializer_list<std::pair<std::string, AttributeValue>> entries) : entries_(entries) {}

  void set(std::string_view name, AttributeValue value);
  void erase(std::string_view name);
  const AttributeValue* find(std::string_view name) const;
  bool has(std::string_view name) const { return find(name) != nullptr; }

  /// The value under `name`; std::logic_error when it is absent or of another type (a defect of the caller).
  template <class T>
  const T& get(std::string_view name) const;
  template <class T>
  T get_or(std::string_view name, T fallback) const;

  bool boolean(std::string_view name) const { return get<bool>(name); }
  std::int64_t integer(std::string_view name) const { return get<std::int64_t>(name); }
  float number(std::string_view name) const { return get<float>(name); }
  const std::string& text(std::string_view name) const { return get<std::string>(name); }
  const std::vector<std::int64_t>& integers(std::string_view name) const {
    return get<std::vector<std::int64_t>>(name);
  }
  const std::vector<float>& numbers(std::string_view name) const { return get<std::vector<float>>(name); }

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }

 private:
  [[noreturn]] static void fail(std::string_view name);

  std::vector<std::pair<std::string, AttributeValue>> entries_;
};

template <class T>
const T& Attributes::get(std::string_view name) const {
  const AttributeValue* value = find(name);
  const T* typed = value == nullptr ? nullptr : std::get_if<T>(value);
  if (typed == nullptr) fail(name);
  return *typed;
}

template <class T>
T Attributes::get_or(std::string_view name, T fallback) const {
  return has(name) ? get<T>(name) : fallback;
}

}  // namespace mo
