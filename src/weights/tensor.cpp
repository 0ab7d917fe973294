#include "weights/tensor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "support/float16.h"
#include "support/half_conversion.h"

namespace mo {
namespace {

static_assert(std::endian::native == std::endian::little,
              "weights are read in place as little-endian numbers");

template <typename T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

template <typename Source, typename Out>
void convert(const std::byte* from, std::span<Out> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<Out>(load<Source>(from + i * sizeof(Source)));
  }
}

template <typename Out>
void convert_from(ElementType type, const std::byte* from, std::span<Out> out) {
  switch (type) {
    case ElementType::f16:
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<Out>(half_to_float(load<std::uint16_t>(from + i * 2)));
      }
      return;
    case ElementType::f32:
      return convert<float>(from, out);
    case ElementType::f64:
      return convert<double>(from, out);
    case ElementType::i32:
      return convert<std::int32_t>(from, out);
    case ElementType::i64:
      return convert<std::int64_t>(from, out);
    case ElementType::u8:
      return convert<std::uint8_t>(from, out);
  }
}

template <typename T>
// NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved from
Tensor owning(Shape shape, ElementType type, std::vector<T> values) {
  const auto owner = std::make_shared<const std::vector<T>>(std::move(values));
  return Tensor::view(std::move(shape), type, std::as_bytes(std::span(*owner)), owner);
}

/// Calls part(factor, position, count) for each run of elements that share a factor.
template <typename Part>
void for_each_run(std::int64_t begin, std::int64_t size, std::int64_t inner, std::span<const double> factors,
                  Part part) {
  const auto count = static_cast<std::int64_t>(factors.size());
  std::int64_t index = (begin / inner) % count;
  std::int64_t left = inner - begin % inner;
  for (std::int64_t done = 0; done < size;) {
    const std::int64_t run = std::min(left, size - done);
    part(factors[static_cast<std::size_t>(index)], static_cast<std::size_t>(done),
         static_cast<std::size_t>(run));
    done += run;
    left = inner;
    if (++index == count) index = 0;
  }
}

/// Multiplies elements [begin, begin + out.size()) by the factors that repeat every `inner` elements.
void multiply(std::int64_t begin, std::int64_t inner, std::span<const double> factors,
              std::span<double> out) {
  for_each_run(begin, static_cast<std::int64_t>(out.size()), inner, factors,
               [&](double factor, std::size_t at, std::size_t count) {
                 for (double& value : out.subspan(at, count)) value *= factor;
               });
}

}  // namespace

std::size_t byte_size(ElementType type) {
  switch (type) {
    case ElementType::f16:
      return 2;
    case ElementType::f32:
    case ElementType::i32:
      return 4;
    case ElementType::f64:
    case ElementType::i64:
      return 8;
    case ElementType::u8:
      break;
  }
  return 1;
}

Tensor Tensor::view(Shape shape, ElementType type, std::span<const std::byte> bytes,
                    std::shared_ptr<const void> owner) {
  Tensor tensor;
  tensor.size_ = element_count(shape);
  // Reads go unchecked from here on: a mistake ends here, also in a build without assertions.
  if (tensor.size_ < 0 || bytes.size() != static_cast<std::size_t>(tensor.size_) * byte_size(type))
    throw std::logic_error("a tensor " + to_string(shape) + " of " + std::to_string(bytes.size()) + " bytes");
  tensor.shape_ = std::move(shape);
  tensor.type_ = type;
  tensor.bytes_ = bytes;
  tensor.owner_ = std::move(owner);
  return tensor;
}

Tensor Tensor::in_file(Shape shape, ElementType type, std::span<const std::byte> bytes,
                       std::shared_ptr<const MappedFile> file) {
  const MappedFile* address = file.get();
  Tensor tensor = view(std::move(shape), type, bytes, std::move(file));
  tensor.file_ = address;
  return tensor;
}

Tensor Tensor::of(Shape shape, std::vector<float> values) {
  return owning(std::move(shape), ElementType::f32, std::move(values));
}

Tensor Tensor::of(Shape shape, std::vector<double> values) {
  return owning(std::move(shape), ElementType::f64, std::move(values));
}

Tensor Tensor::of(Shape shape, std::vector<std::int64_t> values) {
  return owning(std::move(shape), ElementType::i64, std::move(values));
}

Tensor Tensor::reshaped(Shape shape) const {
  assert(element_count(shape) == size_);
  Tensor tensor = *this;
  tensor.shape_ = std::move(shape);
  return tensor;
}

Tensor Tensor::scaled(std::size_t axis, std::span<const double> factors) const {
  assert(axis < shape_.size() && static_cast<std::int64_t>(factors.size()) == shape_[axis]);
  Tensor tensor = *this;
  Step step;
  step.inner = std::accumulate(shape_.begin() + static_cast<std::ptrdiff_t>(axis) + 1, shape_.end(),
                               std::int64_t{1}, std::multiplies<>());
  step.factors.assign(factors.begin(), factors.end());
  tensor.steps_.push_back(std::make_shared<const Step>(std::move(step)));
  return tensor;
}

std::span<const std::byte> Tensor::raw(std::int64_t begin, std::size_t count) const {
  assert(begin >= 0 && begin + static_cast<std::int64_t>(count) <= size_);
  return bytes_.subspan(static_cast<std::size_t>(begin) * byte_size(type_), count * byte_size(type_));
}

void Tensor::read(std::int64_t begin, std::span<double> out) const {
  decode(raw(begin, out.size()), begin, out);
}

void Tensor::read(std::int64_t begin, std::span<float> out) const {
  decode(raw(begin, out.size()), begin, out);
}

void Tensor::decode(std::span<const std::byte> raw, std::int64_t begin, std::span<double> out) const {
  if (out.empty()) return;
  convert_from(type_, raw.data(), out);
  for (const auto& step : steps_) multiply(begin, step->inner, step->factors, out);
}

void Tensor::decode(std::span<const std::byte> raw, std::int64_t begin, std::span<float> out) const {
  if (out.empty()) return;
  if (steps_.empty()) {
    if (type_ == ElementType::f32)
      std::memcpy(out.data(), raw.data(), out.size_bytes());
    else
      convert_from(type_, raw.data(), out);
    return;
  }
  if (steps_.size() == 1 && type_ == ElementType::f32) {
    for_each_run(begin, static_cast<std::int64_t>(out.size()), steps_.front()->inner, steps_.front()->factors,
                 [&](double factor, std::size_t at, std::size_t count) {
                   multiply_by(raw.data() + at * sizeof(float), factor, out.subspan(at, count));
                 });
    return;
  }
  std::array<double, 1024> block;  // factors are multiplied in double, then rounded once
  for (std::size_t done = 0; done < out.size(); done += block.size()) {
    const std::size_t count = std::min(block.size(), out.size() - done);
    const std::span<double> part(block.data(), count);
    decode(raw.subspan(done * byte_size(type_), count * byte_size(type_)),
           begin + static_cast<std::int64_t>(done), part);
    std::ranges::transform(part, out.begin() + static_cast<std::ptrdiff_t>(done),
                           [](double value) { return static_cast<float>(value); });
  }
}

std::vector<double> Tensor::values() const {
  std::vector<double> all(static_cast<std::size_t>(size_));
  read(0, std::span<double>(all));
  return all;
}

}  // namespace mo
