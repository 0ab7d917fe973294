#include "graph/value_list.h"

namespace mo {

void ValueList::push_back(Value value) {
  places_.emplace(value, values_.size());
  values_.push_back(value);
}

void ValueList::replace(Value from, Value to) {
  if (from == to) return;
  const auto [begin, end] = places_.equal_range(from);
  std::vector<std::size_t> moved;
  for (auto it = begin; it != end; ++it) moved.push_back(it->second);
  places_.erase(begin, end);
  for (const std::size_t place : moved) {
    values_[place] = to;
    places_.emplace(to, place);
  }
}

void ValueList::clear() {
  values_.clear();
  places_.clear();
}

}  // namespace mo
