#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "support/half_conversion.h"
#include "weights/tensor.h"

namespace mo {

class Progress;

/// A tensor of the .bin file: how its elements are stored, and where.
struct StoredTensor {
  Tensor tensor;
  ElementType stored = ElementType::f32;  ///< f32, f16, i32 or i64
  std::string name;                       ///< for reports
  std::uint64_t offset = 0;               ///< bytes from the start of the file
  std::uint64_t size = 0;                 ///< bytes
  bool duplicate = false;                 ///< the same bytes as an earlier tensor, written once
};

/// Gives every tensor its size and offset, in order and without gaps; tensors with identical bytes share a
/// place. Returns the size of the file.
std::uint64_t lay_out(std::span<StoredTensor> tensors);

/// The same beside what a file has already: untouched tensors whose bytes lie in `kept` stay at their places
/// there and count as written; the others follow behind its end.  Returns the size of the file.
std::uint64_t lay_out_behind(std::span<StoredTensor> tensors, const MappedFile& kept);

/// What was met among the numbers of one tensor.
struct TensorCounts {
  std::size_t tensor = 0;
  NumberCounts numbers = {};
};

/// How weights are written.
struct WriteSettings {
  unsigned threads = 0;          ///< at most; 0: as many as there are cores
  Progress* progress = nullptr;  ///< advanced by the bytes written
  bool allow_overflow = false;   ///< they may become infinite in FP16: for those who report the counts
};

/// Takes bytes for a place of the .bin file; several threads call it at a time.
using Sink = std::function<void(std::uint64_t offset, std::span<const std::byte> bytes)>;

/// Hands the tensors over for their places, in chunks, on several cores.  Returns what deserves a message, of
/// those written. Throws what `sink` throws.
std::vector<TensorCounts> write_tensors(std::span<const StoredTensor> tensors, const Sink& sink,
                                        const WriteSettings& settings = {});

/// The same into memory as large as lay_out() said.
std::vector<TensorCounts> write_tensors(std::span<const StoredTensor> tensors, std::span<std::byte> memory,
                                        const WriteSettings& settings = {});

}  // namespace mo
