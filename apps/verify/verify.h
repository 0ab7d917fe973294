#pragma once

#include <optional>
#include <string>
#include <vector>

#include "caffe/net.h"
#include "verify/inputs.h"
#include "verify/report.h"

namespace mo::verify {

struct VerifyOptions {
  caffe::NetFiles files;
  std::string xml;
  std::string mean_file;
  InputSource inputs;
  std::string caffe_command;       ///< empty: OpenCV, or
  std::string recorded;            ///< results of another run
  std::string old_engine_command;  ///< empty: none
  std::string onnx_command;        ///< infers an ONNX model; empty: the OpenVINO runtime does
  std::string device = "CPU";
  std::optional<double> tolerance;  ///< nothing: by the type of the IR's weights
  std::string keep;                 ///< folder for the arrays of both sides; empty: none
};

/// Infers both sides and compares them layer by layer.  Throws Failure.
Report verify(const VerifyOptions& options);

}  // namespace mo::verify
