#include <gtest/gtest.h>

#include <cmath>

#include "graph/graph.h"
#include "ops/ops.h"
#include "ops/prior_boxes.h"
#include "support/diagnostics.h"

namespace mo {
namespace {

using Integers = std::vector<std::int64_t>;
using Floats = std::vector<float>;

NodeId node_of(Graph& graph, const OpDef& op, const std::vector<Shape>& inputs, Attributes attributes) {
  std::vector<Value> values;
  for (const Shape& shape : inputs) values.push_back({graph.add(op::input, "in", {}, {{"shape", shape}}), 0});
  return graph.add(op, "node", values, std::move(attributes));
}

Shape shape_of(const OpDef& op, const std::vector<Shape>& inputs, Attributes attributes) {
  Graph graph;
  return graph.shape({node_of(graph, op, inputs, std::move(attributes)), 0});
}

bool refuses(const OpDef& op, const std::vector<Shape>& inputs, Attributes attributes) {
  try {
    shape_of(op, inputs, std::move(attributes));
  } catch (const Failure& failure) {
    return failure.diagnostic().code == &code::bad_shape;
  }
  return false;
}

Attributes with(Attributes attributes, std::string_view name, AttributeValue value) {
  attributes.set(name, std::move(value));
  return attributes;
}

const Attributes priors{{"min_size", Floats{30, 60}},
                        {"max_size", Floats{60, 90}},
                        {"aspect_ratio", Floats{2, 3}},
                        {"flip", true},
                        {"clip", false},
                        {"offset", 0.5F}};
const std::vector<Shape> map_and_image{{1, 8, 5, 7}, {1, 3, 60, 90}};

TEST(PriorBoxShape, HasABoxForEachSizeAndRatio) {
  EXPECT_EQ(shape_of(op::prior_box, map_and_image, priors), (Shape{1, 2, 5 * 7 * (2 * 5 + 2) * 4}));
  EXPECT_EQ(shape_of(op::prior_box, map_and_image, with(priors, "flip", false)),
            (Shape{1, 2, 5 * 7 * (2 * 3 + 2) * 4}));
  EXPECT_EQ(shape_of(op::prior_box, map_and_image, with(priors, "aspect_ratio", Floats{1, 2, 0.5F, 2})),
            (Shape{1, 2, 5 * 7 * (2 * 3 + 2) * 4}));
  EXPECT_EQ(shape_of(op::prior_box, {{1, 8, -1, 7}, {1, 3, 60, 90}}, priors), (Shape{1, 2, -1}));
}

TEST(PriorBoxShape, RefusesWhatMakesNoBoxes) {
  EXPECT_TRUE(refuses(op::prior_box, map_and_image, with(priors, "min_size", Floats{})));
  EXPECT_TRUE(refuses(op::prior_box, map_and_image, with(priors, "min_size", Floats{30, -1})));
  EXPECT_TRUE(refuses(op::prior_box, map_and_image, with(priors, "min_size", Floats{30, NAN})));
  EXPECT_TRUE(refuses(op::prior_box, map_and_image, with(priors, "max_size", Floats{60})));
  EXPECT_TRUE(refuses(op::prior_box, map_and_image, with(priors, "max_size", Floats{60, 60})));
  EXPECT_TRUE(refuses(op::prior_box, map_and_image, with(priors, "aspect_ratio", Floats{0})));
  EXPECT_TRUE(refuses(op::prior_box, map_and_image, with(priors, "step", -1.0F)));
  EXPECT_TRUE(refuses(op::prior_box, {{1, 8}, {1, 3, 60, 90}}, priors));
  EXPECT_TRUE(refuses(op::prior_box, {{1, 8, std::int64_t{1} << 40, 7}, {1, 3, 60, 90}}, priors));
  EXPECT_TRUE(
      refuses(op::prior_box_clustered, map_and_image, {{"width", Floats{1, 2}}, {"height", Floats{1}}}));
}

TEST(PriorBoxes, LieAroundTheCentresOfTheCells) {
  PriorBoxGrid grid{.layer_height = 1,
                    .layer_width = 2,
                    .image_height = 10,
                    .image_width = 40,
                    .sizes = {{10, 5}},
                    .variance = {0.1F, 0.1F, 0.2F, 0.2F}};
  EXPECT_EQ(prior_box_values(grid), (Floats{0.125F, 0.25F, 0.375F, 0.75F, 0.625F, 0.25F, 0.875F, 0.75F,  //
                                            0.1F, 0.1F, 0.2F, 0.2F, 0.1F, 0.1F, 0.2F, 0.2F}));
  grid.step_height = 10;
  grid.step_width = 40;
  grid.clip = true;
  EXPECT_EQ(prior_box_values(grid)[4], 1.0F);
}

Attributes detection() {
  return {{"num_classes", std::int64_t{3}},
          {"share_location", true},
          {"top_k", std::int64_t{400}},
          {"keep_top_k", std::int64_t{200}},
          {"normalized", true}};
}

std::vector<Shape> heads(std::int64_t images, std::int64_t locations, std::int64_t confidences) {
  return {{images, locations}, {images, confidences}, {1, 2, 40}};
}

TEST(DetectionOutputShape, HasRowsForWhatIsKept) {
  EXPECT_EQ(shape_of(op::detection_output, heads(2, 40, 30), detection()), (Shape{1, 1, 400, 7}));
  const Attributes all = with(detection(), "keep_top_k", std::int64_t{-1});
  EXPECT_EQ(shape_of(op::detection_output, heads(1, 40, 30), all), (Shape{1, 1, 1200, 7}));
  EXPECT_EQ(shape_of(op::detection_output, heads(1, 40, 30), with(all, "top_k", std::int64_t{-1})),
            (Shape{1, 1, 30, 7}));
  EXPECT_EQ(shape_of(op::detection_output, heads(1, 120, 30), with(detection(), "share_location", false)),
            (Shape{1, 1, 200, 7}));
  EXPECT_EQ(shape_of(op::detection_output, heads(-1, 40, 30), detection()), (Shape{1, 1, -1, 7}));
}

TEST(DetectionOutputShape, RefusesHeadsThatDoNotBelongTogether) {
  EXPECT_TRUE(refuses(op::detection_output, heads(1, 44, 30), detection()));
  EXPECT_TRUE(refuses(op::detection_output, heads(1, 40, 33), detection()));
  EXPECT_TRUE(refuses(op::detection_output, {{1, 40}, {1, 30}, {1, 2, 41}}, detection()));
  EXPECT_TRUE(refuses(op::detection_output, {{1, 40}, {1, 30}, {1, 3, 40}}, detection()));
  EXPECT_TRUE(refuses(op::detection_output, {{40}, {1, 30}, {1, 2, 40}}, detection()));
  EXPECT_TRUE(
      refuses(op::detection_output, heads(1, 40, 30), with(detection(), "num_classes", std::int64_t{0})));
  EXPECT_TRUE(
      refuses(op::detection_output, heads(1, 40, 30), with(detection(), "keep_top_k", std::int64_t{-7})));
}

Attributes proposal() {
  return {{"base_size", std::int64_t{16}},      {"feat_stride", std::int64_t{16}},
          {"min_size", std::int64_t{16}},       {"pre_nms_topn", std::int64_t{6000}},
          {"post_nms_topn", std::int64_t{300}}, {"ratio", Floats{0.5F, 1, 2}},
          {"scale", Floats{8, 16, 32}},         {"scores", true}};
}

TEST(ProposalShape, HasRegionsAndTheirScores) {
  Graph graph;
  const NodeId id = node_of(graph, op::proposal, {{1, 18, 14, 14}, {1, 36, 14, 14}, {1, 3}}, proposal());
  EXPECT_EQ(graph.shape({id, 0}), (Shape{300, 5}));
  EXPECT_EQ(graph.shape({id, 1}), (Shape{300, 1}));
}

TEST(ProposalShape, RefusesOtherInputs) {
  EXPECT_TRUE(refuses(op::proposal, {{1, 18, 14, 14}, {1, 18, 14, 14}, {1, 3}}, proposal()));
  EXPECT_TRUE(refuses(op::proposal, {{1, 18, 14, 14}, {1, 36, 14, 14}, {1, 2}}, proposal()));
  EXPECT_TRUE(refuses(op::proposal, {{1, 18}, {1, 36}, {1, 3}}, proposal()));
  EXPECT_TRUE(refuses(op::proposal, {{1, 18, 14, 14}, {1, 36, 14, 14}, {1, 3}},
                      with(proposal(), "post_nms_topn", std::int64_t{0})));
}

TEST(RoiPoolingShape, HasACellPerRegion) {
  const Attributes pooled{
      {"pooled_h", std::int64_t{6}}, {"pooled_w", std::int64_t{7}}, {"spatial_scale", 0.0625F}};
  EXPECT_EQ(shape_of(op::roi_pooling, {{1, 8, 14, 14}, {300, 5}}, pooled), (Shape{300, 8, 6, 7}));
  EXPECT_EQ(shape_of(op::roi_pooling, {{1, 8, 14, 14}, {300, 5, 1, 1}}, pooled), (Shape{300, 8, 6, 7}));
  EXPECT_TRUE(refuses(op::roi_pooling, {{1, 8, 14, 14}, {300, 4}}, pooled));
  EXPECT_TRUE(
      refuses(op::roi_pooling, {{1, 8, 14, 14}, {300, 5}}, with(pooled, "pooled_h", std::int64_t{0})));
  const Attributes grouped{
      {"group_size", std::int64_t{7}}, {"output_dim", std::int64_t{2}}, {"spatial_scale", 0.0625F}};
  EXPECT_EQ(shape_of(op::psroi_pooling, {{1, 98, 14, 14}, {5, 5}}, grouped), (Shape{5, 2, 7, 7}));
  EXPECT_TRUE(refuses(op::psroi_pooling, {{1, 97, 14, 14}, {5, 5}}, grouped));
}

TEST(RoiAlignShape, HasACellPerRegion) {
  const Attributes pooled{{"pooled_h", std::int64_t{6}},
                          {"pooled_w", std::int64_t{7}},
                          {"spatial_scale", 0.0625F},
                          {"sampling_ratio", std::int64_t{2}}};
  EXPECT_EQ(shape_of(op::roi_align, {{1, 8, 14, 14}, {300, 5}}, pooled), (Shape{300, 8, 6, 7}));
  EXPECT_EQ(shape_of(op::roi_align, {{1, 8, 14, 14}, {300, 5, 1, 1}}, pooled), (Shape{300, 8, 6, 7}));
  EXPECT_TRUE(refuses(op::roi_align, {{1, 8, 14, 14}, {300, 4}}, pooled));
  EXPECT_TRUE(refuses(op::roi_align, {{1, 8, 14}, {300, 5}}, pooled));
  EXPECT_TRUE(refuses(op::roi_align, {{1, 8, 14, 14}, {300, 5}}, with(pooled, "pooled_w", std::int64_t{0})));
  EXPECT_TRUE(
      refuses(op::roi_align, {{1, 8, 14, 14}, {300, 5}}, with(pooled, "sampling_ratio", std::int64_t{-1})));
}

TEST(YoloShapes, FollowBoxesAndMasks) {
  const Attributes v2{{"axis", std::int64_t{1}},     {"end_axis", std::int64_t{-1}},
                      {"classes", std::int64_t{20}}, {"coords", std::int64_t{4}},
                      {"num", std::int64_t{5}},      {"do_softmax", true},
                      {"mask", Integers{}}};
  EXPECT_EQ(shape_of(op::region_yolo, {{2, 125, 13, 13}}, v2), (Shape{2, 21125}));
  EXPECT_TRUE(refuses(op::region_yolo, {{2, 124, 13, 13}}, v2));
  EXPECT_TRUE(refuses(op::region_yolo, {{2, 125, 13, 13}}, with(v2, "do_softmax", false)));
  const Attributes v3 = with(with(v2, "do_softmax", false), "mask", Integers{0, 1, 2});
  EXPECT_EQ(shape_of(op::region_yolo, {{1, 75, 13, 13}}, v3), (Shape{1, 75, 13, 13}));
  EXPECT_EQ(shape_of(op::reorg_yolo, {{1, 8, 14, 6}}, {{"stride", std::int64_t{2}}}), (Shape{1, 32, 7, 3}));
  EXPECT_TRUE(refuses(op::reorg_yolo, {{1, 8, 13, 6}}, {{"stride", std::int64_t{2}}}));
  EXPECT_TRUE(refuses(op::reorg_yolo, {{1, 8, 14, 6}}, {{"stride", std::int64_t{0}}}));
}

TEST(UpsampleShape, Multiplies) {
  const Attributes twice{{"scale_h", std::int64_t{2}}, {"scale_w", std::int64_t{3}}};
  EXPECT_EQ(shape_of(op::upsample, {{1, 8, 4, 5}}, twice), (Shape{1, 8, 8, 15}));
  EXPECT_EQ(shape_of(op::upsample, {{1, 8, -1, 5}}, twice), (Shape{1, 8, -1, 15}));
  EXPECT_TRUE(refuses(op::upsample, {{1, 8, 4, 5}}, with(twice, "scale_h", std::int64_t{0})));
  EXPECT_TRUE(refuses(op::upsample, {{8, 4, 5}}, twice));
}

TEST(NormalizeShape, WantsAScaleThatFits) {
  Graph graph;
  const Value x{graph.add(op::input, "in", {}, {{"shape", Shape{1, 3, 4, 5}}}), 0};
  const Attributes per_channel{{"across_spatial", false}, {"channel_shared", false}, {"eps", 1e-10F}};
  const NodeId id =
      graph.add(op::normalize, "node", {x}, per_channel, {{"weights", Tensor::of({3}, Floats{1, 2, 3})}});
  EXPECT_EQ(graph.shape({id, 0}), (Shape{1, 3, 4, 5}));
  EXPECT_THROW(graph.add(op::normalize, "node", {x}, per_channel, {{"weights", Tensor::of({1}, Floats{1})}}),
               Failure);
}

TEST(CtcShape, TurnsTimeAndBatch) {
  const Attributes merged{{"ctc_merge_repeated", true}};
  EXPECT_EQ(shape_of(op::ctc_greedy_decoder, {{20, 2, 11}, {20, 2}}, merged), (Shape{2, 20, 1, 1}));
  EXPECT_TRUE(refuses(op::ctc_greedy_decoder, {{20, 2, 11}, {19, 2}}, merged));
}

}  // namespace
}  // namespace mo
