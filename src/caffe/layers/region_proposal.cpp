#include "caffe/layers/region_proposal.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

using Floats = std::vector<float>;

/// Two scores for each pair of a ratio and a scale; Caffe would stop where it finds others.
void check_anchors(const LayerContext& c, std::size_t ratios, std::size_t scales) {
  const Shape& scores = c.bottom_shape(0);
  const auto needed = static_cast<std::int64_t>(2 * ratios * scales);
  if (scores.size() == 4 && scores[1] > 0 && scores[1] != needed)
    c.note(code::bad_shape, Severity::warning,
           "its scores " + to_string(scores) + " have " + std::to_string(scores[1]) + " channels where " +
               std::to_string(ratios) + " ratios and " + std::to_string(scales) + " scales need " +
               std::to_string(needed),
           "correct its ratios and scales: Caffe refuses this");
}

void lower_proposal(LayerContext& c) {
  emit_proposal(c, {.base_size = c.integer("proposal_param.base_size"),
                    .feat_stride = c.integer("proposal_param.feat_stride"),
                    .min_size = c.integer("proposal_param.min_size"),
                    .ratio = c.numbers("proposal_param.ratio"),
                    .scale = c.numbers("proposal_param.scale"),
                    .pre_nms_topn = c.integer("proposal_param.pre_nms_topn"),
                    .post_nms_topn = c.integer("proposal_param.post_nms_topn"),
                    .nms_thresh = c.number("proposal_param.nms_thresh")});
}

void lower_simpler_nms(LayerContext& c) {
  if (c.integer("simpler_nms_param.feat_stride") != 16)
    c.fail_at("simpler_nms_param.feat_stride", code::unsupported_parameter,
              "engines know no other stride than 16 for SimplerNMS",
              "use a Proposal layer, which has a stride of its own");
  for (const char* path : {"simpler_nms_param.cls_threshold", "simpler_nms_param.max_num_proposals"})
    if (c.has(path))
      c.note(code::ignored_parameter, Severity::warning, std::string(path) + " has no effect in Caffe either",
             "remove it: post_nms_topn says how many regions there are at most");
  c.top(0, c.emit_value(op::simpler_nms, {c.bottom(0), c.bottom(1), c.bottom(2)},
                        {{"cls_threshold", c.number("simpler_nms_param.cls_threshold")},
                         {"max_num_proposals", c.integer("simpler_nms_param.max_num_proposals")},
                         {"iou_threshold", c.number("simpler_nms_param.iou_threshold")},
                         {"min_bbox_size", c.integer("simpler_nms_param.min_bbox_size")},
                         {"feat_stride", std::int64_t{16}},
                         {"pre_nms_topn", c.integer("simpler_nms_param.pre_nms_topn")},
                         {"post_nms_topn", c.integer("simpler_nms_param.post_nms_topn")},
                         {"scale", c.numbers("simpler_nms_param.scale")}}));
}

}  // namespace

void emit_proposal(LayerContext& c, const ProposalParameters& p) {
  check_anchors(c, p.ratio.size(), p.scale.size());
  const bool scores = c.top_count() > 1;
  const NodeId id = c.emit(op::proposal, {c.bottom(0), c.bottom(1), c.bottom(2)},
                           {{"base_size", p.base_size},
                            {"feat_stride", p.feat_stride},
                            {"min_size", p.min_size},
                            {"ratio", p.ratio},
                            {"scale", p.scale},
                            {"pre_nms_topn", p.pre_nms_topn},
                            {"post_nms_topn", p.post_nms_topn},
                            {"nms_thresh", p.nms_thresh},
                            {"scores", scores}});
  c.top(0, {id, 0});
  if (scores) c.top(1, {id, 1});
}

const LayerDef proposal = {
    .types = {"Proposal", "RPNProposal"},
    .parameters = {{"proposal_param.base_size", std::int64_t{16}},
                   {"proposal_param.feat_stride", std::int64_t{16}},
                   {"proposal_param.min_size", std::int64_t{16}},
                   {"proposal_param.ratio", Floats{0.5F, 1.0F, 2.0F}},
                   {"proposal_param.scale", Floats{8.0F, 16.0F, 32.0F}},
                   {"proposal_param.pre_nms_topn", std::int64_t{6000}},
                   {"proposal_param.post_nms_topn", std::int64_t{300}},
                   {"proposal_param.nms_thresh", 0.7F}},
    .blobs = {0, 0},
    .bottoms = {3, 3},
    .tops = {1, 2},
    .lower = lower_proposal,
    .example = {{{1, 18, 4, 4}, {1, 36, 4, 4}, {1, 3}}},
};

const LayerDef simpler_nms = {
    .types = {"SimplerNMS"},
    .parameters = {{"simpler_nms_param.cls_threshold", 0.5F},
                   {"simpler_nms_param.max_num_proposals", std::int64_t{300}},
                   {"simpler_nms_param.iou_threshold", 0.7F},
                   {"simpler_nms_param.min_bbox_size", std::int64_t{16}},
                   {"simpler_nms_param.feat_stride", std::int64_t{16}},
                   {"simpler_nms_param.pre_nms_topn", std::int64_t{6000}},
                   {"simpler_nms_param.post_nms_topn", std::int64_t{150}},
                   {"simpler_nms_param.scale", Floats{8.0F, 16.0F, 32.0F}}},
    .blobs = {0, 0},
    .bottoms = {3, 3},
    .tops = {1, 1},
    .lower = lower_simpler_nms,
    .example = {{{1, 18, 4, 4}, {1, 36, 4, 4}, {1, 3}}},
};

const LayerDef roi_pooling = {
    .types = {"ROIPooling"},
    .parameters = {{"roi_pooling_param.pooled_h", std::int64_t{0}},
                   {"roi_pooling_param.pooled_w", std::int64_t{0}},
                   {"roi_pooling_param.spatial_scale", 1.0F}},
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::roi_pooling, {c.bottom(0), c.bottom(1)},
                                {{"pooled_h", c.integer("roi_pooling_param.pooled_h")},
                                 {"pooled_w", c.integer("roi_pooling_param.pooled_w")},
                                 {"spatial_scale", c.number("roi_pooling_param.spatial_scale")}}));
        },
    .example = {{{1, 4, 8, 8}, {2, 5}}, "roi_pooling_param { pooled_h: 2 pooled_w: 2 }"},
};

const LayerDef psroi_pooling = {
    .types = {"PSROIPooling"},
    .parameters = {{"psroi_pooling_param.spatial_scale", 1.0F},
                   {"psroi_pooling_param.output_dim", std::int64_t{0}},
                   {"psroi_pooling_param.group_size", std::int64_t{0}}},
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::psroi_pooling, {c.bottom(0), c.bottom(1)},
                                {{"output_dim", c.integer("psroi_pooling_param.output_dim")},
                                 {"group_size", c.integer("psroi_pooling_param.group_size")},
                                 {"spatial_scale", c.number("psroi_pooling_param.spatial_scale")}}));
        },
    .example = {{{1, 4, 8, 8}, {2, 5}},
                "psroi_pooling_param { output_dim: 1 group_size: 2 spatial_scale: 1 }"},
};

/// Mask R-CNN in Caffe's forks and ncnn: a sampling_ratio that is not positive means as many as a cell has
/// pixels.
const LayerDef roi_align = {
    .types = {"ROIAlign"},
    .parameters = {{"roi_align_param.pooled_h", std::int64_t{0}},
                   {"roi_align_param.pooled_w", std::int64_t{0}},
                   {"roi_align_param.spatial_scale", 1.0F},
                   {"roi_align_param.sampling_ratio", std::int64_t{-1}}},
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          const std::int64_t ratio = c.integer("roi_align_param.sampling_ratio");
          c.top(0, c.emit_value(op::roi_align, {c.bottom(0), c.bottom(1)},
                                {{"pooled_h", c.integer("roi_align_param.pooled_h")},
                                 {"pooled_w", c.integer("roi_align_param.pooled_w")},
                                 {"spatial_scale", c.number("roi_align_param.spatial_scale")},
                                 {"sampling_ratio", std::max(ratio, std::int64_t{0})}}));
        },
    .example = {{{1, 4, 8, 8}, {2, 5}}, "roi_align_param { pooled_h: 2 pooled_w: 2 }"},
};

std::span<const LayerDef* const> region_proposal_layers() {
  static constexpr std::array layers{&proposal, &simpler_nms, &roi_pooling, &psroi_pooling, &roi_align};
  return layers;
}

}  // namespace mo::caffe::layers
