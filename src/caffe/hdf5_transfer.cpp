#include "caffe/hdf5_transfer.h"

#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <utility>

namespace mo::caffe {

namespace {

constexpr std::uint64_t most_dims = 64;

void put(std::string& to, std::uint64_t number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put(std::string& to, std::string_view text) {
  put(to, text.size());
  to.append(text);
}

void put(std::string& to, const Tensor& blob, const MappedFile& file) {
  put(to, blob.shape().size());
  for (const std::int64_t dim : blob.shape()) put(to, static_cast<std::uint64_t>(dim));
  const bool viewed = blob.file() == &file;
  put(to, viewed ? 1 : 0);
  if (viewed)
    put(to, static_cast<std::uint64_t>(blob.bytes().data() - file.bytes().data()));
  else
    to.append(reinterpret_cast<const char*>(blob.bytes().data()), blob.bytes().size());
}

/// Nothing that it gives is trusted: the process that wrote it may have been led astray by the file.
class Unpacker {
 public:
  Unpacker(std::string_view bytes, const std::shared_ptr<const MappedFile>& file)
      : rest_(bytes), file_(file) {}

  std::optional<std::vector<WeightLayer>> layers() {
    std::vector<WeightLayer> layers;
    while (!rest_.empty()) {
      WeightLayer layer;
      const auto name = text();
      const auto count = number();
      if (!name || !count) return std::nullopt;
      layer.name = *name;
      for (std::uint64_t i = 0; i < *count; ++i) {
        auto tensor = blob();
        if (!tensor) return std::nullopt;
        layer.blobs.push_back(std::move(*tensor));
      }
      layers.push_back(std::move(layer));
    }
    return layers;
  }

 private:
  std::optional<std::string_view> take(std::uint64_t size) {
    if (size > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::optional<std::uint64_t> number() {
    const auto bytes = take(sizeof(std::uint64_t));
    if (!bytes) return std::nullopt;
    std::uint64_t number = 0;
    std::memcpy(&number, bytes->data(), sizeof number);
    return number;
  }

  std::optional<std::string_view> text() {
    const auto size = number();
    return size ? take(*size) : std::nullopt;
  }

  std::optional<Tensor> blob() {
    constexpr std::uint64_t most_elements = std::uint64_t{1} << 40;
    const auto rank = number();
    if (!rank || *rank > most_dims) return std::nullopt;
    Shape shape;
    std::uint64_t product = 1;  // of what is not 0
    for (std::uint64_t i = 0; i < *rank; ++i) {
      const auto dim = number();
      if (!dim || *dim > most_elements || (*dim > 0 && product > most_elements / *dim)) return std::nullopt;
      if (*dim > 0) product *= *dim;
      shape.push_back(static_cast<std::int64_t>(*dim));
    }
    const auto viewed = number();
    if (!viewed) return std::nullopt;
    const auto elements = static_cast<std::uint64_t>(element_count(shape));
    const std::uint64_t size = elements * sizeof(float);
    if (*viewed == 1) {
      const auto offset = number();
      const std::span<const std::byte> all = file_->bytes();
      if (!offset || *offset > all.size() || size > all.size() - *offset) return std::nullopt;
      return Tensor::in_file(std::move(shape), ElementType::f32, all.subspan(*offset, size), file_);
    }
    const auto bytes = take(size);
    if (!bytes) return std::nullopt;
    std::vector<float> values(elements);
    if (size > 0) std::memcpy(values.data(), bytes->data(), size);
    return Tensor::of(std::move(shape), std::move(values));
  }

  std::string_view rest_;
  std::shared_ptr<const MappedFile> file_;
};

}  // namespace

std::string pack(const std::vector<WeightLayer>& layers, const MappedFile& file) {
  std::string packed;
  for (const WeightLayer& layer : layers) {
    put(packed, std::string_view(layer.name));
    put(packed, layer.blobs.size());
    for (const Tensor& blob : layer.blobs) put(packed, blob, file);
  }
  return packed;
}

std::vector<WeightLayer> unpack(std::string_view bytes, const std::shared_ptr<const MappedFile>& file) {
  return Unpacker(bytes, file).layers().value_or(std::vector<WeightLayer>{});
}

}  // namespace mo::caffe
