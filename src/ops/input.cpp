#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "ops/ops.h"

namespace mo::op {

/// What the application feeds.  Attribute: shape.
const OpDef input = {
    .name = "Input",
    .infer = [](ShapeContext& c) { c.output(0, c.attributes().integers("shape")); },
    .opset =
        [](ir::opset::Lowering& l) {
          std::string shape;
          for (const std::int64_t dim : l.output_shape())
            shape += (shape.empty() ? "" : ",") + (dim < 0 ? "?" : std::to_string(dim));
          l.output(0, l.emit("Parameter", 1, {{"shape", shape}, {"element_type", std::string("f32")}}, {},
                             l.output_shape()));
        },
    .legacy = ir::legacy::layer("Input"),
};

/// A tensor that the model itself holds.  Blob: custom; attribute without it: shape.
const OpDef constant = {
    .name = "Const",
    .infer =
        [](ShapeContext& c) {
          const Tensor* values = c.blob("custom");
          c.output(0, values != nullptr ? values->shape() : c.attributes().integers("shape"));
        },
    .opset =
        [](ir::opset::Lowering& l) {
          l.output(0, l.weights(*l.node().blob("custom"), l.output_shape(), "value"));
        },
    .legacy =
        [](ir::legacy::Spelling& s) {
          s.type("Const");
          s.copy_blobs({"custom"});
        },
};

}  // namespace mo::op
