#include "caffe/stand_in_weights.h"

#include <algorithm>
#include <memory>
#include <span>

#include "os/memory.h"

namespace mo::caffe {

namespace {

constexpr std::int64_t small = std::int64_t{1} << 16;
constexpr double largest = 1e10;     // elements
constexpr double longest = 1 << 24;  // of a list, which is read as a whole

double elements(const Shape& shape) {
  double product = 1;
  for (const std::int64_t dim : shape) product *= static_cast<double>(std::max<std::int64_t>(dim, 1));
  return product;
}

Tensor zeros(const Shape& shape) {
  const auto size = static_cast<std::size_t>(element_count(shape)) * sizeof(float);
  const std::shared_ptr<const void> pages = os::zero_pages(size);
  if (!pages) return {};
  return Tensor::view(shape, ElementType::f32, {static_cast<const std::byte*>(pages.get()), size}, pages);
}

}  // namespace

std::vector<Tensor> stand_ins(const std::vector<Shape>& shapes) {
  std::vector<Tensor> tensors;
  for (const Shape& shape : shapes) {
    const bool unknown = std::ranges::any_of(shape, [](std::int64_t dim) { return dim < 0; });
    if (unknown || elements(shape) > (shape.size() == 1 ? longest : largest)) return {};
    const std::int64_t count = element_count(shape);
    if (count <= small)
      tensors.push_back(Tensor::of(shape, std::vector<float>(static_cast<std::size_t>(count), 0.5F)));
    else if (tensors.push_back(zeros(shape)); tensors.back().size() != count)
      return {};
  }
  return tensors;
}

}  // namespace mo::caffe
