// Detects objects with an SSD and draws their boxes into a copy of the image.
//
//   object_detection_sample_ssd -m MODEL.xml -i IMAGE [-d DEVICE] [-t SCORE] [-o OUT.png]
//
// -t: the least score of a box (default 0.5).  -o: default out_0.png.  MODEL.labels beside the model, when it
// is there, has the name of one class a line.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <openvino/openvino.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

const char* const usage =
    "usage: object_detection_sample_ssd -m MODEL.xml -i IMAGE [-d DEVICE] [-t SCORE] [-o OUT.png]";

std::map<std::string, std::string> read_arguments(int argc, char** argv) {
  std::map<std::string, std::string> arguments{{"-d", "CPU"}, {"-t", "0.5"}, {"-o", "out_0.png"}};
  for (int i = 1; i + 1 < argc; i += 2) arguments[argv[i]] = argv[i + 1];
  if (argc % 2 == 0 || arguments.size() != 5 || !arguments.count("-m") || !arguments.count("-i"))
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

/// The input that takes the image: the one with four dimensions.  An SSD of old may have a second, `im_info`.
ov::Output<ov::Node> image_input(const ov::Model& model, const std::string& path) {
  for (const auto& input : const_cast<ov::Model&>(model).inputs())
    if (input.get_partial_shape().size() == 4) return input;
  throw std::runtime_error(path + ": no input [N, C, H, W] for an image");
}

void draw(cv::Mat& image, const cv::Rect& box, const std::string& text, int category) {
  static const std::vector<cv::Scalar> colours{{60, 180, 75},  {75, 25, 230}, {200, 130, 0}, {48, 130, 245},
                                               {180, 30, 145}, {0, 190, 190}, {230, 50, 240}};
  const cv::Scalar& colour = colours[static_cast<std::size_t>(category) % colours.size()];
  const int thickness = std::max(1, image.cols / 300);
  const double size = std::max(0.4, image.cols / 1000.0);
  cv::rectangle(image, box.tl(), box.br(), colour, thickness);
  int below = 0;
  const cv::Size extent = cv::getTextSize(text, cv::FONT_HERSHEY_SIMPLEX, size, thickness, &below);
  const int top = std::max(box.y, extent.height + below);
  cv::rectangle(image, cv::Rect(box.x, top - extent.height - below, extent.width, extent.height + below),
                colour, cv::FILLED);
  cv::putText(image, text, {box.x, top - below / 2}, cv::FONT_HERSHEY_SIMPLEX, size, {255, 255, 255},
              thickness, cv::LINE_AA);
}

std::vector<std::string> read_labels(const std::string& model) {
  std::ifstream file(std::filesystem::path(model).replace_extension(".labels"));
  std::vector<std::string> labels;
  for (std::string line; std::getline(file, line);) labels.push_back(line);
  return labels;
}

int detect(const std::map<std::string, std::string>& arguments) {
  // 1. The model.  Its output is a list of detections, [1, 1, N, 7]: image, class, score, left, top, right,
  // bottom.
  const std::string& path = arguments.at("-m");
  ov::Core core;
  check_device(core, arguments.at("-d"));
  std::shared_ptr<ov::Model> model = read_model(core, path);
  const auto output_shape = model->output(0).get_partial_shape();
  if (output_shape.rank().is_dynamic() || output_shape.size() == 0 || *output_shape.rbegin() != 7)
    throw std::runtime_error(path + ": its output is no list of detections, [1, 1, N, 7]");
  const std::string input_name = image_input(*model, path).get_any_name();
  const auto channels = model->input(input_name).get_partial_shape()[1].get_length();

  // 2. The image, as bytes [1, H, W, C].
  cv::Mat image = cv::imread(arguments.at("-i"), channels == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  if (image.empty()) throw std::runtime_error(arguments.at("-i") + ": no image that can be read");
  const ov::Shape shape{1, static_cast<std::size_t>(image.rows), static_cast<std::size_t>(image.cols),
                        static_cast<std::size_t>(image.channels())};

  // 3. What happens between the image and the model becomes part of the model.
  ov::preprocess::PrePostProcessor steps(model);
  steps.input(input_name).tensor().set_element_type(ov::element::u8).set_layout("NHWC").set_shape(shape);
  steps.input(input_name).preprocess().resize(ov::preprocess::ResizeAlgorithm::RESIZE_LINEAR);
  steps.input(input_name).model().set_layout("NCHW");
  model = steps.build();

  // 4. Inference.
  ov::InferRequest request = core.compile_model(model, arguments.at("-d")).create_infer_request();
  request.set_tensor(input_name, ov::Tensor(ov::element::u8, shape, image.data));
  for (const auto& input : model->inputs())
    if (input.get_partial_shape().size() == 2) {  // im_info: height, width, scale
      ov::Tensor information = request.get_tensor(input);
      std::fill_n(information.data<float>(), information.get_size(), 1.0F);
      information.data<float>()[0] = static_cast<float>(image.rows);
      information.data<float>()[1] = static_cast<float>(image.cols);
    }
  request.infer();

  // 5. Boxes are parts of the image's size; image -1 ends the list.
  const ov::Tensor result = request.get_output_tensor(0);
  const auto* rows = result.data<const float>();
  const float least = std::stof(arguments.at("-t"));
  const std::vector<std::string> labels = read_labels(path);
  if (image.channels() == 1) cv::cvtColor(image, image, cv::COLOR_GRAY2BGR);
  for (std::size_t i = 0; i + 7 <= result.get_size() && rows[i] >= 0; i += 7) {
    if (rows[i + 2] < least) continue;
    const auto category = static_cast<int>(rows[i + 1]);
    const auto x = [&](float part) {
      return std::clamp(static_cast<int>(part * static_cast<float>(image.cols)), 0, image.cols - 1);
    };
    const auto y = [&](float part) {
      return std::clamp(static_cast<int>(part * static_cast<float>(image.rows)), 0, image.rows - 1);
    };
    const cv::Rect box(cv::Point(x(rows[i + 3]), y(rows[i + 4])), cv::Point(x(rows[i + 5]), y(rows[i + 6])));
    std::printf("class %d score %.4f box (%d, %d) - (%d, %d)\n", category, static_cast<double>(rows[i + 2]),
                box.x, box.y, box.x + box.width, box.y + box.height);
    const bool named = static_cast<std::size_t>(category) < labels.size();
    char text[100];
    std::snprintf(text, sizeof text, "%s %.2f",
                  (named ? labels[static_cast<std::size_t>(category)] : std::to_string(category)).c_str(),
                  static_cast<double>(rows[i + 2]));
    draw(image, box, text, category);
  }
  if (!cv::imwrite(arguments.at("-o"), image))
    throw std::runtime_error(arguments.at("-o") + ": cannot be written");
  std::printf("The image with boxes: %s\n", arguments.at("-o").c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && (std::string(argv[1]) == "-h" || std::string(argv[1]) == "--help")) {
    std::puts(usage);
    return 0;
  }
  try {
    return detect(read_arguments(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "[ ERROR ] %s\n", error.what());
    return 1;
  }
}
