#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/shape.h"

namespace mo::report {

/// A tensor that the application feeds or reads.
struct Border {
  std::string name;  ///< to be used in code
  Shape shape;       ///< -1: any size
  std::string element_type;
};

struct Phase {
  std::string name;
  double seconds = 0;
  std::uint64_t bytes = 0;
};

/// What was converted into what: all of a report that is not of single layers.
struct Conversion {
  std::string name;  ///< of the net
  std::string prototxt;
  std::string caffemodel;
  std::string model;    ///< path of what an application loads: an .xml or .onnx file
  std::string weights;  ///< path of the file beside it; empty: none
  bool is_onnx = false;
  int version = 11;  ///< of the IR, or of ONNX's operators
  bool fp16 = false;
  std::vector<Border> inputs;
  std::vector<Border> outputs;
  std::vector<std::string> preprocessing;  ///< what the model does to its inputs by itself, a sentence each
  std::vector<Phase> phases;
  double seconds = 0;

  bool is_legacy() const { return !is_onnx && version < 10; }
};

/// `IR v11`, `ONNX, opset 17`.
std::string written_as(const Conversion& conversion);

}  // namespace mo::report
