#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "ops/onnx_detection.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::legacy::Kind;
using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t limit = std::int64_t{1} << 31;

struct Anchors {
  std::vector<float> ratios;
  std::vector<float> scales;
};

constexpr std::int64_t most_cells = std::int64_t{1} << 24;  // with all their anchors: they are listed

/// Inputs: scores [N, 2 A, H, W], box deltas [N, 4 A, H, W], image size [1, 3]; A anchors.
void check_inputs(ShapeContext& c, const Anchors& anchors, std::int64_t rows) {
  const auto positive = [](float value) { return value > 0.0F; };
  c.require(!anchors.ratios.empty() && std::ranges::all_of(anchors.ratios, positive),
            "its ratios are missing or not positive");
  c.require(!anchors.scales.empty() && std::ranges::all_of(anchors.scales, positive),
            "its scales are missing or not positive");
  c.require(anchors.ratios.size() < 4096 && anchors.scales.size() < 4096, "it has too many anchors");
  c.require(rows > 0 && rows < limit, "post_nms_topn is out of range");
  const Shape& scores = c.input(0);
  const Shape& deltas = c.input(1);
  c.require(scores.size() == 4 && deltas.size() == 4,
            "its inputs " + to_string(scores) + " and " + to_string(deltas) + " are not feature maps");
  c.require(scores[1] < limit && (scores[1] < 0 || deltas[1] < 0 || deltas[1] == 2 * scores[1]),
            "its box deltas " + to_string(deltas) + " do not have twice the channels of its scores " +
                to_string(scores));
  for (std::size_t side : {2, 3})
    c.require(
        scores[side] < 0 || deltas[side] < 0 || scores[side] == deltas[side],
        "its box deltas " + to_string(deltas) + " are of another size than its scores " + to_string(scores));
  c.require(scores[2] < limit && scores[3] < limit && scores[2] * scores[3] < most_cells &&
                scores[1] * std::max<std::int64_t>(scores[2] * scores[3], 1) < 2 * most_cells,
            "its scores " + to_string(scores) + " are of too large a map");
  const std::int64_t numbers = element_count(c.input(2));
  c.require(numbers == -1 || numbers == 3 || numbers == 4,
            "its third input " + to_string(c.input(2)) + " is not height, width and scale of one image");
}

/// [R, 5], image and corners of each.  R is a fixed number of rows for each image, as in IR, or that of the
/// regions found, as in Caffe.
Shape rois_shape(const ShapeContext& c, std::int64_t images) {
  if (images < 0 || images >= limit || c.attributes().get_or("rows_as_found", false)) return {-1, 5};
  return {images * c.attributes().integer("post_nms_topn"), 5};
}

void infer_proposal(ShapeContext& c) {
  const Attributes& a = c.attributes();
  const std::int64_t rows = a.integer("post_nms_topn");
  check_inputs(c, {a.numbers("ratio"), a.numbers("scale")}, rows);
  c.require(a.integer("pre_nms_topn") > 0 && a.integer("feat_stride") > 0 && a.integer("base_size") > 0 &&
                a.integer("min_size") >= 0,
            "pre_nms_topn, feat_stride, base_size or min_size is out of range");
  const Shape rois = rois_shape(c, c.input(0)[0]);
  c.output(0, rois);
  if (a.boolean("scores")) c.output(1, {rois[0], 1});
}

Port image_info(Lowering& l) {
  if (l.input_shape(2).size() == 1) return l.input(2);
  return l.reshape(l.input(2), {-1}, {element_count(l.input_shape(2))}, "image_info");
}

Attributes proposal_data(const Attributes& a) {
  return {{"base_size", a.integer("base_size")},
          {"pre_nms_topn", a.integer("pre_nms_topn")},
          {"post_nms_topn", a.integer("post_nms_topn")},
          {"nms_thresh", a.number("nms_thresh")},
          {"feat_stride", a.integer("feat_stride")},
          {"min_size", a.integer("min_size")},
          {"ratio", a.numbers("ratio")},
          {"scale", a.numbers("scale")},
          {"clip_before_nms", true},
          {"clip_after_nms", false},
          {"normalize", false},
          {"box_size_scale", 1.0F},
          {"box_coordinate_scale", 1.0F},
          {"framework", std::string()}};
}

void lower_proposal(Lowering& l) {
  const std::vector<Port> inputs{l.input(0), l.input(1), image_info(l)};
  const Attributes data = proposal_data(l.attributes());
  if (!l.attributes().boolean("scores")) {
    l.output(0, l.emit("Proposal", 1, data, inputs, l.output_shape()));
    return;
  }
  if (l.dialect().opset1_only)
    l.refuse("IR v10 has no Proposal that gives the scores of its boxes",
             "write IR v11, or remove the second top where nothing needs it");
  const std::int64_t rows = l.output_shape()[0];
  const Port both =
      l.emit_many("Proposal", 4, data, inputs,
                  {{l.output_shape(), ir::Precision::fp32, {}}, {{rows}, ir::Precision::fp32, {}}});
  l.output(0, both);
  l.output(1, l.reshape({both.layer, 1}, {-1, 1}, l.output_shape(1), "scores"));
}

/// The Proposal that computes the same from the anchors that SimplerNMS always has.  Neither Caffe nor the
/// engines read cls_threshold and max_num_proposals.
Attributes as_proposal(const Attributes& a) {
  return {{"base_size", std::int64_t{16}},
          {"pre_nms_topn", a.integer("pre_nms_topn")},
          {"post_nms_topn", a.integer("post_nms_topn")},
          {"nms_thresh", a.number("iou_threshold")},
          {"feat_stride", a.integer("feat_stride")},
          {"min_size", a.integer("min_bbox_size")},
          {"ratio", std::vector<float>{0.5F, 1.0F, 2.0F}},
          {"scale", a.numbers("scale")},
          {"scores", false}};
}

void lower_simpler_nms(Lowering& l) {
  const Attributes data = proposal_data(as_proposal(l.attributes()));
  l.output(0, l.emit("Proposal", 1, data, {l.input(0), l.input(1), image_info(l)}, l.output_shape()));
}

/// Rois [R, 5] or [R, 5, 1, 1].
void check_rois(ShapeContext& c) {
  const Shape& rois = c.input(1);
  c.require(c.input(0).size() == 4, "its input " + to_string(c.input(0)) + " is not [N, C, H, W]");
  c.require(rois.size() >= 2 && shapes::product(rois, 1, rois.size()) == 5,
            "its regions " + to_string(rois) + " are not [R, 5]: image and corners of each");
  c.require(c.attributes().number("spatial_scale") > 0.0F, "spatial_scale is not positive");
}

Port rois(Lowering& l) {
  if (l.input_shape(1).size() == 2) return l.input(1);
  return l.reshape(l.input(1), {0, -1}, {l.input_shape(1)[0], 5}, "rois");
}

void infer_roi_pooling(ShapeContext& c) {
  check_rois(c);
  const std::int64_t height = c.attributes().integer("pooled_h");
  const std::int64_t width = c.attributes().integer("pooled_w");
  c.require(height > 0 && height < limit && width > 0 && width < limit,
            "pooled_h or pooled_w is 0 or out of range");
  c.output(0, {c.input(1)[0], c.input(0)[1], height, width});
}

void lower_roi_pooling(Lowering& l) {
  const Attributes& a = l.attributes();
  l.output(0, l.emit("ROIPooling", l.dialect().opset1_only ? 1 : 2,
                     {{"pooled_h", a.integer("pooled_h")},
                      {"pooled_w", a.integer("pooled_w")},
                      {"spatial_scale", a.number("spatial_scale")},
                      {"method", std::string("max")}},
                     {l.input(0), rois(l)}, l.output_shape()));
}

void infer_psroi_pooling(ShapeContext& c) {
  check_rois(c);
  const std::int64_t group = c.attributes().integer("group_size");
  const std::int64_t channels = c.attributes().integer("output_dim");
  c.require(group > 0 && group < 4096 && channels > 0 && channels < limit,
            "group_size or output_dim is 0 or out of range");
  const std::int64_t found = c.input(0)[1];
  if (found >= 0 && found != channels * group * group)
    c.fail("its input " + to_string(c.input(0)) + " has " + std::to_string(found) +
           " channels where output_dim " + std::to_string(channels) + " and group_size " +
           std::to_string(group) + " need " + std::to_string(channels * group * group));
  c.output(0, {c.input(1)[0], channels, group, group});
}

void lower_psroi_pooling(Lowering& l) {
  const Attributes& a = l.attributes();
  l.output(0, l.emit("PSROIPooling", 1,
                     {{"output_dim", a.integer("output_dim")},
                      {"group_size", a.integer("group_size")},
                      {"spatial_scale", a.number("spatial_scale")},
                      {"mode", std::string("average")},
                      {"spatial_bins_x", std::int64_t{1}},
                      {"spatial_bins_y", std::int64_t{1}}},
                     {l.input(0), rois(l)}, l.output_shape()));
}

void spell_proposal(ir::legacy::Spelling& s) {
  const bool has_scores = s.node().outputs.size() > 1;
  s.type("Proposal");
  s.copy({"base_size", "feat_stride", "min_size", "nms_thresh", "post_nms_topn", "pre_nms_topn", "ratio",
          "scale"});
  if (!s.dialect().region_variants) {
    if (has_scores) s.needs_version(7, "second output of Proposal");
    return;
  }
  s.attribute("for_deformable", std::int64_t{0});
  s.attribute("normalize", std::int64_t{0});
  // Where the boxes are an output of the net, v7 has the scores as well, which nobody reads.
  if (!has_scores && s.node().outputs[0].uses.empty()) s.extra_output({s.output_shape()[0]});
}

void spell_psroi_pooling(ir::legacy::Spelling& s) {
  s.type("PSROIPooling");
  s.copy({"group_size", "output_dim", "spatial_scale"});
  if (!s.dialect().region_variants) return;
  s.attribute("mode", std::string("average"));
  s.attribute("no_trans", std::string("True"));
  s.attribute("trans_std", std::int64_t{0});
}

/// A second output that nothing reads is the version's, not the net's.
void read_proposal(ir::legacy::Reading& r) {
  for (const char* name : {"for_deformable", "normalize"})
    if (r.boolean(name, false)) r.unsupported(name);
  r.attributes = {{"base_size", r.integer("base_size", 16)},
                  {"feat_stride", r.integer("feat_stride")},
                  {"min_size", r.integer("min_size")},
                  {"nms_thresh", r.number("nms_thresh")},
                  {"post_nms_topn", r.integer("post_nms_topn")},
                  {"pre_nms_topn", r.integer("pre_nms_topn")},
                  {"ratio", r.numbers("ratio")},
                  {"scale", r.numbers("scale")},
                  {"scores", r.output_count() > 1 && r.output_shape(1).size() == 2}};
}

void read_roi_pooling(ir::legacy::Reading& r) {
  if (const std::string method = r.text("method", "max"); method != "max") r.unsupported("method " + method);
  r.attributes = {{"pooled_h", r.integer("pooled_h")},
                  {"pooled_w", r.integer("pooled_w")},
                  {"spatial_scale", r.number("spatial_scale")}};
}

void read_psroi_pooling(ir::legacy::Reading& r) {
  if (const std::string mode = r.text("mode", "average"); mode != "average") r.unsupported("mode " + mode);
  if (!r.boolean("no_trans", true)) r.unsupported("no_trans");
  r.attributes = {{"group_size", r.integer("group_size")},
                  {"output_dim", r.integer("output_dim")},
                  {"spatial_scale", r.number("spatial_scale")}};
}

}  // namespace

/// Regions of interest out of Faster R-CNN's scores [N, 2 A, H, W] and box deltas [N, 4 A, H, W]: [N *
/// post_nms_topn, 5], and with the attribute `scores` their scores [.., 1].  Attributes: base_size,
/// feat_stride, min_size, ratio, scale (A of their pairs), pre_nms_topn, post_nms_topn, nms_thresh.
const OpDef proposal = {.name = "Proposal",
                        .infer = infer_proposal,
                        .opset = lower_proposal,
                        .legacy = spell_proposal,
                        .onnx = [](onnx::Lowering& l) { onnx_proposal(l, l.attributes()); },
                        .from_legacy = {{"Proposal"}, read_proposal}};

/// The largest value in each cell of a pooled_h x pooled_w grid over each region, [R, C, pooled_h, pooled_w].
const OpDef roi_pooling = {
    .name = "ROIPooling",
    .infer = infer_roi_pooling,
    .opset = lower_roi_pooling,
    .legacy = ir::legacy::layer("ROIPooling", {"pooled_h", "pooled_w", "spatial_scale"}),
    .onnx = onnx_roi_pooling,
    .from_legacy = {{"ROIPooling"}, read_roi_pooling}};

/// R-FCN: the mean in each cell of a group_size grid, each cell of channels of its own: [R, output_dim,
/// group_size, group_size].
const OpDef psroi_pooling = {.name = "PSROIPooling",
                             .infer = infer_psroi_pooling,
                             .opset = lower_psroi_pooling,
                             .legacy = spell_psroi_pooling,
                             .onnx = onnx_psroi_pooling,
                             .from_legacy = {{"PSROIPooling"}, read_psroi_pooling}};

/// A predecessor of Proposal with the ratios 0.5, 1 and 2: [post_nms_topn, 5].  Attributes: cls_threshold,
/// max_num_proposals, iou_threshold, min_bbox_size, feat_stride, pre_nms_topn, post_nms_topn, scale.
const OpDef simpler_nms = {
    .name = "SimplerNMS",
    .infer =
        [](ShapeContext& c) {
          const std::int64_t rows = c.attributes().integer("post_nms_topn");
          check_inputs(c, {{0.5F, 1.0F, 2.0F}, c.attributes().numbers("scale")}, rows);
          c.output(0, rois_shape(c, 1));
        },
    .opset = lower_simpler_nms,
    .legacy =
        ir::legacy::layer("SimplerNMS", {"cls_threshold", "feat_stride", "iou_threshold", "max_num_proposals",
                                         "min_bbox_size", "post_nms_topn", "pre_nms_topn", "scale"}),
    .onnx = [](onnx::Lowering& l) { onnx_proposal(l, as_proposal(l.attributes())); },
    .from_legacy = {{"SimplerNMS"},
                    ir::legacy::same_names(
                        {{"post_nms_topn", Kind::integer},
                         {"scale", Kind::numbers},
                         {"feat_stride", Kind::integer},
                         {"iou_threshold", Kind::number},
                         {"min_bbox_size", Kind::integer},
                         {"pre_nms_topn", Kind::integer}},
                        {{"cls_threshold", Kind::number}, {"max_num_proposals", Kind::integer}})}};

}  // namespace mo::op
