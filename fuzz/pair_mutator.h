// Changes a pair of prototxt and caffemodel so that most of what it says keeps its sense.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace pair_mutator {

struct Range {
  std::size_t begin;
  std::size_t end;
};

using Random = std::minstd_rand;

/// libFuzzer's own changes, which know its dictionary.
inline std::string mutated(const std::string& text, std::size_t most) {
  std::string out = text;
  out.resize(std::max(most, text.size()));
  auto* const bytes = reinterpret_cast<std::uint8_t*>(out.data());
  out.resize(LLVMFuzzerMutate(bytes, text.size(), out.size()));
  return out;
}

/// Where the layers of a prototxt begin, and its end.
inline std::vector<std::size_t> blocks(const std::string& text) {
  std::vector<std::size_t> found;
  for (std::size_t at = text.find("layer"); at != std::string::npos; at = text.find("layer", at + 1))
    found.push_back(at);
  found.push_back(text.size());
  return found;
}

/// Doubles a layer somewhere else, or removes it.
inline void move_block(std::string& text, Random& random) {
  const std::vector<std::size_t> starts = blocks(text);
  if (starts.size() < 2) return;
  const auto pick = [&] { return random() % (starts.size() - 1); };
  const std::size_t one = pick();
  const std::string block = text.substr(starts[one], starts[one + 1] - starts[one]);
  const std::size_t there = starts[pick()];
  if (random() % 2 == 0) {
    text.insert(there, block);
  } else {
    text.erase(starts[one], block.size());
  }
}

/// What is between quotes: names of layers and blobs, and types.
inline std::vector<Range> quoted(const std::string& text) {
  std::vector<Range> found;
  for (std::size_t at = text.find('"'); at != std::string::npos;) {
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string::npos) break;
    found.push_back({at + 1, end});
    at = text.find('"', end + 1);
  }
  return found;
}

inline std::vector<Range> numbers(const std::string& text) {
  const auto is_digit = [&](std::size_t at) {
    return std::isdigit(static_cast<unsigned char>(text[at])) != 0;
  };
  std::vector<Range> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(at)) continue;
    const std::size_t begin = at;
    while (at < text.size() && is_digit(at)) ++at;
    found.push_back({begin, at});
  }
  return found;
}

/// A bottom becomes another blob, a layer of another type: nets that are wired anew.
inline void rename_one(std::string& text, Random& random) {
  const std::vector<Range> names = quoted(text);
  if (names.empty()) return;
  const Range one = names[random() % names.size()];
  const Range other = names[random() % names.size()];
  text.replace(one.begin, one.end - one.begin, text.substr(other.begin, other.end - other.begin));
}

inline void change_number(std::string& text, Random& random) {
  static constexpr std::array<std::string_view, 14> odd{
      "0",  "1",   "2",     "3",          "-1",         "7",          "16",
      "64", "256", "65536", "2147483647", "2147483648", "4294967295", "9223372036854775807"};
  const std::vector<Range> all = numbers(text);
  if (all.empty()) return;
  const Range one = all[random() % all.size()];
  const Range other = all[random() % all.size()];
  const std::string by = random() % 3 == 0 ? text.substr(other.begin, other.end - other.begin)
                                           : std::string(odd[random() % odd.size()]);
  text.replace(one.begin, one.end - one.begin, by);
}

/// One field with a length (wire type 2) of a message: where it begins, and its content.
struct Field {
  std::size_t begin;
  std::size_t after_tag;
  Range content;
};

/// False where it does not end within the bytes.
inline bool read_varint(std::string_view bytes, std::size_t& at, std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= static_cast<std::uint64_t>(byte & 127) << shift;
    if (byte < 128) return true;
  }
  return false;
}

inline std::string varint(std::uint64_t value) {
  std::string out;
  for (; value > 127; value >>= 7) out.push_back(static_cast<char>((value & 127) | 128));
  out.push_back(static_cast<char>(value));
  return out;
}

inline std::vector<Field> fields(std::string_view bytes) {
  std::vector<Field> found;
  std::uint64_t tag = 0;
  std::uint64_t value = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t begin = at;
    if (!read_varint(bytes, at, tag)) break;
    const std::size_t after_tag = at;
    if ((tag & 7) == 2) {
      if (!read_varint(bytes, at, value) || value > bytes.size() - at) break;
      found.push_back({begin, after_tag, {at, at + value}});
      at += value;
    } else if ((tag & 7) == 0) {
      if (!read_varint(bytes, at, value)) break;
    } else if ((tag & 7) == 5) {
      at += 4;
    } else if ((tag & 7) == 1) {
      at += 8;
    } else {
      break;
    }
  }
  return found;
}

/// Doubles, removes or changes a field, the lengths of those around it following, down to `depth` messages
/// deep.
inline std::string change_field(const std::string& message, Random& random, int depth) {
  const std::vector<Field> all = fields(message);
  if (all.empty()) return mutated(message, message.size() + 16);
  const Field& one = all[random() % all.size()];
  const std::string whole = message.substr(one.begin, one.content.end - one.begin);
  std::string content = message.substr(one.content.begin, one.content.end - one.content.begin);
  switch (random() % 6) {
    case 0:
      return message.substr(0, one.begin) + message.substr(one.content.end);
    case 1:
      return message.substr(0, one.begin) + whole + message.substr(one.begin);
    default:
      content = depth > 0 ? change_field(content, random, depth - 1) : mutated(content, content.size() + 16);
  }
  return message.substr(0, one.after_tag) + varint(content.size()) + content +
         message.substr(one.content.end);
}

}  // namespace pair_mutator
