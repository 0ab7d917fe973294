#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/attributes.h"
#include "support/shape.h"

namespace mo {

using BoxSize = std::pair<float, float>;  ///< width, height in pixels

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
  std::vector<BoxSize> sizes;  ///< of a cell's boxes
  std::array<float, 4> variance{};
};

/// Width over height of an SSD cell's boxes: 1, then the given ratios without repetitions, each followed by
/// its inverse when `flip`.
std::vector<float> prior_aspect_ratios(const std::vector<float>& given, bool flip);

/// (width, height) of a PriorBox cell, in SSD's order: of each min_size its square, the square between it and
/// its max_size, then its other ratios.
std::vector<BoxSize> prior_box_sizes(const Attributes& attributes);
/// The same of a PriorBoxClustered cell: each width with its height.
std::vector<BoxSize> clustered_box_sizes(const Attributes& attributes);

/// SSD's four variances: one stands for all, none for 0.1.
std::vector<float> prior_box_variances(const Attributes& attributes);
/// Steps on the axes H and W, in pixels; 0 where none is given.
std::pair<float, float> prior_box_steps(const Attributes& attributes);

/// What the attributes of a prior layer say for a feature map and an image, both [N, C, H, W] with known H
/// and W.
PriorBoxGrid prior_box_grid(const Attributes& attributes, const Shape& layer, const Shape& image,
                            std::vector<BoxSize> sizes);

/// [2, cells * sizes * 4]: corners relative to the image, then variances.
std::vector<float> prior_box_values(const PriorBoxGrid& grid);

}  // namespace mo
