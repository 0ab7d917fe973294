#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

/// The shape that the command line gives for an input, or `declared`.
Shape overridden(const LayerContext& c, std::size_t top, Shape declared) {
  for (const auto& [name, shape] : c.overrides().shapes)
    if (name.empty() || name == c.name() || name == c.layer().tops[top]) declared = shape;
  if (c.overrides().batch > 0 && !declared.empty()) declared[0] = c.overrides().batch;
  return declared;
}

void emit_input(LayerContext& c, std::size_t top, const Shape& shape) {
  const NodeId id = c.emit(op::input, {}, {{"shape", shape}}, {}, top == 0 ? "" : c.layer().tops[top]);
  c.graph().inputs.push_back(id);
  c.top(top, {id, 0});
}

[[noreturn]] void fail_without_shape(const LayerContext& c, std::size_t top) {
  c.fail(code::input_without_shape, "the input \"" + c.layer().tops[top] + "\" has no shape",
         "give it on the command line: --input " + c.layer().tops[top] + " --input_shape [1,3,224,224]");
}

/// `input_param { shape { dim } }`: one shape for all tops, or one for each.
void lower_input(LayerContext& c) {
  const auto shapes = c.layer().parameters->all_path("input_param.shape");
  for (std::size_t i = 0; i < c.top_count(); ++i) {
    Shape shape;
    if (!shapes.empty()) {
      const std::size_t index = shapes.size() == 1 ? 0 : i;
      if (index >= shapes.size())
        c.fail(code::input_without_shape, "it has " + std::to_string(shapes.size()) + " shapes for " +
                                              std::to_string(c.top_count()) + " tops");
      for (const std::int64_t dim : c.dims_of(*shapes[index])) shape.push_back(dim == 0 ? -1 : dim);
    }
    shape = overridden(c, i, std::move(shape));
    if (shape.empty()) fail_without_shape(c, i);
    emit_input(c, i, shape);
  }
}

/// The first top is the image, as large as the training crop; further tops (labels) only serve losses.
void lower_data(LayerContext& c) {
  const std::int64_t crop = c.integer("transform_param.crop_size");
  const std::int64_t channels = c.boolean("transform_param.force_gray") ? 1 : 3;
  for (std::size_t i = 0; i < c.top_count(); ++i) {
    Shape declared;
    if (i == 0 && crop > 0) declared = {1, channels, crop, crop};
    if (i > 0) declared = {1};
    Shape shape = overridden(c, i, declared);
    if (i == 0 && shape.empty()) fail_without_shape(c, i);
    emit_input(c, i, shape);
    if (i == 0)
      c.note(code::data_layer, Severity::warning,
             "the data layer becomes the input \"" + c.layer().tops[0] + "\" of shape " + to_string(shape),
             "check the shape; give another with --input_shape, and the training's mean and scale with "
             "--mean_values "
             "and --scale");
  }
}

}  // namespace

const LayerDef input = {
    .types = {"Input", "GlobalInput"},
    .parameters = {{"input_param.shape.dim", std::vector<std::int64_t>{}}},
    .blobs = {0, 0},
    .bottoms = {0, 0},
    .tops = {1, any_number},
    .lower = lower_input,
};

const LayerDef data = {
    .types = {"Data", "ImageData", "HDF5Data", "MemoryData", "DummyData", "AnnotatedData", "VideoData",
              "CPMData", "DenseImageData", "ImageSegData", "DetectNetTransformation"},
    .parameters = {{"transform_param.crop_size", std::int64_t{0}}, {"transform_param.force_gray", false}},
    .blobs = {0, 0},
    .bottoms = {0, 0},
    .tops = {1, any_number},
    .lower = lower_data,
};

}  // namespace mo::caffe::layers
