#include "weights/tensor.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "support/float16.h"

namespace mo {
namespace {

template <typename T>
Tensor unaligned(ElementType type, const std::vector<T>& values) {
  const auto bytes = std::make_shared<std::vector<std::byte>>(values.size() * sizeof(T) + 1);
  std::memcpy(bytes->data() + 1, values.data(), values.size() * sizeof(T));
  return Tensor::view({static_cast<std::int64_t>(values.size())}, type, std::span(*bytes).subspan(1), bytes);
}

TEST(Tensor, ReadsEveryTypeUnaligned) {
  const std::vector<double> expected{1.5, -2.0, 8.0};
  const auto half = [](float value) { return float_to_half(value); };
  EXPECT_EQ(unaligned<std::uint16_t>(ElementType::f16, {half(1.5F), half(-2), half(8)}).values(), expected);
  EXPECT_EQ(unaligned<float>(ElementType::f32, {1.5F, -2, 8}).values(), expected);
  EXPECT_EQ(unaligned<double>(ElementType::f64, {1.5, -2, 8}).values(), expected);
  EXPECT_EQ(unaligned<std::int32_t>(ElementType::i32, {1, -2, 8}).values(), (std::vector<double>{1, -2, 8}));
  EXPECT_EQ(unaligned<std::int64_t>(ElementType::i64, {1, -2, 8}).values(), (std::vector<double>{1, -2, 8}));
  EXPECT_EQ(unaligned<std::uint8_t>(ElementType::u8, {1, 255, 8}).values(), (std::vector<double>{1, 255, 8}));
}

TEST(Tensor, FloatsArePassedBitForBit) {
  const Tensor tensor = Tensor::of({2}, std::vector<float>{std::numeric_limits<float>::denorm_min(), -0.0F});
  std::vector<float> out(2);
  tensor.read(0, std::span<float>(out));
  EXPECT_EQ(std::memcmp(out.data(), tensor.bytes().data(), 8), 0);
}

TEST(Tensor, FactorsFollowTheirAxisFromAnyOffset) {
  std::vector<float> values(2 * 3 * 4);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  const std::vector<double> outer{2, 3};
  const std::vector<double> middle{1, 10, 100};
  const Tensor tensor = Tensor::of({2, 3, 4}, values).scaled(0, outer).scaled(1, middle);
  EXPECT_FALSE(tensor.untouched());
  for (std::int64_t begin = 0; begin < 24; ++begin) {
    std::vector<float> out(static_cast<std::size_t>(24 - begin));
    tensor.read(begin, std::span<float>(out));
    for (std::int64_t i = begin; i < 24; ++i) {
      const double expected = static_cast<double>(i) * outer[static_cast<std::size_t>(i / 12)] *
                              middle[static_cast<std::size_t>(i / 4 % 3)];
      ASSERT_EQ(out[static_cast<std::size_t>(i - begin)], static_cast<float>(expected));
    }
  }
}

TEST(Tensor, RoundsOnceAfterAllFactors) {
  // Each product alone leaves float's range or grid; together they are exact.
  const std::vector<double> huge{1e30};
  const std::vector<double> tiny{1e-30};
  const Tensor tensor = Tensor::of({1}, std::vector<float>{1e10F}).scaled(0, huge).scaled(0, tiny);
  std::vector<float> out(1);
  tensor.read(0, std::span<float>(out));
  EXPECT_EQ(out[0], 1e10F);
}

TEST(Tensor, ReadsMoreThanABlockWithFactors) {
  const std::vector<double> twice{2};
  const Tensor tensor = Tensor::of({1, 5000}, std::vector<float>(5000, 1.5F)).scaled(0, twice);
  std::vector<float> out(5000);
  tensor.read(0, std::span<float>(out));
  EXPECT_EQ(out, std::vector<float>(5000, 3.0F));
}

TEST(Tensor, ReshapedSharesBytesAndKeepsFactors) {
  const std::vector<double> factors{2, 3};
  const Tensor tensor = Tensor::of({2, 2}, std::vector<float>{1, 1, 1, 1}).scaled(0, factors);
  const Tensor flat = tensor.reshaped({4});
  EXPECT_EQ(flat.bytes().data(), tensor.bytes().data());
  EXPECT_EQ(flat.values(), (std::vector<double>{2, 2, 3, 3}));
}

}  // namespace
}  // namespace mo
