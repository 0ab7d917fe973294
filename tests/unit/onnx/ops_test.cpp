#include "ops/ops.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "onnx/dialect.h"

namespace mo {
namespace {

/// A pass has rewritten these before.
const std::set<std::string_view> rewritten{"BatchNormalization"};

TEST(OnnxOps, EveryOpHasASpelling) {
  std::set<std::string_view> without;
  for (const OpDef* op : all_ops())
    if (!op->onnx) without.insert(op->name);
  EXPECT_EQ(without, rewritten);
}

TEST(OnnxOps, WhatTheOpsetsSayOnnxSaysToo) {
  for (const OpDef* op : all_ops()) EXPECT_EQ(bool{op->opset}, bool{op->onnx}) << op->name;
}

TEST(OnnxDialect, OnlyTheOpsetsOfTheTableExist) {
  for (int opset = onnx::first_opset; opset <= onnx::last_opset; ++opset)
    EXPECT_EQ(onnx::dialect(opset).opset, opset);
  EXPECT_THROW(onnx::dialect(onnx::first_opset - 1), std::invalid_argument);
  EXPECT_THROW(onnx::dialect(onnx::last_opset + 1), std::invalid_argument);
}

}  // namespace
}  // namespace mo
