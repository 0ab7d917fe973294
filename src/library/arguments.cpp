#include "library/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mo::library {

namespace {

void set(cli::Arguments& arguments, const char* option, const std::string& text) {
  if (!text.empty()) arguments.set(option, text);
}

void set(cli::Arguments& arguments, const char* option, bool on) {
  if (on) arguments.set(option, "True");
}

void set(cli::Arguments& arguments, const char* option, const std::vector<std::string>& texts) {
  if (!texts.empty()) arguments.set(option, fmt::format("{}", fmt::join(texts, ",")));
}

void set(cli::Arguments& arguments, const char* option, const std::vector<InputValues>& all) {
  std::string text;
  for (const InputValues& values : all)
    text += fmt::format("{}{}[{}]", text.empty() ? "" : ",", values.input, fmt::join(values.values, ","));
  set(arguments, option, text);
}

std::string to_text(const std::vector<std::vector<std::int64_t>>& shapes) {
  std::string text;
  for (const std::vector<std::int64_t>& shape : shapes)
    text += fmt::format("{}[{}]", text.empty() ? "" : ",", fmt::join(shape, ","));
  return text;
}

void set_inputs(cli::Arguments& arguments, const ConvertModelOptions& options) {
  set(arguments, "--input", options.input);
  set(arguments, "--input_shape", to_text(options.input_shape));
  if (options.batch != 0) arguments.set("--batch", std::to_string(options.batch));
  set(arguments, "--output", options.output);
  set(arguments, "--freeze_placeholder_with_value", options.freeze_placeholder_with_value);
  set(arguments, "--layout", options.layout);
  set(arguments, "--source_layout", options.source_layout);
  set(arguments, "--target_layout", options.target_layout);
}

void set_preprocessing(cli::Arguments& arguments, const ConvertModelOptions& options) {
  set(arguments, "--mean_values", options.mean_values);
  set(arguments, "--scale_values", options.scale_values);
  if (options.scale) arguments.set("--scale", fmt::format("{}", *options.scale));
  set(arguments, "--reverse_input_channels", options.reverse_input_channels);
  set(arguments, "--mean_file", options.mean_file);
  if (const auto& offsets = options.mean_file_offsets)
    arguments.set("--mean_file_offsets", fmt::format("({},{})", offsets->first, offsets->second));
  set(arguments, "--preprocess", options.preprocess);
  set(arguments, "--move_to_preprocess", options.move_to_preprocess);
}

void set_passes(cli::Arguments& arguments, const ConvertModelOptions& options) {
  set(arguments, "--disable_fusing", options.disable_fusing);
  set(arguments, "--disable_gfusing", options.disable_gfusing);
  set(arguments, "--disable_resnet_optimization", options.disable_resnet_optimization);
  set(arguments, "--fold_constants", options.fold_constants);
  set(arguments, "--finegrain_fusing", options.finegrain_fusing);
}

void set_custom_layers(cli::Arguments& arguments, const ConvertModelOptions& options) {
  set(arguments, "--k", options.k);
  set(arguments, "--extensions", options.extensions);
  set(arguments, "--caffe_proto", options.caffe_proto);
  set(arguments, "--disable_omitting_optional", options.disable_omitting_optional);
  set(arguments, "--enable_flattening_nested_params", options.enable_flattening_nested_params);
}

void set_version(cli::Arguments& arguments, int ir_version) {
  if (ir_version != 11) arguments.set("--ir_version", std::to_string(ir_version));
}

}  // namespace

cli::Arguments to_arguments(const ConvertModelOptions& options) {
  cli::Arguments arguments;
  set(arguments, "--input_model", options.input_model);
  set(arguments, "--input_proto", options.input_proto);
  set(arguments, "--model_name", options.model_name);
  set_inputs(arguments, options);
  set_preprocessing(arguments, options);
  set(arguments, "--compress_to_fp16", options.compress_to_fp16);
  set(arguments, "--allow_fp16_overflow", options.allow_fp16_overflow);
  set_version(arguments, options.ir_version);
  set_passes(arguments, options);
  set_custom_layers(arguments, options);
  return arguments;
}

cli::Arguments to_arguments(const UpgradeIrOptions& options) {
  cli::Arguments arguments;
  arguments.set("--upgrade_ir", options.xml);
  set(arguments, "--model_name", options.model_name);
  set_version(arguments, options.ir_version);
  if (options.compress_to_fp16)
    arguments.set("--compress_to_fp16", *options.compress_to_fp16 ? "True" : "False");
  set(arguments, "--allow_fp16_overflow", options.allow_fp16_overflow);
  return arguments;
}

}  // namespace mo::library
