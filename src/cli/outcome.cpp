#include "cli/outcome.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <system_error>

#include "support/path.h"

namespace mo::cli {

namespace {

/// So that code runs wherever it is pasted.
std::string absolute(const std::string& path) {
  if (path.empty()) return {};
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(to_path(path), error);
  return error ? path : whole.lexically_normal().string();
}

std::string input_name(const std::string& name) {
  return name.empty() ? "the input" : "\"" + name + "\"";
}

std::vector<std::string> preprocessing_of(const ConvertOptions& options) {
  std::vector<std::string> sentences;
  for (const passes::FrozenInput& frozen : options.frozen)
    sentences.push_back(fmt::format("\"{}\" is a constant, no input", frozen.name));
  for (const passes::InputForm& form : options.input_forms) {
    if (!form.element_type.empty())
      sentences.push_back(fmt::format("{} is fed as {}", input_name(form.input), form.element_type));
    if (!form.fed_layout.empty() && form.fed_layout != form.net_layout)
      sentences.push_back(
          fmt::format("{} is fed in the order {}", input_name(form.input), fmt::join(form.fed_layout, "")));
  }
  const passes::Preprocess& p = options.preprocess;
  if (p.reverse_channels)
    sentences.emplace_back("the order of the channels is reversed, for a net trained with the other one");
  for (const passes::ChannelValues& mean : p.means)
    sentences.push_back(fmt::format("the mean {} is subtracted from {}", fmt::join(mean.values, ", "),
                                    input_name(mean.input)));
  if (!options.mean_file.empty())
    sentences.push_back(fmt::format("the mean image {} is subtracted from the input", options.mean_file));
  for (const passes::ChannelValues& scale : p.scales)
    sentences.push_back(
        fmt::format("{} is divided by {}", input_name(scale.input), fmt::join(scale.values, ", ")));
  if (p.scale) sentences.push_back(fmt::format("the inputs are divided by {}", *p.scale));
  return sentences;
}

std::vector<report::Border> borders(const std::vector<Terminal>& terminals) {
  std::vector<report::Border> all;
  all.reserve(terminals.size());
  for (const Terminal& terminal : terminals)
    all.push_back({terminal.name, terminal.shape, terminal.element_type});
  return all;
}

}  // namespace

report::Conversion to_conversion(const ConvertOptions& options, const ConvertResult& result,
                                 const std::vector<Progress::Phase>& phases, double seconds) {
  report::Conversion conversion;
  conversion.name = options.model_name;
  conversion.prototxt = options.files.prototxt;
  conversion.caffemodel = options.files.caffemodel;
  conversion.is_onnx = options.format == OutputFormat::onnx;
  conversion.version = conversion.is_onnx ? options.onnx_opset : options.ir_version;
  conversion.model = absolute(conversion.is_onnx ? result.onnx : result.xml);
  conversion.weights = absolute(conversion.is_onnx ? result.onnx_weights : result.bin);
  conversion.fp16 = options.compress_to_fp16;
  conversion.inputs = borders(result.inputs);
  conversion.outputs = borders(result.outputs);
  conversion.preprocessing = preprocessing_of(options);
  for (const Progress::Phase& phase : phases)
    conversion.phases.push_back({phase.name, phase.seconds, phase.bytes});
  conversion.seconds = seconds;
  return conversion;
}

}  // namespace mo::cli
