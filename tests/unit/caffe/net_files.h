#pragma once

#include <protozero/pbf_writer.hpp>
#include <string>
#include <vector>

#include "caffe/net.h"
#include "support/temporary_file.h"

namespace mo::caffe {

/// A BlobProto with shape {dims} and packed floats.
inline std::string blob_bytes(const std::vector<std::int64_t>& dims, const std::vector<float>& values) {
  std::string bytes;
  protozero::pbf_writer blob(bytes);
  blob.add_packed_float(5, values.begin(), values.end());
  std::string shape;
  protozero::pbf_writer(shape).add_packed_int64(1, dims.begin(), dims.end());
  blob.add_message(7, shape);
  return bytes;
}

/// A V2 LayerParameter.
inline std::string layer_bytes(const std::string& name, const std::string& type,
                               const std::vector<std::string>& blobs) {
  std::string bytes;
  protozero::pbf_writer layer(bytes);
  layer.add_string(1, name);
  layer.add_string(2, type);
  for (const std::string& blob : blobs) layer.add_message(7, blob);
  return bytes;
}

/// A NetParameter of V2 layers, given as layer_bytes().
inline std::string net_bytes(const std::vector<std::string>& layers, std::uint32_t field = 100) {
  std::string bytes;
  protozero::pbf_writer net(bytes);
  net.add_string(1, "net");
  for (const std::string& layer : layers) net.add_message(field, layer);
  return bytes;
}

/// Reads a net from texts in memory; an empty one is not given.
inline Net read_texts(const std::string& prototxt, const std::string& caffemodel, Diagnostics& diagnostics) {
  const TemporaryFile text(prototxt, ".prototxt");
  const TemporaryFile binary(caffemodel, ".caffemodel");
  return read_net({prototxt.empty() ? "" : text.path(), caffemodel.empty() ? "" : binary.path()},
                  diagnostics);
}

inline Net read_text(const std::string& prototxt) {
  Diagnostics diagnostics;
  return read_texts(prototxt, "", diagnostics);
}

}  // namespace mo::caffe
