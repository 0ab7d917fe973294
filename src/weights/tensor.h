#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "support/shape.h"

namespace mo {

class MappedFile;

enum class ElementType : std::uint8_t { f16, f32, f64, i32, i64, u8 };

std::size_t byte_size(ElementType type);

/// Weights that are not touched until they are written: a shape, bytes that lie in a mapped file (or, for
/// small things, in memory) and factors still to be multiplied in.  Copies are cheap and share the bytes.
class Tensor {
 public:
  Tensor() = default;

  /// Elements of `type` in row-major order at `bytes`, little-endian, unaligned; `owner` keeps them alive.
  /// Precondition: bytes.size() == element_count(shape) * byte_size(type).
  static Tensor view(Shape shape, ElementType type, std::span<const std::byte> bytes,
                     std::shared_ptr<const void> owner);
  /// The same for bytes of a mapped file: untouched, they can be copied from file to file.
  static Tensor in_file(Shape shape, ElementType type, std::span<const std::byte> bytes,
                        std::shared_ptr<const MappedFile> file);
  static Tensor of(Shape shape, std::vector<float> values);
  static Tensor of(Shape shape, std::vector<double> values);
  static Tensor of(Shape shape, std::vector<std::int64_t> values);

  const Shape& shape() const { return shape_; }
  std::int64_t size() const { return size_; }
  ElementType type() const { return type_; }

  /// The same elements under another shape of the same size.
  Tensor reshaped(Shape shape) const;

  /// Each element times factors[its index along `axis`].  Precondition: factors.size() == shape()[axis].
  /// Factors are kept in double and multiplied in once, when the element is read.
  Tensor scaled(std::size_t axis, std::span<const double> factors) const;

  /// True when the bytes are exactly what a reader of type() wants: no pending factors.
  bool untouched() const { return steps_.empty(); }
  std::span<const std::byte> bytes() const { return bytes_; }
  /// The file that bytes() lie in, or nullptr.
  const MappedFile* file() const { return file_; }

  /// Elements [begin, begin + out.size()) with all factors applied, rounded once.
  void read(std::int64_t begin, std::span<float> out) const;
  void read(std::int64_t begin, std::span<double> out) const;
  /// The same, when `raw` holds the bytes() of these elements, read from the file by other means.
  void decode(std::span<const std::byte> raw, std::int64_t begin, std::span<float> out) const;

  /// All elements; for small tensors (biases, BatchNorm statistics).
  std::vector<double> values() const;

 private:
  std::span<const std::byte> raw(std::int64_t begin, std::size_t count) const;
  void decode(std::span<const std::byte> raw, std::int64_t begin, std::span<double> out) const;

  struct Step {
    std::int64_t inner;  ///< elements that share a factor in a row
    std::vector<double> factors;
  };

  Shape shape_;
  std::int64_t size_ = 0;
  ElementType type_ = ElementType::f32;
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  const MappedFile* file_ = nullptr;  // kept alive by owner_
  std::vector<std::shared_ptr<const Step>> steps_;
};

}  // namespace mo
