#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/attributes.h"
#include "support/shape.h"

namespace mo::caffe {

class LayerContext;

/// A parameter that a layer honours: its path in LayerParameter and Caffe's default.
/// A default that is an empty list or empty text stands for "not set".
struct Parameter {
  std::string_view path;
  AttributeValue default_value;
};

/// How many of something a layer takes, inclusive.
struct Count {
  std::size_t min = 0;
  std::size_t max = 0;
};

inline constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

/// A layer as an example, for the list of layers: that is made by converting it.
struct Example {
  std::vector<Shape> bottoms;  ///< none: as many of [1, 4, 8, 8] as the layer needs
  std::string_view parameters = {};
};

/// One Caffe layer type: everything that reading, documentation, warnings and lowering need to know of it.
struct LayerDef {
  std::vector<std::string_view> types;  ///< the V2 spelling first, then other spellings of forks
  std::vector<Parameter> parameters;
  Count blobs;  ///< fewer than min: the caffemodel lacks weights
  Count bottoms;
  Count tops;
  /// Emits the ops that compute the layer and binds its tops.
  std::function<void(LayerContext&)> lower;
  /// How many of the first bottoms count at inference; labels behind them need not exist.
  std::size_t inference_bottoms = any_number;
  /// Instead of `lower`, for layers that feed data: makes the top of that index, when something needs it.
  std::function<void(LayerContext&, std::size_t)> source = {};
  /// The shapes of the blobs that training gives the layer, from its parameters and bottoms: what its weights
  /// are when there is no caffemodel.
  std::function<std::vector<Shape>(const LayerContext&)> blob_shapes = {};
  Example example = {};
};

/// Every known layer; the one place that a new layer is listed.
std::span<const LayerDef* const> all_layers();

/// The definition for a V2 type name, letter case ignored, or nullptr.
const LayerDef* find_layer(std::string_view type);

/// The known type nearest to a misspelt one, or empty.
std::string_view nearest_layer_type(std::string_view type);

}  // namespace mo::caffe
