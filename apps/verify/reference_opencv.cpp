#include <map>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/core/version.hpp>
#include <opencv2/dnn/dnn.hpp>
#include <set>

#include "cli/values.h"
#include "verify/reference.h"

namespace mo::verify {

namespace {

cv::Mat to_mat(const Array& array) {
  std::vector<int> sizes(array.shape.begin(), array.shape.end());
  cv::Mat mat(sizes, CV_32F);
  std::copy(array.values.begin(), array.values.end(), mat.ptr<float>());
  return mat;
}

Array to_array(const cv::Mat& mat) {
  cv::Mat numbers = mat;
  if (mat.depth() != CV_32F) mat.convertTo(numbers, CV_32F);
  if (!numbers.isContinuous()) numbers = numbers.clone();
  const auto* begin = numbers.ptr<float>();
  return {Shape(numbers.size.p, numbers.size.p + numbers.dims),
          std::vector<float>(begin, begin + numbers.total())};
}

/// The first sentence of what OpenCV says, without its place in the sources.
std::string cause_of(const cv::Exception& error) {
  std::string text = error.err;
  return text.substr(0, text.find('\n'));
}

std::vector<std::string> wanted_layers(const cv::dnn::Net& network, const caffe::Net& net,
                                       const std::vector<Observation>& observations) {
  const std::vector<cv::String> names = network.getLayerNames();
  const std::set<std::string> known(names.begin(), names.end());
  std::set<std::string> wanted;
  for (const Observation& observation : observations)
    if (known.contains(net.layers[observation.layer].name)) wanted.insert(net.layers[observation.layer].name);
  return {wanted.begin(), wanted.end()};
}

}  // namespace

Reference run_opencv(const caffe::NetFiles& files, const caffe::Net& net, const Arrays& feeds,
                     const std::vector<Observation>& observations) {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
  Reference reference{"OpenCV " CV_VERSION " dnn", {}, {}};
  try {
    cv::dnn::Net network = cv::dnn::readNetFromCaffe(files.prototxt, files.caffemodel);
    network.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    network.enableFusion(false);  // every layer keeps its own result
    for (const auto& [name, array] : feeds) network.setInput(to_mat(array), name);
    const std::vector<std::string> layers = wanted_layers(network, net, observations);
    std::vector<std::vector<cv::Mat>> results;
    network.forward(results, layers);
    std::map<std::string, const std::vector<cv::Mat>*> by_layer;
    for (std::size_t i = 0; i < layers.size(); ++i) by_layer[layers[i]] = &results[i];
    for (const Observation& observation : observations) {
      const std::string& layer = net.layers[observation.layer].name;
      const auto found = by_layer.find(layer);
      const Array* array = nullptr;
      if (found != by_layer.end() && observation.top < found->second->size())
        array = &(reference.owned[layer + "." + std::to_string(observation.top)] =
                      to_array((*found->second)[observation.top]));
      reference.observed.push_back(array);
    }
  } catch (const cv::Exception& error) {
    cli::fail(
        code::executor_failed, "OpenCV's dnn module cannot run this Caffe net: " + cause_of(error),
        "compare with Caffe itself (--caffe COMMAND), or with results recorded there (--recorded FILE.npz)");
  }
  return reference;
}

}  // namespace mo::verify
