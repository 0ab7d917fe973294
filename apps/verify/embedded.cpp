#include "verify/embedded.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "caffe/mean_file.h"
#include "cli/settings.h"
#include "cli/values.h"
#include "common/model.h"
#include "common/run_app.h"
#include "support/file.h"
#include "verify/onnx_model.h"

namespace mo::verify {

namespace {

/// Those that change what an input means.
constexpr std::array taken{"mean_values",
                           "scale_values",
                           "scale",
                           "reverse_input_channels",
                           "mean_file",
                           "input",
                           "mean_file_offsets",
                           "freeze_placeholder_with_value",
                           "layout",
                           "source_layout",
                           "target_layout"};

bool says_something(std::string_view value) {
  return !value.empty() && value != "()" && value != "None" && value != "False" && value != "{}";
}

/// Names and values in an IR's XML.
std::vector<std::pair<std::string, std::string>> ir_metadata(const std::string& xml) {
  const auto file = MappedFile::open(xml);
  pugi::xml_document document;
  if (!document.load_buffer(file->bytes().data(), file->bytes().size()))
    cli::fail(code::damaged_ir, xml + ": this is no XML", "give the .xml file of an IR");
  std::vector<std::pair<std::string, std::string>> all;
  for (const pugi::xpath_node& found :
       document.select_nodes("//conversion_parameters/*[@value] | //cli_parameters/*[@value]"))
    all.emplace_back(found.node().name(), found.node().attribute("value").value());
  return all;
}

cli::Arguments read_metadata(const std::string& path) {
  cli::Arguments arguments;
  for (const auto& [name, value] : apps::is_onnx(path) ? onnx_metadata(path) : ir_metadata(path))
    if (std::ranges::find(taken, name) != taken.end() && says_something(value))
      arguments.set("--" + name, value);
  return arguments;
}

/// The values of one input: those under its name, or at its place in the order.
const std::vector<double>* values_for(const std::vector<passes::ChannelValues>& all, const std::string& input,
                                      std::size_t index, const std::vector<std::string>& order) {
  for (const passes::ChannelValues& values : all)
    if (values.input == input) return &values.values;
  if (all.empty() || !all.front().input.empty()) return nullptr;
  if (const auto named = std::ranges::find(order, input); named != order.end())
    index = static_cast<std::size_t>(named - order.begin());
  return index < all.size() ? &all[index].values : nullptr;
}

/// The mean of each number of one image [C, H, W], by the image's middle or the offsets; empty: none.
std::vector<float> mean_image(const passes::Preprocess& preprocess, const Shape& shape) {
  if (!preprocess.mean_image || shape.size() != 4) return {};
  const Tensor& image = *preprocess.mean_image;
  const std::int64_t rows = image.shape()[1] - shape[2];
  const std::int64_t columns = image.shape()[2] - shape[3];
  if (image.shape()[0] != shape[1] || rows < 0 || columns < 0)
    cli::fail(code::verify_inputs, "the mean image does not fit the input", "give the one of the conversion");
  const auto [top, left] = preprocess.mean_image_offsets.value_or(std::pair(rows / 2, columns / 2));
  const std::vector<double> all = image.values();
  std::vector<float> part;
  for (std::int64_t c = 0; c < shape[1]; ++c)
    for (std::int64_t y = 0; y < shape[2]; ++y)
      for (std::int64_t x = 0; x < shape[3]; ++x)
        part.push_back(static_cast<float>(
            all[static_cast<std::size_t>(((c * image.shape()[1]) + top + y) * image.shape()[2] + left + x)]));
  return part;
}

double channel_value(const std::vector<double>* values, std::size_t channel, double otherwise) {
  if (values == nullptr || values->empty()) return otherwise;
  return values->size() == 1 ? values->front() : values->at(channel);
}

}  // namespace

Embedded read_embedded(const std::string& xml, const caffe::NetFiles& files, const std::string& mean_file) {
  cli::Arguments arguments = read_metadata(xml);
  if (arguments.has("--mean_file")) {
    if (mean_file.empty())
      cli::fail(code::verify_inputs,
                "the IR has the mean image " + arguments.value_or("--mean_file", "") +
                    " inside; without the file itself the Caffe side lacks it",
                "name the file: --mean_file FILE");
    arguments.set("--mean_file", mean_file);
  }
  arguments.set("--input_model", files.caffemodel);
  arguments.set("--input_proto", files.prototxt);
  Diagnostics diagnostics;
  ConvertOptions options = cli::to_convert_options(arguments, diagnostics);
  Diagnostics errors;  // warnings about options were for the conversion
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (diagnostic.severity == Severity::error) errors.add(diagnostic);
  apps::print_and_check(errors);
  Embedded embedded{std::move(options.preprocess), std::move(options.frozen), std::move(options.input_forms)};
  for (const caffe::InputOverride& input : options.cuts.inputs)
    if (!input.name.empty()) embedded.preprocess.input_order.push_back(input.name);
  if (!options.mean_file.empty()) embedded.preprocess.mean_image = caffe::read_mean_file(options.mean_file);
  return embedded;
}

Array to_net_side(const Array& fed, const std::string& input, std::size_t index, const Embedded& embedded) {
  const passes::Preprocess& preprocess = embedded.preprocess;
  const Shape& shape = fed.shape;
  if (shape.size() < 2) return fed;
  const auto images = static_cast<std::size_t>(shape[0]);
  const auto channels = static_cast<std::size_t>(shape[1]);
  const std::size_t plane = fed.values.size() / std::max<std::size_t>(1, images * channels);
  const bool reversed = preprocess.reverse_channels && shape.size() == 4 && channels == 3;
  const auto* means = values_for(preprocess.means, input, index, preprocess.input_order);
  const auto* scales = values_for(preprocess.scales, input, index, preprocess.input_order);
  const std::vector<float> image = mean_image(preprocess, shape);
  Array net = fed;
  for (std::size_t n = 0; n < images; ++n)
    for (std::size_t c = 0; c < channels; ++c) {
      const std::size_t from = (n * channels + (reversed ? channels - 1 - c : c)) * plane;
      const std::size_t to = (n * channels + c) * plane;
      const double mean = channel_value(means, c, 0);
      const double scale = preprocess.scale.value_or(channel_value(scales, c, 1));
      for (std::size_t i = 0; i < plane; ++i) {
        const double subtracted = image.empty() ? mean : static_cast<double>(image[c * plane + i]);
        net.values[to + i] =
            static_cast<float>((static_cast<double>(fed.values[from + i]) - subtracted) / scale);
      }
    }
  return net;
}

}  // namespace mo::verify
