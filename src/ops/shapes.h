#pragma once

#include "graph/op.h"

/// Arithmetic that several shape rules share; -1 stands for an unknown dimension and stays unknown.
namespace mo::shapes {

/// `axis` counted from the end when negative.  Fails when it is outside [-rank, rank).
std::size_t resolved_axis(const ShapeContext& context, std::int64_t axis, std::size_t rank);

/// The output of an op that keeps the shape of its first input.
void same_as_input(ShapeContext& context);

/// numpy broadcasting of two shapes of any ranks.
Shape broadcast(const ShapeContext& context, const Shape& a, const Shape& b);

/// Product of dims [begin, end), -1 when one is unknown.
std::int64_t product(const Shape& shape, std::size_t begin, std::size_t end);

}  // namespace mo::shapes
