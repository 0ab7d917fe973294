#include "common/model.h"

#include <algorithm>

#include "cli/values.h"
#include "common/run_app.h"
#include "ir/document.h"
#include "support/file.h"
#include "upgrade.h"

namespace mo::apps {

namespace {

/// The line of a message of many that says most: the last one.
std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const auto begin = text.rfind('\n');
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

bool is_legacy(const std::string& xml) {
  Diagnostics diagnostics;
  const auto file = MappedFile::open(xml);
  const ir::Document document = ir::read_document(*file, diagnostics);
  print_and_check(diagnostics);
  return document.is_legacy();
}

}  // namespace

bool is_onnx(const std::string& path) {
  return path.ends_with(".onnx");
}

void in_runtime(const std::string& what, const std::function<void()>& use) {
  try {
    use();
  } catch (const ov::Exception& error) {
    cli::fail(code::runtime_refuses, what + ": " + last_line(error.what()),
              "mo --check_ir says what is wrong with an IR");
  }
}

ov::Core open_runtime(const std::string& device) {
  ov::Core core;
  const std::vector<std::string> devices = core.get_available_devices();
  // AUTO and HETERO:GPU,CPU choose among the devices themselves.
  const bool chooses = device == "AUTO" || device.find(':') != std::string::npos;
  if (!chooses && std::ranges::find(devices, device) == devices.end()) {
    std::string names;
    for (const std::string& name : devices) names += (names.empty() ? "" : ", ") + name;
    cli::fail(code::no_device, "there is no device " + device + " here, but: " + names,
              "choose one of them, or install that device's driver");
  }
  return core;
}

LoadedModel load_model(ov::Core& core, const std::string& xml) {
  LoadedModel loaded{nullptr, xml, {}, nullptr};
  if (!is_onnx(xml) && is_legacy(xml)) {
    loaded.folder = std::make_unique<TemporaryFolder>();
    UpgradeOptions options;
    options.xml = xml;
    options.output_dir = loaded.folder->path();
    options.model_name = "upgraded";
    Diagnostics diagnostics;
    loaded.upgraded_xml = upgrade(options, diagnostics).xml;
    print_and_check(diagnostics);
  }
  in_runtime(
      xml, [&] { loaded.model = core.read_model(loaded.upgraded_xml.empty() ? xml : loaded.upgraded_xml); });
  return loaded;
}

}  // namespace mo::apps
