#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/attributes.h"

namespace mo {

/// The boxes of one SSD prior layer: every cell of a feature map has the same boxes around its centre.
struct PriorBoxGrid {
  std::int64_t layer_height = 0;
  std::int64_t layer_width = 0;
  float image_height = 0;
  float image_width = 0;
  float step_height = 0;  ///< pixels between centres; 0 for either: the image divided by the feature map
  float step_width = 0;
  float offset = 0.5F;  ///< of the first centre, in steps
  bool clip = false;
  std::vector<std::pair<float, float>> sizes;  ///< (width, height) of a cell's boxes, in pixels
  std::array<float, 4> variance{};
};

/// Width over height of an SSD cell's boxes: 1, then the given ratios without repetitions, each followed by
/// its inverse when `flip`.
std::vector<float> prior_aspect_ratios(const std::vector<float>& given, bool flip);

/// (width, height) of a PriorBox cell, in SSD's order: of each min_size its square, the square between it and
/// its max_size, then its other ratios.
std::vector<std::pair<float, float>> prior_box_sizes(const Attributes& attributes);

/// [2, cells * sizes * 4]: corners relative to the image, then variances.
std::vector<float> prior_box_values(const PriorBoxGrid& grid);

}  // namespace mo
