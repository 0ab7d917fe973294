#include "cli/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/input_settings.h"
#include "cli/values.h"
#include "ir/legacy/dialect.h"
#include "os/process.h"
#include "support/path.h"
#include "support/suggestion.h"

namespace mo::cli {

namespace {

/// The `.prototxt` of the same stem beside it.
std::string default_prototxt(const std::string& model) {
  return without_ending(to_path(model)).string() + ".prototxt";
}

void require_file(const Arguments& arguments, std::string_view option) {
  const auto path = arguments.value(option);
  if (!path || path_exists(*path)) return;
  fail(code::file_not_found, *path + ": there is no such file (" + std::string(option) + ")",
       file_suggestion(*path, "check the path"));
}

void read_means(const Arguments& arguments, ConvertOptions& options) {
  if (const auto text = arguments.value("--mean_values"); text && !trimmed(*text).empty())
    options.preprocess.means = parse_channel_values(*text, "--mean_values");
  const auto file = arguments.value("--mean_file");
  if (!file) return;
  if (!options.preprocess.means.empty())
    fail(code::conflicting_options, "--mean_file and --mean_values both give a mean", "choose one of them");
  require_file(arguments, "--mean_file");
  options.mean_file = *file;
  if (const auto offsets = arguments.value("--mean_file_offsets"))
    options.preprocess.mean_image_offsets = parse_offsets(*offsets);
}

void check_zero(double value, const std::string& option) {
  if (value == 0)
    fail(code::zero_scale, option + ": inputs cannot be divided by 0",
         "leave the option out, or give 1 for channels that are not scaled");
}

void read_scales(const Arguments& arguments, ConvertOptions& options, Diagnostics& diagnostics) {
  if (const auto text = arguments.value("--scale_values"); text && !trimmed(*text).empty()) {
    options.preprocess.scales = parse_channel_values(*text, "--scale_values");
    for (const passes::ChannelValues& values : options.preprocess.scales)
      for (const double value : values.values) check_zero(value, "--scale_values");
  }
  const auto text = arguments.value("--scale");
  if (!text) return;
  if (!options.preprocess.scales.empty())
    fail(code::conflicting_options, "--scale and --scale_values both give a scale", "choose one of them");
  const auto scale = number(trimmed(*text));
  if (!scale)
    fail(code::command_line, "--scale " + *text + " is not a number", "write, for example, --scale 127.5");
  check_zero(*scale, "--scale");
  if (*scale < 1)
    diagnostics.warning(code::small_scale,
                        "--scale " + *text + " is less than 1: the input is divided by it, so it grows",
                        "where the training multiplies by it (Caffe's transform_param), give its inverse");
  options.preprocess.scale = *scale;
}

void read_data_type(const Arguments& arguments, ConvertOptions& options) {
  const std::string type = arguments.value_or("--data_type", "float");
  static constexpr std::array<std::string_view, 4> known{"FP16", "FP32", "half", "float"};
  if (std::ranges::find(known, type) == known.end())
    fail(code::command_line, "--data_type " + type + " is not one of FP16, FP32, half, float",
         suggestion(type, known, "choose one of them"));
  options.compress_to_fp16 = type == "FP16" || type == "half";
  if (!arguments.has("--compress_to_fp16")) return;
  const bool compress = arguments.is_on("--compress_to_fp16");
  if (arguments.has("--data_type") && compress != options.compress_to_fp16)
    fail(code::conflicting_options, "--data_type " + type + " and --compress_to_fp16 contradict each other",
         "choose one of them");
  options.compress_to_fp16 = compress;
}

int parse_ir_version(const std::string& text, const std::string& source) {
  const auto version = whole_number(trimmed(text));
  if (!version || *version > 11 || (!ir::legacy::is_legacy(static_cast<int>(*version)) && *version < 10))
    fail(code::command_line, source + " " + text + " is not one of 2, 3, 4, 5, 6, 7, 10, 11",
         "choose one of them");
  return static_cast<int>(*version);
}

/// The original's switches for one version each.
constexpr std::array<std::pair<const char*, int>, 3> version_flags{{{"--generate_deprecated_IR_V2", 2},
                                                                    {"--generate_deprecated_IR_V7", 7},
                                                                    {"--generate_experimental_IR_V10", 10}}};

void read_ir_version(const Arguments& arguments, int default_version, ConvertOptions& options) {
  options.ir_version = default_version;
  int named = 0;
  const auto take = [&](int version) {
    if (named != 0 && named != version)
      fail(code::conflicting_options,
           "two versions of the IR are asked for, " + std::to_string(named) + " and " +
               std::to_string(version),
           "keep one of --ir_version, --generate_deprecated_IR_V2, --generate_deprecated_IR_V7 and "
           "--generate_experimental_IR_V10");
    options.ir_version = named = version;
  };
  if (const auto text = arguments.value("--ir_version")) take(parse_ir_version(*text, "--ir_version"));
  for (const auto& [flag, version] : version_flags)
    if (arguments.is_on(flag)) take(version);
}

/// ONNX is written of the graph as it is for IR v11, whatever version the site has set.
void read_output_format(const Arguments& arguments, ConvertOptions& options) {
  const std::string format = arguments.value_or("--output_format", "ir");
  static constexpr std::array<std::string_view, 2> known{"ir", "onnx"};
  if (std::ranges::find(known, format) == known.end())
    fail(code::output_format, "--output_format " + format + " is not one of ir, onnx",
         suggestion(format, known, "choose one of them"));
  if (format == "ir") {
    for (const char* option : {"--onnx_opset", "--onnx_external_data"})
      if (arguments.has(option))
        fail(code::output_format, std::string(option) + " is for ONNX models, and an IR is asked for",
             "add --output_format onnx");
    return;
  }
  const auto refuse = [&](const char* option) {
    if (arguments.has(option))
      fail(code::output_format, std::string(option) + " is for IR, and an ONNX model is asked for",
           "leave it out; --onnx_opset chooses the version of ONNX's operators");
  };
  refuse("--ir_version");
  for (const auto& [flag, version] : version_flags) refuse(flag);
  options.format = OutputFormat::onnx;
  options.ir_version = 11;
  options.onnx_external_data = arguments.is_on("--onnx_external_data");
  const auto text = arguments.value("--onnx_opset");
  if (!text) return;
  const auto opset = whole_number(trimmed(*text));
  if (!opset || *opset < onnx::first_opset || *opset > onnx::last_opset)
    fail(code::output_format,
         "--onnx_opset " + *text + " is not one of " + std::to_string(onnx::first_opset) + " to " +
             std::to_string(onnx::last_opset),
         "choose one of them; without the option it is " + std::to_string(onnx::default_opset));
  options.onnx_opset = static_cast<int>(*opset);
}

void read_fusing(const Arguments& arguments, ConvertOptions& options) {
  options.passes.fusing = !arguments.is_on("--disable_fusing");
  options.passes.grouped_fusing = !arguments.is_on("--disable_gfusing");
  options.passes.stride_optimization = !arguments.is_on("--disable_resnet_optimization");
  options.passes.fold_shapes = arguments.is_on("--fold_constants");
  options.move_to_preprocess = arguments.is_on("--move_to_preprocess");
  options.preprocess.reverse_channels = arguments.is_on("--reverse_input_channels");
  const auto text = arguments.value("--finegrain_fusing");
  if (!text) return;
  for (const std::string& expression : split(*text)) {
    if (expression.empty()) continue;
    std::string why;
    if (!passes::is_regular_expression(expression, why))
      fail(code::bad_regular_expression, fmt::format("--finegrain_fusing {}: {}", expression, why),
           "write a regular expression of RE2's syntax, for example .*Scale.*");
    options.passes.kept_apart.push_back(expression);
  }
}

/// Folder and stem of the output files; the stem is by default that of `source`.
void read_output_names(const Arguments& arguments, const std::string& source, std::string& folder,
                       std::string& name) {
  folder = arguments.value_or("--output_dir", ".");
  if (folder.empty()) folder = ".";
  const std::string stem = without_ending(to_path(source)).filename().string();
  name = arguments.value_or("--model_name", stem.starts_with('.') ? "model" : stem);
  if (name.empty()) name = "model";
}

/// Without --framework the original told the framework by the file's name.
void refuse_other_frameworks(const Arguments& arguments, const std::string& model) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> endings{{
      {".pb", "TensorFlow"},
      {".pbtxt", "TensorFlow"},
      {".meta", "TensorFlow"},
      {".tflite", "TensorFlow Lite"},
      {".params", "MXNet"},
      {".json", "MXNet"},
      {".nnet", "Kaldi"},
      {".mdl", "Kaldi"},
      {".onnx", "ONNX"},
      {".pdmodel", "PaddlePaddle"},
      {".xml", "OpenVINO"},
  }};
  if (arguments.has("--framework")) return;
  const std::string ending = to_path(model).extension().string();
  const auto found = std::ranges::find(endings, ending, &decltype(endings)::value_type::first);
  if (found == endings.end() || !path_exists(model)) return;
  fail(code::unknown_framework,
       model + " looks like a model of " + std::string(found->second) + "; this build reads caffe",
       ending == ".xml" ? "an old IR is read by --upgrade_ir"
                        : "use the current OpenVINO's own reader for that framework, or --framework caffe if "
                          "it is one of Caffe after all");
}

void read_files(const Arguments& arguments, ConvertOptions& options) {
  options.files.caffemodel = arguments.value_or("--input_model", "");
  options.files.prototxt = arguments.value_or("--input_proto", "");
  const bool looks_alone =
      arguments.is_on("--print_shapes") || arguments.has("--inspect") || arguments.has("--graph");
  options.write_files = !(looks_alone && options.files.caffemodel.empty());
  if (options.files.caffemodel.empty() && options.files.prototxt.empty())
    fail(code::command_line, "no model is given", "name it: mo --input_model model.caffemodel");
  refuse_other_frameworks(arguments, options.files.caffemodel);
  if (options.files.prototxt.empty()) {
    options.files.prototxt = default_prototxt(options.files.caffemodel);
    if (path_exists(options.files.caffemodel) && !path_exists(options.files.prototxt))
      fail(code::file_not_found,
           options.files.prototxt + ": there is no prototxt of that name beside the model",
           "name the prototxt with --input_proto");
  }
  read_output_names(arguments,
                    options.files.caffemodel.empty() ? options.files.prototxt : options.files.caffemodel,
                    options.output_dir, options.model_name);
}

void read_framework(const Arguments& arguments) {
  const std::string framework = arguments.value_or("--framework", "caffe");
  static constexpr std::array others{"tf", "mxnet", "kaldi", "onnx"};
  if (std::ranges::find(others, framework) != others.end())
    fail(code::unknown_framework, "--framework " + framework + " is not in this build, which reads caffe",
         "use the current OpenVINO's own reader for that framework");
  static constexpr std::array<std::string_view, 1> known{"caffe"};
  if (framework != known.front())
    fail(code::unknown_framework, "--framework " + framework + " is not known",
         suggestion(framework, known, "write --framework caffe"));
}

bool has_python_files(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (std::filesystem::recursive_directory_iterator it(folder, ignored), end; it != end;
       it.increment(ignored)) {
    if (it.depth() > 3) it.pop();
    if (it != end && it->path().extension() == ".py") return true;
    if (it == end) break;
  }
  return false;
}

/// lib/mo/extensions beside the folder of the program; empty when that cannot be told.
std::string default_extensions() {
  const std::filesystem::path program = to_path(os::program_path());
  if (program.empty()) return {};
  return (program.parent_path().parent_path() / "lib" / "mo" / "extensions").string();
}

void read_extensions(const Arguments& arguments, ConvertOptions& options, Diagnostics& diagnostics) {
  custom::Sources& sources = options.custom_layers;
  // An empty text leaves out the default folder too.
  if (!arguments.value_or("--extensions", "default").empty()) sources.default_folder = default_extensions();
  if (const auto text = arguments.value("--extensions")) {
    for (const std::string& folder : split(*text)) {
      if (folder.empty()) continue;
      if (!is_folder(folder))
        fail(code::file_not_found, folder + ": there is no such folder (--extensions)", "check the path");
      if (has_python_files(to_path(folder)))
        diagnostics.warning(code::not_in_this_build,
                            "--extensions " + folder + ": extensions in Python are not run by this program",
                            "describe their layers in .toml files or in a library: docs/custom-layers.md");
      sources.folders.push_back(folder);
    }
  }
  require_file(arguments, "--k");
  require_file(arguments, "--caffe_proto");
  sources.mapping = arguments.value_or("--k", "");
  sources.caffe_proto = arguments.value_or("--caffe_proto", "");
  sources.collect.all_fields = arguments.is_on("--disable_omitting_optional");
  sources.collect.flatten_names = arguments.is_on("--enable_flattening_nested_params");
}

void refuse_absent(const Arguments& arguments) {
  for (const char* option : {"--transform", "--transformations_config"})
    if (const auto text = arguments.value(option); text && !text->empty())
      fail(code::not_in_this_build,
           std::string(option) + " " + *text + ": this build has no such transformation",
           "leave the option out; apply it to the IR with OpenVINO's own passes");
}

}  // namespace

int default_ir_version(std::string_view program, const std::string& environment) {
  if (!environment.empty()) return parse_ir_version(environment, "MO_IR_VERSION");
  const std::string name = to_path(program).filename().string();
  return name == "mo.py" || name == "mo_caffe.py" ? 3 : 11;
}

UpgradeOptions to_upgrade_options(const Arguments& arguments, Diagnostics& diagnostics,
                                  int default_ir_version) {
  ConvertOptions shared;
  UpgradeOptions options;
  const auto collect = [&](auto&& read) {
    try {
      read();
    } catch (const Failure& failure) {
      diagnostics.add(failure.diagnostic());
    }
  };
  options.xml = arguments.value_or("--upgrade_ir", "");
  collect([&] {
    if (arguments.has("--input_model") || arguments.has("--input_proto"))
      fail(code::conflicting_options,
           "--upgrade_ir reads an IR, --input_model and --input_proto a Caffe model", "keep one of them");
  });
  read_output_names(arguments, options.xml, options.output_dir, options.model_name);
  options.durable = arguments.is_on("--fsync");
  options.allow_fp16_overflow = arguments.is_on("--allow_fp16_overflow");
  collect([&] { read_data_type(arguments, shared); });
  collect([&] { read_ir_version(arguments, default_ir_version, shared); });
  options.ir_version = shared.ir_version;
  if (arguments.has("--data_type") || arguments.has("--compress_to_fp16"))
    options.compress_to_fp16 = shared.compress_to_fp16;
  return options;
}

ConvertOptions to_convert_options(const Arguments& arguments, Diagnostics& diagnostics,
                                  int default_ir_version) {
  ConvertOptions options;
  options.durable = arguments.is_on("--fsync");
  options.allow_fp16_overflow = arguments.is_on("--allow_fp16_overflow");
  const auto collect = [&](auto&& read) {
    try {
      read();
    } catch (const Failure& failure) {
      diagnostics.add(failure.diagnostic());
    }
  };
  collect([&] { read_framework(arguments); });
  // A misspelt --input_model has been reported; that there is no model only follows from it.
  if (!diagnostics.has_errors() || arguments.has("--input_model"))
    collect([&] { read_files(arguments, options); });
  collect([&] { read_inputs(arguments, options); });
  collect([&] { read_input_shapes(arguments, options); });
  collect([&] { read_batch(arguments, options); });
  collect([&] { read_outputs(arguments, options); });
  collect([&] { read_layouts(arguments, options); });
  collect([&] { read_frozen(arguments, options); });
  collect([&] { read_means(arguments, options); });
  collect([&] { read_scales(arguments, options, diagnostics); });
  collect([&] { read_data_type(arguments, options); });
  collect([&] { read_ir_version(arguments, default_ir_version, options); });
  collect([&] { read_output_format(arguments, options); });
  collect([&] { read_fusing(arguments, options); });
  collect([&] { read_extensions(arguments, options, diagnostics); });
  collect([&] { refuse_absent(arguments); });
  return options;
}

}  // namespace mo::cli
