#include "weights/encoder.h"

#include <algorithm>
#include <cassert>

#include "support/file.h"

namespace mo {

namespace {

constexpr std::size_t long_run = 16 << 10;  // bytes; shorter ones are quicker through the mapping

std::size_t place_in(const MappedFile& file, const Tensor& tensor) {
  return static_cast<std::size_t>(tensor.bytes().data() - file.bytes().data());
}

bool can_read(const Tensor& tensor, std::size_t size) {
  return tensor.file() != nullptr && tensor.file()->is_open() && size >= long_run;
}

}  // namespace

bool stored_as_is(const StoredTensor& stored) {
  return stored.tensor.untouched() && stored.tensor.type() == stored.stored;
}

std::span<const std::byte> Encoder::raw(const Tensor& tensor, std::size_t begin, std::size_t size) {
  if (source_ == Source::mapping || !can_read(tensor, size)) return tensor.bytes().subspan(begin, size);
  if (raw_.size() < size) raw_.resize(size);
  const std::span<std::byte> bytes(raw_.data(), size);
  tensor.file()->read(place_in(*tensor.file(), tensor) + begin, bytes);
  return bytes;
}

void Encoder::copy(const StoredTensor& stored, std::size_t from, std::span<std::byte> out) const {
  const Tensor& tensor = stored.tensor;
  if (source_ == Source::file && can_read(tensor, out.size()))
    tensor.file()->read(place_in(*tensor.file(), tensor) + from, out);
  else
    std::ranges::copy(tensor.bytes().subspan(from, out.size()), out.begin());
}

NumberCounts Encoder::encode(const StoredTensor& stored, std::int64_t begin, std::span<std::byte> out) {
  const Tensor& tensor = stored.tensor;
  const std::size_t count = out.size() / byte_size(stored.stored);
  const std::size_t from = static_cast<std::size_t>(begin) * byte_size(tensor.type());
  const std::span halves(reinterpret_cast<std::uint16_t*>(out.data()), count);
  if (stored_as_is(stored)) {
    copy(stored, from, out);
    if (stored.stored == ElementType::f32) return {.not_finite = count_not_finite(out.data(), count)};
    if (stored.stored == ElementType::f16) return {.not_finite = count_not_finite(halves)};
    return {};
  }
  const std::span<const std::byte> bytes = raw(tensor, from, count * byte_size(tensor.type()));
  if (stored.stored == ElementType::f32) {
    tensor.decode(bytes, begin, std::span(reinterpret_cast<float*>(out.data()), count));
    return {.not_finite = count_not_finite(out.data(), count)};
  }
  assert(stored.stored == ElementType::f16);
  if (tensor.untouched() && tensor.type() == ElementType::f32) return narrow_to_half(bytes.data(), halves);
  if (floats_.size() < count) floats_.resize(count);
  const std::span<float> floats(floats_.data(), count);
  tensor.decode(bytes, begin, floats);
  return narrow_to_half(std::as_bytes(floats).data(), halves);
}

}  // namespace mo
