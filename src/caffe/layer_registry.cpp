#include "caffe/layer_registry.h"

#include <algorithm>
#include <utility>

#include "support/diagnostics.h"
#include "support/letter_case.h"

namespace mo::caffe {

std::optional<LayerRegistry::Taken> LayerRegistry::add(std::unique_ptr<UserLayer> layer) {
  for (const std::string_view type : layer->definition.types) {
    const auto known = by_type_.find(lower_case(type));
    if (known == by_type_.end() || known->second == nullptr) continue;
    const auto other = std::ranges::find_if(
        layers_, [&](const auto& candidate) { return &candidate->definition == known->second; });
    return Taken{std::string(type), (*other)->source};
  }
  for (const std::string_view type : layer->definition.types) by_type_[lower_case(type)] = &layer->definition;
  layers_.push_back(std::move(layer));
  return std::nullopt;
}

bool LayerRegistry::disable(std::string_view type) {
  by_type_.try_emplace(lower_case(type), nullptr);
  return find_layer(type) != nullptr;
}

const LayerDef* LayerRegistry::find(std::string_view type) const {
  const auto own = by_type_.find(lower_case(type));
  return own == by_type_.end() ? find_layer(type) : own->second;
}

std::string_view LayerRegistry::nearest(std::string_view type) const {
  std::vector<std::string_view> types;
  const auto collect = [&](const LayerDef& definition) {
    for (const std::string_view name : definition.types)
      if (find(name) != nullptr) types.push_back(name);
  };
  for (const LayerDef* definition : all_layers()) collect(*definition);
  for (const auto& layer : layers_) collect(layer->definition);
  return mo::nearest(type, types);
}

}  // namespace mo::caffe
