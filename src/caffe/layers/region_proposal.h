#pragma once

#include <cstdint>
#include <vector>

#include "caffe/layer_context.h"

namespace mo::caffe::layers {

/// What a region proposal layer is told, whether by proposal_param or by a Python layer's param_str; the
/// defaults are those of py-faster-rcnn at test time.
struct ProposalParameters {
  std::int64_t base_size = 16;
  std::int64_t feat_stride = 16;
  std::int64_t min_size = 16;
  std::vector<float> ratio{0.5F, 1.0F, 2.0F};
  std::vector<float> scale{8.0F, 16.0F, 32.0F};
  std::int64_t pre_nms_topn = 6000;
  std::int64_t post_nms_topn = 300;
  float nms_thresh = 0.7F;
};

/// Emits the op and binds the layer's tops: regions, and their scores where there is a second top.
void emit_proposal(LayerContext& c, const ProposalParameters& parameters);

}  // namespace mo::caffe::layers
