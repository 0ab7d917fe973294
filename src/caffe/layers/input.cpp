#include <algorithm>
#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

const InputOverride* override_of(const LayerContext& c, std::size_t top) {
  for (const InputOverride& input : c.overrides().inputs)
    if (input.name.empty() || (top == 0 && input.name == c.name()) || input.name == c.layer().tops[top])
      return &input;
  return nullptr;
}

/// The shape that the command line gives for an input, or `declared`.
Shape overridden(const LayerContext& c, std::size_t top, Shape declared) {
  const InputOverride* given = override_of(c, top);
  if (given != nullptr && !given->shape.empty()) declared = given->shape;
  if (c.overrides().batch > 0 && !declared.empty()) declared[0] = c.overrides().batch;
  return declared;
}

void emit_input(LayerContext& c, std::size_t top, const Shape& shape) {
  const NodeId id = c.emit(op::input, {}, {{"shape", shape}}, {}, top == 0 ? "" : c.layer().tops[top]);
  if (const InputOverride* given = override_of(c, top); given != nullptr && !given->partial_shape.empty())
    c.graph().node(id).attributes.set("partial_shape", given->partial_shape);
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

/// What the layer itself says of its image, or nothing.
Shape declared_image(const LayerContext& c) {
  const std::int64_t crop = c.integer("transform_param.crop_size");
  if (c.has("memory_data_param.channels"))
    return {c.integer("memory_data_param.batch_size"), c.integer("memory_data_param.channels"),
            crop > 0 ? crop : c.integer("memory_data_param.height"),
            crop > 0 ? crop : c.integer("memory_data_param.width")};
  if (crop > 0) return {1, c.boolean("transform_param.force_gray") ? 1 : 3, crop, crop};
  const std::int64_t height = c.integer("image_data_param.new_height");
  const std::int64_t width = c.integer("image_data_param.new_width");
  if (height > 0 && width > 0) return {1, c.boolean("image_data_param.is_color") ? 3 : 1, height, width};
  return {};
}

/// DummyData: `shape`s, or the four old dimensions; one for all tops, or one for each.
Shape declared_dummy(const LayerContext& c, std::size_t top) {
  const auto shapes = c.layer().parameters->all_path("dummy_data_param.shape");
  if (!shapes.empty()) return c.dims_of(*shapes[std::min(top, shapes.size() - 1)]);
  Shape shape;
  for (const char* name : {"num", "channels", "height", "width"}) {
    const auto values = c.integers("dummy_data_param." + std::string(name));
    if (!values.empty()) shape.push_back(values[std::min(top, values.size() - 1)]);
  }
  return shape;
}

/// A top of a data layer that inference uses.  The first is the image, further ones are labels.
void make_source(LayerContext& c, std::size_t top) {
  Shape declared = declared_dummy(c, top);
  if (declared.empty() && top == 0) declared = declared_image(c);
  for (const std::int64_t dim : declared)
    if (dim <= 0) c.fail(code::bad_value, "it gives its data the shape " + to_string(declared));
  if (declared.empty() && top > 0) declared = {1};
  const Shape shape = overridden(c, top, declared);
  if (shape.empty()) fail_without_shape(c, top);
  emit_input(c, top, shape);
  c.note(code::data_layer, Severity::warning,
         "the data layer becomes the input \"" + c.layer().tops[top] + "\" of shape " + to_string(shape),
         "check the shape; give another with --input_shape, and the training's mean and scale with "
         "--mean_values and --scale");
}

const std::vector<Parameter> source_parameters = {
    {"transform_param.crop_size", std::int64_t{0}},
    {"transform_param.force_gray", false},
    {"memory_data_param.batch_size", std::int64_t{0}},
    {"memory_data_param.channels", std::int64_t{0}},
    {"memory_data_param.height", std::int64_t{0}},
    {"memory_data_param.width", std::int64_t{0}},
    {"image_data_param.new_height", std::int64_t{0}},
    {"image_data_param.new_width", std::int64_t{0}},
    {"image_data_param.is_color", true},
    {"dummy_data_param.shape.dim", std::vector<std::int64_t>{}},
    {"dummy_data_param.num", std::vector<std::int64_t>{}},
    {"dummy_data_param.channels", std::vector<std::int64_t>{}},
    {"dummy_data_param.height", std::vector<std::int64_t>{}},
    {"dummy_data_param.width", std::vector<std::int64_t>{}},
};

}  // namespace

const LayerDef input = {
    .types = {"Input", "GlobalInput"},
    .parameters = {{"input_param.shape.dim", std::vector<std::int64_t>{}}},
    .blobs = {0, 0},
    .bottoms = {0, 0},
    .tops = {1, any_number},
    .lower = lower_input,
    .example = {{}, "input_param { shape { dim: 1 dim: 3 dim: 8 dim: 8 } }"},
};

const LayerDef data = {
    .types = {"Data", "ImageData", "HDF5Data", "MemoryData", "DummyData", "AnnotatedData", "VideoData",
              "CPMData", "DenseImageData", "ImageSegData", "DetectNetTransformation"},
    .parameters = source_parameters,
    .blobs = {0, 0},
    .bottoms = {0, 0},
    .tops = {1, any_number},
    .lower = {},
    .source = make_source,
};

/// What stands for a layer of an unknown type that has tops and no bottoms.
const LayerDef unknown_source = {
    .types = {},
    .parameters = source_parameters,
    .blobs = {0, any_number},
    .bottoms = {0, 0},
    .tops = {1, any_number},
    .lower = {},
    .source = make_source,
};

std::span<const LayerDef* const> input_layers() {
  static constexpr std::array layers{&input, &data};
  return layers;
}

}  // namespace mo::caffe::layers
