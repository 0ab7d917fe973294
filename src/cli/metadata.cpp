#include "cli/metadata.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace mo::cli {

namespace {

std::string depersonalised(std::string_view name, const std::string& value) {
  static constexpr std::array paths{"--input_model", "--input_proto"};
  if (name == "--output_dir") return "DIR";
  if (std::ranges::find(paths, name) == paths.end()) return value;
  return "DIR/" + std::filesystem::path(value).filename().string();
}

}  // namespace

ir::TextAttributes to_metadata(const Arguments& arguments) {
  ir::TextAttributes metadata;
  metadata.emplace_back("framework", "caffe");
  for (const Option& option : all_options()) {
    if (option.name() == "--framework" || !arguments.has(option.name())) continue;
    const std::string value =
        option.value.empty() ? "True" : depersonalised(option.name(), *arguments.value(option.name()));
    metadata.emplace_back(option.name().substr(2), value);
  }
  return metadata;
}

}  // namespace mo::cli
