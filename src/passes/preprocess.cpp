#include "passes/preprocess.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "ops/ops.h"
#include "passes/behind_input.h"

namespace mo::passes {

namespace {

using ByInput = std::map<NodeId, std::vector<double>>;

class Preprocessor {
 public:
  Preprocessor(Graph& graph, const Preprocess& options, Diagnostics& diagnostics)
      : graph_(graph), options_(options), diagnostics_(diagnostics) {}

  void run();

 private:
  ByInput assigned(const std::vector<ChannelValues>& given, const char* option);
  std::vector<NodeId> inputs_in_order() const;
  void assign(ByInput& result, NodeId input, const std::vector<double>& values, const char* option);
  void take_common_scale(ByInput& scales);
  bool is_original(NodeId input) const {
    return std::ranges::find(options_.cut_inputs, graph_.node(input).name) == options_.cut_inputs.end();
  }
  std::int64_t channels(NodeId input) const {
    const Shape& shape = graph_.shape(start_of(graph_, input));
    return shape.size() < 2 ? -1 : shape[1];
  }
  bool is_reversed(NodeId input) const {
    return options_.reverse_channels && is_original(input) && channels(input) == 3 &&
           graph_.shape(start_of(graph_, input)).size() == 4;
  }
  void insert_mean(NodeId input, std::vector<double> mean);
  void insert_mean_image();
  void insert_scale(NodeId input, std::vector<double> scale);
  void reverse();
  std::string name_of(NodeId input, const char* part) const { return graph_.node(input).name + "/" + part; }

  Graph& graph_;
  const Preprocess& options_;
  Diagnostics& diagnostics_;
};

std::vector<NodeId> Preprocessor::inputs_in_order() const {
  if (options_.input_order.empty()) return graph_.inputs;
  std::vector<NodeId> inputs;
  for (const std::string& name : options_.input_order)
    if (const NodeId* input = find_input(graph_, name)) inputs.push_back(*input);
  return inputs;
}

void Preprocessor::assign(ByInput& result, NodeId input, const std::vector<double>& values,
                          const char* option) {
  const std::int64_t wanted = channels(input);
  const auto count = static_cast<std::int64_t>(values.size());
  if (count != 1 && wanted >= 0 && count != wanted)
    diagnostics_.error(code::mean_scale_count,
                       std::string(option) + ": " + std::to_string(count) + " values for the input \"" +
                           graph_.node(input).name + "\", which has " + std::to_string(wanted) + " channels",
                       "give one value for each channel, or one for all");
  else
    result[input] = values;
}

ByInput Preprocessor::assigned(const std::vector<ChannelValues>& given, const char* option) {
  ByInput result;
  if (given.empty()) return result;
  if (given.front().input.empty()) {
    const std::vector<NodeId> inputs = inputs_in_order();
    if (inputs.size() != given.size()) {
      diagnostics_.error(
          code::mean_scale_count,
          std::string(option) + " has values for " + std::to_string(given.size()) +
              " inputs, but there are " + std::to_string(inputs.size()),
          "give values for every input in order, or by name: " + std::string(option) + " data[104,117,123]");
      return result;
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) assign(result, inputs[i], given[i].values, option);
    return result;
  }
  for (const ChannelValues& values : given) {
    if (const NodeId* input = find_input(graph_, values.input)) {
      assign(result, *input, values.values, option);
      continue;
    }
    const auto& known = options_.known_inputs;
    if (std::ranges::find(known, values.input) != known.end()) {
      diagnostics_.warning(code::mean_scale_input,
                           std::string(option) + ": the input \"" + values.input +
                               "\" is not part of what is converted; its values are not used");
      continue;
    }
    std::vector<std::string_view> names;
    for (const NodeId id : graph_.inputs) names.push_back(graph_.node(id).name);
    const std::string_view near = nearest(values.input, names);
    diagnostics_.error(
        code::mean_scale_input, std::string(option) + ": \"" + values.input + "\" is not an input of the net",
        near.empty() ? "the inputs are listed by --print_shapes" : "did you mean " + std::string(near) + "?");
  }
  return result;
}

void Preprocessor::take_common_scale(ByInput& scales) {
  if (!options_.scale) return;
  for (const NodeId input : graph_.inputs)
    if (is_original(input)) scales[input] = {*options_.scale};
}

/// The blob of a ScaleShift at axis 1 (or of one number).
Blob channel_blob(const char* role, std::vector<double> values) {
  Shape shape;
  if (values.size() > 1) shape.push_back(static_cast<std::int64_t>(values.size()));
  return {role, Tensor::of(std::move(shape), std::move(values))};
}

Attributes at_channels(const Graph& graph, Value value) {
  return {{"axis", std::int64_t{graph.shape(value).size() >= 2 ? 1 : 0}}};
}

void Preprocessor::insert_mean(NodeId input, std::vector<double> mean) {
  if (std::ranges::all_of(mean, [](double value) { return value == 0; })) return;
  const std::int64_t count = channels(input);
  if (is_reversed(input)) std::ranges::reverse(mean);
  if (options_.means_beside_layers && count > 0) {
    if (mean.size() == 1) mean.resize(static_cast<std::size_t>(count), mean.front());
    graph_.means.push_back({input, std::vector<float>(mean.begin(), mean.end()), {}});
    return;
  }
  for (double& value : mean) value = -value;
  const Value start = start_of(graph_, input);
  insert_behind(graph_, start, op::scale_shift, name_of(input, "mean"), at_channels(graph_, start),
                {channel_blob("biases", std::move(mean))});
}

void Preprocessor::insert_scale(NodeId input, std::vector<double> scale) {
  if (std::ranges::all_of(scale, [](double value) { return value == 1; })) return;
  if (is_reversed(input)) std::ranges::reverse(scale);
  for (double& value : scale) value = 1 / value;
  const Value start = start_of(graph_, input);
  insert_behind(graph_, start, op::scale_shift, name_of(input, "scale"), at_channels(graph_, start),
                {channel_blob("weights", std::move(scale))});
}

/// The part of the mean image that lies under the input: at the offsets, else the middle.
std::vector<std::vector<float>> cropped(const Tensor& image, const Shape& input, std::int64_t top,
                                        std::int64_t left) {
  const std::int64_t height = image.shape()[1];
  const std::int64_t width = image.shape()[2];
  std::vector<std::vector<float>> planes;
  for (std::int64_t c = 0; c < image.shape()[0]; ++c) {
    std::vector<float> plane(static_cast<std::size_t>(input[2] * input[3]));
    for (std::int64_t y = 0; y < input[2]; ++y)
      image.read((c * height + top + y) * width + left,
                 std::span(plane).subspan(static_cast<std::size_t>(y * input[3]),
                                          static_cast<std::size_t>(input[3])));
    planes.push_back(std::move(plane));
  }
  return planes;
}

void Preprocessor::insert_mean_image() {
  const Tensor& image = *options_.mean_image;
  if (graph_.inputs.size() != 1)
    return diagnostics_.error(
        code::mean_file_inputs,
        "--mean_file is for nets of one input; this one has " + std::to_string(graph_.inputs.size()),
        "give the means of the image input with --mean_values, or subtract the image in the application");
  const NodeId input = graph_.inputs.front();
  const Value start = start_of(graph_, input);
  const Shape shape = graph_.shape(start);
  const std::string sizes = "the mean image " + to_string(image.shape()) + " and the input \"" +
                            graph_.node(input).name + "\" of shape " + to_string(shape);
  if (shape.size() != 4 || shape[1] != image.shape()[0] || shape[2] < 0 || shape[3] < 0)
    return diagnostics_.error(code::mean_file_size,
                              sizes + " do not have the same channels, or sizes that are known",
                              "a mean image is for one image input of fixed height and width");
  const std::int64_t rows = image.shape()[1] - shape[2];
  const std::int64_t columns = image.shape()[2] - shape[3];
  if (rows < 0 || columns < 0)
    return diagnostics_.error(code::mean_file_size, "the mean is smaller than the input: " + sizes,
                              "take the mean image of the training, or give --mean_values");
  const auto [top, left] = options_.mean_image_offsets.value_or(std::pair(rows / 2, columns / 2));
  if (top > rows || left > columns)
    return diagnostics_.error(code::mean_file_offsets,
                              "--mean_file_offsets (" + std::to_string(top) + "," + std::to_string(left) +
                                  ") leave less than the input: " + sizes,
                              "the largest offsets are (" + std::to_string(rows) + "," +
                                  std::to_string(columns) + "): rows first, then columns");
  std::vector<std::vector<float>> planes = cropped(image, shape, top, left);
  if (is_reversed(input)) std::ranges::reverse(planes);
  if (options_.images_beside_layers) {
    InputMean mean{input, {}, {}};
    for (auto& plane : planes) mean.images.push_back(Tensor::of(Shape{shape[2], shape[3]}, std::move(plane)));
    graph_.means.push_back(std::move(mean));
    return;
  }
  std::vector<float> values;
  for (const auto& plane : planes) std::ranges::transform(plane, std::back_inserter(values), std::negate<>());
  insert_behind(graph_, start, op::scale_shift, name_of(input, "mean"), {{"axis", std::int64_t{1}}},
                {{"biases", Tensor::of(Shape{shape[1], shape[2], shape[3]}, std::move(values))}});
}

void Preprocessor::reverse() {
  bool any = false;
  for (const NodeId input : std::vector<NodeId>(graph_.inputs)) {
    if (!is_reversed(input)) continue;
    any = true;
    Value value = start_of(graph_, input);
    for (const char* part : {"mean", "scale"}) {  // these are in the order of the input already
      const auto& uses = graph_.output(value).uses;
      if (uses.size() == 1 && graph_.node(uses.front().node).name == name_of(input, part))
        value = {uses.front().node, 0};
    }
    if (absorb_reversal(graph_, value)) continue;
    const std::vector<Use> uses = graph_.output(value).uses;
    const NodeId parts = graph_.add(op::slice, name_of(input, "channels"), {value},
                                    {{"axis", std::int64_t{1}},
                                     {"slice_point", std::vector<std::int64_t>{}},
                                     {"parts", std::int64_t{3}}});
    const NodeId turned = graph_.add(op::concat, name_of(input, "reversed"),
                                     {{parts, 2}, {parts, 1}, {parts, 0}}, {{"axis", std::int64_t{1}}});
    for (const Use& use : uses) graph_.set_input(use.node, use.input, {turned, 0});
    graph_.outputs.replace(value, Value{turned, 0});
  }
  if (options_.reverse_channels && !any)
    diagnostics_.warning(code::channels_not_reversed,
                         "--reverse_input_channels is not applied: no image input of the net has 3 channels",
                         "leave the option out");
}

void Preprocessor::run() {
  ByInput means = assigned(options_.means, "--mean_values");
  ByInput scales = assigned(options_.scales, "--scale_values");
  take_common_scale(scales);
  if (diagnostics_.has_errors()) return;
  for (auto& [input, scale] : scales)  // of one extent, so that they can become one ScaleShift
    if (const auto mean = means.find(input); mean != means.end()) {
      const std::size_t size = std::max(scale.size(), mean->second.size());
      if (scale.size() < size) scale.assign(size, scale.front());
      if (mean->second.size() < size) mean->second.assign(size, mean->second.front());
    }
  // Behind an input comes what is inserted last: scale first, then mean, so that the mean is subtracted
  // first.
  for (const auto& [input, scale] : scales) insert_scale(input, scale);
  for (const auto& [input, mean] : means) insert_mean(input, mean);
  if (options_.mean_image) insert_mean_image();
  if (options_.reverse_channels) reverse();
}

}  // namespace

void preprocess(Graph& graph, const Preprocess& options, Diagnostics& diagnostics) {
  Preprocessor(graph, options, diagnostics).run();
}

}  // namespace mo::passes
