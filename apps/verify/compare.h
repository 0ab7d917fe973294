#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "verify/array.h"

namespace mo::verify {

/// How far two results are from each other.
struct Difference {
  double largest = 0;   ///< max |a - b|; infinite where sizes, infinities or NaNs differ
  double mean = 0;      ///< mean |a - b|
  double relative = 0;  ///< largest / max |b|; the largest itself where all of b is 0
  double cosine = 1;    ///< of the angle between both as vectors; 1 where both are zero
};

/// `found` against `expected`; shapes may differ as long as there are as many numbers.
Difference compare(const Array& found, const Array& expected);

/// The places of `expected` that a net computes whose strides were moved up in front of it: every n-th row
/// and column, where both shapes say so; else `expected` as it is.  `step` becomes n.
Array at_places_of(const Array& expected, const Shape& found, std::int64_t& step);

/// The rows of `found` that `expected` has too: where a net chooses regions, Caffe gives as many as it found,
/// and the runtime fills its list up.
Array leading_rows(const Array& found, const Shape& expected);

/// The lists of detections (image, class, score, box) as sets, since runtimes order equal scores differently:
/// each with a score of at least 0.05 needs one of its image and class on the other side, and the difference
/// is that of the pair.  Those tied with the last that found a place may be missing.
struct Detections {
  std::size_t expected = 0;  ///< how many count
  std::size_t matched = 0;
  Difference difference;
};
Detections compare_detections(const Array& found, const Array& expected);

/// Of rows of class scores: in how many the best is the same (a tie of 1e-3 has two winners), and how many of
/// the five best are on both sides, at the least.
struct Ranking {
  std::size_t rows = 0;  ///< 0: these are no scores of classes
  std::size_t same_best = 0;
  std::size_t of = 0;  ///< five, or as many as there are classes
  std::size_t common = 0;
};
Ranking compare_ranking(const Array& found, const Array& expected);

}  // namespace mo::verify
