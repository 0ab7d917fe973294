#pragma once

#include <cstddef>
#include <string>

#include "report/record.h"

namespace mo::report {

/// Sums over a network.
struct Totals {
  std::size_t layers = 0;
  double weights = 0;
  double bytes = 0;
  double multiply_adds = 0;
};

Totals totals(const Network& network);

/// How many layers of the Caffe net had that fate.
std::size_t count(const Network& before, Fate fate);

/// How many layers compute nothing that a Caffe layer did.
std::size_t count_added(const Network& after);

/// `1.23 G`, `45 k`.
std::string rounded(double value);

}  // namespace mo::report
