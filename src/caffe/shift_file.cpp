#include "caffe/shift_file.h"

#include <charconv>

#include "caffe/layer_types.h"
#include "caffe/message.h"
#include "support/diagnostics.h"
#include "support/file.h"

namespace mo::caffe {

namespace {

std::vector<float> leading_numbers(std::string_view text) {
  std::vector<float> numbers;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n\v\f");
    if (begin == std::string_view::npos) return numbers;
    text.remove_prefix(begin);
    if (text.starts_with('+')) text.remove_prefix(1);
    float number = 0.0F;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return numbers;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
}

}  // namespace

void attach_shift_files(Net& net) {
  for (Layer& layer : net.layers) {
    if (layer.type != "PowerFile" || !layer.blobs.empty()) continue;
    const Field* path = layer.parameters->find_path("power_file_param.shift_file");
    if (path == nullptr) continue;
    try {
      std::vector<float> numbers = leading_numbers(MappedFile::open(path->text)->text());
      const Shape shape{static_cast<std::int64_t>(numbers.size())};
      layer.blobs.push_back(Tensor::of(shape, std::move(numbers)));
    } catch (const Failure&) {
      // IR that needs the numbers says that the file is missing; legacy IR names the file alone.
    }
  }
}

}  // namespace mo::caffe
