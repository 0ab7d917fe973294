#include "ops/prior_boxes.h"

#include <algorithm>
#include <cmath>

namespace mo {

std::vector<float> prior_aspect_ratios(const std::vector<float>& given, bool flip) {
  std::vector<float> ratios{1.0F};
  for (const float ratio : given) {
    const auto same = [ratio](float other) { return std::abs(ratio - other) < 1e-6F; };
    if (std::ranges::any_of(ratios, same)) continue;
    ratios.push_back(ratio);
    if (flip) ratios.push_back(1.0F / ratio);
  }
  return ratios;
}

std::vector<BoxSize> prior_box_sizes(const Attributes& attributes) {
  const auto& min_sizes = attributes.numbers("min_size");
  const auto& max_sizes = attributes.numbers("max_size");
  const auto ratios = prior_aspect_ratios(attributes.numbers("aspect_ratio"), attributes.boolean("flip"));
  std::vector<BoxSize> sizes;
  for (std::size_t i = 0; i < min_sizes.size(); ++i) {
    const float side = min_sizes[i];
    sizes.emplace_back(side, side);
    if (i < max_sizes.size()) {
      const float between = std::sqrt(side * max_sizes[i]);
      sizes.emplace_back(between, between);
    }
    for (std::size_t k = 1; k < ratios.size(); ++k)
      sizes.emplace_back(side * std::sqrt(ratios[k]), side / std::sqrt(ratios[k]));
  }
  return sizes;
}

std::vector<BoxSize> clustered_box_sizes(const Attributes& attributes) {
  const auto& widths = attributes.numbers("width");
  const auto& heights = attributes.numbers("height");
  std::vector<BoxSize> sizes;
  for (std::size_t i = 0; i < widths.size(); ++i) sizes.emplace_back(widths[i], heights[i]);
  return sizes;
}

std::vector<float> prior_box_variances(const Attributes& attributes) {
  auto given = attributes.get_or("variance", std::vector<float>{});
  if (given.empty()) given.assign(1, 0.1F);
  if (given.size() == 1) given.resize(4, given.front());
  return given;
}

std::pair<float, float> prior_box_steps(const Attributes& attributes) {
  const float step = attributes.get_or("step", 0.0F);
  return {attributes.get_or("step_h", step), attributes.get_or("step_w", step)};
}

PriorBoxGrid prior_box_grid(const Attributes& attributes, const Shape& layer, const Shape& image,
                            std::vector<BoxSize> sizes) {
  const auto [step_h, step_w] = prior_box_steps(attributes);
  const bool own_size = attributes.has("img_h");
  PriorBoxGrid grid{.layer_height = layer[2],
                    .layer_width = layer[3],
                    .image_height = static_cast<float>(own_size ? attributes.integer("img_h") : image[2]),
                    .image_width = static_cast<float>(own_size ? attributes.integer("img_w") : image[3]),
                    .step_height = step_h,
                    .step_width = step_w,
                    .offset = attributes.number("offset"),
                    .clip = attributes.boolean("clip"),
                    .sizes = std::move(sizes)};
  std::ranges::copy(prior_box_variances(attributes), grid.variance.begin());
  return grid;
}

std::vector<float> prior_box_values(const PriorBoxGrid& grid) {
  float step_h = grid.step_height;
  float step_w = grid.step_width;
  if (step_h == 0.0F || step_w == 0.0F) {
    step_h = grid.image_height / static_cast<float>(grid.layer_height);
    step_w = grid.image_width / static_cast<float>(grid.layer_width);
  }
  std::vector<float> values;
  for (std::int64_t y = 0; y < grid.layer_height; ++y) {
    for (std::int64_t x = 0; x < grid.layer_width; ++x) {
      const float center_x = (static_cast<float>(x) + grid.offset) * step_w;
      const float center_y = (static_cast<float>(y) + grid.offset) * step_h;
      for (const auto& [width, height] : grid.sizes) {
        values.push_back((center_x - width / 2) / grid.image_width);
        values.push_back((center_y - height / 2) / grid.image_height);
        values.push_back((center_x + width / 2) / grid.image_width);
        values.push_back((center_y + height / 2) / grid.image_height);
      }
    }
  }
  if (grid.clip)
    for (float& value : values) value = std::clamp(value, 0.0F, 1.0F);
  const std::size_t boxes = values.size() / 4;
  for (std::size_t i = 0; i < boxes; ++i)
    values.insert(values.end(), grid.variance.begin(), grid.variance.end());
  return values;
}

}  // namespace mo
