#include <algorithm>
#include <unordered_map>
#include <vector>

#include "caffe/layers/layers.h"
#include "support/diagnostics.h"
#include "support/letter_case.h"

namespace mo::caffe {

std::span<const LayerDef* const> all_layers() {
  using namespace layers;
  static const std::vector<const LayerDef*> definitions = [] {
    std::vector<const LayerDef*> all;
    for (const std::span family : {input_layers(),
                                   convolution_layers(),
                                   inner_product_layers(),
                                   pooling_layers(),
                                   activation_layers(),
                                   normalization_layers(),
                                   batch_norm_layers(),
                                   affine_layers(),
                                   combining_layers(),
                                   reshaping_layers(),
                                   training_layers(),
                                   more_activation_layers(),
                                   crop_layers(),
                                   resize_layers(),
                                   statistics_layers(),
                                   lookup_layers(),
                                   rearranging_layers(),
                                   recurrent_layers(),
                                   flow_layers(),
                                   refused_layers(),
                                   rearrangement_layers(),
                                   ssd_layers(),
                                   detection_output_layers(),
                                   region_proposal_layers(),
                                   python_layers(),
                                   yolo_layers(),
                                   ctc_layers()})
      all.insert(all.end(), family.begin(), family.end());
    return all;
  }();
  return definitions;
}

const LayerDef* find_layer(std::string_view type) {
  static const auto by_type = [] {
    std::unordered_map<std::string, const LayerDef*> map;
    for (const LayerDef* definition : all_layers())
      for (const std::string_view name : definition->types) map.emplace(lower_case(name), definition);
    return map;
  }();
  const std::string name = lower_case(type);
  auto it = by_type.find(name);
  // Some forks name the engine in the type: CuDNNBatchNorm is BatchNorm.
  if (it == by_type.end() && name.starts_with("cudnn")) it = by_type.find(name.substr(5));
  return it == by_type.end() ? nullptr : it->second;
}

std::string_view nearest_layer_type(std::string_view type) {
  std::vector<std::string_view> types;
  for (const LayerDef* definition : all_layers())
    types.insert(types.end(), definition->types.begin(), definition->types.end());
  return nearest(type, types);
}

}  // namespace mo::caffe
