#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;

void infer_region(ShapeContext& c) {
  const Attributes& a = c.attributes();
  const Shape& x = c.input(0);
  c.require(x.size() == 4, "its input " + to_string(x) + " is not [N, C, H, W]");
  const std::size_t axis = shapes::resolved_axis(c, a.integer("axis"), x.size());
  const std::size_t end = shapes::resolved_axis(c, a.integer("end_axis"), x.size());
  c.require(axis <= end, "axis is behind end_axis");
  for (const char* name : {"classes", "coords", "num"})
    c.require(a.integer(name) > 0 && a.integer(name) < (1 << 20), std::string(name) + " is out of range");
  const bool softmax = a.boolean("do_softmax");
  const auto masks = static_cast<std::int64_t>(a.integers("mask").size());
  c.require(softmax || masks > 0, "it has no mask: which of its anchors its input predicts");
  const std::int64_t regions = softmax ? a.integer("num") : masks;
  const std::int64_t channels = regions * (a.integer("classes") + a.integer("coords") + 1);
  if (x[1] >= 0 && x[1] != channels)
    c.fail("its input " + to_string(x) + " has " + std::to_string(x[1]) + " channels where " +
               std::to_string(regions) + " boxes of " + std::to_string(a.integer("classes")) +
               " classes need " + std::to_string(channels),
           "correct num, mask, classes or coords");
  if (!softmax) {
    c.output(0, {x[0], channels, x[2], x[3]});
    return;
  }
  Shape out(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(axis));
  out.push_back(shapes::product(x, axis, end + 1));
  out.insert(out.end(), x.begin() + static_cast<std::ptrdiff_t>(end) + 1, x.end());
  c.output(0, std::move(out));
}

std::int64_t from_front(std::int64_t axis) {
  return axis < 0 ? axis + 4 : axis;
}

void lower_region(Lowering& l) {
  const Attributes& a = l.attributes();
  l.output(0, l.emit("RegionYolo", 1,
                     {{"anchors", a.numbers("anchors")},
                      {"axis", from_front(a.integer("axis"))},
                      {"coords", a.integer("coords")},
                      {"classes", a.integer("classes")},
                      {"end_axis", from_front(a.integer("end_axis"))},
                      {"num", a.integer("num")},
                      {"do_softmax", a.boolean("do_softmax")},
                      {"mask", a.integers("mask")}},
                     {l.input(0)}, l.output_shape()));
}

void infer_reorg(ShapeContext& c) {
  const Shape& x = c.input(0);
  const std::int64_t stride = c.attributes().integer("stride");
  c.require(x.size() == 4, "its input " + to_string(x) + " is not [N, C, H, W]");
  c.require(stride > 0 && stride < 4096, "stride is 0 or out of range");
  c.require(x[1] < (std::int64_t{1} << 31), "its input is too large");
  for (std::size_t i = 2; i < 4; ++i)
    if (x[i] > 0 && x[i] % stride != 0)
      c.fail("its input " + to_string(x) + " cannot be cut into squares of " + std::to_string(stride),
             "give an input whose sides are multiples, with --input_shape");
  // Darknet's order of elements takes the channels by squares of the stride.
  if (x[1] > 0 && x[1] % (stride * stride) != 0)
    c.fail("its input " + to_string(x) + " has channels that are no multiple of stride * stride, " +
           std::to_string(stride * stride));
  const auto part = [&](std::int64_t side) { return side < 0 ? -1 : side / stride; };
  c.output(0, {x[0], x[1] < 0 ? -1 : x[1] * stride * stride, part(x[2]), part(x[3])});
}

void spell_region(ir::legacy::Spelling& s) {
  const auto rank = static_cast<std::int64_t>(s.input_shape(0).size());
  const std::int64_t end = s.attributes().integer("end_axis");
  s.type("RegionYolo");
  s.copy({"anchors", "axis", "classes", "coords", "do_softmax", "num"});
  s.attribute("end_axis", end < 0 ? end + rank : end);
  if (!s.attributes().integers("mask").empty()) s.copy({"mask"});
}

void read_region(ir::legacy::Reading& r) {
  r.attributes = {{"anchors", r.numbers("anchors", std::vector<float>{})},
                  {"axis", r.integer("axis", 1)},
                  {"end_axis", r.integer("end_axis", -1)},
                  {"classes", r.integer("classes")},
                  {"coords", r.integer("coords", 4)},
                  {"num", r.integer("num", 1)},
                  {"do_softmax", r.boolean("do_softmax", true)},
                  {"mask", r.integers("mask", std::vector<std::int64_t>{})}};
}

/// [N, boxes, coords + 1 + classes, H, W]: the logistic function of the first two and of the objectness; of
/// the classes too, or their softmax.
void onnx_region(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  const Shape& x = l.input_shape(0);
  const bool softmax = a.boolean("do_softmax");
  const std::int64_t boxes =
      softmax ? a.integer("num") : static_cast<std::int64_t>(a.integers("mask").size());
  const std::int64_t coords = a.integer("coords");
  const std::int64_t classes = a.integer("classes");
  if (std::count(x.begin() + 2, x.end(), -1) > 0)
    l.refuse("the size of its input " + to_string(x) + " is not known", "give it with --input_shape");
  const Shape grouped{x[0], boxes, coords + 1 + classes, x[2], x[3]};
  const onnx::Value y = l.reshape(l.input(0), {0, boxes, coords + 1 + classes, x[2], x[3]}, grouped, "Boxes");
  const std::int64_t logistic = std::min<std::int64_t>(2, coords);
  onnx::Integers sizes{logistic};
  if (coords > logistic) sizes.push_back(coords - logistic);
  sizes.push_back(1);
  sizes.push_back(classes);
  onnx::Values parts = l.split(y, 2, sizes, "Parts");
  parts.front() = l.unary("Sigmoid", parts.front(), "Centres");
  onnx::Value& objectness = parts[parts.size() - 2];
  objectness = l.unary("Sigmoid", objectness, "Objectness");
  parts.back() =
      softmax ? l.softmax(parts.back(), 2, "Classes") : l.unary("Sigmoid", parts.back(), "Classes");
  onnx::Integers dims = l.output_shape();
  if (dims[0] < 0) dims[0] = from_front(a.integer("axis")) == 0 && softmax ? -1 : 0;
  l.output(0, l.reshape(l.concat(parts, 2, grouped, "Activated"), dims, l.output_shape()));
}

/// The input's elements as an image [N, C / s / s, H s, W s], whose squares become channels.
void onnx_reorg(onnx::Lowering& l) {
  const Shape& x = l.input_shape(0);
  const std::int64_t s = l.attributes().integer("stride");
  if (std::count(x.begin() + 1, x.end(), -1) > 0)
    l.refuse("the size of its input " + to_string(x) + " is not known", "give it with --input_shape");
  const std::int64_t out = x[1] / (s * s);
  onnx::Value y = l.reshape(l.input(0), {0, out, x[2], s, x[3], s}, {x[0], out, x[2], s, x[3], s}, "Squares");
  y = l.transpose(y, {0, 3, 5, 1, 2, 4}, "Channels");
  const Shape& shape = l.output_shape();
  l.output(0, l.reshape(y, {0, shape[1], shape[2], shape[3]}, shape));
}

}  // namespace

/// YOLO's activation of predictions [N, boxes * (coords + 1 + classes), H, W].  With do_softmax (v2) the
/// boxes are `num` and the axes axis ... end_axis become one; without (v3) there is a box for each `mask`.
/// Attributes: anchors (for those who decode the boxes), axis, end_axis, classes, coords, num, do_softmax,
/// mask.
const OpDef region_yolo = {.name = "RegionYolo",
                           .infer = infer_region,
                           .opset = lower_region,
                           .legacy = spell_region,
                           .onnx = onnx_region,
                           .from_legacy = {{"RegionYolo"}, read_region}};

/// Darknet's rearrangement of [N, C, H, W] to [N, C s s, H / s, W / s].  Attribute: stride.
const OpDef reorg_yolo = {
    .name = "ReorgYolo",
    .infer = infer_reorg,
    .opset =
        [](Lowering& l) {
          l.output(0, l.emit("ReorgYolo", l.dialect().opset1_only ? 1 : 2,
                             {{"stride", l.attributes().integer("stride")}}, {l.input(0)}, l.output_shape()));
        },
    .legacy = ir::legacy::layer("ReorgYolo", {"stride"}),
    .onnx = onnx_reorg,
    .from_legacy = {{"ReorgYolo"}, ir::legacy::same_names({{"stride", ir::legacy::Kind::integer}})}};

}  // namespace mo::op
