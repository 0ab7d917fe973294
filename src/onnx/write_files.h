#pragma once

#include <string>
#include <vector>

#include "onnx/model.h"
#include "support/diagnostics.h"

namespace mo::onnx {

struct Files {
  std::string model;
  std::string weights;               ///< of external data; empty: the weights are inside the model
  std::vector<TensorCounts> counts;  ///< by index into Model::initializers
};

struct WriteOptions {
  bool external = false;        ///< weights in a file of their own, however small
  bool durable = false;         ///< not even a power cut leaves names without bytes
  bool allow_overflow = false;  ///< weights may become infinite in FP16
};

/// Writes the model, weights in blocks from where they were read.  They go into a file of their own,
/// `NAME.onnx.data`, when `options` ask for it or the model would be larger than 2 GiB, which protobuf
/// cannot read.  All files are whole before any gets its name.  Throws Failure when the disk refuses.
/// Numbers that are no finite ones, or that FP16 cannot hold, become diagnostics; with an error among them no
/// file gets its name.
Files write_files(Model& model, const std::string& path, const WriteOptions& options,
                  Diagnostics& diagnostics);

}  // namespace mo::onnx
