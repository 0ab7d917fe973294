#include "caffe/cut.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "caffe/blob_flow.h"
#include "caffe/build_graph.h"

namespace mo::caffe {

namespace {

/// A place of the net: a layer, one of its inputs or of its outputs, or a blob (as the top that makes it).
struct Place {
  std::optional<std::size_t> layer;
  std::optional<std::size_t> input;
  std::optional<std::size_t> output;
  std::optional<TopReference> blob;
};

std::optional<std::size_t> port_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Cutter {
 public:
  Cutter(const Net& net, const Cuts& cuts, std::int64_t batch, const LayerRegistry& registry,
         Diagnostics& diagnostics)
      : net_(net), flow_(net), cuts_(cuts), batch_(batch), registry_(registry), diagnostics_(diagnostics) {}

  CutNet run();

 private:
  std::optional<std::size_t> layer_called(std::string_view name) const;
  std::optional<Place> find(const std::string& text, std::string_view option);
  void add_output(const std::string& text);
  void add_output(const Place& place, const std::string& text);
  void cut_input(const InputOverride& input);
  void cut_bottom(std::size_t layer, std::size_t bottom, const InputOverride& input);
  void cut_top(TopReference top, const std::string& name, const InputOverride& input);
  void give_up_name(const std::string& blob, std::size_t last_layer);
  void add_new_input(const std::string& name, TopReference replaced, InputOverride input);
  bool check_port(std::size_t port, std::size_t count, const char* kind, const std::string& text);
  Shape shape_of(TopReference top);
  void trim();

  const Net& net_;
  const BlobFlow flow_;
  const Cuts& cuts_;
  std::int64_t batch_;
  const LayerRegistry& registry_;
  Diagnostics& diagnostics_;
  CutNet result_;  // its net still has all layers of net_, under their indices; trim() takes out
  std::vector<Layer> new_layers_;
  std::vector<TopReference> outputs_;
  std::vector<std::size_t> kept_inputs_;  // layers of the net itself that --input names
};

std::optional<std::size_t> Cutter::layer_called(std::string_view name) const {
  const auto found = std::ranges::find(net_.layers, name, &Layer::name);
  if (found == net_.layers.end()) return std::nullopt;
  return static_cast<std::size_t>(found - net_.layers.begin());
}

/// A whole name comes first: names may have colons.
std::optional<Place> Cutter::find(const std::string& text, std::string_view option) {
  Place place;
  if ((place.layer = layer_called(text))) return place;
  if ((place.blob = flow_.last_writer(text))) return place;
  const auto first = text.find(':');
  const auto last = text.rfind(':');
  if (first != std::string::npos) {
    if ((place.input = port_number(text.substr(0, first)))) {
      if ((place.layer = layer_called(text.substr(first + 1)))) return place;
    } else if ((place.output = port_number(text.substr(last + 1)))) {
      if ((place.layer = layer_called(text.substr(0, last)))) return place;
    }
  }
  std::vector<std::string_view> names;
  for (const Layer& layer : net_.layers) {
    names.push_back(layer.name);
    names.insert(names.end(), layer.tops.begin(), layer.tops.end());
  }
  const std::string_view near = nearest(text, names);
  diagnostics_.error(code::unknown_node,
                     std::string(option) + ": the net has no layer and no blob \"" + text + "\"",
                     near.empty() ? "take a name from the prototxt; --print_shapes lists them"
                                  : "did you mean \"" + std::string(near) + "\"?");
  return std::nullopt;
}

bool Cutter::check_port(std::size_t port, std::size_t count, const char* kind, const std::string& text) {
  if (port < count) return true;
  diagnostics_.error(
      code::bad_port, text + ": the layer has " + std::to_string(count) + " " + kind + "s",
      count == 0 ? "name another layer" : "ports count from 0: the last is " + std::to_string(count - 1));
  return false;
}

void Cutter::add_output(const std::string& text) {
  if (const auto place = find(text, "--output")) add_output(*place, text);
}

void Cutter::add_output(const Place& place, const std::string& text) {
  if (place.blob) return outputs_.push_back(*place.blob);
  const Layer& layer = net_.layers[*place.layer];
  if (place.input) {
    if (!check_port(*place.input, layer.bottoms.size(), "input", text)) return;
    if (const auto from = flow_.source(*place.layer, *place.input)) outputs_.push_back(*from);
    return;
  }
  if (place.output) {
    if (check_port(*place.output, layer.tops.size(), "output", text))
      outputs_.push_back({*place.layer, *place.output});
    return;
  }
  if (layer.tops.empty()) check_port(0, 0, "output", text);
  for (std::size_t i = 0; i < layer.tops.size(); ++i) outputs_.push_back({*place.layer, i});
}

/// The shape of a blob in the whole net; empty when it cannot be told.
Shape Cutter::shape_of(TopReference top) {
  Net part = net_;
  const std::vector<bool> needed = flow_.needed_for({top});
  std::vector<Layer> layers;
  for (std::size_t i = 0; i < net_.layers.size(); ++i) {
    if (!needed[i]) continue;
    if (i == top.layer) part.outputs = {{layers.size(), top.top}};
    layers.push_back(net_.layers[i]);
  }
  part.layers = std::move(layers);
  InputOverrides overrides;
  overrides.inputs = cuts_.inputs;
  overrides.batch = batch_;
  Diagnostics quiet;
  const Graph graph = build_graph(part, overrides, registry_, quiet);
  return quiet.has_errors() || graph.outputs.empty() ? Shape{} : graph.shape(graph.outputs.front());
}

void Cutter::add_new_input(const std::string& name, TopReference replaced, InputOverride input) {
  if (input.shape.empty()) input.shape = shape_of(replaced);
  if (input.shape.empty())
    diagnostics_.error(code::shape_at_cut_unknown,
                       "--input " + input.name +
                           ": the shape at this place is not known, since what is "
                           "before it cannot be converted",
                       "give it: --input \"" + input.name + "[1,64,56,56]\"");
  Layer layer;
  layer.name = name;
  layer.type = "Input";
  layer.tops = {name};
  layer.parameters = std::make_shared<const Message>();
  new_layers_.push_back(std::move(layer));
  result_.new_inputs.push_back(name);
  input.name = name;
  result_.inputs.push_back(std::move(input));
}

void Cutter::cut_bottom(std::size_t layer, std::size_t bottom, const InputOverride& input) {
  const auto from = flow_.source(layer, bottom);
  if (!from) return;  // reported when the layer is lowered
  const std::string name = net_.layers[layer].name + "/placeholder_port_" + std::to_string(bottom);
  result_.net.layers[layer].bottoms[bottom] = name;
  add_new_input(name, *from, input);
}

/// The new input takes the blob's name: what makes and reads the old one gets another.
void Cutter::give_up_name(const std::string& blob, std::size_t last_layer) {
  for (std::size_t i = 0; i <= last_layer; ++i) {
    std::ranges::replace(result_.net.layers[i].tops, blob, blob + "/before_cut");
    std::ranges::replace(result_.net.layers[i].bottoms, blob, blob + "/before_cut");
  }
}

void Cutter::cut_top(TopReference top, const std::string& name, const InputOverride& input) {
  for (std::size_t i = 0; i < net_.layers.size(); ++i)
    for (std::size_t k = 0; k < net_.layers[i].bottoms.size(); ++k)
      if (flow_.source(i, k) == top) result_.net.layers[i].bottoms[k] = name;
  add_new_input(name, top, input);
}

void Cutter::cut_input(const InputOverride& input) {
  if (input.name.empty()) return result_.inputs.push_back(input);
  const auto place = find(input.name, "--input");
  if (!place) return;
  const std::size_t index = place->blob ? place->blob->layer : *place->layer;
  const Layer& layer = net_.layers[index];
  if (layer.bottoms.empty()) {  // an input of the net
    if (place->input || place->output)
      return diagnostics_.error(code::port_on_input,
                                "--input " + input.name + ": \"" + layer.name + "\" is an input of the net",
                                "an input has no ports: write its name alone");
    kept_inputs_.push_back(index);
    return result_.inputs.push_back(input);
  }
  if (place->blob) {
    give_up_name(input.name, index);
    return cut_top(*place->blob, input.name, input);
  }
  if (place->output) {
    if (check_port(*place->output, layer.tops.size(), "output", input.name))
      cut_top({index, *place->output}, layer.name + "/placeholder_out_port_" + std::to_string(*place->output),
              input);
    return;
  }
  if (place->input) {
    if (check_port(*place->input, layer.bottoms.size(), "input", input.name))
      cut_bottom(index, *place->input, input);
    return;
  }
  if (layer.bottoms.size() > 1 && !input.shape.empty())
    return diagnostics_.error(code::port_needed,
                              "--input " + input.name + ": the layer has " +
                                  std::to_string(layer.bottoms.size()) + " inputs; which has this shape?",
                              "put the input's number before the name: 0:" + input.name);
  for (std::size_t i = 0; i < layer.bottoms.size(); ++i) cut_bottom(index, i, input);
}

/// Leaves the layers that the outputs need; the new inputs come first.
void Cutter::trim() {
  const BlobFlow flow(result_.net);  // the new blobs have no writers in it
  if (outputs_.empty()) {
    std::vector<std::size_t> from = kept_inputs_;
    for (std::size_t i = 0; i < result_.net.layers.size(); ++i)
      for (const std::string& bottom : result_.net.layers[i].bottoms)
        if (std::ranges::find(result_.new_inputs, bottom) != result_.new_inputs.end()) from.push_back(i);
    for (const TopReference& end : flow.ends_behind(from))
      if (!result_.net.layers[end.layer].bottoms.empty()) outputs_.push_back(end);
  }
  const std::vector<bool> needed = flow.needed_for(outputs_);
  std::vector<Layer> layers = std::move(new_layers_);
  std::vector<std::size_t> place(needed.size());
  for (std::size_t i = 0; i < needed.size(); ++i) {
    place[i] = layers.size();
    if (needed[i]) layers.push_back(std::move(result_.net.layers[i]));
  }
  for (const TopReference& output : outputs_)
    result_.net.outputs.push_back({place[output.layer], output.top});
  result_.net.layers = std::move(layers);
}

CutNet Cutter::run() {
  result_.net = net_;
  for (const std::string& output : cuts_.outputs) add_output(output);
  for (const InputOverride& input : cuts_.inputs) cut_input(input);
  if (!diagnostics_.has_errors() && (!outputs_.empty() || !new_layers_.empty())) trim();
  return std::move(result_);
}

}  // namespace

CutNet cut(const Net& net, const Cuts& cuts, std::int64_t batch, const LayerRegistry& registry,
           Diagnostics& diagnostics) {
  return Cutter(net, cuts, batch, registry, diagnostics).run();
}

}  // namespace mo::caffe
