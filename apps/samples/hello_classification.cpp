// Classifies one image, synchronously: the shortest way from an IR to a result.
//
//   hello_classification MODEL.xml IMAGE [DEVICE]
//
// MODEL.labels beside the model, when it is there, has the name of one class a line.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <openvino/openvino.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

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

/// A model that gives one number for each class, as [N, C] or [N, C, 1, 1].
void check_output(const ov::Model& model, const std::string& path) {
  const ov::PartialShape shape = model.output(0).get_partial_shape();
  if (shape.is_dynamic() || shape.size() < 2 || ov::shape_size(shape.to_shape()) != shape.to_shape()[1])
    throw std::runtime_error(path + ": its output is not one number for each class, [1, C], but " +
                             shape.to_string());
}

/// Names of the classes, one a line; none where the file is not there.
std::vector<std::string> read_labels(const std::string& model, std::size_t classes) {
  std::ifstream file(std::filesystem::path(model).replace_extension(".labels"));
  std::vector<std::string> labels;
  for (std::string line; std::getline(file, line);) labels.push_back(line);
  if (!labels.empty() && labels.size() != classes)
    std::fprintf(stderr, "[ WARNING ] the labels beside %s have %zu names for %zu classes\n", model.c_str(),
                 labels.size(), classes);
  return labels;
}

int classify(const std::string& model_path, const std::string& image_path, const std::string& device) {
  // 1. The model.  Its input is one image: [N, C, H, W].
  ov::Core core;
  check_device(core, device);
  std::shared_ptr<ov::Model> model = read_model(core, model_path);
  if (model->inputs().size() != 1 || model->input().get_partial_shape().size() != 4)
    throw std::runtime_error(model_path + ": this sample needs a model with one input [N, C, H, W]");
  model->get_parameters()[0]->set_layout("NCHW");
  if (model->input().get_partial_shape()[0] != 1) ov::set_batch(model, 1);
  check_output(*model, model_path);
  const auto channels = static_cast<int>(model->input().get_partial_shape()[1].get_length());

  // 2. The image, as bytes [H, W, C] in the order blue, green, red.
  const cv::Mat image = cv::imread(image_path, channels == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  if (image.empty()) throw std::runtime_error(image_path + ": no image that can be read");
  const ov::Shape shape{1, static_cast<std::size_t>(image.rows), static_cast<std::size_t>(image.cols),
                        static_cast<std::size_t>(image.channels())};
  const ov::Tensor pixels(ov::element::u8, shape, image.data);

  // 3. What happens between the image and the model becomes part of the model.
  ov::preprocess::PrePostProcessor steps(model);
  steps.input().tensor().set_element_type(ov::element::u8).set_layout("NHWC").set_shape(shape);
  steps.input().preprocess().resize(ov::preprocess::ResizeAlgorithm::RESIZE_LINEAR);
  steps.input().model().set_layout("NCHW");
  steps.output(0).tensor().set_element_type(ov::element::f32);
  model = steps.build();

  // 4. Inference.
  ov::InferRequest request = core.compile_model(model, device).create_infer_request();
  request.set_input_tensor(pixels);
  request.infer();

  // 5. The ten best classes.
  const ov::Tensor result = request.get_output_tensor(0);
  const auto* probabilities = result.data<const float>();
  std::vector<std::size_t> order(result.get_size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min<std::size_t>(10, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b]
                                                                  : a < b;
                    });
  const std::vector<std::string> labels = read_labels(model_path, order.size());
  std::printf("Top %zu results:\n\nImage %s\n\nclassid probability label\n------- ----------- -----\n", count,
              image_path.c_str());
  for (std::size_t i = 0; i < count; ++i)
    std::printf("%-7zu %-11.7f %s\n", order[i], static_cast<double>(probabilities[order[i]]),
                order[i] < labels.size() ? labels[order[i]].c_str() : "");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* const usage = "usage: hello_classification MODEL.xml IMAGE [DEVICE]";
  if (argc == 2 && (std::string(argv[1]) == "-h" || std::string(argv[1]) == "--help")) {
    std::puts(usage);
    return 0;
  }
  try {
    if (argc < 3 || argc > 4) throw std::runtime_error(usage);
    return classify(argv[1], argv[2], argc > 3 ? argv[3] : "CPU");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "[ ERROR ] %s\n", error.what());
    return 1;
  }
}
