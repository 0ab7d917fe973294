#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

constexpr std::int64_t largest_factor = 1 << 16;

void require_image(const LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  if (x.size() != 4 || x[2] <= 0 || x[3] <= 0)
    c.fail(code::bad_shape, "it needs a bottom [N, C, H, W] of known size, not " + to_string(x));
}

/// A factor of whole pixels, or 1 where the prototxt has none.
std::int64_t factor(const LayerContext& c, std::string_view path) {
  const std::int64_t value = c.integer(path);
  if (value < 1 || value > largest_factor)
    c.fail_at(path, code::bad_value, std::to_string(value) + " is not a factor", "give 1 or more");
  return value;
}

/// DeepLab's rules, in its order; pixels in the corners keep their place.
std::int64_t interpolated(const LayerContext& c, std::int64_t size, std::int64_t given) {
  const std::int64_t zoom = factor(c, "interp_param.zoom_factor");
  const std::int64_t shrink = factor(c, "interp_param.shrink_factor");
  const bool zooms = c.has("interp_param.zoom_factor");
  const bool shrinks = c.has("interp_param.shrink_factor");
  if (given > 0 && (!(zooms || shrinks) || (zooms && shrinks))) return given;
  if (shrinks) size = (size - 1) / shrink + 1;
  if (zooms) size += (size - 1) * (zoom - 1);
  return size;
}

/// Its padding is never positive: it takes pixels away.
Value without_margins(LayerContext& c) {
  const Shape& x = c.bottom_shape(0);
  const std::int64_t begin = c.integer("interp_param.pad_beg");
  const std::int64_t end = c.integer("interp_param.pad_end");
  if (begin > 0 || end > 0)
    c.fail_at(begin > 0 ? "interp_param.pad_beg" : "interp_param.pad_end", code::bad_value,
              "Interp only crops: its padding cannot be positive");
  if (begin == 0 && end == 0) return c.bottom(0);
  if (begin < -largest_factor || end < -largest_factor || x[2] + begin + end <= 0 || x[3] + begin + end <= 0)
    c.fail(code::bad_shape, "pad_beg and pad_end leave nothing of its bottom " + to_string(x));
  return c.emit_value(op::crop, {c.bottom(0)},
                      {{"axis", std::vector<std::int64_t>{2, 3}},
                       {"dim", std::vector<std::int64_t>{x[2] + begin + end, x[3] + begin + end}},
                       {"offset", std::vector<std::int64_t>{-begin, -begin}}},
                      {}, "cropped");
}

Value emit_interp(LayerContext& c, Value x, std::int64_t height, std::int64_t width, bool align_corners) {
  return c.emit_value(op::interp, {x},
                      {{"height", height},
                       {"width", width},
                       // What legacy IR repeats of the prototxt; height and width say it all.
                       {"given_height", c.integer("interp_param.height")},
                       {"given_width", c.integer("interp_param.width")},
                       {"by_reference", c.bottom_count() == 2},
                       {"zoom_factor", c.integer("interp_param.zoom_factor")},
                       {"shrink_factor", c.integer("interp_param.shrink_factor")},
                       {"pad_beg", std::int64_t{0}},
                       {"pad_end", std::int64_t{0}},
                       {"align_corners", align_corners}});
}

void lower_interp(LayerContext& c) {
  require_image(c);
  const Value x = without_margins(c);
  const Shape& size = c.graph().shape(x);
  std::int64_t height = 0;
  std::int64_t width = 0;
  if (c.bottom_count() == 2) {
    const Shape& reference = c.bottom_shape(1);
    if (reference.size() != 4)
      c.fail(code::bad_shape, "its second bottom " + to_string(reference) + " is not an image [N, C, H, W]");
    height = reference[2];
    width = reference[3];
  } else {
    height = interpolated(c, size[2], c.integer("interp_param.height"));
    width = interpolated(c, size[3], c.integer("interp_param.width"));
  }
  c.top(0, emit_interp(c, x, height, width, c.boolean("interp_param.align_corners")));
}

std::string resample_type(const LayerContext& c) {
  const std::string type = c.text("resample_param.type");
  if (type == "NEAREST" || type == "1") return "NEAREST";
  if (type == "LINEAR" || type == "2") return "LINEAR";
  if (type == "CUBIC" || type == "3") return "CUBIC";
  if (type == "AREA" || type == "4")
    c.fail_at("resample_param.type", code::unsupported_parameter,
              "AREA is in no runtime, nor in FlowNet itself",
              "take LINEAR with antialias, which is near to it");
  c.fail_at("resample_param.type", code::bad_value, "\"" + type + "\" is not a kernel",
            "write NEAREST, LINEAR or CUBIC");
}

void lower_resample(LayerContext& c) {
  require_image(c);
  const Shape& x = c.bottom_shape(0);
  const float ratio = c.number("resample_param.factor");
  std::int64_t height = c.integer("resample_param.height");
  std::int64_t width = c.integer("resample_param.width");
  if (c.bottom_count() == 2) {
    const Shape& reference = c.bottom_shape(1);
    if (reference.size() != 4)
      c.fail(code::bad_shape, "its second bottom " + to_string(reference) + " is not an image [N, C, H, W]");
    height = reference[2];
    width = reference[3];
  } else if (height == 0 || width == 0) {
    if (!(ratio > 0.0F && ratio <= static_cast<float>(largest_factor)))
      c.fail_at("resample_param.factor", code::bad_value, "the factor must be positive");
    height = static_cast<std::int64_t>(static_cast<float>(x[2]) * ratio);
    width = static_cast<std::int64_t>(static_cast<float>(x[3]) * ratio);
  }
  c.top(0, c.emit_value(op::resample, {c.bottom(0)},
                        {{"height", height},
                         {"width", width},
                         {"factor", ratio},
                         {"antialias", c.boolean("resample_param.antialias")},
                         {"type", "caffe.ResampleParameter." + resample_type(c)}}));
}

/// Rockchip's layer, OpenCV's resize.
void lower_resize(LayerContext& c) {
  require_image(c);
  const std::string mode = c.text("resize_param.interp_mode");
  std::string kernel;
  if (mode == "LINEAR" || mode == "1") kernel = "LINEAR";
  if (mode == "NEAREST" || mode == "3") kernel = "NEAREST";
  if (kernel.empty())
    c.fail_at("resize_param.interp_mode", code::unsupported_parameter,
              "the mode " + mode + " has no equivalent in the IR", "use LINEAR or NEAREST");
  c.top(0, c.emit_value(op::resample, {c.bottom(0)},
                        {{"height", c.integer("resize_param.height")},
                         {"width", c.integer("resize_param.width")},
                         {"factor", 1.0F},
                         {"antialias", false},
                         {"floor", true},
                         {"type", "caffe.ResampleParameter." + kernel}}));
}

}  // namespace

const LayerDef interp = {
    .types = {"Interp"},
    .parameters = {{"interp_param.height", std::int64_t{0}},
                   {"interp_param.width", std::int64_t{0}},
                   {"interp_param.zoom_factor", std::int64_t{1}},
                   {"interp_param.shrink_factor", std::int64_t{1}},
                   {"interp_param.pad_beg", std::int64_t{0}},
                   {"interp_param.pad_end", std::int64_t{0}},
                   {"interp_param.align_corners", true}},
    .blobs = {0, 0},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_interp,
    .example = {{}, "interp_param { zoom_factor: 2 }"},
};

const LayerDef resample = {
    .types = {"Resample"},
    .parameters = {{"resample_param.height", std::int64_t{0}},
                   {"resample_param.width", std::int64_t{0}},
                   {"resample_param.factor", 1.0F},
                   {"resample_param.type", std::string("LINEAR")},
                   {"resample_param.antialias", true}},
    .blobs = {0, 0},
    .bottoms = {1, 2},
    .tops = {1, 1},
    .lower = lower_resample,
    .example = {{}, "resample_param { factor: 2 }"},
};

const LayerDef resize = {
    .types = {"Resize"},
    .parameters = {{"resize_param.height", std::int64_t{0}},
                   {"resize_param.width", std::int64_t{0}},
                   {"resize_param.interp_mode", std::string("LINEAR")}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_resize,
    .example = {{}, "resize_param { height: 16 width: 16 }"},
};

std::span<const LayerDef* const> resize_layers() {
  static constexpr std::array layers{&interp, &resample, &resize};
  return layers;
}

}  // namespace mo::caffe::layers
