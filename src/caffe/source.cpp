#include "caffe/net.h"

namespace mo::caffe {

std::string Source::line(std::uint32_t number) const {
  if (number == 0) return {};
  std::size_t begin = 0;
  for (std::uint32_t current = 1; current < number; ++current) {
    begin = text.find('\n', begin);
    if (begin == std::string::npos) return {};
    ++begin;
  }
  std::string found = text.substr(begin, text.find('\n', begin) - begin);
  if (found.ends_with('\r')) found.pop_back();
  return found;
}

}  // namespace mo::caffe
