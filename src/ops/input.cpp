#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"

namespace mo::op {

namespace {

ir::Precision precision_of(const std::string& element_type) {
  for (const ir::Precision precision :
       {ir::Precision::fp16, ir::Precision::i64, ir::Precision::i32, ir::Precision::u8})
    if (ir::element_name(precision) == element_type) return precision;
  return ir::Precision::fp32;
}

void onnx_input(onnx::Lowering& l) {
  const std::string type = l.attributes().get_or("element_type", std::string("f32"));
  onnx::DataType data_type = onnx::DataType::f32;
  if (type == "f16") data_type = onnx::DataType::f16;
  if (type == "i64") data_type = onnx::DataType::i64;
  if (type == "i32") data_type = onnx::DataType::i32;
  if (type == "u8") data_type = onnx::DataType::u8;
  l.output(0, l.parameter(l.output_shape(), data_type));
}

}  // namespace

/// What the application feeds.  Attributes: shape; in v10 and v11 also partial_shape (bounds of unknown
/// dimensions), element_type and layout where they are not as usual.
const OpDef input = {
    .name = "Input",
    .infer = [](ShapeContext& c) { c.output(0, c.attributes().integers("shape")); },
    .opset =
        [](ir::opset::Lowering& l) {
          std::string shape = l.attributes().get_or("partial_shape", std::string());
          const bool bounded = !shape.empty();
          for (const std::int64_t dim : bounded ? Shape{} : l.output_shape())
            shape += (shape.empty() ? "" : ",") + (dim < 0 ? "?" : std::to_string(dim));
          const std::string type = l.attributes().get_or("element_type", std::string("f32"));
          ir::Port port{l.output_shape(), precision_of(type), {}};
          port.layout = l.attributes().get_or("layout", std::string());
          l.output(0, l.emit_many("Parameter", 1, {{"shape", shape}, {"element_type", type}}, {}, {port}));
        },
    .legacy = ir::legacy::layer("Input"),
    .onnx = onnx_input,
    .from_legacy = {{"Input"}, [](ir::legacy::Reading& r) { r.attributes.set("shape", r.output_shape()); }},
};

/// A tensor that the model itself holds.  Blob: custom; attribute without it: shape.  Attribute exact: what
/// the user or the shapes say, which FP16 does not round in v10 and v11.
const OpDef constant = {
    .name = "Const",
    .infer =
        [](ShapeContext& c) {
          const Tensor* values = c.blob("custom");
          c.output(0, values != nullptr ? values->shape() : c.attributes().integers("shape"));
        },
    .opset =
        [](ir::opset::Lowering& l) {
          const Tensor& values = *l.node().blob("custom");
          if (!l.attributes().get_or("exact", false))
            return l.output(0, l.weights(values, l.output_shape(), "value"));
          std::vector<float> numbers(static_cast<std::size_t>(values.size()));
          values.read(0, numbers);
          l.output(0, l.exact(std::move(numbers), l.output_shape(), "value"));
        },
    .legacy =
        [](ir::legacy::Spelling& s) {
          s.type("Const");
          s.copy_blobs({"custom"});
        },
    .onnx =
        [](onnx::Lowering& l) {
          l.output(0, l.weights(*l.node().blob("custom"), l.output_shape(), "value"));
        },
    .from_legacy = {{"Const"},
                    [](ir::legacy::Reading& r) {
                      const Tensor& custom = r.needed_blob("custom");
                      r.blobs = {{"custom", custom.reshaped(r.output_shape())}};
                    }},
};

/// The input of another element type as f32.
const OpDef convert = {
    .name = "Convert",
    .infer = [](ShapeContext& c) { c.output(0, c.input(0)); },
    .opset =
        [](ir::opset::Lowering& l) {
          l.output(0, l.emit("Convert", 1, {{"destination_type", std::string("f32")}}, {l.input(0)},
                             l.output_shape()));
        },
    .legacy = {},
    .onnx = [](onnx::Lowering& l) { l.output(0, l.cast(l.input(0), onnx::DataType::f32)); },
};

}  // namespace mo::op
