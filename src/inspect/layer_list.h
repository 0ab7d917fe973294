#pragma once

#include <string>
#include <vector>

#include "caffe/layer_def.h"

namespace mo::inspect {

/// What a layer type becomes, found by converting its example.
struct Outcome {
  bool is_input = false;            ///< it becomes an input; the rest is empty
  std::vector<std::string> opset;   ///< types of the layers in IR v11; none: the layer leaves no trace
  std::string opset_problem;        ///< why IR v11 cannot say it
  std::vector<std::string> legacy;  ///< the same in IR v7
  std::string legacy_problem;
  std::vector<std::string> onnx;  ///< the operators in ONNX
  std::string onnx_problem;
};

Outcome outcome_of(const caffe::LayerDef& definition);

/// A default as it would stand in a prototxt; empty for "not set".
std::string default_text(const AttributeValue& value);

/// All known layers: names, parameters with Caffe's defaults, what they become.
std::string layer_list_text();
std::string layer_list_json();

}  // namespace mo::inspect
