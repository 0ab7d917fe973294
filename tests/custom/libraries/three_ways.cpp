// Region as a layer of the IR under its own name: what the mapping file and the description file of the tests
// say too.
#include <mo/extension.hpp>

using namespace mo::extension;

namespace {

void infer(ShapeRule& rule) {
  const Shape x = rule.input_shape(0);
  if (rule.attribute<std::int64_t>("softmax") == 0) {
    rule.set(0, x);
    return;
  }
  std::int64_t rest = 1;
  for (std::size_t i = 1; i < x.size(); ++i) rest *= x[i];
  rule.set(0, {x[0], rest});
}

void lower(Layer& layer) {
  const auto integer = [&](const char* path) { return layer.parameter<std::int64_t>(path); };
  layer.set_top(0, {layer.add("Region", {layer.bottom(0)},
                              {{"coords", integer("region_param.coords")},
                               {"classes", integer("region_param.classes")},
                               {"num", integer("region_param.num")},
                               {"anchors", layer.parameter<std::vector<float>>("region_param.anchors")},
                               {"softmax", std::int64_t{layer.parameter<bool>("region_param.softmax")}}}),
                    0});
}

}  // namespace

MO_EXTENSION(registry) {
  registry.disable_layer("Region");
  registry.add(OpDef{.name = "Region", .infer = infer});
  registry.add(LayerDef{.types = {"Region"},
                        .parameters = {{"region_param.anchors", std::vector<float>{}},
                                       {"region_param.classes", std::int64_t{20}},
                                       {"region_param.coords", std::int64_t{4}},
                                       {"region_param.num", std::int64_t{1}},
                                       {"region_param.softmax", true}},
                        .lower = lower});
}
