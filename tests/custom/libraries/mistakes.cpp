// A layer type for each mistake that a callback can make.
#include <mo/extension.hpp>
#include <stdexcept>

using namespace mo::extension;

namespace {

void same(ShapeRule& rule) {
  rule.set(0, rule.input_shape(0));
}

LayerDef layer(std::string type, std::function<void(Layer&)> lower) {
  return {.types = {std::move(type)},
          .parameters = {{"fancy_param.size", std::int64_t{0}}},
          .lower = std::move(lower)};
}

/// A layer that becomes one node of an op.
LayerDef layer_of(std::string type, std::string op) {
  return layer(std::move(type), [op](Layer& l) { l.set_top(0, {l.add(op, {l.bottom(0)}), 0}); });
}

}  // namespace

MO_EXTENSION(registry) {
  registry.add(layer("Throws", [](Layer&) { throw std::runtime_error("thrown on purpose"); }));
  registry.add(layer("ThrowsNumber", [](Layer&) { throw 7; }));
  registry.add(layer("Fails", [](Layer& l) { l.fail("it does not like " + l.name(), "take another"); }));
  registry.add(layer_of("UnknownOp", "Poolling"));
  registry.add(layer_of("AddsInput", "Input"));
  registry.add(layer_of("LacksAttributes", "Convolution"));
  registry.add(layer("BadParameter", [](Layer& l) { l.parameter<std::int64_t>("fancy_param.width"); }));
  registry.add(layer("BadKind", [](Layer& l) { l.parameter<float>("fancy_param.size"); }));
  registry.add(layer("BadBottom", [](Layer& l) { l.bottom(3); }));
  registry.add(layer("BadTop", [](Layer& l) { l.set_top(9, l.bottom(0)); }));
  registry.add(layer("BadValue", [](Layer& l) { l.set_top(0, {l.bottom(0).node, 5}); }));
  registry.add(layer("BadNode", [](Layer& l) { l.set_top(0, {12345, 0}); }));
  registry.add(layer("BadTensor", [](Layer& l) { l.values(Tensor{3}); }));
  registry.add(layer("BadBlob", [](Layer& l) { l.blob(0); }));
  registry.add(layer("BadName", [](Layer& l) { l.add("NoShape", {l.bottom(0)}, {{"a b", true}}); }));
  registry.add(OpDef{.name = "NoShape", .infer = [](ShapeRule&) {}});
  registry.add(layer_of("NoShape", "NoShape"));
  registry.add(OpDef{.name = "ZeroShape", .infer = [](ShapeRule& rule) { rule.set(0, {1, 0}); }});
  registry.add(layer_of("ZeroShape", "ZeroShape"));
  registry.add(OpDef{
      .name = "NotWritten", .infer = same, .opset = [](OpsetWriter&) {}, .legacy = [](LegacyWriter&) {}});
  registry.add(layer_of("NotWritten", "NotWritten"));
  registry.add(OpDef{.name = "BadPort", .infer = same, .opset = [](OpsetWriter& w) {
                       w.set_output(0, {999, 0});
                     }});
  registry.add(layer_of("BadPort", "BadPort"));
  registry.add(OpDef{.name = "ThrowsWriting", .infer = same, .opset = [](OpsetWriter&) {
                       throw std::logic_error("no pen");
                     }});
  registry.add(layer_of("ThrowsWriting", "ThrowsWriting"));
  registry.add(OpDef{.name = "Marked", .infer = same});
  for (const char* type : {"Cycle", "EraseUsed", "PassThrows"}) registry.add(layer_of(type, "Marked"));
  registry.add(Pass{"mistaken", Stage::middle, [](Graph& graph) {
                      for (const Node node : graph.nodes()) {
                        if (graph.op(node) != "Marked") continue;
                        const std::string layer = graph.layer(node);
                        if (layer == "cycle") graph.set_input(node, 0, {node, 0});
                        if (layer == "erase_used") graph.erase(graph.input(node, 0).node);
                        if (layer == "pass_throws") throw std::runtime_error("lost the way");
                      }
                    }});
}
