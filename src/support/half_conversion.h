#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mo {

/// Numbers that deserve a message.
struct NumberCounts {
  std::uint64_t to_infinity = 0;  ///< finite numbers that binary16 made infinite
  std::uint64_t to_zero = 0;      ///< numbers that binary16 made zero
  std::uint64_t not_finite = 0;   ///< infinities, and what is not a number, already before

  bool any() const { return to_infinity + to_zero + not_finite > 0; }
  NumberCounts& operator+=(const NumberCounts& other);
};

/// Floats at `floats` (unaligned, little-endian) to binary16, rounded to nearest even.
/// Uses the processor's own conversion where it has one; the results are the same.
/// Precondition: `floats` has 4 out.size() bytes.
NumberCounts narrow_to_half(const std::byte* floats, std::span<std::uint16_t> out);

/// How many of `count` floats, or of the binary16 numbers, are infinite or not a number.
std::uint64_t count_not_finite(const std::byte* floats, std::size_t count);
std::uint64_t count_not_finite(std::span<const std::uint16_t> halves);

/// out[i] = floats[i] * factor, multiplied in double and rounded once.
void multiply_by(const std::byte* floats, double factor, std::span<float> out);

}  // namespace mo
