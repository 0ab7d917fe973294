#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/half_conversion.h"
#include "weights/bin_file.h"

namespace mo {

/// True when the bytes of the file are those of the tensor.
bool stored_as_is(const StoredTensor& stored);

/// Turns elements of tensors into the bytes of the .bin file; owns the buffers that this takes.
class Encoder {
 public:
  /// Where bytes of a mapped file come from: its mapping, best for a few of them, or reads, which spare a
  /// long run the page faults and its pages in this process.
  enum class Source : std::uint8_t { mapping, file };

  explicit Encoder(Source source) : source_(source) {}

  /// Elements [begin, begin + size of out / size of an element) as they are stored; `out` is aligned for
  /// them. Returns what deserves a message: it is counted while the numbers are in the cache.  Throws Failure
  /// when the file became shorter than its mapping.
  NumberCounts encode(const StoredTensor& stored, std::int64_t begin, std::span<std::byte> out);

 private:
  void copy(const StoredTensor& stored, std::size_t from, std::span<std::byte> out) const;
  std::span<const std::byte> raw(const Tensor& tensor, std::size_t begin, std::size_t size);

  Source source_;
  std::vector<std::byte> raw_;
  std::vector<float> floats_;
};

}  // namespace mo
