#include "passes/input_forms.h"

#include <algorithm>
#include <array>

#include "passes/behind_input.h"

namespace mo::passes {

namespace {

std::string text_of(const Layout& layout) {
  std::string text = "[";
  for (const std::string& dimension : layout) text += (text.size() > 1 ? "," : "") + dimension;
  return text + "]";
}

bool fits(const Layout& layout, std::size_t rank) {
  const bool open = std::ranges::find(layout, "...") != layout.end();
  return open ? layout.size() <= rank + 1 : layout.size() == rank;
}

/// For each dimension of the net's layout its place in the fed one; empty when they name other dimensions.
std::vector<std::int64_t> order_between(const Layout& net, const Layout& fed) {
  std::vector<std::int64_t> order;
  for (const std::string& dimension : net) {
    const auto at = std::ranges::find(fed, dimension);
    const bool twice = std::ranges::count(net, dimension) != 1 || std::ranges::count(fed, dimension) != 1;
    if (at == fed.end() || twice || dimension == "?" || dimension == "...") return {};
    order.push_back(at - fed.begin());
  }
  return order;
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// Makes the input's shape that of the fed layout.
void permute_shape(Graph& graph, NodeId input, const std::vector<std::int64_t>& order) {
  Node& node = graph.node(input);
  const Shape shape = graph.shape({input, 0});
  Shape fed(shape.size());
  for (std::size_t i = 0; i < order.size(); ++i) fed[static_cast<std::size_t>(order[i])] = shape[i];
  if (node.attributes.has("partial_shape")) {
    const std::vector<std::string> parts = parts_of(node.attributes.text("partial_shape"));
    std::vector<std::string> moved(parts.size());
    for (std::size_t i = 0; i < order.size() && i < parts.size(); ++i)
      moved[static_cast<std::size_t>(order[i])] = parts[i];
    std::string text;
    for (const std::string& part : moved) text += (text.empty() ? "" : ",") + part;
    node.attributes.set("partial_shape", text);
  }
  node.attributes.set("shape", fed);
  graph.infer(input);
}

void apply(Graph& graph, NodeId input, const InputForm& form, Diagnostics& diagnostics) {
  const std::size_t rank = graph.shape({input, 0}).size();
  const std::string name = graph.node(input).name;
  Layout net = form.net_layout;
  if (net.empty() && !form.fed_layout.empty()) net = {"N", "C", "H", "W"};
  for (const Layout* layout : std::array<const Layout*, 2>{&net, &form.fed_layout}) {
    if (layout->empty() || fits(*layout, rank)) continue;
    return diagnostics.error(code::layout_syntax,
                             "the layout " + text_of(*layout) + " does not have the " + std::to_string(rank) +
                                 " dimensions of the input \"" + name + "\"",
                             "name each dimension: nchw, or [n,c,...]");
  }
  if (!net.empty())
    graph.node(input).attributes.set("layout", text_of(form.fed_layout.empty() ? net : form.fed_layout));
  if (!form.fed_layout.empty() && form.fed_layout != net) {
    const std::vector<std::int64_t> order = order_between(net, form.fed_layout);
    if (order.empty())
      return diagnostics.error(code::layout_syntax,
                               "the layouts " + text_of(net) + " and " + text_of(form.fed_layout) +
                                   " of the input \"" + name + "\" do not name the same dimensions",
                               "write, for example, --source_layout nchw --target_layout nhwc");
    permute_shape(graph, input, order);
    insert_behind(graph, {input, 0}, op::permute, name + "/transpose",
                  {{"order", order}, {"prepares_input", true}});
  }
  if (!form.element_type.empty() && form.element_type != "f32") {
    graph.node(input).attributes.set("element_type", form.element_type);
    insert_behind(graph, {input, 0}, op::convert, name + "/convert", {{"prepares_input", true}});
  }
}

}  // namespace

void apply_input_forms(Graph& graph, const std::vector<InputForm>& forms, Diagnostics& diagnostics) {
  for (const InputForm& form : forms) {
    if (form.input.empty()) {
      for (const NodeId input : std::vector<NodeId>(graph.inputs)) {
        const bool concerned = fits(form.net_layout, graph.shape({input, 0}).size()) ||
                               fits(form.fed_layout, graph.shape({input, 0}).size());
        if (concerned || graph.inputs.size() == 1) apply(graph, input, form, diagnostics);
      }
    } else if (const NodeId* input = find_input(graph, form.input)) {
      apply(graph, *input, form, diagnostics);
    } else {
      diagnostics.warning(code::layout_syntax,
                          "the layout of \"" + form.input + "\" is not used: that is no input of the net");
    }
  }
}

}  // namespace mo::passes
