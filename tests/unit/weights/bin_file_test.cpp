#include "weights/bin_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>

#include "support/diagnostics.h"
#include "support/file.h"
#include "support/float16.h"
#include "support/half_conversion.h"
#include "support/temporary_file.h"

namespace mo {
namespace {

/// What write_tensors makes a file of.
std::vector<std::byte> written(const std::vector<StoredTensor>& tensors, std::uint64_t size,
                               std::vector<TensorCounts>* counts = nullptr) {
  std::vector<std::byte> file(size);
  auto found = write_tensors(tensors, [&](std::uint64_t at, std::span<const std::byte> bytes) {
    ASSERT_LE(at + bytes.size(), size);
    std::ranges::copy(bytes, file.begin() + static_cast<std::ptrdiff_t>(at));
  });
  if (counts != nullptr) *counts = std::move(found);
  return file;
}

template <class T>
std::vector<T> as(const std::vector<std::byte>& bytes) {
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

TEST(BinFile, LaysTensorsOutWithoutGapsAndSharesEqualOnes) {
  std::vector<StoredTensor> tensors(4);
  tensors[0].tensor = Tensor::of({3}, std::vector<float>{1, 2, 3});
  tensors[1].tensor = Tensor::of({3}, std::vector<float>{1, 2, 4});
  tensors[2].tensor = Tensor::of({3, 1}, std::vector<double>{1, 2, 3});  // the same once stored as f32
  tensors[3].tensor = Tensor::of({2}, std::vector<std::int64_t>{5, -6});
  tensors[3].stored = ElementType::i64;
  EXPECT_EQ(lay_out(tensors), 40U);
  EXPECT_EQ(tensors[1].offset, 12U);
  EXPECT_TRUE(tensors[2].duplicate);
  EXPECT_EQ(tensors[2].offset, 0U);
  EXPECT_EQ(tensors[3].offset, 24U);
  const auto bytes = written(tensors, 40);
  ASSERT_EQ(bytes.size(), 40U);
  EXPECT_EQ(as<float>(bytes)[5], 4.0F);
  EXPECT_EQ(as<std::int64_t>(bytes)[4], -6);
}

TEST(BinFile, TellsLongTensorsApartByTheirLastElement) {
  std::vector<float> values(1 << 20, 0.5F);
  std::vector<StoredTensor> tensors(2);
  tensors[0].tensor = Tensor::of({1 << 20}, values);
  values.back() = 0.25F;
  tensors[1].tensor = Tensor::of({1 << 20}, values);
  EXPECT_EQ(lay_out(tensors), 8U << 20);
}

TEST(BinFile, WritesManyBlocksOnAllCoresInTheirPlaces) {
  const std::int64_t count = 5'000'003;
  std::vector<float> values(count);
  for (std::int64_t i = 0; i < count; ++i) values[i] = static_cast<float>(i % 8191);
  const std::vector<double> factors{2.0};
  std::vector<StoredTensor> tensors(1);
  tensors[0].tensor = Tensor::of({1, count}, values).scaled(0, factors);
  const std::uint64_t size = lay_out(tensors);
  const auto out = as<float>(written(tensors, size));
  ASSERT_EQ(out.size(), values.size());
  for (std::int64_t i = 0; i < count; i += 997) ASSERT_EQ(out[i], 2 * values[i]) << i;
  EXPECT_EQ(out.back(), 2 * values.back());
}

/// A file of floats 0, 1, 2 ... behind one byte, so that they lie unaligned, as in a caffemodel.
class FileOfFloats {
 public:
  explicit FileOfFloats(std::int64_t count)
      : temporary_(content(count)), file_(MappedFile::open(temporary_.path())) {}

  Tensor tensor(std::int64_t begin, std::int64_t count) const {
    return Tensor::in_file({count, 1}, ElementType::f32,
                           file_->bytes().subspan(1 + begin * sizeof(float), count * sizeof(float)), file_);
  }
  std::string path() const { return temporary_.path(); }

 private:
  static std::string content(std::int64_t count) {
    std::string bytes(1 + count * sizeof(float), 'x');
    for (std::int64_t i = 0; i < count; ++i) {
      const auto value = static_cast<float>(i);
      std::memcpy(bytes.data() + 1 + i * sizeof value, &value, sizeof value);
    }
    return bytes;
  }

  TemporaryFile temporary_;
  std::shared_ptr<const MappedFile> file_;
};

TEST(BinFile, ReadsLongAndShortRunsOfAFileAsIsScaledAndNarrowed) {
  const std::int64_t many = 600'001;  // more than a chunk, and odd
  const FileOfFloats file(2 * many);
  const std::vector<double> factors(many, 3.0);
  std::vector<StoredTensor> tensors(5);
  tensors[0].tensor = file.tensor(0, many);
  tensors[1].tensor = file.tensor(1, 2001);
  tensors[1].stored = ElementType::f16;  // an odd number of halves: what follows is not aligned
  tensors[2].tensor = file.tensor(many, many).scaled(0, factors);
  tensors[3].tensor = file.tensor(1, 5);
  tensors[4].tensor = file.tensor(3, many);
  tensors[4].stored = ElementType::f16;
  const std::uint64_t size = lay_out(tensors);
  const auto bytes = written(tensors, size);
  ASSERT_EQ(bytes.size(), size);
  const auto at = [&]<class T>(std::size_t tensor, std::int64_t index, T value) {
    std::memcpy(&value, bytes.data() + tensors[tensor].offset + index * sizeof(T), sizeof value);
    return value;
  };
  for (std::int64_t i = 0; i < many; i += 13'331) {
    ASSERT_EQ(at(0, i, 0.0F), static_cast<float>(i));
    ASSERT_EQ(at(2, i, 0.0F), static_cast<float>(3 * (many + i)));
    ASSERT_EQ(at(4, i, std::uint16_t{}), float_to_half(static_cast<float>(3 + i)));
  }
  for (std::int64_t i = 0; i < 2001; ++i)
    ASSERT_EQ(at(1, i, std::uint16_t{}), float_to_half(static_cast<float>(1 + i)));
  for (std::int64_t i = 0; i < 5; ++i) ASSERT_EQ(at(3, i, 0.0F), static_cast<float>(1 + i));
}

TEST(BinFile, SaysThatAFileBecameShorterMeanwhile) {
  const FileOfFloats file(100'000);
  std::vector<StoredTensor> tensors(1);
  tensors[0].tensor = file.tensor(0, 100'000);
  const std::uint64_t size = lay_out(tensors);
  ASSERT_EQ(truncate(file.path().c_str(), 200'000), 0);
  try {
    written(tensors, size);
    FAIL() << "the missing bytes were made up";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.diagnostic().code, &code::file_not_readable);
    EXPECT_EQ(failure.diagnostic().file, file.path());
  }
}

TEST(BinFile, CountsWhatHalfPrecisionCannotHold) {
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<StoredTensor> tensors(1);
  tensors[0].tensor =
      Tensor::of({10}, std::vector<float>{1, 70000, -1e30F, infinity, 0, 1e-10F, -1e-9F, 65519, 6e-8F, -2});
  tensors[0].stored = ElementType::f16;
  EXPECT_EQ(lay_out(tensors), 20U);
  std::vector<TensorCounts> counts;
  const auto halves = as<std::uint16_t>(written(tensors, 20, &counts));
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].numbers.to_infinity, 2U) << "an infinity that was one before is no loss";
  EXPECT_EQ(counts[0].numbers.to_zero, 2U);
  EXPECT_EQ(counts[0].numbers.not_finite, 1U);
  EXPECT_EQ(half_to_float(halves[0]), 1.0F);
  EXPECT_EQ(half_to_float(halves[9]), -2.0F);
}

TEST(NarrowToHalf, TheFastWayGivesWhatTheExactOneGives) {
  std::vector<float> values;
  for (std::uint32_t bits = 0; bits < 0xff000000U; bits += 9973U)
    values.push_back(std::bit_cast<float>(bits));
  for (int exponent = -26; exponent < 17; ++exponent)
    for (const float mantissa : {1.0F, 1.00048828125F, 1.0009765625F, 1.5F, 1.99951171875F, 1.9998F})
      values.push_back(std::ldexp(mantissa, exponent));
  std::vector<std::uint16_t> halves(values.size());
  const NumberCounts count = narrow_to_half(reinterpret_cast<const std::byte*>(values.data()), halves);
  NumberCounts wanted;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint16_t half = float_to_half(values[i]);
    wanted.not_finite += !std::isfinite(values[i]);
    if (std::isnan(values[i])) {
      ASSERT_TRUE(std::isnan(half_to_float(halves[i])));
      continue;
    }
    ASSERT_EQ(halves[i], half) << values[i];
    wanted.to_infinity += (half & 0x7fff) == 0x7c00 && std::isfinite(values[i]);
    wanted.to_zero += (half & 0x7fff) == 0 && values[i] != 0;
  }
  EXPECT_EQ(count.to_infinity, wanted.to_infinity);
  EXPECT_EQ(count.to_zero, wanted.to_zero);
  EXPECT_EQ(count.not_finite, wanted.not_finite);
  EXPECT_GT(count.not_finite, 500U);
}

/// One among ordinary numbers, at every place of runs of every length around the width of vectors.
TEST(CountNotFinite, FindsOneAnywhere) {
  constexpr float largest = std::numeric_limits<float>::max();
  for (const float odd :
       {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
        std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::signaling_NaN()})
    for (std::size_t size = 1; size < 70; ++size) {
      std::vector<float> values(size, -largest);
      const auto count = [&] {
        return count_not_finite(reinterpret_cast<const std::byte*>(values.data()), values.size());
      };
      ASSERT_EQ(count(), 0U);
      for (std::size_t at = 0; at < size; ++at) {
        values[at] = odd;
        ASSERT_EQ(count(), 1U) << at << " of " << size;
        values[at] = largest;
      }
    }
}

TEST(CountNotFinite, OfHalves) {
  const std::vector<std::uint16_t> halves{0x7c00, 0xfc00, 0x7e00, 0x7bff, 0xfbff, 0x0001, 0};
  EXPECT_EQ(count_not_finite(halves), 3U);
}

}  // namespace
}  // namespace mo
