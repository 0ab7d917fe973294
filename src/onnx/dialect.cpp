#include "onnx/dialect.h"

#include <array>
#include <stdexcept>
#include <string>

namespace mo::onnx {

namespace {

// opset, ir_version, arg_max_of_last, axes_are_inputs, reduce_axes_are_inputs, softmax_of_one_axis,
// optional_resize_inputs, roi_align_has_modes, grid_sample_mode
constexpr std::array<Dialect, last_opset - first_opset + 1> dialects{{
    {11, 6, false, false, false, false, false, false, ""},
    {12, 7, true, false, false, false, false, false, ""},
    {13, 7, true, true, false, true, true, false, ""},
    {14, 7, true, true, false, true, true, false, ""},
    {15, 8, true, true, false, true, true, false, ""},
    {16, 8, true, true, false, true, true, true, "bilinear"},
    {17, 8, true, true, false, true, true, true, "bilinear"},
    {18, 8, true, true, true, true, true, true, "bilinear"},
    {19, 9, true, true, true, true, true, true, "bilinear"},
    {20, 9, true, true, true, true, true, true, "linear"},
    {21, 10, true, true, true, true, true, true, "linear"},
}};

}  // namespace

const Dialect& dialect(int opset) {
  if (opset < first_opset || opset > last_opset)
    throw std::invalid_argument("no dialect for ONNX opset " + std::to_string(opset));
  return dialects[static_cast<std::size_t>(opset - first_opset)];
}

}  // namespace mo::onnx
