#include "caffe/net.h"

namespace mo::caffe {

Source Source::of(std::string file, std::string text) {
  Source source{std::move(file), std::move(text)};
  source.line_starts.push_back(0);
  for (std::size_t at = source.text.find('\n'); at != std::string::npos;
       at = source.text.find('\n', at + 1)) {
    source.line_starts.push_back(at + 1);
  }
  return source;
}

std::string Source::line(std::uint32_t number) const {
  if (number == 0) return {};
  std::size_t begin = 0;
  if (!line_starts.empty()) {
    if (number > line_starts.size()) return {};
    begin = line_starts[number - 1];
  } else {
    for (std::uint32_t current = 1; current < number; ++current) {
      begin = text.find('\n', begin);
      if (begin == std::string::npos) return {};
      ++begin;
    }
  }
  std::string found = text.substr(begin, text.find('\n', begin) - begin);
  if (found.ends_with('\r')) found.pop_back();
  return found;
}

}  // namespace mo::caffe
