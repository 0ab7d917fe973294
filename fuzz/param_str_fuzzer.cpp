#include <cstddef>
#include <cstdint>
#include <string_view>

#include "caffe/param_str.h"

// Any text is read, or refused with a ParamStrError.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto entries =
        mo::caffe::parse_param_str(std::string_view(reinterpret_cast<const char*>(data), size));
    for (const mo::caffe::ParamEntry& entry : entries)
      if (!entry.is_list && entry.values.size() != 1) __builtin_trap();
  } catch (const mo::caffe::ParamStrError& error) {
    if (error.offset > size) __builtin_trap();
  }
  return 0;
}
