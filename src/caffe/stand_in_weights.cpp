#include "caffe/stand_in_weights.h"

#include <sys/mman.h>

#include <algorithm>
#include <memory>
#include <span>

namespace mo::caffe {

namespace {

constexpr std::int64_t small = std::int64_t{1} << 16;
constexpr double largest = 1e10;  // elements

double elements(const Shape& shape) {
  double product = 1;
  for (const std::int64_t dim : shape) product *= dim < 0 ? largest * 2 : static_cast<double>(dim);
  return product;
}

/// Zeros of read-only pages that the kernel never has to make.
Tensor zeros(const Shape& shape) {
  const auto size = static_cast<std::size_t>(element_count(shape)) * sizeof(float);
  void* const pages = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) return {};
  const std::shared_ptr<const void> owner(pages, [size](void* start) { ::munmap(start, size); });
  return Tensor::view(shape, ElementType::f32, {static_cast<const std::byte*>(pages), size}, owner);
}

}  // namespace

std::vector<Tensor> stand_ins(const std::vector<Shape>& shapes) {
  std::vector<Tensor> tensors;
  for (const Shape& shape : shapes) {
    if (elements(shape) > largest) return {};
    const std::int64_t count = element_count(shape);
    if (count <= small)
      tensors.push_back(Tensor::of(shape, std::vector<float>(static_cast<std::size_t>(count), 0.5F)));
    else if (tensors.push_back(zeros(shape)); tensors.back().size() != count)
      return {};
  }
  return tensors;
}

}  // namespace mo::caffe
