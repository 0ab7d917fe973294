#include <unistd.h>

#include <array>
#include <cstdio>
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

/// Catches what is printed on standard error as long as it lives: the libraries below OpenCV say there what
/// they do not tell their caller.
class CaughtErrors {
 public:
  CaughtErrors() : file_(tmpfile()), kept_(dup(STDERR_FILENO)) {
    if (file_ != nullptr && kept_ >= 0) dup2(fileno(file_), STDERR_FILENO);
  }
  CaughtErrors(const CaughtErrors&) = delete;
  CaughtErrors& operator=(const CaughtErrors&) = delete;
  ~CaughtErrors() {
    fflush(stderr);
    if (kept_ >= 0) {
      dup2(kept_, STDERR_FILENO);
      close(kept_);
    }
    if (file_ != nullptr) fclose(file_);
  }

  /// Without the place in the sources before it.
  std::string first_line() const {
    if (file_ == nullptr) return {};
    rewind(file_);
    std::array<char, 400> line{};
    if (fgets(line.data(), static_cast<int>(line.size()), file_) == nullptr) return {};
    std::string text = line.data();
    if (const auto place = text.find("] "); place != std::string::npos) text.erase(0, place + 2);
    return text.substr(0, text.find('\n'));
  }

 private:
  FILE* file_;
  int kept_;
};

/// The first sentence of what OpenCV says, without its place in the sources.
std::string cause_of(const cv::Exception& error) {
  const std::string& text = error.err;
  return text.substr(0, text.find('\n'));
}

/// The layer of the network whose first result is each observation; empty: none.  A layer's further tops are
/// passed on by a layer of their own: a result is kept for the caller only where it is some layer's first.
std::vector<std::string> layers_to_keep(cv::dnn::Net& network, const caffe::Net& net,
                                        const std::vector<Observation>& observations) {
  const std::vector<cv::String> names = network.getLayerNames();
  const std::set<std::string> known(names.begin(), names.end());
  const std::set<std::string> repeated = repeated_names(net);
  std::vector<std::string> layers;
  for (const Observation& observation : observations) {
    std::string& layer = layers.emplace_back(net.layers[observation.layer].name);
    if (!known.contains(layer) || repeated.contains(layer)) {
      layer.clear();
    } else if (observation.top > 0) {
      const int from = network.getLayerId(layer);
      layer += "/kept top " + std::to_string(observation.top);
      cv::dnn::LayerParams nothing;
      network.connect(from, static_cast<int>(observation.top), network.addLayer(layer, "Identity", nothing),
                      0);
    }
  }
  return layers;
}

}  // namespace

Reference run_opencv(const caffe::NetFiles& files, const caffe::Net& net, const Arrays& feeds,
                     const std::vector<Observation>& observations) {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
  Reference reference{"OpenCV " CV_VERSION " dnn", {}, {}};
  const CaughtErrors caught;
  try {
    cv::dnn::Net network = cv::dnn::readNetFromCaffe(files.prototxt, files.caffemodel);
    network.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    network.enableFusion(false);  // every layer keeps its own result
    for (const auto& [name, array] : feeds) network.setInput(to_mat(array), name);
    const std::vector<std::string> layers = layers_to_keep(network, net, observations);
    const std::set<std::string> kept(layers.begin(), layers.end());
    std::vector<cv::String> names(kept.begin(), kept.end());
    std::erase(names, "");
    std::vector<cv::Mat> results;
    network.forward(results, names);
    for (std::size_t i = 0; i < names.size(); ++i) reference.owned[names[i]] = to_array(results[i]);
    for (const std::string& layer : layers)
      reference.observed.push_back(layer.empty() ? nullptr : &reference.owned.at(layer));
  } catch (const cv::Exception& error) {
    const std::string below = caught.first_line();
    cli::fail(
        code::executor_failed,
        "OpenCV's dnn module cannot run this Caffe net: " + (below.empty() ? cause_of(error) : below),
        "compare with Caffe itself (--caffe COMMAND), or with results recorded there (--recorded FILE.npz)");
  }
  return reference;
}

}  // namespace mo::verify
