#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "caffe/layer_def.h"
#include "ops/ops.h"

namespace mo {
namespace {

TEST(Layers, AreListedOnceAndComplete) {
  std::set<std::string> seen;
  for (const caffe::LayerDef* definition : caffe::all_layers()) {
    ASSERT_FALSE(definition->types.empty());
    EXPECT_TRUE(definition->lower || definition->source) << definition->types.front();
    EXPECT_LE(definition->blobs.min, definition->blobs.max) << definition->types.front();
    for (const std::string_view type : definition->types) {
      std::string lower(type);
      std::ranges::transform(lower, lower.begin(),
                             [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      EXPECT_TRUE(seen.insert(lower).second) << type << " is the name of two layers";
      EXPECT_EQ(caffe::find_layer(type), definition);
      EXPECT_EQ(caffe::find_layer(lower), definition) << "letter case is ignored";
    }
    std::set<std::string_view> paths;
    for (const caffe::Parameter& parameter : definition->parameters)
      EXPECT_TRUE(paths.insert(parameter.path).second) << parameter.path << " is listed twice";
  }
}

TEST(Layers, MisspeltTypesFindTheirNeighbour) {
  EXPECT_EQ(caffe::nearest_layer_type("Convolutoin"), "Convolution");
  EXPECT_EQ(caffe::nearest_layer_type("SoftMaxx"), "Softmax");
  EXPECT_TRUE(caffe::nearest_layer_type("Zzzzzzzzzz").empty());
}

TEST(Ops, AreListedOnceWithShapeRules) {
  std::set<std::string_view> names;
  for (const OpDef* op : all_ops()) {
    EXPECT_TRUE(names.insert(op->name).second) << op->name;
    EXPECT_TRUE(op->infer) << op->name;
    const bool replaced_by_a_pass = op == &op::batch_normalization;
    EXPECT_TRUE(replaced_by_a_pass || op->opset || op->legacy) << op->name << " has no spelling";
  }
}

}  // namespace
}  // namespace mo
