// Built-in layers again, as an extension: what the interface can express.  Their IR is to be that of the
// built-in ones.
#include <mo/extension.hpp>

using namespace mo::extension;
using Integers = std::vector<std::int64_t>;
using Floats = std::vector<float>;

namespace {

// ---- ELU

const OpDef elu{
    .name = "ExtensionElu",
    .infer = [](ShapeRule& rule) { rule.set(0, rule.input_shape(0)); },
    .opset =
        [](OpsetWriter& writer) {
          writer.set_output(0, writer.layer("Elu", "opset1", {{"alpha", writer.attribute<float>("alpha")}},
                                            {writer.input(0)}, {writer.output_shape()}));
        },
    .legacy =
        [](LegacyWriter& writer) {
          writer.set_type("Activation");
          writer.write("type", std::string("elu"));
          writer.write("alpha", writer.attribute<float>("alpha"));
        },
};

void lower_elu(Layer& layer) {
  layer.set_top(0, {layer.add("ExtensionElu", {layer.bottom(0)},
                              {{"alpha", layer.parameter<float>("elu_param.alpha")}}),
                    0});
}

// ---- Region

void infer_region(ShapeRule& rule) {
  const Shape x = rule.input_shape(0);
  const std::int64_t classes = rule.attribute<std::int64_t>("classes");
  const std::int64_t coords = rule.attribute<std::int64_t>("coords");
  const std::int64_t channels = rule.attribute<std::int64_t>("num") * (classes + coords + 1);
  if (x.size() != 4) rule.fail("Region needs an input [N, C, H, W]");
  if (x[1] != channels)
    rule.fail("Region needs " + std::to_string(channels) + " channels, there are " + std::to_string(x[1]),
              "correct num, classes or coords");
  if (rule.attribute<bool>("do_softmax"))
    rule.set(0, {x[0], x[1] * x[2] * x[3]});
  else
    rule.set(0, x);
}

Attributes region_attributes(const ThisNode& node) {
  return {{"anchors", node.attribute<Floats>("anchors")},
          {"axis", std::int64_t{1}},
          {"coords", node.attribute<std::int64_t>("coords")},
          {"classes", node.attribute<std::int64_t>("classes")},
          {"end_axis", std::int64_t{3}},
          {"num", node.attribute<std::int64_t>("num")},
          {"do_softmax", node.attribute<bool>("do_softmax")}};
}

const OpDef region{
    .name = "ExtensionRegion",
    .infer = infer_region,
    .opset =
        [](OpsetWriter& writer) {
          Attributes attributes = region_attributes(writer);
          attributes.emplace_back("mask", Integers{});
          writer.set_output(0, writer.layer("RegionYolo", "opset1", attributes, {writer.input(0)},
                                            {writer.output_shape()}));
        },
    .legacy =
        [](LegacyWriter& writer) {
          writer.set_type("RegionYolo");
          for (const auto& [name, value] : region_attributes(writer)) writer.write(name, value);
        },
};

void lower_region(Layer& layer) {
  layer.set_top(0, {layer.add("ExtensionRegion", {layer.bottom(0)},
                              {{"anchors", layer.parameter<Floats>("region_param.anchors")},
                               {"classes", layer.parameter<std::int64_t>("region_param.classes")},
                               {"coords", layer.parameter<std::int64_t>("region_param.coords")},
                               {"num", layer.parameter<std::int64_t>("region_param.num")},
                               {"do_softmax", layer.parameter<bool>("region_param.softmax")}}),
                    0});
}

// ---- Affine: a layer with blobs that becomes two built-in ops

void lower_affine(Layer& layer) {
  const std::vector<float> factors = layer.values(layer.blob(0));
  const Shape shape{static_cast<std::int64_t>(factors.size())};
  std::vector<float> twice = factors;
  for (float& factor : twice) factor *= 2;
  layer.set_top(0, {layer.add("ScaleShift", {layer.bottom(0)}, {{"axis", std::int64_t{1}}},
                              {{"weights", layer.tensor(shape, twice)}}),
                    0});
}

// ---- Own: an op that stands in the IR as it is

void lower_own(Layer& layer) {
  layer.warn("it is converted as an example", "look at it");
  layer.set_top(0, {layer.add("Own", {layer.bottom(0)},
                              {{"size", layer.parameter<std::int64_t>("own_param.size")},
                               {"name_", layer.parameter<std::string>("own_param.tag")}},
                              layer.blob_count() > 0 ? std::vector<Blob>{{"weights", layer.blob(0)}}
                                                     : std::vector<Blob>{}),
                    0});
}

}  // namespace

MO_EXTENSION(registry) {
  registry.disable_layer("ELU");  // the next line alone would replace it
  registry.add(LayerDef{.types = {"ELU"}, .parameters = {{"elu_param.alpha", 1.0F}}, .lower = lower_elu});
  registry.add(elu);
  registry.add(LayerDef{.types = {"Region"},
                        .parameters = {{"region_param.anchors", Floats{}},
                                       {"region_param.classes", std::int64_t{20}},
                                       {"region_param.coords", std::int64_t{4}},
                                       {"region_param.num", std::int64_t{1}},
                                       {"region_param.softmax", true}},
                        .lower = lower_region});
  registry.add(region);
  registry.add(LayerDef{.types = {"Affine9", "AffineNine"}, .blobs = {1, 1}, .lower = lower_affine});
  registry.add(OpDef{.name = "Own", .infer = [](ShapeRule& rule) { rule.set(0, rule.input_shape(0)); }});
  registry.add(
      LayerDef{.types = {"Own"},
               .parameters = {{"own_param.size", std::int64_t{3}}, {"own_param.tag", std::string("none")}},
               .blobs = {0, any_number},
               .lower = lower_own});
}
