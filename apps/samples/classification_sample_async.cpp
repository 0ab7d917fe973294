// Classifies many images, several at a time: a pool of requests that work while the next image is read.
//
//   classification_sample_async -m MODEL.xml -i IMAGE_OR_FOLDER [-d DEVICE] [-nt COUNT] [-nireq COUNT]
//
// -nt: how many classes to print (default 10).  -nireq: requests at a time (default: as many as suit the
// device).
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <openvino/openvino.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const char* const usage =
    "usage: classification_sample_async -m MODEL.xml -i IMAGE_OR_FOLDER [-d DEVICE] [-nt COUNT] [-nireq "
    "COUNT]";

std::map<std::string, std::string> read_arguments(int argc, char** argv) {
  std::map<std::string, std::string> arguments{{"-d", "CPU"}, {"-nt", "10"}, {"-nireq", "0"}};
  for (int i = 1; i + 1 < argc; i += 2) arguments[argv[i]] = argv[i + 1];
  if (argc % 2 == 0 || arguments.size() != 5 || !arguments.count("-m") || !arguments.count("-i"))
    throw std::runtime_error(usage);
  return arguments;
}

std::shared_ptr<ov::Model> read_model(ov::Core& core, const std::string& path) {
  if (!fs::is_regular_file(path)) throw std::runtime_error(path + ": there is no such file");
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

std::vector<std::string> list_images(const std::string& path) {
  if (!fs::exists(path)) throw std::runtime_error(path + ": there is no such image or folder");
  if (!fs::is_directory(path)) return {path};
  std::vector<std::string> images;
  for (const auto& entry : fs::directory_iterator(path))
    if (entry.is_regular_file()) images.push_back(entry.path().string());
  std::sort(images.begin(), images.end());
  return images;
}

/// One image, resized to the model's input, as bytes [1, H, W, C]; an empty tensor where it cannot be read.
ov::Tensor read_image(const std::string& path, const ov::Shape& shape) {
  const cv::Mat image = cv::imread(path, shape[3] == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  if (image.empty()) {
    std::fprintf(stderr, "[ WARNING ] %s: no image that can be read\n", path.c_str());
    return {};
  }
  ov::Tensor tensor(ov::element::u8, shape);
  cv::Mat pixels(static_cast<int>(shape[1]), static_cast<int>(shape[2]), image.type(), tensor.data());
  cv::resize(image, pixels, pixels.size());
  return tensor;
}

void print_best(const std::string& image, const ov::Tensor& result, std::size_t count) {
  const auto* probabilities = result.data<const float>();
  std::vector<std::size_t> order(result.get_size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b]
                                                                  : a < b;
                    });
  std::printf("\nImage %s\n\nclassid probability\n------- -----------\n", image.c_str());
  for (std::size_t i = 0; i < count; ++i)
    std::printf("%-7zu %-11.7f\n", order[i], static_cast<double>(probabilities[order[i]]));
}

int classify(const std::map<std::string, std::string>& arguments) {
  // 1. The model; its input is fed as bytes [1, H, W, C].
  ov::Core core;
  check_device(core, arguments.at("-d"));
  std::shared_ptr<ov::Model> model = read_model(core, arguments.at("-m"));
  if (model->inputs().size() != 1 || model->input().get_partial_shape().size() != 4)
    throw std::runtime_error(arguments.at("-m") + ": this sample needs a model with one input [N, C, H, W]");
  model->get_parameters()[0]->set_layout("NCHW");
  if (model->input().get_partial_shape()[0] != 1) ov::set_batch(model, 1);
  check_output(*model, arguments.at("-m"));
  ov::preprocess::PrePostProcessor steps(model);
  steps.input().tensor().set_element_type(ov::element::u8).set_layout("NHWC");
  steps.input().model().set_layout("NCHW");
  steps.output(0).tensor().set_element_type(ov::element::f32);
  model = steps.build();

  // 2. Compiled for many images in a short time, not for one in the shortest.
  ov::CompiledModel compiled = core.compile_model(
      model, arguments.at("-d"), ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT));
  const auto wanted = static_cast<unsigned>(std::stoul(arguments.at("-nireq")));
  const unsigned count = wanted > 0 ? wanted : compiled.get_property(ov::optimal_number_of_infer_requests);
  const std::vector<std::string> images = list_images(arguments.at("-i"));

  // 3. Requests take turns: before one is used again, its former image has to be ready.
  std::vector<ov::InferRequest> requests(std::min<std::size_t>(count, images.size()));
  for (ov::InferRequest& request : requests) request = compiled.create_infer_request();
  const std::size_t classes = std::stoul(arguments.at("-nt"));
  std::vector<std::string> in_work(requests.size());
  const auto finish = [&](std::size_t slot) {
    if (in_work[slot].empty()) return;
    requests[slot].wait();
    print_best(in_work[slot], requests[slot].get_output_tensor(0), classes);
    in_work[slot].clear();
  };
  std::printf("%zu images, %zu requests at a time\n", images.size(), requests.size());
  std::size_t started = 0;
  for (const std::string& path : images) {
    const ov::Tensor image = read_image(path, compiled.input().get_shape());
    if (!image) continue;
    const std::size_t slot = started++ % requests.size();
    finish(slot);
    requests[slot].set_input_tensor(image);
    requests[slot].start_async();
    in_work[slot] = path;
  }
  for (std::size_t i = 0; i < requests.size(); ++i) finish((started + i) % requests.size());
  if (started == 0) throw std::runtime_error(arguments.at("-i") + ": no image that can be read");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && (std::string(argv[1]) == "-h" || std::string(argv[1]) == "--help")) {
    std::puts(usage);
    return 0;
  }
  try {
    return classify(read_arguments(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "[ ERROR ] %s\n", error.what());
    return 1;
  }
}
