#include "verify/judgement.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace mo::verify {

namespace {

/// How much of its bottom's difference a layer of this type may show.
double share_of(std::string_view type) {
  static constexpr std::array<std::string_view, 8> movers{"Concat",  "Crop",  "Flatten", "Permute",
                                                          "Reshape", "Slice", "Split",   "ShuffleChannel"};
  if (type == "Softmax") return 0.5;
  return std::ranges::find(movers, type) != movers.end() ? 1 : 0;
}

/// The row of the layer that wrote a blob last before `index`; nullptr where it has none.
const Row* row_of(const std::string& blob, const std::vector<Observation>& observations,
                  const std::vector<Row>& rows, std::size_t index) {
  for (std::size_t i = index; i-- > 0;)
    if (rows[i].top == blob && observations[i].layer < observations[index].layer) return &rows[i];
  return nullptr;
}

}  // namespace

bool within(const Difference& difference, const Limits& limits, double inherited) {
  if (difference.cosine < limits.least_cosine) return false;
  if (difference.relative <= limits.relative) return true;
  const double added = difference.largest - inherited;
  return inherited > 0 && added * (difference.relative / difference.largest) <= limits.relative;
}

double inherited_difference(const caffe::Net& net, const std::vector<Observation>& observations,
                            const std::vector<Row>& rows, std::size_t index) {
  const caffe::Layer& layer = net.layers[observations[index].layer];
  const double share = share_of(layer.type);
  if (share == 0) return 0;
  double largest = 0;
  for (const std::string& bottom : layer.bottoms) {
    const Row* row = row_of(bottom, observations, rows, index);
    if (row != nullptr && row->difference && row->agrees)
      largest = std::max(largest, row->difference->largest);
  }
  return share * largest;
}

}  // namespace mo::verify
