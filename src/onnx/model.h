#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "graph/attributes.h"
#include "support/shape.h"
#include "weights/bin_file.h"

/// ONNX models: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
namespace mo::onnx {

/// TensorProto.DataType, with its numbers.
enum class DataType : std::uint8_t { f32 = 1, u8 = 2, i32 = 6, i64 = 7, boolean = 9, f16 = 10, f64 = 11 };

/// A value of the model, by index into Model::values; an optional input that is left out has none.
struct Value {
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::size_t index = none;
  bool present() const { return index != none; }
  friend bool operator==(const Value&, const Value&) = default;
};

struct ValueInfo {
  std::string name;  ///< unique in the model
  Shape shape;       ///< -1: not known before inference
  DataType type = DataType::f32;
};

/// A NodeProto.
struct Node {
  std::string name;
  std::string type;
  std::string domain;  ///< empty: ONNX's own operators
  Attributes attributes;
  std::vector<Value> inputs;
  std::vector<Value> outputs;
};

/// A constant: its bytes are those of `stored`, its dims those of the value.
struct Initializer {
  Value value;
  StoredTensor stored;
};

/// A ModelProto whose weights are still where they were read.
struct Model {
  std::string name;
  int opset = 17;
  std::vector<ValueInfo> values;
  std::vector<Node> nodes;  ///< each behind what it consumes
  std::vector<Initializer> initializers;
  std::vector<Value> inputs;
  std::vector<Value> outputs;
  std::string producer;  ///< name and version of the tool, separated by a space
  std::vector<std::pair<std::string, std::string>> metadata;
};

}  // namespace mo::onnx
