#include <cstddef>
#include <cstdint>
#include <string>

#include "caffe/net.h"
#include "caffe/schema/check_fields.h"

// Any text is read, or refused with a Failure; what is read survives the judgement of its fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  mo::Diagnostics diagnostics;
  try {
    const mo::caffe::Net net =
        mo::caffe::read_net(mo::MappedFile::in_memory("net.prototxt", std::move(text)), nullptr, diagnostics);
    for (const mo::caffe::Layer& layer : net.layers) {
      mo::caffe::schema::check_fields(layer, *net.source, {}, true, diagnostics);
    }
    for (const mo::Diagnostic& diagnostic : diagnostics.all()) mo::to_text(diagnostic);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  return 0;
}
