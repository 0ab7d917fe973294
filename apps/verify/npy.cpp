#include "verify/npy.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <optional>

#include "cli/values.h"
#include "support/float16.h"

// The format: six bytes of magic, the version, the header's length, the header as a Python dictionary, the
// numbers.
namespace mo::verify {

namespace {

constexpr std::string_view magic("\x93NUMPY", 6);

[[noreturn]] void damaged(const std::string& source, const std::string& what) {
  cli::fail(code::damaged_arrays, source + ": " + what, "write it with numpy.savez or numpy.save");
}

/// The text behind `'key':` in the header.
std::string_view value_of(std::string_view header, std::string_view key) {
  const auto at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) return {};
  return cli::trimmed(header.substr(at + key.size() + 3));
}

Shape shape_of(std::string_view header, const std::string& source) {
  std::string_view text = value_of(header, "shape");
  const auto end = text.find(')');
  if (!text.starts_with('(') || end == std::string_view::npos) damaged(source, "its header has no shape");
  text = text.substr(1, end - 1);
  Shape shape;
  for (const std::string& part : cli::split(text)) {
    if (part.empty()) continue;
    const auto size = cli::whole_number(part);
    if (!size || *size < 0) damaged(source, "its header has a senseless shape");
    shape.push_back(*size);
  }
  return shape;
}

template <typename Stored>
void copy(std::string_view bytes, std::vector<float>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    values[i] = static_cast<float>(stored);
  }
}

void copy_half(std::string_view bytes, std::vector<float>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::uint16_t stored = 0;
    std::memcpy(&stored, bytes.data() + i * sizeof(stored), sizeof(stored));
    values[i] = half_to_float(stored);
  }
}

struct Kind {
  std::string_view name;
  std::size_t size;
  void (*copy)(std::string_view, std::vector<float>&);
};

constexpr Kind kinds[] = {
    {"<f4", 4, copy<float>},        {"<f8", 8, copy<double>},        {"<f2", 2, copy_half},
    {"<i4", 4, copy<std::int32_t>}, {"<i8", 8, copy<std::int64_t>},  {"|u1", 1, copy<std::uint8_t>},
    {"|i1", 1, copy<std::int8_t>},  {"|b1", 1, copy<std::uint8_t>},  {"<u4", 4, copy<std::uint32_t>},
    {"<i2", 2, copy<std::int16_t>}, {"<u2", 2, copy<std::uint16_t>}, {"<u8", 8, copy<std::uint64_t>},
};

const Kind& kind_of(std::string_view header, const std::string& source) {
  const std::string_view text = value_of(header, "descr");
  for (const Kind& kind : kinds)
    if (text.starts_with(fmt::format("'{}'", kind.name))) return kind;
  damaged(source, "numbers of a type that is not read: " + std::string(text.substr(0, 12)));
}

}  // namespace

Array from_npy(std::string_view bytes, const std::string& source) {
  if (!bytes.starts_with(magic) || bytes.size() < 12) damaged(source, "this is no array of NumPy");
  const bool old = bytes[6] == 1;
  std::uint32_t size = 0;
  std::memcpy(&size, bytes.data() + 8, old ? 2 : 4);
  const std::size_t begin = old ? 10 : 12;
  if (size > bytes.size() - begin) damaged(source, "its header is cut off");
  const std::string_view header = bytes.substr(begin, size);
  const std::string_view numbers = bytes.substr(begin + size);
  if (value_of(header, "fortran_order").starts_with("True"))
    damaged(source, "its numbers are in column-major order: numpy.ascontiguousarray turns them");
  const Kind& kind = kind_of(header, source);
  Array array{shape_of(header, source), {}};
  std::size_t count = 1;
  for (const std::int64_t dimension : array.shape) {
    const auto extent = static_cast<std::size_t>(dimension);
    if (extent != 0 && count > numbers.size() / extent)
      damaged(source, "it has fewer numbers than its shape says");
    count *= extent;
  }
  if (count * kind.size > numbers.size()) damaged(source, "it has fewer numbers than its shape says");
  array.values.resize(count);
  kind.copy(numbers, array.values);
  return array;
}

std::string to_npy(const Array& array) {
  std::string shape;
  for (const std::int64_t dimension : array.shape) shape += fmt::format("{}, ", dimension);
  if (array.shape.size() > 1) shape.resize(shape.size() - 2);
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", shape);
  header.append(64 - (10 + header.size() + 1) % 64, ' ');
  header += '\n';
  std::string bytes(magic);
  bytes += '\1';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
  return bytes;
}

}  // namespace mo::verify
