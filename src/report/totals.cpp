#include "report/totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mo::report {

Totals totals(const Network& network) {
  Totals sums;
  for (const Layer& layer : network) {
    ++sums.layers;
    sums.weights += layer.weights;
    sums.bytes += layer.bytes;
    sums.multiply_adds += layer.multiply_adds;
  }
  return sums;
}

std::size_t count(const Network& before, Fate fate) {
  return static_cast<std::size_t>(std::ranges::count(before, fate, &Layer::fate));
}

std::size_t count_added(const Network& after) {
  return static_cast<std::size_t>(
      std::ranges::count_if(after, [](const Layer& layer) { return layer.counterparts.empty(); }));
}

std::string rounded(double value) {
  static constexpr std::array<std::string_view, 5> units{"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) value /= 1000, ++unit;
  return unit == 0 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}{}", value, units[unit]);
}

}  // namespace mo::report
