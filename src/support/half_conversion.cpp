#include "support/half_conversion.h"

#include <cmath>
#include <cstring>

#include "support/float16.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace mo {

namespace {

float load_float(const std::byte* from) {
  float value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

constexpr std::uint32_t magnitude_bits = 0x7fffffff;
constexpr std::uint32_t infinity_bits = 0x7f800000;

NumberCounts narrow_portable(const std::byte* floats, std::span<std::uint16_t> out) {
  NumberCounts count;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float value = load_float(floats + i * sizeof(float));
    out[i] = float_to_half(value);
    const std::uint16_t magnitude = out[i] & 0x7fffU;
    count.to_infinity += magnitude == 0x7c00U && std::isfinite(value);
    count.to_zero += magnitude == 0 && value != 0.0F;
    count.not_finite += !std::isfinite(value);
  }
  return count;
}

std::uint64_t count_portable(const std::byte* floats, std::size_t count) {
  std::uint64_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t bits;
    std::memcpy(&bits, floats + i * sizeof bits, sizeof bits);
    found += (bits & magnitude_bits) >= infinity_bits;
  }
  return found;
}

void multiply_portable(const std::byte* floats, double factor, std::span<float> out) {
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<float>(load_float(floats + i * sizeof(float)) * factor);
}

#if defined(__x86_64__)

bool has_avx2_and_f16c() {
  static const bool has = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("avx2") && __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C) != 0;
  }();
  return has;
}

unsigned set_lanes(__m256i mask) __attribute__((target("avx2")));
unsigned set_lanes(__m256i mask) {
  return static_cast<unsigned>(__builtin_popcount(_mm256_movemask_ps(_mm256_castsi256_ps(mask))));
}

__attribute__((target("avx2,f16c"))) NumberCounts narrow_avx2(const std::byte* floats,
                                                              std::span<std::uint16_t> out) {
  const __m256i magnitudes = _mm256_set1_epi32(magnitude_bits);
  const __m256i infinity = _mm256_set1_epi32(infinity_bits);
  const __m256i last_finite = _mm256_set1_epi32(0x477fefff);  // below 65520
  const __m256i last_zero = _mm256_set1_epi32(0x33000000);    // 2^-25 rounds to zero
  NumberCounts counts;
  std::size_t i = 0;
  for (; i + 8 <= out.size(); i += 8) {
    const __m256 values = _mm256_loadu_ps(reinterpret_cast<const float*>(floats + i * sizeof(float)));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out.data() + i),
                     _mm256_cvtps_ph(values, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    // Magnitudes of floats compare as integers do.
    const __m256i magnitude = _mm256_and_si256(_mm256_castps_si256(values), magnitudes);
    const __m256i over = _mm256_cmpgt_epi32(magnitude, last_finite);  // infinite before or now
    const __m256i under = _mm256_andnot_si256(_mm256_cmpgt_epi32(magnitude, last_zero),
                                              _mm256_cmpgt_epi32(magnitude, _mm256_setzero_si256()));
    const __m256i either = _mm256_or_si256(over, under);
    if (_mm256_testz_si256(either, either)) continue;
    const unsigned became_infinite =
        set_lanes(_mm256_and_si256(over, _mm256_cmpgt_epi32(infinity, magnitude)));
    counts += {became_infinite, set_lanes(under), set_lanes(over) - became_infinite};
  }
  return counts += narrow_portable(floats + i * sizeof(float), out.subspan(i));
}

/// Whether it is worth counting: magnitudes, shifted to the top, compare as unsigned integers do.
__attribute__((target("avx2"))) std::uint64_t count_avx2(const std::byte* floats, std::size_t count) {
  constexpr std::size_t step = 16;
  const auto doubled = [&](std::size_t at) __attribute__((target("avx2"))) {
    const auto* const from = reinterpret_cast<const __m256i*>(floats + at * sizeof(float));
    return _mm256_slli_epi32(_mm256_loadu_si256(from), 1);
  };
  __m256i most = _mm256_setzero_si256();
  __m256i other_most = most;
  std::size_t i = 0;
  for (; i + step <= count; i += step) {
    most = _mm256_max_epu32(most, doubled(i));
    other_most = _mm256_max_epu32(other_most, doubled(i + step / 2));
  }
  const __m256i infinity = _mm256_set1_epi32(static_cast<int>(infinity_bits << 1U));
  const __m256i largest = _mm256_max_epu32(most, other_most);
  const __m256i reached = _mm256_cmpeq_epi32(_mm256_max_epu32(largest, infinity), largest);
  if (_mm256_testz_si256(reached, reached)) return count_portable(floats + i * sizeof(float), count - i);
  return count_portable(floats, count);
}

__attribute__((target("avx2"))) void multiply_avx2(const std::byte* floats, double factor,
                                                   std::span<float> out) {
  const __m256d factors = _mm256_set1_pd(factor);
  std::size_t i = 0;
  for (; i + 4 <= out.size(); i += 4) {
    const __m128 values = _mm_loadu_ps(reinterpret_cast<const float*>(floats + i * sizeof(float)));
    const __m256d product = _mm256_mul_pd(_mm256_cvtps_pd(values), factors);
    _mm_storeu_ps(out.data() + i, _mm256_cvtpd_ps(product));
  }
  multiply_portable(floats + i * sizeof(float), factor, out.subspan(i));
}

#endif

}  // namespace

NumberCounts& NumberCounts::operator+=(const NumberCounts& other) {
  to_infinity += other.to_infinity;
  to_zero += other.to_zero;
  not_finite += other.not_finite;
  return *this;
}

NumberCounts narrow_to_half(const std::byte* floats, std::span<std::uint16_t> out) {
#if defined(__x86_64__)
  if (has_avx2_and_f16c()) return narrow_avx2(floats, out);
#endif
  return narrow_portable(floats, out);
}

std::uint64_t count_not_finite(const std::byte* floats, std::size_t count) {
#if defined(__x86_64__)
  if (has_avx2_and_f16c()) return count_avx2(floats, count);
#endif
  return count_portable(floats, count);
}

std::uint64_t count_not_finite(std::span<const std::uint16_t> halves) {
  std::uint64_t found = 0;
  for (const std::uint16_t half : halves) found += (half & 0x7c00U) == 0x7c00U;
  return found;
}

void multiply_by(const std::byte* floats, double factor, std::span<float> out) {
#if defined(__x86_64__)
  if (has_avx2_and_f16c()) return multiply_avx2(floats, factor, out);
#endif
  multiply_portable(floats, factor, out);
}

}  // namespace mo
