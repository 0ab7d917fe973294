#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

using Floats = std::vector<float>;

void lower_normalize(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  if (x.size() < 2) c.fail(code::bad_shape, "its bottom " + to_string(x) + " has no channels");
  const bool shared = c.boolean("norm_param.channel_shared");
  std::vector<Blob> blobs;
  if (c.blob_count() > 0) {
    blobs.push_back({"weights", c.vector_blob(0, shared ? 1 : x[1], "scale")});
  } else if (c.has_weights()) {
    c.note(code::missing_weights, Severity::warning, "the caffemodel has no scale for it; 1 is taken",
           "take the caffemodel that belongs to this prototxt; layers are matched by name");
  }
  c.top(0, c.emit_value(op::normalize, {c.bottom(0)},
                        {{"across_spatial", c.boolean("norm_param.across_spatial")},
                         {"channel_shared", shared},
                         {"eps", c.number("norm_param.eps")}},
                        std::move(blobs)));
}

void set_if_given(const LayerContext& c, Attributes& attributes, const std::string& name) {
  const std::string path = "prior_box_param." + name;
  if (c.has(path)) attributes.set(name, c.number(path));
}

/// What PriorBox and PriorBoxClustered share.
Attributes grid_attributes(const LayerContext& c) {
  Attributes attributes{{"flip", c.boolean("prior_box_param.flip")},
                        {"clip", c.boolean("prior_box_param.clip")},
                        {"offset", c.number("prior_box_param.offset")}};
  for (const char* name : {"step", "step_h", "step_w"}) set_if_given(c, attributes, name);
  if (c.has("prior_box_param.step") && (c.has("prior_box_param.step_h") || c.has("prior_box_param.step_w")))
    c.fail_at("prior_box_param.step", code::bad_value, "there is a step for both axes and one for each",
              "keep step, or step_h and step_w");
  const std::int64_t size = c.integer("prior_box_param.img_size");
  const std::int64_t height = c.integer("prior_box_param.img_h");
  const std::int64_t width = c.integer("prior_box_param.img_w");
  if (size < 0 || height < 0 || width < 0 || (height == 0) != (width == 0))
    c.fail(code::bad_value, "its image size is negative, or img_h stands without img_w",
           "give img_size, or img_h and img_w");
  if (size > 0 || height > 0) {
    attributes.set("img_h", size > 0 ? size : height);
    attributes.set("img_w", size > 0 ? size : width);
  }
  const Floats variance = c.numbers("prior_box_param.variance");
  if (variance.size() > 1 && variance.size() != 4)
    c.fail_at("prior_box_param.variance", code::bad_value, std::to_string(variance.size()) + " variances",
              "give one, or four");
  if (!variance.empty()) attributes.set("variance", variance);
  return attributes;
}

void lower_prior_box(LayerContext& c) {
  Attributes attributes = grid_attributes(c);
  for (const char* name : {"min_size", "max_size", "aspect_ratio"})
    attributes.set(name, c.numbers("prior_box_param." + std::string(name)));
  c.top(0, c.emit_value(op::prior_box, {c.bottom(0), c.bottom(1)}, std::move(attributes)));
}

void lower_clustered(LayerContext& c) {
  if (c.has("prior_box_param.flip"))
    c.note(code::ignored_parameter, Severity::warning,
           "prior_box_param.flip has no effect: clustered boxes have no aspect ratios to turn", "remove it");
  Attributes attributes = grid_attributes(c);
  for (const char* name : {"width", "height"})
    attributes.set(name, c.numbers("prior_box_param." + std::string(name)));
  c.top(0, c.emit_value(op::prior_box_clustered, {c.bottom(0), c.bottom(1)}, std::move(attributes)));
}

std::vector<Parameter> grid_parameters(std::vector<Parameter> more) {
  std::vector<Parameter> parameters{{"prior_box_param.flip", true},
                                    {"prior_box_param.clip", false},
                                    {"prior_box_param.variance", Floats{}},
                                    {"prior_box_param.img_size", std::int64_t{0}},
                                    {"prior_box_param.img_h", std::int64_t{0}},
                                    {"prior_box_param.img_w", std::int64_t{0}},
                                    {"prior_box_param.step", 0.0F},
                                    {"prior_box_param.step_h", 0.0F},
                                    {"prior_box_param.step_w", 0.0F},
                                    {"prior_box_param.offset", 0.5F}};
  parameters.insert(parameters.begin(), more.begin(), more.end());
  return parameters;
}

}  // namespace

const LayerDef normalize = {
    .types = {"Normalize", "NormalizeBBox"},
    .parameters = {{"norm_param.across_spatial", true},
                   {"norm_param.channel_shared", true},
                   {"norm_param.eps", 1e-10F}},
    .blobs = {0, 1},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_normalize,
    .blob_shapes = [](const LayerContext& c) -> std::vector<Shape> {
      return {{c.boolean("norm_param.channel_shared") ? 1 : c.channels()}};
    },
};

const LayerDef prior_box = {
    .types = {"PriorBox"},
    .parameters = grid_parameters({{"prior_box_param.min_size", Floats{}},
                                   {"prior_box_param.max_size", Floats{}},
                                   {"prior_box_param.aspect_ratio", Floats{}}}),
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower = lower_prior_box,
    .example = {{}, "prior_box_param { min_size: 2 }"},
};

const LayerDef prior_box_clustered = {
    .types = {"PriorBoxClustered"},
    .parameters =
        grid_parameters({{"prior_box_param.width", Floats{}}, {"prior_box_param.height", Floats{}}}),
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower = lower_clustered,
    .example = {{}, "prior_box_param { width: 2 height: 2 step: 1 }"},
};

std::span<const LayerDef* const> ssd_layers() {
  static constexpr std::array layers{&normalize, &prior_box, &prior_box_clustered};
  return layers;
}

}  // namespace mo::caffe::layers
