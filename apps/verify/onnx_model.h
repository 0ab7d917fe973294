#pragma once

#include <string>
#include <utility>
#include <vector>

#include "verify/array.h"
#include "verify/ir_executor.h"

namespace mo::verify {

/// The metadata_props of an ONNX model: names and values.  Throws Failure: file errors, damaged_caffemodel.
std::vector<std::pair<std::string, std::string>> onnx_metadata(const std::string& path);

/// A command, called with MODEL.onnx IN.npz OUT.npz, that gives the model's values by their names, as
/// scripts/run_onnx.py does with ONNX Runtime.  `feeds`: in the order of the model's inputs.  What the
/// command does not give has no numbers.  Throws Failure (executor_failed).
IrResults run_onnx(const std::string& command, const apps::LoadedModel& loaded, const caffe::Net& net,
                   const std::vector<Array>& feeds, const std::vector<Observation>& observations);

}  // namespace mo::verify
