#include "cli/input_settings.h"

#include <algorithm>
#include <array>

#include "cli/values.h"

namespace mo::cli {

namespace {

void add_form(ConvertOptions& options, passes::InputForm form) {
  for (passes::InputForm& existing : options.input_forms) {
    if (existing.input != form.input) continue;
    if (!form.net_layout.empty()) existing.net_layout = std::move(form.net_layout);
    if (!form.fed_layout.empty()) existing.fed_layout = std::move(form.fed_layout);
    if (!form.element_type.empty()) existing.element_type = std::move(form.element_type);
    return;
  }
  options.input_forms.push_back(std::move(form));
}

}  // namespace

void read_inputs(const Arguments& arguments, ConvertOptions& options) {
  const auto text = arguments.value("--input");
  if (!text || trimmed(*text).empty()) return;
  for (InputItem& item : parse_inputs(*text)) {
    if (!item.element_type.empty())
      add_form(options, {item.input.name, {}, {}, std::move(item.element_type)});
    if (item.frozen) options.frozen.push_back({item.input.name, std::move(*item.frozen)});
    options.cuts.inputs.push_back(std::move(item.input));
  }
}

void read_input_shapes(const Arguments& arguments, ConvertOptions& options) {
  const auto text = arguments.value("--input_shape");
  if (!text) return;
  std::vector<caffe::InputOverride> shapes = parse_shapes(*text);
  auto& inputs = options.cuts.inputs;
  if (inputs.empty() && shapes.size() > 1)
    fail(code::input_shape_count,
         "--input_shape has " + std::to_string(shapes.size()) + " shapes, but --input names no inputs",
         "name the inputs in the same order: --input data,rois");
  if (inputs.empty()) {
    inputs.push_back(std::move(shapes.front()));
    return;
  }
  if (inputs.size() != shapes.size())
    fail(code::input_shape_count,
         "--input_shape has " + std::to_string(shapes.size()) + " shapes for " +
             std::to_string(inputs.size()) + " inputs in --input",
         "give one shape for each input");
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    if (!inputs[i].shape.empty())
      fail(code::conflicting_options,
           "--input and --input_shape both give a shape for \"" + inputs[i].name + "\"",
           "give it in one of the two");
    inputs[i].shape = std::move(shapes[i].shape);
    inputs[i].partial_shape = std::move(shapes[i].partial_shape);
  }
}

/// The batch takes the place of the first dimension, bounded or not.
void read_batch(const Arguments& arguments, ConvertOptions& options) {
  const auto batch = arguments.value("--batch");
  if (!batch) return;
  const auto size = whole_number(trimmed(*batch));
  if (!size || *size <= 0 || *size >= (std::int64_t{1} << 31))
    fail(code::command_line, "--batch " + *batch + " is not a positive whole number",
         "write, for example, --batch 1");
  options.batch = *size;
  for (caffe::InputOverride& input : options.cuts.inputs) {
    if (input.partial_shape.empty()) continue;
    const auto comma = std::min(input.partial_shape.find(','), input.partial_shape.size());
    input.partial_shape = std::to_string(*size) + input.partial_shape.substr(comma);
  }
}

void read_outputs(const Arguments& arguments, ConvertOptions& options) {
  const auto text = arguments.value("--output");
  if (!text || trimmed(*text).empty()) return;
  options.cuts.outputs = split(*text);
  if (std::ranges::find(options.cuts.outputs, "") != options.cuts.outputs.end())
    fail(code::command_line, "--output " + *text + " has an empty name",
         "separate the names by single commas: --output prob,pool5");
}

void read_layouts(const Arguments& arguments, ConvertOptions& options) {
  for (const char* option : {"--layout", "--source_layout", "--target_layout"})
    if (const auto text = arguments.value(option))
      for (passes::InputForm& form : parse_layouts(*text, option)) add_form(options, std::move(form));
}

void read_frozen(const Arguments& arguments, ConvertOptions& options) {
  if (const auto text = arguments.value("--freeze_placeholder_with_value"))
    for (passes::FrozenInput& input : parse_frozen(*text)) options.frozen.push_back(std::move(input));
}

}  // namespace mo::cli
