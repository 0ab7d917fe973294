#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "inspect/summary.h"

namespace mo::inspect {

namespace {

constexpr std::size_t columns = 7;
constexpr std::array<std::string_view, columns> headings{
    "layer", "type", "bottoms", "tops", "parameters", "multiply-adds", "bytes of weights"};
constexpr std::array<bool, columns> is_number{false, false, false, false, false, true, true};
constexpr std::size_t widest = 48;  // a column longer in a few rows pushes their rest to the right

using Row = std::array<std::string, columns>;

std::string count(double value) {
  return value == 0 ? "" : fmt::format("{:.0f}", value);
}

std::string joined(const std::vector<BlobSummary>& blobs, bool with_shapes) {
  std::string text;
  for (const BlobSummary& blob : blobs) {
    text += (text.empty() ? "" : ", ") + blob.name;
    if (with_shapes) text += blob.known ? " " + to_string(blob.shape) : " -";
  }
  return text;
}

Row row_of(const LayerSummary& layer) {
  std::string parameters;
  for (const auto& [name, value] : layer.parameters)
    parameters += fmt::format("{}{}={}", parameters.empty() ? "" : " ", name, value);
  std::ranges::replace(parameters, '\n', ' ');
  return {layer.name,
          layer.type,
          joined(layer.bottoms, false),
          joined(layer.tops, true),
          parameters,
          count(layer.multiply_adds),
          count(weight_bytes(layer.weights))};
}

/// `1.23 G`.
std::string rounded(double value) {
  static constexpr std::array<std::string_view, 5> units{"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < units.size()) value /= 1000, ++unit;
  return unit == 0 ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}{}", value, units[unit]);
}

std::string line(const Row& row, const std::array<std::size_t, columns>& widths) {
  std::string text;
  for (std::size_t i = 0; i < columns; ++i)
    text += is_number[i] ? fmt::format("{:>{}}  ", row[i], widths[i])
                         : fmt::format("{:<{}}  ", row[i], widths[i]);
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

}  // namespace

std::string to_text(const NetSummary& summary) {
  std::vector<Row> rows;
  Row& head = rows.emplace_back();
  std::ranges::copy(headings, head.begin());
  for (const LayerSummary& layer : summary.layers) rows.push_back(row_of(layer));
  std::array<std::size_t, columns> widths{};
  for (const Row& row : rows)
    for (std::size_t i = 0; i < columns; ++i)
      if (row[i].size() <= widest) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const Row& row : rows) text += line(row, widths);
  return text + fmt::format("\n{} layers, {} multiply-adds, {} weights ({}), {} bytes in FP32\n",
                            summary.layers.size(), rounded(summary.multiply_adds()),
                            rounded(summary.weights()),
                            summary.trained ? "of the caffemodel" : "as training would make them",
                            rounded(weight_bytes(summary.weights())));
}

}  // namespace mo::inspect
