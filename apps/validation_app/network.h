#pragma once

#include <openvino/runtime/infer_request.hpp>
#include <string>
#include <vector>

namespace mo::validation {

/// How an image becomes the model's input.
enum class Fit {
  none,        ///< it has the size already
  resize,      ///< to the input
  resize_crop  ///< to a size of its own, of which the middle is taken
};

struct Fitting {
  Fit fit = Fit::resize;
  int width = 0;  ///< of resize_crop
  int height = 0;
};

/// A compiled model with one image input [N, C, H, W] and one output.
class Network {
 public:
  /// `batch` 0: the model's own.  Throws Failure: unexpected_model, no_device, runtime_refuses.
  Network(const std::string& xml, const std::string& device, const std::string& cpu_extension,
          const std::string& gpu_configuration, int batch);

  std::size_t batch() const { return batch_; }
  const std::vector<std::size_t>& output_shape() const { return output_shape_; }
  const std::string& precision() const { return precision_; }
  double load_milliseconds() const { return load_milliseconds_; }

  /// Puts an image into place `index` of the batch.  Throws Failure (image_not_readable).
  void set_image(std::size_t index, const std::string& path, const Fitting& fitting);
  /// Infers the batch and adds the time to infer_milliseconds(); the output's numbers.
  const std::vector<float>& infer();
  double infer_milliseconds() const { return infer_milliseconds_; }
  std::size_t runs() const { return runs_; }

 private:
  ov::InferRequest request_;
  ov::Tensor input_;
  std::size_t batch_ = 1;
  std::vector<std::size_t> input_shape_;
  std::vector<std::size_t> output_shape_;
  std::vector<float> results_;
  std::string precision_;
  double load_milliseconds_ = 0;
  double infer_milliseconds_ = 0;
  std::size_t runs_ = 0;
};

}  // namespace mo::validation
