#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <system_error>

#include "cli/metadata.h"
#include "support/path.h"

namespace mo::cli {

namespace {

enum class Kind : std::uint8_t { text, path, flag };

/// A key of the original's command line, as its release 2018 R5 knew it.  `unset`: no value unless given.
struct Key {
  std::string_view name;
  Kind kind;
  std::string_view default_value;
  bool unset = false;
};

constexpr std::array keys{
    Key{"batch", Kind::text, "", true},
    Key{"data_type", Kind::text, "float"},
    Key{"disable_fusing", Kind::flag, "False"},
    Key{"disable_gfusing", Kind::flag, "False"},
    Key{"disable_omitting_optional", Kind::flag, "False"},
    Key{"disable_resnet_optimization", Kind::flag, "False"},
    Key{"enable_flattening_nested_params", Kind::flag, "False"},
    Key{"extensions", Kind::path, "DIR"},
    Key{"finegrain_fusing", Kind::text, "", true},
    Key{"framework", Kind::text, "caffe"},
    Key{"freeze_placeholder_with_value", Kind::text, "", true},
    Key{"generate_deprecated_IR_V2", Kind::flag, "False"},
    Key{"input", Kind::text, "", true},
    Key{"input_model", Kind::path, "", true},
    Key{"input_proto", Kind::path, "", true},
    Key{"input_shape", Kind::text, "", true},
    Key{"k", Kind::path, "DIR/CustomLayersMapping.xml"},
    Key{"log_level", Kind::text, "ERROR"},
    Key{"mean_file", Kind::path, "", true},
    Key{"mean_file_offsets", Kind::text, "", true},
    Key{"mean_values", Kind::text, "()"},
    Key{"model_name", Kind::text, "", true},
    Key{"move_to_preprocess", Kind::flag, "False"},
    Key{"output", Kind::text, "", true},
    Key{"output_dir", Kind::path, "DIR"},
    Key{"reverse_input_channels", Kind::flag, "False"},
    Key{"scale", Kind::text, "", true},
    Key{"scale_values", Kind::text, "()"},
    Key{"silent", Kind::flag, "False"},
    Key{"version", Kind::flag, "False"},
};

/// Each of the paths, separated by commas, as `DIR` or `DIR/name`.
std::string depersonalised(const Key& key, const std::string& value) {
  std::string text;
  std::size_t begin = 0;
  while (begin <= value.size()) {
    const auto end = std::min(value.find(',', begin), value.size());
    const std::filesystem::path path = to_path(value.substr(begin, end - begin));
    std::error_code ignored;
    const bool folder = key.name == "output_dir" || std::filesystem::is_directory(path, ignored);
    if (!text.empty()) text += ',';
    text += folder ? "DIR" : "DIR/" + path.filename().string();
    begin = end + 1;
  }
  return text;
}

}  // namespace

LegacyMetadata to_legacy_metadata(const Arguments& arguments) {
  LegacyMetadata metadata;
  std::map<std::string, std::string> known;
  for (const Key& key : keys) {
    const std::string option = "--" + std::string(key.name);
    const auto given = arguments.value(option);
    if (!given && key.unset)
      metadata.unset.emplace_back(key.name);
    else if (!given)
      known.emplace(key.name, key.default_value);
    else
      known.emplace(key.name, key.kind == Kind::path ? depersonalised(key, *given) : *given);
  }
  for (const auto& [name, value] : to_metadata(arguments)) known.emplace(name, value);  // options of our own
  metadata.parameters.assign(known.begin(), known.end());
  return metadata;
}

}  // namespace mo::cli
