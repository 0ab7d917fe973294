#include "graph/op.h"

namespace mo {

void ShapeContext::output(std::size_t index, Shape shape) {
  for (const std::int64_t dim : shape)
    if (dim < -1 || dim == 0) fail("its output would have the shape " + to_string(shape));
  if (node_.outputs.size() <= index) node_.outputs.resize(index + 1);
  try {
    element_count(shape);
  } catch (const std::overflow_error&) {
    fail("its output " + to_string(shape) + " has more elements than can be counted");
  }
  node_.outputs[index].shape = std::move(shape);
}

void ShapeContext::fail(std::string cause, std::string remedy) const {
  Diagnostic diagnostic;
  diagnostic.code = &code::bad_shape;
  diagnostic.layer = node_.layer.empty() ? node_.name : node_.layer;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy =
      remedy.empty() ? "check the layer's parameters and the input shape (--input_shape)" : std::move(remedy);
  throw Failure(std::move(diagnostic));
}

void ShapeContext::require(bool condition, std::string_view cause) const {
  if (!condition) fail(std::string(cause));
}

}  // namespace mo
