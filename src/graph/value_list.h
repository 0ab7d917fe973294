#pragma once

#include <cstdint>
#include <initializer_list>
#include <unordered_map>
#include <vector>

#include "graph/value.h"

namespace mo {

/// Values in an order of their own, with an index, so that finding and replacing one takes the same time in a
/// list of any length.
class ValueList {
 public:
  ValueList() = default;
  ValueList(std::initializer_list<Value> values) {
    for (const Value value : values) push_back(value);
  }

  void push_back(Value value);
  bool contains(Value value) const { return places_.contains(value); }
  /// Every `from` becomes `to`.
  void replace(Value from, Value to);
  void clear();

  std::size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  const Value& operator[](std::size_t index) const { return values_[index]; }
  const Value& front() const { return values_.front(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  struct Hash {
    std::size_t operator()(Value value) const {
      return std::hash<std::uint64_t>()((std::uint64_t{value.node} << 32) | value.output);
    }
  };

  std::vector<Value> values_;
  std::unordered_multimap<Value, std::size_t, Hash> places_;
};

}  // namespace mo
