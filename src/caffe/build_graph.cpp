#include "caffe/build_graph.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "caffe/layers/layers.h"
#include "caffe/net_ends.h"
#include "caffe/schema/check_fields.h"
#include "caffe/stand_in_weights.h"

namespace mo::caffe {

namespace {

/// What a blob name stands for at a place in the net.
struct Binding {
  std::optional<Value> value;     ///< none where the layer that should make it failed, or as below
  std::string why_not = {};       ///< it exists in Caffe and cannot be had here
  const Layer* source = nullptr;  ///< a data layer that makes it when something needs it
  std::size_t top = 0;            ///< which of the source's tops
};

using Blobs = std::unordered_map<std::string_view, Binding>;  // the names are the net's

/// Unsupported layers by type, for one report of them all.
using Unsupported = std::map<std::string, std::vector<const Layer*>>;

/// The same for layers of known types that say themselves why they cannot be converted, by that reason.
struct Refusal {
  Diagnostic first;
  std::vector<const Layer*> layers;
};
using Refusals = std::map<std::pair<std::string, std::string>, Refusal>;  // type, cause

constexpr std::size_t names_shown = 50;

/// `a, b, c`, and how many more there are.
std::string names_of(const std::vector<const Layer*>& layers) {
  std::string names;
  for (std::size_t i = 0; i < layers.size() && i < names_shown; ++i)
    names += (i ? ", " : "") + layers[i]->name;
  if (layers.size() > names_shown) names += " and " + std::to_string(layers.size() - names_shown) + " more";
  return names;
}

class Builder {
 public:
  Builder(const Net& net, const InputOverrides& overrides, const LayerRegistry& registry,
          Diagnostics& diagnostics, const LayerObserver& observe)
      : net_(net), overrides_(overrides), registry_(registry), diagnostics_(diagnostics), observe_(observe) {
    graph_.name = net.name;
  }

  Graph run();

 private:
  const LayerDef* definition_of(const Layer& layer) const;
  void lower(const Layer& layer);
  void call(const Layer& layer, const LayerDef& definition, std::vector<Value> bottoms,
            const std::function<void(LayerContext&)>& action);
  void bind_tops(const Layer& layer, const LayerContext& context);
  void make_input(Binding binding);
  std::optional<std::vector<Value>> resolve_bottoms(const Layer& layer, std::size_t used);
  void report_unknown_bottom(const Layer& layer, const std::string& name);
  bool check_parameters(const Layer& layer, const LayerDef& definition);
  bool check_counts(const Layer& layer, const LayerDef& definition);
  void bind(const std::string& blob_name, Value value);
  void poison_tops(const Layer& layer);
  void report_without_weights();
  void report_unsupported();
  void report_refused();
  void report_unused_weights();
  void choose_outputs();
  void add(const Layer& layer, const DiagnosticCode& code, std::string cause, std::string remedy) {
    diagnostics_.add(layer_diagnostic(net_, layer, code, std::move(cause), std::move(remedy)));
  }

  const Net& net_;
  const InputOverrides& overrides_;
  const LayerRegistry& registry_;
  Diagnostics& diagnostics_;
  const LayerObserver& observe_;
  Graph graph_;
  Blobs blobs_;
  std::vector<const Layer*> without_weights_;
  Unsupported unsupported_;
  Refusals refusals_;
  std::vector<Value> wanted_;  // outputs that were asked for
  NetEnds ends_;
};

std::string count_text(const Count& count, const char* what) {
  if (count.min == count.max) return std::to_string(count.min) + " " + what;
  if (count.max == any_number) return "at least " + std::to_string(count.min) + " " + what;
  return std::to_string(count.min) + " to " + std::to_string(count.max) + " " + what;
}

bool Builder::check_counts(const Layer& layer, const LayerDef& definition) {
  const auto outside = [](std::size_t n, const Count& count) { return n < count.min || n > count.max; };
  if (outside(layer.bottoms.size(), definition.bottoms)) {
    add(layer, code::wrong_arity,
        "it has " + std::to_string(layer.bottoms.size()) + " bottoms where its type takes " +
            count_text(definition.bottoms, "of them"),
        "correct the bottom lines of this layer");
    return false;
  }
  if (outside(layer.tops.size(), definition.tops)) {
    add(layer, code::wrong_arity,
        "it has " + std::to_string(layer.tops.size()) + " tops where its type gives " +
            count_text(definition.tops, "of them"),
        "correct the top lines of this layer");
    return false;
  }
  const std::size_t needed = definition.blobs.min;
  if (!net_.has_weights || layer.blobs.size() >= needed) return true;
  if (layer.in_caffemodel)
    add(layer, code::missing_weights,
        "the caffemodel has " + std::to_string(layer.blobs.size()) + " blobs for it, " +
            std::to_string(needed) + " are needed",
        "take the caffemodel that belongs to this prototxt");
  else
    without_weights_.push_back(&layer);
  return false;
}

void Builder::report_without_weights() {
  if (without_weights_.empty()) return;
  const std::string cause = net_.has_caffemodel
                                ? "the caffemodel has no layer of this name, so there are no weights for it"
                                : "it has weights, and no caffemodel is given";
  const std::size_t count = without_weights_.size();
  add(*without_weights_.front(), code::missing_weights,
      count == 1 ? cause
                 : cause + " (" + std::to_string(count) +
                       " such layers in this net: " + names_of(without_weights_) + ")",
      net_.has_caffemodel ? "take the caffemodel that belongs to this prototxt; layers are matched by name"
                          : "name the file with the trained weights: --input_model model.caffemodel");
}

void Builder::report_unknown_bottom(const Layer& layer, const std::string& name) {
  std::vector<std::string_view> known;
  for (const auto& [blob_name, binding] : blobs_) known.push_back(blob_name);
  const std::string_view near = nearest(name, known);
  add(layer, code::unknown_bottom, "no layer before it has the top \"" + name + "\"",
      near.empty() ? "correct the name, or add the layer that makes it"
                   : "did you mean \"" + std::string(near) + "\"?");
}

/// The values of the bottoms; a label that only training uses may be no value at all.
std::optional<std::vector<Value>> Builder::resolve_bottoms(const Layer& layer, std::size_t used) {
  std::vector<Value> values;
  bool whole = true;
  for (std::size_t i = 0; i < layer.bottoms.size(); ++i) {
    const std::string& name = layer.bottoms[i];
    ends_.read(name);
    auto it = blobs_.find(name);
    if (it == blobs_.end()) {
      report_unknown_bottom(layer, name);
      whole = false;
      continue;
    }
    if (it->second.source != nullptr) {
      if (i >= used) {
        values.emplace_back();
        continue;
      }
      make_input(it->second);
      it = blobs_.find(name);
    }
    if (it->second.value) {
      values.push_back(*it->second.value);
      continue;
    }
    if (!it->second.why_not.empty())
      add(layer, code::unsupported_parameter,
          "its bottom \"" + name + "\" cannot be had: " + it->second.why_not,
          "cut the net before this layer with --output, or replace the layer and train again");
    whole = false;  // any other cause has been reported
  }
  if (!whole) return std::nullopt;
  return values;
}

bool Builder::check_parameters(const Layer& layer, const LayerDef& definition) {
  std::vector<std::string_view> paths;
  for (const Parameter& parameter : definition.parameters) paths.push_back(parameter.path);
  // What reads data from disk or scores the net computes nothing at inference.
  const bool computes = !definition.source && definition.inference_bottoms > 0;
  const std::size_t before = diagnostics_.error_count();
  schema::check_fields(layer, *net_.source, paths, computes, diagnostics_);
  return diagnostics_.error_count() == before;
}

void Builder::bind(const std::string& blob_name, Value value) {
  const std::optional<Value> earlier = std::exchange(blobs_[blob_name], {.value = value}).value;
  // An input that a layer overwrites in place keeps its own name: the application feeds it by that.
  if (earlier && graph_.node(value.node).op != &op::input &&
      NetEnds::is_own_name(graph_, *earlier, blob_name))
    return;
  if (earlier) std::erase(graph_.output(*earlier).names, blob_name);
  graph_.output(value).names.push_back(blob_name);
}

void Builder::poison_tops(const Layer& layer) {
  for (const std::string& top : layer.tops) blobs_[top] = {};
}

/// A layer of an unknown type without bottoms can only feed data.
const LayerDef* Builder::definition_of(const Layer& layer) const {
  const LayerDef* definition = registry_.find(layer.type);
  const bool feeds = layer.bottoms.empty() && !layer.tops.empty();
  if (feeds && (definition == nullptr || layer.type == "Python")) return &layers::unknown_source;
  return definition;
}

void Builder::lower(const Layer& layer) {
  const LayerDef* definition = definition_of(layer);
  if (definition == nullptr) {
    unsupported_[layer.type].push_back(&layer);
    poison_tops(layer);
    return;
  }
  if (definition != &layers::unknown_source && !check_parameters(layer, *definition)) {
    poison_tops(layer);  // what else is wrong with the layer follows from the wrong field
    return;
  }
  const bool complete = check_counts(layer, *definition);  // also where a bottom cannot be had
  auto bottoms = resolve_bottoms(layer, definition->inference_bottoms);
  if (!bottoms || !complete) {
    poison_tops(layer);
    return;
  }
  if (definition->source) {
    for (std::size_t i = 0; i < layer.tops.size(); ++i)
      blobs_[layer.tops[i]] = {.value = {}, .source = &layer, .top = i};
    return;
  }
  call(layer, *definition, std::move(*bottoms), definition->lower);
}

void Builder::make_input(Binding binding) {
  const LayerDef& definition = *definition_of(*binding.source);
  const std::string& name = binding.source->tops[binding.top];
  blobs_[name] = {};  // until it is made
  call(*binding.source, definition, {},
       [&](LayerContext& context) { definition.source(context, binding.top); });
}

void Builder::call(const Layer& layer, const LayerDef& definition, std::vector<Value> bottoms,
                   const std::function<void(LayerContext&)>& action) {
  const std::vector<Value> read = bottoms;
  LayerContext context(layer, definition, net_, overrides_, std::move(bottoms), graph_, diagnostics_);
  const auto first_node = static_cast<NodeId>(graph_.capacity());
  try {
    if (net_.stand_in_weights && layer.blobs.empty() && definition.blob_shapes)
      context.set_stand_ins(stand_ins(definition.blob_shapes(context)));
    action(context);
    if (observe_) observe_(context, definition, first_node);
  } catch (const Failure& failure) {
    Diagnostic diagnostic = failure.diagnostic();
    if (diagnostic.file.empty()) {  // from a shape rule, which knows no files
      diagnostic.layer = layer.name;
      diagnostic.layer_type = layer.type;
      diagnostic.file = net_.source->file;
      diagnostic.position = layer.position;
    }
    if (diagnostic.code == &code::unsupported_layer) {
      Refusal& refusal = refusals_[{layer.type, diagnostic.cause}];
      if (refusal.layers.empty()) refusal.first = std::move(diagnostic);
      refusal.layers.push_back(&layer);
    } else {
      diagnostics_.add(std::move(diagnostic));
    }
    if (!definition.source) poison_tops(layer);
    return;
  } catch (const std::overflow_error& error) {  // of sizes that only the layer's parameters give
    diagnostics_.add(layer_diagnostic(net_, layer, code::too_large, error.what(),
                                      "check the numbers in the layer's parameters"));
    if (!definition.source) poison_tops(layer);
    return;
  }
  bind_tops(layer, context);
  ends_.add(layer, context, read);
}

void Builder::bind_tops(const Layer& layer, const LayerContext& context) {
  for (std::size_t i = 0; i < layer.tops.size(); ++i) {
    const Value value = context.tops()[i];
    if (value == Value{}) continue;  // a top without a meaning at inference (a loss)
    bind(layer.tops[i], value);
    graph_.output(value).origins.push_back({layer.name, layer.tops[i]});
    for (const TopReference& wanted : net_.outputs)
      if (&net_.layers[wanted.layer] == &layer && wanted.top == i)
        wanted_.push_back(NetEnds::wanted(graph_, layer, i, value));
  }
  for (const auto& [index, why] : context.missing_tops())
    if (index < layer.tops.size()) blobs_[layer.tops[index]] = {.value = {}, .why_not = why};
}

void Builder::report_unsupported() {
  for (const auto& [type, layers] : unsupported_) {
    Diagnostic diagnostic = layer_diagnostic(net_, *layers.front(), code::unsupported_layer, "", "");
    diagnostic.layer.clear();
    diagnostic.layer_type.clear();
    diagnostic.cause = "layers of type \"" + type + "\" are not supported (" + std::to_string(layers.size()) +
                       " in this net: " + names_of(layers) + ")";
    const std::string_view near = registry_.nearest(type);
    diagnostic.remedy =
        (near.empty() ? "" : "did you mean \"" + std::string(near) + "\"? Else ") +
        std::string("describe the layer as a custom layer, or cut the net before it with --output");
    diagnostics_.add(std::move(diagnostic));
  }
}

void Builder::report_refused() {
  for (auto& [key, refusal] : refusals_) {
    Diagnostic diagnostic = std::move(refusal.first);
    if (refusal.layers.size() > 1)
      diagnostic.cause += " (" + std::to_string(refusal.layers.size()) +
                          " such layers in this net: " + names_of(refusal.layers) + ")";
    diagnostics_.add(std::move(diagnostic));
  }
}

void Builder::report_unused_weights() {
  if (net_.unused_weights.empty()) return;
  std::string names;
  for (std::size_t i = 0; i < net_.unused_weights.size() && i < 10; ++i)
    names += (i ? ", " : "") + net_.unused_weights[i];
  if (net_.unused_weights.size() > 10) names += ", ...";
  diagnostics_.info(code::unused_weights,
                    std::to_string(net_.unused_weights.size()) +
                        " layers of the caffemodel with weights are not in the net: " + names);
}

void Builder::choose_outputs() {
  for (const Value value : wanted_)
    if (!graph_.outputs.contains(value)) graph_.outputs.push_back(value);
  if (net_.outputs.empty()) ends_.choose(graph_);
  if (graph_.outputs.empty() && !diagnostics_.has_errors())
    diagnostics_.error(code::no_outputs,
                       "the net has no output: " + std::to_string(net_.layers.size()) +
                           " layers, none of which gives anything at inference",
                       "give the deploy prototxt with the layers to convert");
}

Graph Builder::run() {
  blobs_.reserve(net_.layers.size());
  graph_.reserve(net_.layers.size());
  for (const Layer& layer : net_.layers) lower(layer);
  report_without_weights();
  report_unsupported();
  report_refused();
  report_unused_weights();
  if (graph_.inputs.empty() && !diagnostics_.has_errors())
    diagnostics_.error(
        code::no_inputs, "the net has no input layer",
        "add `layer { name: \"data\" type: \"Input\" top: \"data\" input_param { shape { dim: 1 dim: 3 "
        "dim: 224 dim: 224 } } }` at the top of the prototxt");
  choose_outputs();
  for (const std::string& name : graph_.erase_dead())
    diagnostics_.info(code::unused_input,
                      "the input \"" + name + "\" has no influence on any output and is left out");
  return std::move(graph_);
}

}  // namespace

Graph build_graph(const Net& net, const InputOverrides& overrides, const LayerRegistry& registry,
                  Diagnostics& diagnostics, const LayerObserver& observe) {
  return Builder(net, overrides, registry, diagnostics, observe).run();
}

}  // namespace mo::caffe
