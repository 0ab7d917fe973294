#include <cstddef>
#include <cstdint>
#include <string>

#include "caffe/net.h"

// Any bytes are read as definition and weights, or refused with a Failure; all weights can be read out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  mo::Diagnostics diagnostics;
  try {
    const mo::caffe::Net net = mo::caffe::read_net(
        nullptr, mo::MappedFile::in_memory("net.caffemodel", std::move(bytes)), diagnostics);
    for (const mo::caffe::Layer& layer : net.layers) {
      for (const mo::Tensor& blob : layer.blobs) blob.values();
    }
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  return 0;
}
