#pragma once

#include <string>
#include <vector>

#include "onnx/model.h"
#include "support/diagnostics.h"

namespace mo::onnx {

struct Files {
  std::string model;
  std::string weights;                ///< of external data; empty: the weights are inside the model
  std::vector<NarrowingLoss> losses;  ///< by index into Model::initializers
};

/// Writes the model, weights in blocks from where they were read.  They go into a file of their own,
/// `NAME.onnx.data`, when `external` asks for it or the model would be larger than 2 GiB, which protobuf
/// cannot read.  All files are whole before any gets its name.  Throws Failure when the disk refuses; numbers
/// that FP16 cannot hold become warnings.  `durable`: not even a power cut leaves names without bytes.
Files write_files(Model& model, const std::string& path, bool external, Diagnostics& diagnostics,
                  bool durable = false);

}  // namespace mo::onnx
