#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

// FlowNet's and the spatial transformer's layers.

namespace mo::caffe::layers {

namespace {

/// Caffe takes these parameters and does nothing with them.
void note_without_effect(const LayerContext& c, std::initializer_list<const char*> paths) {
  for (const char* path : paths)
    if (c.has(path))
      c.note(code::ignored_parameter, Severity::warning, std::string(path) + " has no effect in Caffe either",
             "remove it");
}

void lower_correlation(LayerContext& c) {
  const std::string type = c.text("correlation_param.correlation_type");
  const bool subtract = type == "SUBTRACT" || type == "1";
  if (!subtract && type != "MULTIPLY" && type != "0")
    c.fail_at("correlation_param.correlation_type", code::bad_value, "\"" + type + "\" is not a comparison",
              "write MULTIPLY or SUBTRACT");
  const bool one_dimensional = c.layer().type.ends_with('D') || c.layer().type.ends_with('d');
  note_without_effect(c, {"correlation_param.do_abs"});
  if (!one_dimensional) note_without_effect(c, {"correlation_param.single_direction"});
  Attributes attributes{
      {"one_dimensional", one_dimensional},
      {"correlation_type", std::string("caffe.CorrelationParameter.") + (subtract ? "SUBTRACT" : "MULTIPLY")},
      {"do_abs", std::int64_t{c.boolean("correlation_param.do_abs")}},
      {"single_direction", c.integer("correlation_param.single_direction")}};
  for (const char* name : {"kernel_size", "max_displacement", "pad", "stride_1", "stride_2"})
    attributes.set(name, c.integer("correlation_param." + std::string(name)));
  c.top(0, c.emit_value(op::correlation, {c.bottom(0), c.bottom(1)}, std::move(attributes)));
}

void lower_accum(LayerContext& c) {
  std::vector<Value> bottoms;
  for (std::size_t i = 0; i < c.bottom_count(); ++i) bottoms.push_back(c.bottom(i));
  c.top(0, c.emit_value(op::accum, std::move(bottoms),
                        {{"have_reference", std::int64_t{c.boolean("accum_param.have_reference")}},
                         {"size_divisible_by", c.integer("accum_param.size_divisible_by")},
                         {"top_height", c.integer("accum_param.top_height")},
                         {"top_width", c.integer("accum_param.top_width")}}));
}

void lower_augmentation(LayerContext& c) {
  std::vector<Blob> blobs;
  for (std::size_t i = 0; i < c.blob_count(); ++i)
    blobs.push_back({"custom_" + std::to_string(i), c.blob(i)});
  Attributes attributes;
  for (const char* name : {"augment_during_test", "mean_per_pixel"})
    attributes.set(name, std::int64_t{c.boolean("augmentation_param." + std::string(name))});
  for (const char* name :
       {"crop_height", "crop_width", "recompute_mean", "bottomwidth", "bottomheight", "num"})
    attributes.set(name, c.integer("augmentation_param." + std::string(name)));
  for (const char* name : {"write_augmented", "write_mean", "mode"})
    attributes.set(name, c.text("augmentation_param." + std::string(name)));
  attributes.set("max_multiplier", c.number("augmentation_param.max_multiplier"));
  for (const char* name : {"mean", "chromatic_eigvec"})
    if (const std::string path = "augmentation_param." + std::string(name); c.has(path))
      attributes.set(name, c.numbers(path));
  c.top(0, c.emit_value(op::data_augmentation, {c.bottom(0)}, std::move(attributes), std::move(blobs)));
}

/// How many iterations have been averaged; the mean of each pixel, and that of each channel.
std::vector<Shape> augmentation_blobs(const LayerContext& c) {
  if (c.integer("augmentation_param.recompute_mean") <= 0) return {{1, 1, 1, 1}};
  Shape image = c.bottom_shape(0);
  if (image.size() != 4) return {};
  const std::int64_t height = c.integer("augmentation_param.crop_height");
  const std::int64_t width = c.integer("augmentation_param.crop_width");
  if (height > 0 && width > 0) image = {1, image[1], height, width};
  image[0] = 1;
  return {{1, 1, 1, 1}, image, {1, image[1], 1, 1}};
}

constexpr std::array theta_names{"theta_1_1", "theta_1_2", "theta_1_3",
                                 "theta_2_1", "theta_2_2", "theta_2_3"};

/// Caffe stops at any other value.
void require_text(const LayerContext& c, const char* path, const std::string& only) {
  if (c.text(path) != only)
    c.fail_at(path, code::bad_value, "\"" + c.text(path) + "\" is not what Caffe has: " + only,
              "write " + only);
}

void lower_transformer(LayerContext& c) {
  require_text(c, "st_param.transform_type", "affine");
  require_text(c, "st_param.sampler_type", "bilinear");
  Attributes attributes{{"transform_type", c.text("st_param.transform_type")},
                        {"sampler_type", c.text("st_param.sampler_type")},
                        {"output_H", c.integer("st_param.output_H")},
                        {"output_W", c.integer("st_param.output_W")},
                        {"to_compute_dU", std::int64_t{c.boolean("st_param.to_compute_dU")}}};
  for (const char* name : theta_names)
    if (const std::string path = "st_param." + std::string(name); c.has(path))
      attributes.set(name, c.number(path));
  c.top(0, c.emit_value(op::spatial_transformer, {c.bottom(0), c.bottom(1)}, std::move(attributes)));
}

/// As many numbers as one image has: those that the file lacks are 0, those it has more are not read.
void lower_power_file(LayerContext& c) {
  std::vector<Blob> blobs;
  const Shape& x = c.bottom_shape(0);
  if (c.blob_count() > 0 && !x.empty()) {
    std::vector<double> numbers = c.blob(0).values();
    const Shape image(x.begin() + 1, x.end());
    const std::int64_t size = element_count(image);
    if (size < 0 || size > std::int64_t{1} << 28)
      c.fail(code::bad_shape, "the size of its input " + to_string(x) + " is not known, or too large",
             "give it with --input_shape");
    numbers.resize(static_cast<std::size_t>(size), 0.0);
    blobs.push_back({"shift", Tensor::of(image, std::move(numbers))});
  }
  c.top(0, c.emit_value(op::power_file, {c.bottom(0)},
                        {{"shift_file", c.text("power_file_param.shift_file")}}, std::move(blobs)));
}

}  // namespace

const LayerDef correlation = {
    .types = {"Correlation", "Correlation1D"},
    .parameters = {{"correlation_param.pad", std::int64_t{0}},
                   {"correlation_param.kernel_size", std::int64_t{0}},
                   {"correlation_param.max_displacement", std::int64_t{0}},
                   {"correlation_param.stride_1", std::int64_t{1}},
                   {"correlation_param.stride_2", std::int64_t{1}},
                   {"correlation_param.single_direction", std::int64_t{0}},
                   {"correlation_param.do_abs", false},
                   {"correlation_param.correlation_type", std::string("MULTIPLY")}},
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, 1},
    .lower = lower_correlation,
    .example = {{}, "correlation_param { kernel_size: 1 max_displacement: 1 pad: 1 }"},
};

const LayerDef accum = {
    .types = {"Accum"},
    .parameters = {{"accum_param.top_height", std::int64_t{0}},
                   {"accum_param.top_width", std::int64_t{0}},
                   {"accum_param.size_divisible_by", std::int64_t{0}},
                   {"accum_param.have_reference", false}},
    .blobs = {0, 0},
    .bottoms = {1, any_number},
    .tops = {1, 1},
    .lower = lower_accum,
    .example = {{{1, 4, 8, 8}, {1, 4, 4, 4}}},
};

const LayerDef data_augmentation = {
    .types = {"DataAugmentation"},
    .parameters = {{"augmentation_param.crop_height", std::int64_t{0}},
                   {"augmentation_param.crop_width", std::int64_t{0}},
                   {"augmentation_param.write_augmented", std::string()},
                   {"augmentation_param.max_multiplier", 255.0F},
                   {"augmentation_param.augment_during_test", false},
                   {"augmentation_param.recompute_mean", std::int64_t{0}},
                   {"augmentation_param.write_mean", std::string()},
                   {"augmentation_param.mean_per_pixel", true},
                   {"augmentation_param.mean", std::vector<float>{}},
                   {"augmentation_param.mode", std::string("add")},
                   {"augmentation_param.bottomwidth", std::int64_t{0}},
                   {"augmentation_param.bottomheight", std::int64_t{0}},
                   {"augmentation_param.num", std::int64_t{0}},
                   {"augmentation_param.chromatic_eigvec", std::vector<float>{}}},
    .blobs = {0, any_number},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_augmentation,
    .blob_shapes = augmentation_blobs,
};

const LayerDef power_file = {
    .types = {"PowerFile"},
    .parameters = {{"power_file_param.shift_file", std::string()}},
    .blobs = {0, any_number},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_power_file,
};

const LayerDef spatial_transformer = {
    .types = {"SpatialTransformer"},
    .parameters = {{"st_param.transform_type", std::string("affine")},
                   {"st_param.sampler_type", std::string("bilinear")},
                   {"st_param.output_H", std::int64_t{0}},
                   {"st_param.output_W", std::int64_t{0}},
                   {"st_param.to_compute_dU", true},
                   {"st_param.theta_1_1", 0.0F},
                   {"st_param.theta_1_2", 0.0F},
                   {"st_param.theta_1_3", 0.0F},
                   {"st_param.theta_2_1", 0.0F},
                   {"st_param.theta_2_2", 0.0F},
                   {"st_param.theta_2_3", 0.0F}},
    .blobs = {0, 0},
    .bottoms = {2, 2},
    .tops = {1, any_number},
    .lower = lower_transformer,
    .example = {{{1, 4, 8, 8}, {1, 6}}},
};

std::span<const LayerDef* const> flow_layers() {
  static constexpr std::array layers{&correlation, &accum, &data_augmentation, &power_file,
                                     &spatial_transformer};
  return layers;
}

}  // namespace mo::caffe::layers
