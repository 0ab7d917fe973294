#include "verify/compare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

namespace mo::verify {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool same_special(float a, float b) {
  return (std::isnan(a) && std::isnan(b)) || a == b;
}

constexpr std::size_t columns = 7;  // of a detection: image, class, score, left, top, right, bottom
using Row = std::array<float, columns>;

/// Rows up to the one that ends the list: image -1, or all zeros.
std::vector<Row> detections(const Array& array) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i + columns <= array.values.size(); i += columns) {
    Row row{};
    std::copy_n(array.values.begin() + static_cast<std::ptrdiff_t>(i), columns, row.begin());
    if (row[0] < 0 || std::ranges::all_of(row, [](float value) { return value == 0; })) break;
    rows.push_back(row);
  }
  return rows;
}

/// Scores from here on count: below are noise, and those that another order of equal ones may have pushed
/// out.
float least_score(const std::vector<Row>& rows, std::size_t places) {
  float least = 0.05F;
  if (rows.size() >= places && !rows.empty())
    least = std::max(least, std::ranges::min(rows, {}, [](const Row& row) { return row[2]; })[2]);
  return least;
}

float distance(const Row& a, const Row& b) {
  if (a[0] != b[0] || a[1] != b[1]) return std::numeric_limits<float>::infinity();
  float largest = 0;
  for (std::size_t i = 2; i < columns; ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

std::vector<std::size_t> best(std::span<const float> scores, std::size_t count) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](std::size_t a, std::size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  order.resize(count);
  return order;
}

}  // namespace

Difference compare(const Array& found, const Array& expected) {
  if (found.values.size() != expected.values.size()) return {infinity, infinity, infinity, 0};
  Difference difference;
  double sum = 0;
  double product = 0;
  double squares_found = 0;
  double squares_expected = 0;
  double scale = 0;
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    const float a = found.values[i];
    const float b = expected.values[i];
    if (!std::isfinite(a) || !std::isfinite(b)) {
      if (same_special(a, b)) continue;
      return {infinity, infinity, infinity, 0};
    }
    const double x = a;
    const double y = b;
    difference.largest = std::max(difference.largest, std::abs(x - y));
    sum += std::abs(x - y);
    scale = std::max(scale, std::abs(y));
    product += x * y;
    squares_found += x * x;
    squares_expected += y * y;
  }
  if (!found.values.empty()) difference.mean = sum / static_cast<double>(found.values.size());
  difference.relative = difference.largest / (scale > 0 ? scale : 1.0);
  const double norms = std::sqrt(squares_found) * std::sqrt(squares_expected);
  if (norms > 0)
    difference.cosine = std::min(1.0, product / norms);
  else
    difference.cosine = squares_found == squares_expected ? 1.0 : 0.0;
  return difference;
}

Array at_places_of(const Array& expected, const Shape& found, std::int64_t& step) {
  step = 1;
  const Shape& shape = expected.shape;
  const bool images = shape.size() == 4 && found.size() == 4 && shape[0] == found[0] && shape[1] == found[1];
  if (!images || found[2] <= 0 || found[3] <= 0 || shape[2] <= found[2]) return expected;
  const std::int64_t n = (shape[2] + found[2] - 1) / found[2];
  if ((shape[2] + n - 1) / n != found[2] || (shape[3] + n - 1) / n != found[3]) return expected;
  step = n;
  Array part{found, {}};
  for (std::int64_t plane = 0; plane < shape[0] * shape[1]; ++plane)
    for (std::int64_t y = 0; y < shape[2]; y += n)
      for (std::int64_t x = 0; x < shape[3]; x += n)
        part.values.push_back(
            expected.values[static_cast<std::size_t>((plane * shape[2] + y) * shape[3] + x)]);
  return part;
}

Array leading_rows(const Array& found, const Shape& expected) {
  const bool more = !expected.empty() && found.shape.size() == expected.size() &&
                    found.shape[0] > expected[0] &&
                    std::equal(expected.begin() + 1, expected.end(), found.shape.begin() + 1);
  if (!more) return found;
  const std::size_t row = found.values.size() / static_cast<std::size_t>(found.shape[0]);
  const auto end =
      found.values.begin() + static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(expected[0]));
  return {expected, std::vector<float>(found.values.begin(), end)};
}

Detections compare_detections(const Array& found, const Array& expected) {
  constexpr float partner = 0.05F;  // further away it is another detection
  const std::vector<Row> ours = detections(found);
  const std::vector<Row> theirs = detections(expected);
  const std::size_t places = std::max(found.values.size(), expected.values.size()) / columns;
  const float least = std::max(least_score(ours, places), least_score(theirs, places)) + 1e-3F;
  Detections result;
  double sum = 0;
  const auto pair_up = [&](const std::vector<Row>& some, const std::vector<Row>& others, bool count) {
    for (const Row& row : some) {
      if (row[2] <= least) continue;
      float nearest = std::numeric_limits<float>::infinity();
      for (const Row& other : others) nearest = std::min(nearest, distance(row, other));
      if (count) ++result.expected;
      if (nearest > partner) {
        result.difference = {infinity, infinity, infinity, 0};
        continue;
      }
      if (count) ++result.matched;
      if (count) sum += static_cast<double>(nearest);
      result.difference.largest = std::max(result.difference.largest, static_cast<double>(nearest));
    }
  };
  pair_up(theirs, ours, true);
  pair_up(ours, theirs, false);
  if (std::isfinite(result.difference.largest) && result.expected > 0)
    result.difference.mean = sum / static_cast<double>(result.expected);
  result.difference.relative = result.difference.largest;  // scores and boxes are parts of 1
  return result;
}

Ranking compare_ranking(const Array& found, const Array& expected) {
  const Shape& shape = found.shape;
  Ranking ranking;
  const bool flat = shape.size() >= 2 && found.values.size() == expected.values.size() && shape[1] > 1 &&
                    std::all_of(shape.begin() + 2, shape.end(), [](std::int64_t size) { return size == 1; });
  if (!flat) return ranking;
  const auto classes = static_cast<std::size_t>(shape[1]);
  ranking.rows = static_cast<std::size_t>(shape[0]);
  ranking.of = ranking.common = std::min<std::size_t>(5, classes);
  for (std::size_t row = 0; row < ranking.rows; ++row) {
    const std::span a(found.values.data() + row * classes, classes);
    const std::span b(expected.values.data() + row * classes, classes);
    const auto ours = best(a, ranking.of);
    const auto theirs = best(b, ranking.of);
    const float winner = b[theirs.front()];
    if (b[ours.front()] >= winner - 1e-3F * std::abs(winner)) ++ranking.same_best;
    const auto common = static_cast<std::size_t>(std::ranges::count_if(
        ours, [&](std::size_t index) { return std::ranges::find(theirs, index) != theirs.end(); }));
    ranking.common = std::min(ranking.common, common);
  }
  return ranking;
}

}  // namespace mo::verify
