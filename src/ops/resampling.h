#pragma once

#include "ir/opset/lowering.h"
#include "onnx/lowering.h"

/// Resizing as several ops need it.
namespace mo::op::resampling {

/// Bilinear, corners on corners; `image` itself when it has that size.  All sizes are known.
ir::opset::Port emit_aligned(ir::opset::Lowering& l, ir::opset::Port image, std::int64_t height,
                             std::int64_t width, const std::string& suffix);

/// rows [H', H] times each channel of `image` [N, C, H, W] times the transposed columns [W', W]: `output`.
ir::opset::Port emit_matrices(ir::opset::Lowering& l, ir::opset::Port image, std::vector<float> rows,
                              std::vector<float> columns, const Shape& output,
                              const std::string& suffix = {});

/// The same in ONNX.
onnx::Value onnx_aligned(onnx::Lowering& l, onnx::Value image, std::int64_t height, std::int64_t width,
                         const std::string& suffix);
onnx::Value onnx_matrices(onnx::Lowering& l, onnx::Value image, std::vector<float> rows,
                          std::vector<float> columns, const Shape& output, const std::string& suffix = {});

}  // namespace mo::op::resampling
