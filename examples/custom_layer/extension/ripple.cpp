// Ripple: the input, and behind it, as further channels, amplitude * sin(frequency * x + phase).
#include <mo/extension.hpp>

using namespace mo::extension;

namespace {

void infer(ShapeRule& rule) {
  Shape shape = rule.input_shape(0);
  if (shape.size() != 4) rule.fail("Ripple needs an input [N, C, H, W]", "give it with --input_shape");
  if (shape[1] > 0) shape[1] *= 2;
  rule.set(0, shape);
}

void lower(Layer& layer) {
  if (!layer.is_set("ripple_param.frequency"))
    layer.fail("it has no frequency", "write ripple_param { frequency: ... }");
  const auto number = [&](const char* path) { return layer.parameter<float>(path); };
  layer.set_top(0, {layer.add("Ripple", {layer.bottom(0)},
                              {{"frequency", number("ripple_param.frequency")},
                               {"amplitude", number("ripple_param.amplitude")},
                               {"phase", number("ripple_param.phase.start")}}),
                    0});
}

}  // namespace

MO_EXTENSION(registry) {
  // Without functions that write it, the op becomes one layer of its name, with its attributes.
  registry.add(OpDef{.name = "Ripple", .infer = infer});
  registry.add(LayerDef{.types = {"Ripple"},
                        .parameters = {{"ripple_param.frequency", 0.0F},
                                       {"ripple_param.amplitude", 0.5F},
                                       {"ripple_param.phase.start", 0.0F}},
                        .lower = lower});
}
