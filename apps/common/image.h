#pragma once

#include <opencv2/core/mat.hpp>
#include <string>

namespace mo::apps {

/// The pixels of an image file, 8 bits each: grey where `channels` is 1, else blue, green, red.  Throws
/// Failure: file_not_found, image_not_readable.
cv::Mat read_image(const std::string& path, std::int64_t channels);

}  // namespace mo::apps
