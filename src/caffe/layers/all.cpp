#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>

#include "caffe/layers/layers.h"
#include "support/diagnostics.h"

namespace mo::caffe {

std::span<const LayerDef* const> all_layers() {
  using namespace layers;
  static const std::array definitions{
      &input,
      &data,
      &convolution,
      &deconvolution,
      &inner_product,
      &pooling,
      &relu,
      &prelu,
      &elu,
      &sigmoid,
      &tanh,
      &abs_val,
      &power,
      &exp,
      &log,
      &lrn,
      &softmax,
      &batch_norm,
      &scale,
      &bias,
      &concat,
      &slice,
      &split,
      &eltwise,
      &axpy,
      &flatten,
      &reshape,
      &dropout,
      &softmax_loss,
      &sigmoid_loss,
      &loss,
      &accuracy,
      &silence,
      &bn,
      &relu6,
      &clip,
      &swish,
      &threshold,
      &bnll,
      &hard_sigmoid_layer,
      &hard_swish,
      &mish,
      &crop,
      &crop_center,
      &interp,
      &resample,
      &resize,
      &arg_max,
      &mvn,
      &grn,
      &reduction,
      &embed,
      &batch_reindex,
      &parameter,
      &continuation_indicator,
      &tile,
      &reverse,
      &transpose_axes,
      &gs_tiling,
      &im2col,
      &spp,
      &lstm,
      &rnn,
      &correlation,
      &accum,
      &data_augmentation,
      &power_file,
      &spatial_transformer,
      &filter,
      &window_data,
      &permute,
      &shuffle_channel,
      &normalize,
      &prior_box,
      &prior_box_clustered,
      &detection_output,
      &proposal,
      &simpler_nms,
      &roi_pooling,
      &psroi_pooling,
      &python,
      &region_yolo,
      &darknet_region,
      &reorg_yolo,
      &reorg,
      &yolo_detection_output,
      &upsample,
      &upsample_darknet,
      &ctc_greedy_decoder,
  };
  return definitions;
}

namespace {

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

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
