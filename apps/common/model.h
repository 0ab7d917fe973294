#pragma once

#include <functional>
#include <memory>
#include <openvino/runtime/core.hpp>
#include <string>

#include "common/temporary_folder.h"
#include "support/diagnostics.h"

namespace mo::apps {

/// The runtime with a device that is there.  Throws Failure (no_device), which names those that are.
ov::Core open_runtime(const std::string& device);

/// Whether a file is called as an ONNX model, which the runtime reads by itself.
bool is_onnx(const std::string& path);

/// An IR of any version, or an ONNX model: an IR of old is upgraded into a temporary folder first.
struct LoadedModel {
  std::shared_ptr<ov::Model> model;
  std::string xml;           ///< as the user gave it
  std::string upgraded_xml;  ///< of an old IR: what was read in its place, as long as this object lives
  std::unique_ptr<TemporaryFolder> folder;
};

/// Throws Failure: file errors, damaged_ir, and what the upgrade finds.
LoadedModel load_model(ov::Core& core, const std::string& xml);

/// Calls `use` and turns what the runtime throws into a Failure (runtime_refuses) that begins with `what`.
void in_runtime(const std::string& what, const std::function<void()>& use);

}  // namespace mo::apps
