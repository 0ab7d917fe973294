#include <algorithm>
#include <numeric>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;

Shape part(const Shape& shape, std::size_t begin, std::size_t end) {
  return {shape.begin() + static_cast<std::ptrdiff_t>(begin),
          shape.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// The dimensions [begin, end) that a Reshape replaces; Caffe counts a negative axis from one past the last.
std::pair<std::size_t, std::size_t> replaced_range(ShapeContext& c, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  std::int64_t begin = c.attributes().integer("axis");
  if (begin < 0) begin += signed_rank + 1;
  const std::int64_t count = c.attributes().integer("num_axes");
  const std::int64_t end = count < 0 || count > signed_rank ? signed_rank : begin + count;
  if (count < -1 || count > signed_rank || begin < 0 || begin > signed_rank || end > signed_rank)
    c.fail("axis " + std::to_string(c.attributes().integer("axis")) + " and num_axes " +
           std::to_string(count) + " are outside an input of rank " + std::to_string(rank));
  return {static_cast<std::size_t>(begin), static_cast<std::size_t>(end)};
}

void infer_reshape(ShapeContext& c) {
  const Shape& x = c.input(0);
  const auto [begin, end] = replaced_range(c, x.size());
  Shape dims = c.attributes().integers("dim");
  std::size_t inferred = dims.size();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 0) {
      c.require(begin + i < x.size(), "dim 0 at position " + std::to_string(i) +
                                          " copies a dimension that its input " + to_string(x) +
                                          " does not have");
      dims[i] = x[begin + i];
    } else if (dims[i] == -1) {
      c.require(inferred == dims.size(), "more than one dim is -1");
      inferred = i;
    } else {
      c.require(dims[i] > 0, "a dim is negative");
    }
  }
  if (inferred < dims.size()) {
    const std::int64_t total = shapes::product(x, begin, end);
    dims[inferred] = 1;
    const std::int64_t rest = element_count(dims);
    if (total < 0 || rest < 0) {
      dims[inferred] = -1;
    } else {
      if (rest == 0 || total % rest != 0)
        c.fail("dims " + to_string(c.attributes().integers("dim")) + " do not divide its input " +
               to_string(x));
      dims[inferred] = total / rest;
    }
  }
  Shape out = part(x, 0, begin);
  out.insert(out.end(), dims.begin(), dims.end());
  const Shape tail = part(x, end, x.size());
  out.insert(out.end(), tail.begin(), tail.end());
  const std::int64_t before = element_count(x);
  const std::int64_t after = element_count(out);
  if (before >= 0 && after >= 0 && before != after)
    c.fail("it cannot make " + to_string(out) + " of an input of " + to_string(x),
           "a size in this layer belongs to one input shape: give the one the model was trained with, or "
           "edit its dims");
  c.output(0, std::move(out));
}

/// What an operation takes whose 0 copies and -1 is inferred.
std::vector<std::int64_t> reshape_target(const Attributes& a, const Shape& input, const Shape& output) {
  if (a.integer("axis") == 0 && a.integer("num_axes") == -1) return a.integers("dim");
  // Absolute dimensions, but those before the axis stay copies: the batch remains free.
  std::vector<std::int64_t> dims = output;
  std::int64_t axis = a.integer("axis");
  if (axis < 0) axis += static_cast<std::int64_t>(input.size()) + 1;
  std::fill_n(dims.begin(), axis, 0);
  return dims;
}

void lower_reshape(Lowering& l) {
  l.output(0, l.reshape(l.input(0), reshape_target(l.attributes(), l.input_shape(0), l.output_shape()),
                        l.output_shape()));
}

std::pair<std::size_t, std::size_t> flattened_range(ShapeContext& c, std::size_t rank) {
  const std::size_t begin = shapes::resolved_axis(c, c.attributes().integer("axis"), rank);
  const std::size_t end = shapes::resolved_axis(c, c.attributes().integer("end_axis"), rank);
  c.require(begin <= end, "axis is behind end_axis");
  return {begin, end};
}

void infer_flatten(ShapeContext& c) {
  const Shape& x = c.input(0);
  const auto [begin, end] = flattened_range(c, x.size());
  Shape out = part(x, 0, begin);
  out.push_back(shapes::product(x, begin, end + 1));
  const Shape tail = part(x, end + 1, x.size());
  out.insert(out.end(), tail.begin(), tail.end());
  c.output(0, std::move(out));
}

std::vector<std::int64_t> flatten_target(std::int64_t begin, const Shape& output) {
  std::vector<std::int64_t> dims = output;
  std::fill_n(dims.begin(), begin, 0);
  dims[static_cast<std::size_t>(begin)] = -1;
  return dims;
}

void lower_flatten(Lowering& l) {
  if (l.output_shape() == l.input_shape(0)) {
    l.output(0, l.input(0));
    return;
  }
  const std::int64_t begin = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  l.output(0, l.reshape(l.input(0), flatten_target(begin, l.output_shape()), l.output_shape()));
}

void infer_permute(ShapeContext& c) {
  const Shape& x = c.input(0);
  const auto& order = c.attributes().integers("order");
  std::vector<bool> seen(x.size(), false);
  c.require(order.size() == x.size(), "its order does not name every axis of its input " + to_string(x));
  Shape out;
  for (const std::int64_t axis : order) {
    c.require(axis >= 0 && static_cast<std::size_t>(axis) < x.size() && !seen[static_cast<std::size_t>(axis)],
              "its order is not a permutation of the axes of " + to_string(x));
    seen[static_cast<std::size_t>(axis)] = true;
    out.push_back(x[static_cast<std::size_t>(axis)]);
  }
  c.output(0, std::move(out));
}

void infer_tile(ShapeContext& c) {
  Shape out = c.input(0);
  const std::size_t axis = shapes::resolved_axis(c, c.attributes().integer("axis"), out.size());
  const std::int64_t tiles = c.attributes().integer("tiles");
  c.require(tiles > 0 && tiles < (std::int64_t{1} << 31), "tiles is 0 or out of range");
  if (out[axis] > 0) {
    c.require(out[axis] < (std::int64_t{1} << 31), "the tiled axis is too large");
    out[axis] *= tiles;
  }
  c.output(0, std::move(out));
}

void lower_tile(Lowering& l) {
  std::vector<std::int64_t> repeats(l.output_shape().size(), 1);
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.output_shape());
  repeats[static_cast<std::size_t>(axis)] = l.attributes().integer("tiles");
  l.output(0, l.emit("Tile", 1, {}, {l.input(0), l.integers(repeats, "repeats")}, l.output_shape()));
}

/// The target as a constant input, whose 0 copies and -1 is inferred.
void spell_target(ir::legacy::Spelling& s, std::vector<std::int64_t> dims) {
  s.type("Reshape");
  if (s.dialect().reshape_axes) {
    s.attribute("axis", std::int64_t{0});
    s.attribute("num_axes", std::int64_t{-1});
    s.constant_input("DimData_const", std::move(dims));
  } else {
    s.attribute("special_zero", std::string("True"));
    s.constant_input("Cast_1_const", std::move(dims));
  }
}

void spell_reshape(ir::legacy::Spelling& s) {
  const Attributes& a = s.attributes();
  const bool whole = a.integer("axis") == 0 && a.integer("num_axes") == -1;
  std::vector<std::int64_t> dims = whole ? a.integers("dim") : s.output_shape();
  if (a.has("legacy_name"))  // of ShuffleChannel: copies are resolved
    for (std::size_t i = 0; i < dims.size(); ++i)
      if (dims[i] == 0) dims[i] = s.output_shape()[i];
  if (!s.dialect().reshape_attribute) return spell_target(s, dims);
  s.type("Reshape");
  s.attribute("dim", dims);
  if (a.get_or("generated", false)) return;
  s.attribute("axis", std::int64_t{0});
  s.attribute("num_axes", std::int64_t{-1});
}

void spell_flatten(ir::legacy::Spelling& s) {
  const Attributes& a = s.attributes();
  if (!s.dialect().flatten_layer) {
    const std::int64_t begin = axis_from_start(a.integer("axis"), s.input_shape(0));
    const bool to_the_end = s.output_shape().size() == static_cast<std::size_t>(begin) + 1;
    std::vector<std::int64_t> dims = s.output_shape();
    if (to_the_end) {  // what is before stays free
      std::fill_n(dims.begin(), begin, 0);
      dims.back() = -1;
    }
    return spell_target(s, std::move(dims));
  }
  s.type("Flatten");
  s.copy({"axis"});
  if (s.dialect().flatten_end_axis) s.copy({"end_axis"});  // else the output port says it
}

void spell_tile(ir::legacy::Spelling& s) {
  s.type("Tile");
  s.attribute("axis", axis_from_start(s.attributes().integer("axis"), s.input_shape(0)));
  s.copy({"tiles"});
}

/// The target from `dim` or the constant behind the input; the output port's dims where that cannot be it.
void read_reshape(ir::legacy::Reading& r) {
  std::vector<std::int64_t> dims = r.output_shape();
  if (const Tensor* target = r.blob("target"); target != nullptr && target->size() < 64) {
    dims.clear();
    for (const double value : target->values()) dims.push_back(static_cast<std::int64_t>(value));
  } else if (r.has("dim")) {
    dims = r.integers("dim");
  }
  // What a 0 copies and a -1 infers must lead to the file's output; else its author counted otherwise.
  const Shape& in = r.input_shape(0);
  const Shape& out = r.output_shape();
  bool fits = dims.size() == out.size() && std::ranges::count(dims, -1) <= 1;
  for (std::size_t i = 0; i < dims.size() && fits; ++i)
    fits = dims[i] == out[i] || dims[i] == -1 || (i < in.size() && dims[i] == 0 && in[i] == out[i]);
  if (!fits) dims = out;
  r.attributes = {{"dim", dims}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}};
  if (r.has("dim") && !r.has("axis")) r.attributes.set("generated", true);
}

/// Up to v3 only the output port says where a Flatten ends.
void read_flatten(ir::legacy::Reading& r) {
  const std::int64_t axis = r.integer("axis", 0);
  std::int64_t end = -1;
  const auto in = static_cast<std::int64_t>(r.input_shape(0).size());
  const auto out = static_cast<std::int64_t>(r.output_shape().size());
  const std::int64_t begin = axis_from_start(axis, r.input_shape(0));
  if (begin >= 0 && begin + in - out < in - 1) end = begin + in - out;
  r.attributes = {{"axis", axis}, {"end_axis", r.integer("end_axis", end)}};
}

void read_tile(ir::legacy::Reading& r) {
  r.attributes = {{"axis", r.integer("axis")}, {"tiles", r.integer("tiles")}};
}

void onnx_reshape(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  l.output(0, l.reshape(l.input(0), reshape_target(a, l.input_shape(0), l.output_shape()), l.output_shape()));
}

void onnx_flatten(onnx::Lowering& l) {
  if (l.output_shape() == l.input_shape(0)) {
    l.output(0, l.input(0));
    return;
  }
  const std::int64_t begin = axis_from_start(l.attributes().integer("axis"), l.input_shape(0));
  const bool to_the_end = l.output_shape().size() == static_cast<std::size_t>(begin) + 1;
  if (begin == 1 && to_the_end) {
    l.output(0, l.emit("Flatten", {{"axis", begin}}, {l.input(0)}, l.output_shape()));
    return;
  }
  l.output(0, l.reshape(l.input(0), flatten_target(begin, l.output_shape()), l.output_shape()));
}

void onnx_tile(onnx::Lowering& l) {
  onnx::Integers repeats(l.output_shape().size(), 1);
  const std::int64_t axis = axis_from_start(l.attributes().integer("axis"), l.output_shape());
  repeats[static_cast<std::size_t>(axis)] = l.attributes().integer("tiles");
  l.output(0, l.emit("Tile", {}, {l.input(0), l.integers(repeats, "repeats")}, l.output_shape()));
}

}  // namespace

/// Caffe's Reshape.  Attributes: dim (0 copies, -1 is inferred), axis and num_axes: the range that dim
/// replaces.
const OpDef reshape = {.name = "Reshape",
                       .infer = infer_reshape,
                       .opset = lower_reshape,
                       .legacy = spell_reshape,
                       .onnx = onnx_reshape,
                       .from_legacy = {{"Reshape"}, read_reshape}};

/// Attributes: axis, end_axis (inclusive); negative from the end.
const OpDef flatten = {.name = "Flatten",
                       .infer = infer_flatten,
                       .opset = lower_flatten,
                       .legacy = spell_flatten,
                       .onnx = onnx_flatten,
                       .from_legacy = {{"Flatten"}, read_flatten}};

/// Attribute: order, a permutation of all axes.
const OpDef permute = {
    .name = "Permute",
    .infer = infer_permute,
    .opset =
        [](Lowering& l) {
          l.output(0, l.emit("Transpose", 1, {},
                             {l.input(0), l.integers(l.attributes().integers("order"), "order")},
                             l.output_shape()));
        },
    .legacy = ir::legacy::layer("Permute", {"order"}),
    .onnx = [](onnx::Lowering& l) { l.output(0, l.transpose(l.input(0), l.attributes().integers("order"))); },
    .from_legacy = {{"Permute"}, ir::legacy::same_names({{"order", ir::legacy::Kind::integers}})}};

/// Attributes: axis, tiles.
const OpDef tile = {.name = "Tile",
                    .infer = infer_tile,
                    .opset = lower_tile,
                    .legacy = spell_tile,
                    .onnx = onnx_tile,
                    .from_legacy = {{"Tile"}, read_tile}};

}  // namespace mo::op
