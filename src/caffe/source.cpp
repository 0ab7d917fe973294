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
  constexpr std::size_t longest = 4096;  // each message has a copy, and a file may be one line
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
  const std::string_view rest = std::string_view(text).substr(begin);
  const std::size_t length = rest.substr(0, longest + 1).find('\n');
  if (length == std::string_view::npos && rest.size() > longest) return {};
  std::string found(rest.substr(0, length));
  if (found.ends_with('\r')) found.pop_back();
  return found;
}

}  // namespace mo::caffe
