#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/shape.h"
#include "weights/bin_file.h"

namespace mo {
class MappedFile;
}

namespace mo::ir {

enum class Precision : std::uint8_t { fp32, fp16, i64, i32, u8, boolean };

/// `FP32`, as ports and legacy layers say it.
std::string_view port_name(Precision precision);
/// `f32`, as opset attributes say it.
std::string_view element_name(Precision precision);

struct Port {
  Shape dims;
  Precision precision = Precision::fp32;
  std::vector<std::string> names;  ///< tensor names (v11)
  std::string layout = {};         ///< `[N,C,H,W]`, of an input (v11)
};

/// Bytes of the .bin file that a layer refers to, by index into Model::constants.
struct BlobReference {
  std::string role;  ///< legacy: the element's name (`weights`, `biases` ...)
  std::size_t constant = 0;
};

using TextAttributes = std::vector<std::pair<std::string, std::string>>;

/// A `<layer>` as it stands in the file; its id is its index.
struct Layer {
  std::string name;
  std::string type;
  std::string version;  ///< `opset1` ...; empty in legacy IR
  TextAttributes data;
  bool decompression = false;  ///< v10/v11: Convert that the runtime may fold into its f16 constant
  std::vector<Port> inputs;
  std::vector<Port> outputs;
  std::vector<BlobReference> blobs;  ///< legacy: `<blobs>`; v10/v11: a Const's bytes (one, role empty)
  Precision precision = Precision::fp32;
  /// Port number of outputs[0]; legacy IR counts the blobs among the inputs.
  std::size_t first_output_port() const { return inputs.size() + (version.empty() ? blobs.size() : 0); }
};

struct Edge {
  std::size_t from_layer;
  std::size_t from_output;  ///< index into outputs
  std::size_t to_layer;
  std::size_t to_input;  ///< index into inputs
};

/// Which output of the IR carries a Caffe layer's top.
struct MappingEntry {
  std::string caffe_layer;
  std::string top;
  std::size_t layer;
  std::size_t output;
};

/// The mean of one channel: a value, or an image by index into Model::constants.
struct ChannelMean {
  float value = 0;
  std::optional<std::size_t> image;
};

/// Legacy IR: what the runtime subtracts from an input.
struct PreProcess {
  std::string reference_layer;
  std::vector<ChannelMean> channels;
};

/// An IR in memory, in either dialect: what the writers write and the readers read.
struct Model {
  std::string name;
  int version = 11;
  std::vector<Layer> layers;
  std::vector<Edge> edges;  ///< by destination layer, then input
  std::vector<StoredTensor> constants;
  /// Where there is one, the .bin file becomes a copy of it, with constants that it lacks behind its end.
  std::shared_ptr<const MappedFile> kept_bin = {};
  std::vector<MappingEntry> mapping;
  std::vector<PreProcess> pre_process;        ///< legacy
  std::string producer;                       ///< name and version of the tool, for the tail of the file
  TextAttributes parameters;                  ///< conversion parameters, likewise
  std::vector<std::string> unset_parameters;  ///< legacy: names of parameters that were not given
};

}  // namespace mo::ir
