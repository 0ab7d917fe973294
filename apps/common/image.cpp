#include "common/image.h"

#include <opencv2/imgcodecs.hpp>

#include "cli/values.h"

namespace mo::apps {

cv::Mat read_image(const std::string& path, std::int64_t channels) {
  if (!cli::path_exists(path))
    cli::fail(code::file_not_found, path + ": there is no such image", "check the path");
  if (channels != 1 && channels != 3)
    cli::fail(code::image_not_readable,
              path + ": the model takes " + std::to_string(channels) + " channels, an image has 1 or 3",
              "feed such a model with arrays (.npz)");
  cv::Mat image;
  try {
    image = cv::imread(path, channels == 1 ? cv::IMREAD_GRAYSCALE : cv::IMREAD_COLOR);
  } catch (const cv::Exception&) {  // of files with senseless sizes
    image.release();
  }
  if (image.empty())
    cli::fail(code::image_not_readable, path + ": this is no image, or a damaged one",
              "give a PNG, JPEG, BMP or another kind of image that OpenCV reads");
  return image;
}

}  // namespace mo::apps
