#include "cli/auto_preprocess.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "caffe/net.h"
#include "caffe/prototxt_reader.h"
#include "cli/values.h"
#include "support/path.h"

namespace mo::cli {

namespace {

namespace fs = std::filesystem;

struct Transform {
  std::string where;  ///< file:line
  std::vector<std::string> means;
  std::string scale;
  std::string mean_file;
};

bool is_for_test(const caffe::Message& layer) {
  const caffe::Field* phase = layer.find_path("include.phase");
  return phase != nullptr && (phase->text == "TEST" || phase->text == "1");
}

std::optional<Transform> transform_in(const fs::path& path) {
  const auto file = MappedFile::open(path.string());
  const caffe::Source source = caffe::Source::of(path.string(), std::string(file->text()));
  const caffe::Message net = caffe::parse_prototxt(source);
  const caffe::Message* chosen = nullptr;
  for (const char* kind : {"layer", "layers"}) {
    for (const caffe::Field* layer : net.all(kind)) {
      if (layer->message == nullptr || layer->message->find("transform_param") == nullptr) continue;
      if (chosen == nullptr || (is_for_test(*layer->message) && !is_for_test(*chosen)))
        chosen = layer->message.get();
    }
  }
  if (chosen == nullptr) return std::nullopt;
  const caffe::Field& field = *chosen->find("transform_param");
  if (field.message == nullptr) return std::nullopt;
  Transform transform;
  transform.where = fmt::format("{}:{}", path.string(), field.position.line);
  for (const caffe::Field* mean : field.message->all("mean_value")) transform.means.push_back(mean->text);
  if (const caffe::Field* scale = field.message->find("scale")) transform.scale = scale->text;
  if (const caffe::Field* mean = field.message->find("mean_file")) transform.mean_file = mean->text;
  if (transform.means.empty() && transform.scale.empty() && transform.mean_file.empty()) return std::nullopt;
  return transform;
}

std::vector<fs::path> files_beside(const fs::path& folder, std::string_view part,
                                   std::string_view extension) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == extension &&
        entry.path().filename().string().find(part) != std::string::npos)
      found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

/// The mean file under its training path, or of the same name beside the model.
std::optional<fs::path> mean_file(const std::string& named, const fs::path& folder) {
  if (named.empty()) {
    const auto found = files_beside(folder, "mean", ".binaryproto");
    return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
  }
  std::error_code ignored;
  for (const fs::path& path : {folder / to_path(named).filename(), folder / to_path(named), to_path(named)})
    if (fs::exists(path, ignored)) return path;
  return std::nullopt;
}

class Taker {
 public:
  Taker(Arguments& arguments, Diagnostics& diagnostics) : arguments_(arguments), diagnostics_(diagnostics) {}

  std::string run() {
    const fs::path model = to_path(arguments_.value_or("--input_model", ""));
    const fs::path proto =
        to_path(arguments_.value_or("--input_proto", without_ending(model).string() + ".prototxt"));
    const fs::path folder = model.has_parent_path() ? model.parent_path() : fs::path(".");
    std::error_code ignored;
    std::vector<fs::path> candidates = files_beside(folder, "train", ".prototxt");
    if (fs::exists(proto, ignored)) candidates.insert(candidates.begin(), proto);
    std::optional<Transform> transform;
    for (const fs::path& path : candidates)
      if (!transform) transform = transform_in(path);
    if (transform) take(*transform);
    take_mean_file(transform.value_or(Transform{}), folder);
    if (taken_.empty())
      fail(code::no_preprocessing,
           "--preprocess auto: no transform_param with a mean or a scale, and no mean file, is beside " +
               model.string(),
           "put the train_val.prototxt beside the model, or give --mean_values and --scale");
    return "Preprocessing" + (transform ? " of " + transform->where : "") + ":" + taken_;
  }

 private:
  bool has_mean() const { return arguments_.has("--mean_values") || arguments_.has("--mean_file"); }

  void set(const char* option, const std::string& value) {
    arguments_.set(option, value);
    taken_ += fmt::format(" {} {}", option, value);
  }

  void take(const Transform& transform) {
    if (!transform.means.empty() && !has_mean())
      set("--mean_values", fmt::format("[{}]", fmt::join(transform.means, ",")));
    if (transform.scale.empty() || arguments_.has("--scale") || arguments_.has("--scale_values")) return;
    const auto factor = number(transform.scale);
    if (!factor || *factor == 0)
      fail(code::no_preprocessing, transform.where + ": scale " + transform.scale + " is not a factor",
           "give --scale");
    // Caffe multiplies by it; in double the inverse of the inverse is the factor again, to the last digits.
    set("--scale", fmt::format("{}", 1 / *factor));
  }

  void take_mean_file(const Transform& transform, const fs::path& folder) {
    if (has_mean()) return;
    if (const auto path = mean_file(transform.mean_file, folder)) return set("--mean_file", path->string());
    if (!transform.mean_file.empty())
      diagnostics_.warning(code::no_preprocessing,
                           transform.where + ": the mean file " + transform.mean_file +
                               " is not beside the model; no mean is subtracted",
                           "copy it there, or give --mean_file");
  }

  Arguments& arguments_;
  Diagnostics& diagnostics_;
  std::string taken_;
};

}  // namespace

std::string take_preprocessing(Arguments& arguments, Diagnostics& diagnostics) {
  const std::string mode = arguments.value_or("--preprocess", "");
  try {
    if (mode != "auto")
      fail(code::command_line, "--preprocess " + mode + " is not auto", "write --preprocess auto");
    return Taker(arguments, diagnostics).run();
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return {};
  }
}

}  // namespace mo::cli
