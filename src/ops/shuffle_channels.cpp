#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"

// ShuffleNet's exchange of channels between groups (Zhang et al. 2017, arXiv:1707.01083): channels as a table
// of `group` rows, transposed.

namespace mo::op {

namespace {

void infer_shuffle_channels(ShapeContext& c) {
  const Shape& x = c.input(0);
  const std::int64_t group = c.attributes().integer("group");
  c.require(x.size() == 4 && x[1] >= 0, "its input " + to_string(x) + " is not [N, C, H, W]");
  c.require(group > 0 && x[1] % group == 0,
            std::to_string(x[1]) + " channels cannot be cut into " + std::to_string(group) + " groups");
  c.output(0, x);
}

/// What the Reshape between table and channels says: of pixels one unknown side may be inferred.
struct Table {
  Shape split;
  Shape turned;
  Shape back;  ///< 0 copies, -1 is inferred
};

Table table_of(const Shape& x, std::int64_t group) {
  const std::int64_t pixels = x[2] < 0 || x[3] < 0 ? -1 : x[2] * x[3];
  return {{x[0], group, x[1] / group, pixels},
          {x[0], x[1] / group, group, pixels},
          {0, x[1], x[2] < 0 ? -1 : x[2], x[3]}};
}

void refuse_free_sides(auto& l) {
  const Shape& x = l.input_shape(0);
  if (x[2] < 0 && x[3] < 0)
    l.refuse("height and width of its input " + to_string(x) + " are both unknown",
             "give one of them with --input_shape");
}

void lower_shuffle_channels(ir::opset::Lowering& l) {
  const std::int64_t group = l.attributes().integer("group");
  if (!l.dialect().opset1_only) {
    l.output(0, l.emit("ShuffleChannels", 3, {{"axis", std::int64_t{1}}, {"group", group}}, {l.input(0)},
                       l.output_shape()));
    return;
  }
  refuse_free_sides(l);
  const Table t = table_of(l.input_shape(0), group);
  const auto split = l.reshape(l.input(0), {0, group, t.split[2], -1}, t.split, "groups");
  const auto turned =
      l.emit("Transpose", 1, {}, {split, l.integers({0, 2, 1, 3}, "order")}, t.turned, "shuffled");
  l.output(0, l.reshape(turned, t.back, l.output_shape()));
}

void onnx_shuffle_channels(onnx::Lowering& l) {
  refuse_free_sides(l);
  const std::int64_t group = l.attributes().integer("group");
  const Table t = table_of(l.input_shape(0), group);
  const onnx::Value split = l.reshape(l.input(0), {0, group, t.split[2], -1}, t.split, "groups");
  l.output(0, l.reshape(l.transpose(split, {0, 2, 1, 3}, "shuffled"), t.back, l.output_shape()));
}

}  // namespace

/// Channel g C/group + c of [N, C, H, W] becomes channel c group + g.  Attribute: group, a divisor of C.
const OpDef shuffle_channels = {.name = "ShuffleChannels",
                                .infer = infer_shuffle_channels,
                                .opset = lower_shuffle_channels,
                                .legacy = {},
                                .onnx = onnx_shuffle_channels};

}  // namespace mo::op
