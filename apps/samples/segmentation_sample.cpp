// Colours every pixel of an image by its class and writes the map, and the map over the image.
//
//   segmentation_sample -m MODEL.xml -i IMAGE [-d DEVICE] [-o OUT.png]
//
// -o: default out_0.png; OUT_over.png beside it has both.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <openvino/openvino.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

const char* const usage = "usage: segmentation_sample -m MODEL.xml -i IMAGE [-d DEVICE] [-o OUT.png]";

std::map<std::string, std::string> read_arguments(int argc, char** argv) {
  std::map<std::string, std::string> arguments{{"-d", "CPU"}, {"-o", "out_0.png"}};
  for (int i = 1; i + 1 < argc; i += 2) arguments[argv[i]] = argv[i + 1];
  if (argc % 2 == 0 || arguments.size() != 4 || !arguments.count("-m") || !arguments.count("-i"))
    throw std::runtime_error(usage);
  return arguments;
}

std::shared_ptr<ov::Model> read_model(ov::Core& core, const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) throw std::runtime_error(path + ": there is no such file");
  return core.read_model(path);
}

/// The device's own message names none of those that could be used instead.
void check_device(const ov::Core& core, const std::string& device) {
  const std::vector<std::string> devices = core.get_available_devices();
  if (device.find(':') != std::string::npos || device == "AUTO") return;
  if (std::find(devices.begin(), devices.end(), device) != devices.end()) return;
  std::string message = "there is no device " + device + " here, but:";
  for (const std::string& known : devices) message += " " + known;
  throw std::runtime_error(message);
}

/// The colour of a class, blue, green, red: bits of the class spread over the channels, as PASCAL VOC does
/// it.
cv::Vec3b colour_of(int category) {
  int red = 0;
  int green = 0;
  int blue = 0;
  for (int bit = 7; category != 0; --bit, category >>= 3) {
    red |= (category & 1) << bit;
    green |= (category >> 1 & 1) << bit;
    blue |= (category >> 2 & 1) << bit;
  }
  return {static_cast<unsigned char>(blue), static_cast<unsigned char>(green),
          static_cast<unsigned char>(red)};
}

/// The class of each pixel, from scores [1, C, H, W] or from classes [1, 1, H, W] or [1, H, W].
cv::Mat classes_of(const ov::Tensor& result, const std::string& path) {
  const ov::Shape& shape = result.get_shape();
  if (shape.size() < 3 || shape[0] != 1)
    throw std::runtime_error(path + ": its output is no map, [1, C, H, W] or [1, H, W]");
  const std::size_t count = shape.size() == 4 ? shape[1] : 1;
  const std::size_t height = *(shape.end() - 2);
  const std::size_t width = shape.back();
  const auto* values = result.data<const float>();
  cv::Mat classes(static_cast<int>(height), static_cast<int>(width), CV_32S);
  for (std::size_t i = 0; i < height * width; ++i) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < count; ++c)
      if (values[c * height * width + i] > values[best * height * width + i]) best = c;
    classes.ptr<int>()[i] = static_cast<int>(count == 1 ? std::lround(values[i]) : static_cast<long>(best));
  }
  return classes;
}

int segment(const std::map<std::string, std::string>& arguments) {
  // 1. The model.
  const std::string& path = arguments.at("-m");
  ov::Core core;
  check_device(core, arguments.at("-d"));
  std::shared_ptr<ov::Model> model = read_model(core, path);
  if (model->inputs().size() != 1 || model->input().get_partial_shape().size() != 4)
    throw std::runtime_error(path + ": this sample needs a model with one input [N, C, H, W]");
  const auto channels = model->input().get_partial_shape()[1].get_length();

  // 2. The image, as bytes [1, H, W, C].
  cv::Mat image = cv::imread(arguments.at("-i"), channels == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  if (image.empty()) throw std::runtime_error(arguments.at("-i") + ": no image that can be read");
  const ov::Shape shape{1, static_cast<std::size_t>(image.rows), static_cast<std::size_t>(image.cols),
                        static_cast<std::size_t>(image.channels())};

  // 3. What happens between the image and the model becomes part of the model.
  ov::preprocess::PrePostProcessor steps(model);
  steps.input().tensor().set_element_type(ov::element::u8).set_layout("NHWC").set_shape(shape);
  steps.input().preprocess().resize(ov::preprocess::ResizeAlgorithm::RESIZE_LINEAR);
  steps.input().model().set_layout("NCHW");
  steps.output(0).tensor().set_element_type(ov::element::f32);
  model = steps.build();

  // 4. Inference.
  ov::InferRequest request = core.compile_model(model, arguments.at("-d")).create_infer_request();
  request.set_input_tensor(ov::Tensor(ov::element::u8, shape, image.data));
  request.infer();

  // 5. The map, in the size of the image.
  const cv::Mat classes = classes_of(request.get_output_tensor(0), path);
  cv::Mat map(classes.size(), CV_8UC3);
  std::map<int, int> counts;
  for (int y = 0; y < map.rows; ++y)
    for (int x = 0; x < map.cols; ++x) {
      map.at<cv::Vec3b>(y, x) = colour_of(classes.at<int>(y, x));
      ++counts[classes.at<int>(y, x)];
    }
  for (const auto& [category, count] : counts)
    std::printf("class %d: %.1f%% of the image\n", category,
                100.0 * count / static_cast<double>(map.total()));
  cv::resize(map, map, image.size(), 0, 0, cv::INTER_NEAREST);
  if (image.channels() == 1) cv::cvtColor(image, image, cv::COLOR_GRAY2BGR);
  cv::Mat over;
  cv::addWeighted(image, 0.5, map, 0.5, 0, over);
  const std::filesystem::path out = arguments.at("-o");
  const std::filesystem::path both =
      out.parent_path() / (out.stem().string() + "_over" + out.extension().string());
  if (!cv::imwrite(out.string(), map) || !cv::imwrite(both.string(), over))
    throw std::runtime_error(out.string() + ": cannot be written");
  std::printf("The map of classes: %s, over the image: %s\n", out.c_str(), both.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && (std::string(argv[1]) == "-h" || std::string(argv[1]) == "--help")) {
    std::puts(usage);
    return 0;
  }
  try {
    return segment(read_arguments(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "[ ERROR ] %s\n", error.what());
    return 1;
  }
}
