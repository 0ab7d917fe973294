#include "validation_app/network.h"

#include <chrono>
#include <opencv2/imgproc.hpp>
#include <openvino/core/model.hpp>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/runtime/properties.hpp>

#include "cli/values.h"
#include "common/image.h"
#include "common/model.h"

namespace mo::validation {

namespace {

double milliseconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void check_input(const ov::Model& model, const std::string& xml) {
  const bool fits = model.inputs().size() == 1 && model.input().get_partial_shape().rank() == 4;
  if (!fits)
    cli::fail(code::unexpected_model, xml + ": it has not one input [N, C, H, W] for images",
              "validate such a model with a program of your own: docs/integrate.md");
  if (model.outputs().size() != 1)
    cli::fail(code::unexpected_model,
              xml + ": it has " + std::to_string(model.outputs().size()) + " outputs, not one",
              "choose the one of interest when you convert: mo --output NAME");
}

std::string precision_of(const ov::Model& model) {
  for (const auto& node : model.get_ops())
    if (ov::is_type<ov::op::v0::Constant>(node) && node->get_output_element_type(0) == ov::element::f16)
      return "FP16";
  return "FP32";
}

cv::Mat fitted(const cv::Mat& image, int width, int height, const Fitting& fitting, const std::string& path) {
  cv::Mat result = image;
  if (fitting.fit == Fit::resize) {
    cv::resize(image, result, cv::Size(width, height));
  } else if (fitting.fit == Fit::resize_crop) {
    cv::resize(image, result, cv::Size(fitting.width, fitting.height));
    if (result.cols < width || result.rows < height)
      cli::fail(code::command_line, "-ppSize is smaller than the model's input",
                "give a size from the input's on");
    result = result(cv::Rect((result.cols - width) / 2, (result.rows - height) / 2, width, height));
  }
  if (result.cols != width || result.rows != height)
    cli::fail(code::image_not_readable,
              path + ": its size is " + std::to_string(image.cols) + "x" + std::to_string(image.rows) +
                  ", that of the model's input " + std::to_string(width) + "x" + std::to_string(height),
              "leave -ppType None out");
  return result;
}

}  // namespace

Network::Network(const std::string& xml, const std::string& device, const std::string& cpu_extension,
                 const std::string& gpu_configuration, int batch) {
  const auto start = std::chrono::steady_clock::now();
  ov::Core core = apps::open_runtime(device);
  apps::in_runtime("the extension of -l or -c", [&] {
    if (!cpu_extension.empty()) core.add_extension(cpu_extension);
    if (!gpu_configuration.empty()) core.set_property("GPU", {{"CONFIG_FILE", gpu_configuration}});
  });
  const apps::LoadedModel loaded = apps::load_model(core, xml);
  check_input(*loaded.model, xml);
  precision_ = precision_of(*loaded.model);
  apps::in_runtime(xml, [&] {
    std::shared_ptr<ov::Model> model = loaded.model;
    model->get_parameters()[0]->set_layout("NCHW");
    if (batch > 0 && model->input().get_partial_shape()[0] != batch) ov::set_batch(model, batch);
    ov::preprocess::PrePostProcessor steps(model);
    steps.input().tensor().set_element_type(ov::element::u8);
    steps.output().tensor().set_element_type(ov::element::f32);
    model = steps.build();
    ov::AnyMap properties;  // what the IR computes, not what 16-bit units of the processor make of it
    if (device == "CPU") properties.emplace(ov::hint::inference_precision(ov::element::f32));
    request_ = core.compile_model(model, device, properties).create_infer_request();
    input_ = request_.get_input_tensor();
    input_shape_ = input_.get_shape();
    batch_ = input_shape_[0];
    output_shape_ = request_.get_output_tensor().get_shape();
  });
  load_milliseconds_ = milliseconds_since(start);
}

void Network::set_image(std::size_t index, const std::string& path, const Fitting& fitting) {
  const std::size_t channels = input_shape_[1];
  const auto height = static_cast<int>(input_shape_[2]);
  const auto width = static_cast<int>(input_shape_[3]);
  const cv::Mat image =
      fitted(apps::read_image(path, static_cast<std::int64_t>(channels)), width, height, fitting, path);
  const std::size_t plane = input_shape_[2] * input_shape_[3];
  auto* out = input_.data<std::uint8_t>() + index * channels * plane;
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* row = image.ptr(y);
    for (int x = 0; x < width; ++x)
      for (std::size_t c = 0; c < channels; ++c)
        out[c * plane + static_cast<std::size_t>(y) * input_shape_[3] + static_cast<std::size_t>(x)] =
            row[static_cast<std::size_t>(x) * channels + c];
  }
}

const std::vector<float>& Network::infer() {
  const auto start = std::chrono::steady_clock::now();
  apps::in_runtime("inference", [&] { request_.infer(); });
  infer_milliseconds_ += milliseconds_since(start);
  ++runs_;
  const ov::Tensor output = request_.get_output_tensor();
  const auto* values = output.data<const float>();
  results_.assign(values, values + output.get_size());
  return results_;
}

}  // namespace mo::validation
