#include "ops/ops.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "onnx/dialect.h"

namespace mo {
namespace {

/// Layers of FlowNet and its kin: operators of the domain `caffe`.
const std::set<std::string_view> foreign{"Correlation", "Accum",      "DataAugmentation",
                                         "PowerFile",   "SimplerNMS", "SpatialTransformer"};
/// A pass has rewritten these before.
const std::set<std::string_view> rewritten{"BatchNormalization"};

TEST(OnnxOps, EveryOpHasASpellingOrIsNamedAsOneWithout) {
  std::set<std::string_view> without;
  for (const OpDef* op : all_ops())
    if (!op->onnx) without.insert(op->name);
  std::set<std::string_view> named = foreign;
  named.insert(rewritten.begin(), rewritten.end());
  EXPECT_EQ(without, named);
}

TEST(OnnxOps, WhatTheOpsetsSayOnnxSaysTooButForTheDomainCaffe) {
  for (const OpDef* op : all_ops())
    EXPECT_EQ(bool{op->opset} && !foreign.contains(op->name), bool{op->onnx}) << op->name;
}

TEST(OnnxDialect, OnlyTheOpsetsOfTheTableExist) {
  for (int opset = onnx::first_opset; opset <= onnx::last_opset; ++opset)
    EXPECT_EQ(onnx::dialect(opset).opset, opset);
  EXPECT_THROW(onnx::dialect(onnx::first_opset - 1), std::invalid_argument);
  EXPECT_THROW(onnx::dialect(onnx::last_opset + 1), std::invalid_argument);
}

}  // namespace
}  // namespace mo
