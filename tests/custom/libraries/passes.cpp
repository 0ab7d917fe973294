// A rewrite for each stage, a built-in pass left out, and a built-in op written in another way.
#include <mo/extension.hpp>

using namespace mo::extension;

namespace {

// Before: x -> Sigmoid -> Eltwise(PROD, x, .).  After: x -> Swish.
void find_swish(Graph& graph) {
  for (const Node product : graph.nodes()) {
    if (graph.op(product) != "Eltwise" || graph.input_count(product) != 2) continue;
    const Value x = graph.input(product, 0);
    const Value gate = graph.input(product, 1);
    if (graph.op(gate.node) != "Sigmoid" || graph.input(gate.node, 0).node != x.node) continue;
    if (graph.uses(gate).size() != 1 || graph.is_output(gate)) continue;
    const Node swish = graph.add("Swish", graph.name(product) + "/swish", {x}, {{"beta", 1.0F}});
    graph.replace({product, 0}, {swish, 0});
    graph.erase(product);
  }
}

// Before: PReLU whose slopes are alike.  After: ReLU with that slope.
void plain_relu(Graph& graph) {
  for (const Node node : graph.nodes()) {
    if (graph.op(node) != "PReLU") continue;
    const std::vector<float> slopes = graph.values(graph.blobs(node).at(0).tensor);
    bool alike = true;
    for (const float slope : slopes) alike = alike && slope == slopes[0];
    if (!alike) continue;
    const Node relu = graph.add("ReLU", graph.name(node) + "/plain", {graph.input(node, 0)},
                                {{"negative_slope", slopes[0]}});
    graph.replace({node, 0}, {relu, 0});
  }
}

// Puts a Power behind every ELU, and gives the ELU another alpha.
void behind_elu(Graph& graph) {
  for (const Node node : graph.nodes()) {
    if (graph.op(node) != "Elu") continue;
    graph.set_attribute(node, "alpha", 0.5F);
    const Node half =
        graph.add("Power", graph.name(node) + "/half", {{node, 0}},
                  {{"power", 1.0F}, {"scale", 0.5F}, {"shift", graph.ir_version() > 9 ? 0.0F : 1.0F}});
    graph.replace({node, 0}, {half, 0});
  }
}

}  // namespace

MO_EXTENSION(registry) {
  registry.add(Pass{"find_swish", Stage::front, find_swish});
  registry.add(Pass{"plain_relu", Stage::middle, plain_relu});
  registry.add(Pass{"behind_elu", Stage::back, behind_elu});
  registry.disable_pass("fuse_scale_shift_backward");
  registry.disable_pass("fuse_scale_shift_behind_groups");
  // A built-in op's name: its nodes are written in this way.
  registry.add(
      OpDef{.name = "AbsVal",
            .infer = [](ShapeRule& rule) { rule.set(0, rule.input_shape(0)); },
            .opset =
                [](OpsetWriter& writer) {
                  const Shape shape = writer.output_shape();
                  const Port two = writer.exact(writer.tensor({}, {2.0F}), "two");
                  const Port half = writer.exact(writer.tensor({}, {0.5F}), "half");
                  const Attributes numpy{{"auto_broadcast", std::string("numpy")}};
                  const Port square =
                      writer.layer("Power", "opset1", numpy, {writer.input(0), two}, {shape}, "square");
                  writer.set_output(0, writer.layer("Power", "opset1", numpy, {square, half}, {shape}));
                }});
}
