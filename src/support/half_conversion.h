#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mo {

/// Numbers that left the range of binary16 on the way.
struct NarrowingCount {
  std::uint64_t to_infinity = 0;  ///< finite numbers that became infinite
  std::uint64_t to_zero = 0;      ///< numbers that became zero
};

/// Floats at `floats` (unaligned, little-endian) to binary16, rounded to nearest even.
/// Uses the processor's own conversion where it has one; the results are the same.
/// Precondition: `floats` has 4 out.size() bytes.
NarrowingCount narrow_to_half(const std::byte* floats, std::span<std::uint16_t> out);

/// out[i] = floats[i] * factor, multiplied in double and rounded once.
void multiply_by(const std::byte* floats, double factor, std::span<float> out);

}  // namespace mo
