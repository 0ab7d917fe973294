#include "cli/version.h"

#include <fmt/format.h>

#include <mo/version.hpp>
#include <nlohmann/json.hpp>
#include <protozero/version.hpp>
#include <pugixml.hpp>
#include <toml.hpp>

#include "caffe/hdf5_reader.h"
#include "custom/caffe_proto.h"
#include "onnx/dialect.h"

namespace mo::cli {

namespace {

std::string or_absent(const std::string& version) {
  return version.empty() ? "not in this build" : version;
}

}  // namespace

std::string version_text() {
  std::string text = "Version of Model Optimizer is: " MO_VERSION_TEXT "\n";
  text +=
      fmt::format("Writes: IR 2 to 7, 10, 11; ONNX opset {} to {}\n", onnx::first_opset, onnx::last_opset);
  text += fmt::format("protobuf (--caffe_proto): {}\n", or_absent(custom::protobuf_version()));
  text += fmt::format("HDF5 (.caffemodel.h5): {}\n", or_absent(caffe::hdf5_version()));
  text += fmt::format("fmt: {}.{}.{}\n", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
  text += fmt::format("JSON for Modern C++: {}.{}.{}\n", NLOHMANN_JSON_VERSION_MAJOR,
                      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
  text += "protozero: " PROTOZERO_VERSION_STRING "\n";
  // Since 1.10 the minor version has two digits, and the macro one more.
  text += fmt::format("pugixml: {}.{}\n", PUGIXML_VERSION / (PUGIXML_VERSION < 1000 ? 100 : 1000),
                      PUGIXML_VERSION < 1000 ? PUGIXML_VERSION / 10 % 10 : PUGIXML_VERSION / 10 % 100);
  text += fmt::format("toml11: {}.{}.{}\n", TOML11_VERSION_MAJOR, TOML11_VERSION_MINOR, TOML11_VERSION_PATCH);
#if defined(__clang__) || !defined(__GNUC__)
  return text + "Compiler: " __VERSION__;
#else
  return text + "Compiler: GCC " __VERSION__;
#endif
}

}  // namespace mo::cli
