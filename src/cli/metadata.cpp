#include "cli/metadata.h"

#include <algorithm>
#include <array>

#include "support/path.h"

namespace mo::cli {

namespace {

std::string depersonalised(std::string_view name, const std::string& value) {
  static constexpr std::array paths{"--input_model", "--input_proto", "--mean_file", "--config",
                                    "--report",      "--extensions",  "--k",         "--caffe_parser_path",
                                    "--upgrade_ir",  "--check_ir"};
  if (name == "--output_dir") return "DIR";
  if (std::ranges::find(paths, name) == paths.end()) return value;
  return "DIR/" + to_path(value).filename().string();
}

}  // namespace

ir::TextAttributes to_metadata(const Arguments& arguments) {
  ir::TextAttributes metadata;
  metadata.emplace_back("framework", "caffe");
  for (const Option& option : all_options()) {
    if (option.name() == "--framework" || !arguments.has(option.name())) continue;
    static constexpr std::array not_of_the_model{"--max_memory", "--fsync", "--graph"};
    if (std::ranges::find(not_of_the_model, option.name()) != not_of_the_model.end()) continue;
    std::string_view name = option.name();
    name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
    metadata.emplace_back(name, depersonalised(option.name(), *arguments.value(option.name())));
  }
  return metadata;
}

}  // namespace mo::cli
