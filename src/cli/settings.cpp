#include "cli/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "ir/legacy/dialect.h"

namespace mo::cli {

namespace {

[[noreturn]] void fail(const DiagnosticCode& code, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const auto comma = text.find(',');
    parts.emplace_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr const char* shape_remedy = "write the shape as [1,3,227,227], whole positive numbers in brackets";

Shape parse_shape(std::string_view inside, std::string_view whole) {
  Shape shape;
  for (const std::string& part : split(inside)) {
    const auto dim = whole_number(part);
    if (!dim || *dim <= 0)
      fail(code::input_shape_syntax,
           "--input_shape " + std::string(whole) + ": \"" + part + "\" is not a positive size",
           part == "-1" || part == "?" || part == "0"
               ? "every dimension must be known to convert the model: give the size the application will use"
               : shape_remedy);
    shape.push_back(*dim);
  }
  return shape;
}

/// `.caffemodel` beside a `.prototxt` of the same stem.
std::string default_prototxt(const std::string& model) {
  std::filesystem::path path(model);
  return path.replace_extension(".prototxt").string();
}

void read_input_shapes(const Arguments& arguments, caffe::InputOverrides& inputs) {
  const auto text = arguments.value("--input_shape");
  const auto names_text = arguments.value("--input");
  const std::vector<std::string> names = names_text ? split(*names_text) : std::vector<std::string>{};
  if (!text) return;
  std::vector<Shape> shapes = parse_shapes(*text);
  if (names.empty() && shapes.size() > 1)
    fail(code::input_shape_count,
         "--input_shape has " + std::to_string(shapes.size()) + " shapes, but --input names no inputs",
         "name the inputs in the same order: --input data,rois");
  if (!names.empty() && names.size() != shapes.size())
    fail(code::input_shape_count,
         "--input_shape has " + std::to_string(shapes.size()) + " shapes for " +
             std::to_string(names.size()) + " inputs in --input",
         "give one shape for each input");
  for (std::size_t i = 0; i < shapes.size(); ++i)
    inputs.shapes.emplace_back(names.empty() ? std::string() : names[i], std::move(shapes[i]));
}

void read_data_type(const Arguments& arguments, ConvertOptions& options) {
  const std::string type = arguments.value_or("--data_type", "float");
  static constexpr std::array known{"FP16", "FP32", "half", "float"};
  if (std::ranges::find(known, type) == known.end())
    fail(code::command_line, "--data_type " + type + " is not one of FP16, FP32, half, float",
         "choose one of them");
  options.compress_to_fp16 = type == "FP16" || type == "half";
}

void read_numbers(const Arguments& arguments, ConvertOptions& options) {
  if (const auto batch = arguments.value("--batch")) {
    const auto size = whole_number(trimmed(*batch));
    if (!size || *size <= 0)
      fail(code::command_line, "--batch " + *batch + " is not a positive whole number",
           "write, for example, --batch 1");
    options.inputs.batch = *size;
  }
}

int parse_ir_version(const std::string& text, const std::string& source) {
  const auto version = whole_number(trimmed(text));
  if (!version || *version > 11 || (!ir::legacy::is_legacy(static_cast<int>(*version)) && *version < 10))
    fail(code::command_line, source + " " + text + " is not one of 2, 3, 4, 5, 6, 7, 10, 11",
         "choose one of them");
  return static_cast<int>(*version);
}

void read_ir_version(const Arguments& arguments, int default_version, ConvertOptions& options) {
  options.ir_version = default_version;
  int named = 0;
  const auto take = [&](int version) {
    if (named != 0 && named != version)
      fail(code::command_line,
           "two versions of the IR are asked for, " + std::to_string(named) + " and " +
               std::to_string(version),
           "keep one of --ir_version, --generate_deprecated_IR_V2 and --generate_deprecated_IR_V7");
    options.ir_version = named = version;
  };
  if (const auto text = arguments.value("--ir_version")) take(parse_ir_version(*text, "--ir_version"));
  if (arguments.has("--generate_deprecated_IR_V2")) take(2);
  if (arguments.has("--generate_deprecated_IR_V7")) take(7);
}

void read_files(const Arguments& arguments, ConvertOptions& options) {
  options.files.caffemodel = arguments.value_or("--input_model", "");
  if (options.files.caffemodel.empty())
    fail(code::command_line, "no model is given", "name it: mo --input_model model.caffemodel");
  options.files.prototxt = arguments.value_or("--input_proto", "");
  if (options.files.prototxt.empty()) {
    options.files.prototxt = default_prototxt(options.files.caffemodel);
    if (std::filesystem::exists(options.files.caffemodel) && !std::filesystem::exists(options.files.prototxt))
      fail(code::file_not_found,
           options.files.prototxt + ": there is no prototxt of that name beside the model",
           "name the prototxt with --input_proto");
  }
  options.output_dir = arguments.value_or("--output_dir", ".");
  options.model_name =
      arguments.value_or("--model_name", std::filesystem::path(options.files.caffemodel).stem().string());
}

void read_custom_layers(const Arguments& arguments, ConvertOptions& options) {
  custom::Sources& sources = options.custom_layers;
  sources.mapping = arguments.value_or("-k", "");
  sources.caffe_proto = arguments.value_or("--caffe_proto", "");
  sources.collect.all_fields = arguments.has("--disable_omitting_optional");
  sources.collect.flatten_names = arguments.has("--enable_flattening_nested_params");
  for (std::string& folder : split(arguments.value_or("--extensions", "")))
    if (!folder.empty()) sources.folders.push_back(std::move(folder));
}

void read_framework(const Arguments& arguments) {
  const std::string framework = arguments.value_or("--framework", "caffe");
  static constexpr std::array others{"tf", "mxnet", "kaldi", "onnx"};
  if (std::ranges::find(others, framework) != others.end())
    fail(code::unknown_framework, "--framework " + framework + " is not in this build, which reads caffe",
         "use the current OpenVINO's own reader for that framework");
  if (framework != "caffe")
    fail(code::unknown_framework, "--framework " + framework + " is not known", "write --framework caffe");
}

}  // namespace

std::vector<Shape> parse_shapes(std::string_view text) {
  const std::string_view whole = text;
  std::vector<Shape> shapes;
  text = trimmed(text);
  while (true) {
    const char close = text.starts_with('[') ? ']' : text.starts_with('(') ? ')' : '\0';
    const auto end = close == '\0' ? std::string_view::npos : text.find(close);
    if (end == std::string_view::npos)
      fail(code::input_shape_syntax, "--input_shape " + std::string(whole) + " is not a shape in brackets",
           shape_remedy);
    shapes.push_back(parse_shape(text.substr(1, end - 1), whole));
    text = trimmed(text.substr(end + 1));
    if (text.empty()) return shapes;
    if (!text.starts_with(','))
      fail(code::input_shape_syntax,
           "--input_shape " + std::string(whole) + " has no comma between two shapes", shape_remedy);
    text = trimmed(text.substr(1));
  }
}

int default_ir_version(std::string_view program, const char* environment) {
  if (environment != nullptr && *environment != '\0') return parse_ir_version(environment, "MO_IR_VERSION");
  const std::string name = std::filesystem::path(program).filename().string();
  return name == "mo.py" || name == "mo_caffe.py" ? 3 : 11;
}

ConvertOptions to_convert_options(const Arguments& arguments, Diagnostics& diagnostics,
                                  int default_ir_version) {
  ConvertOptions options;
  options.passes.stride_optimization = !arguments.has("--disable_resnet_optimization");
  options.passes.fusing = !arguments.has("--disable_fusing");
  const auto collect = [&](auto&& read) {
    try {
      read();
    } catch (const Failure& failure) {
      diagnostics.add(failure.diagnostic());
    }
  };
  collect([&] { read_framework(arguments); });
  collect([&] { read_files(arguments, options); });
  collect([&] { read_input_shapes(arguments, options.inputs); });
  collect([&] { read_data_type(arguments, options); });
  collect([&] { read_numbers(arguments, options); });
  collect([&] { read_custom_layers(arguments, options); });
  collect([&] { read_ir_version(arguments, default_ir_version, options); });
  return options;
}

}  // namespace mo::cli
