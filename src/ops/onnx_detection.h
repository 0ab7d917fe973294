#pragma once

#include "onnx/lowering.h"

/// ONNX spellings of detection layers, each made of many operators: files of their own beside the ops'.
namespace mo::op {

void onnx_detection_output(onnx::Lowering& l);
/// `a`: the attributes of a Proposal.
void onnx_proposal(onnx::Lowering& l, const Attributes& a);
void onnx_roi_pooling(onnx::Lowering& l);
void onnx_psroi_pooling(onnx::Lowering& l);

}  // namespace mo::op
