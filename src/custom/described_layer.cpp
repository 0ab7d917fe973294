#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "caffe/build_message.h"
#include "caffe/layer_context.h"
#include "custom/toml_table.h"
#include "custom/user_layers.h"

namespace mo::custom {

namespace {

using caffe::LayerContext;
using UserLayer = caffe::LayerRegistry::UserLayer;

/// `name` or `name:index`, of a step's tops or of a bottom.
struct Reference {
  std::string name;
  std::size_t index = 0;
};

Reference to_reference(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return {text, 0};
  std::size_t index = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + colon + 1, last, index);
  if (error != std::errc{} || end != last) return {text, 0};
  return {text.substr(0, colon), index};
}

std::optional<std::size_t> bottom_number(const std::string& name) {
  if (!name.starts_with("bottom")) return std::nullopt;
  std::size_t index = 0;
  const char* const last = name.data() + name.size();
  const auto [end, error] = std::from_chars(name.data() + 6, last, index);
  if (error != std::errc{} || end != last) return std::nullopt;
  return index;
}

std::vector<std::string> texts_of(const AttributeValue& value) {
  return std::visit(
      [](const auto& held) -> std::vector<std::string> {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          return {held};
        } else if constexpr (std::is_arithmetic_v<Held>) {
          return {fmt::format("{}", held)};
        } else {
          std::vector<std::string> texts;
          texts.reserve(held.size());
          for (const auto element : held) texts.push_back(fmt::format("{}", element));
          return texts;
        }
      },
      value);
}

/// Appends the fields that say `value` at a dotted path.
void add_fields(caffe::Message& message, std::string_view path, const AttributeValue& value,
                Position position) {
  caffe::Message* at = &message;
  for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    at = &caffe::message_at(*at, path.substr(0, dot), position);
    path.remove_prefix(dot + 1);
  }
  for (std::string& text : texts_of(value))
    at->fields.push_back(caffe::make_number(std::string(path), std::move(text), position));
}

/// What the layer's steps are built from, all looked up and checked.
class StepsLowering {
 public:
  explicit StepsLowering(const Description& description)
      : parameters_(description.parameters), steps_(description.steps), results_(description.results) {
    if (results_.empty()) results_.push_back(steps_.back().name);
    std::vector<std::string> known;
    for (const Step& step : steps_) {
      check(step, known, description.bottoms.max);
      known.push_back(step.name);
    }
    for (const std::string& result : results_)
      if (std::ranges::find(known, to_reference(result).name) == known.end())
        fail_at(description.place, "results: there is no step \"" + result + "\"");
  }

  std::size_t result_count() const { return results_.size(); }

  void operator()(LayerContext& c) const {
    const Attributes parameters = hidden_parameters(parameters_, c);
    Scope scope;
    for (const auto& [name, value] : parameters) scope.variables.set(name.substr(1), value);
    for (std::size_t i = 0; i < c.bottom_count(); ++i) scope.bottoms.push_back(c.bottom_shape(i));
    for (std::size_t i = 0; i < c.blob_count(); ++i) scope.blobs.push_back(c.blob(i).shape());
    std::map<std::string, std::vector<Value>> values;
    for (const Step& step : steps_) values[step.name] = lower(c, step, scope, values);
    for (std::size_t i = 0; i < std::min(results_.size(), c.top_count()); ++i)
      c.top(i, value_of(c, results_[i], values));
  }

 private:
  using Values = std::map<std::string, std::vector<Value>>;

  static void check(const Step& step, const std::vector<std::string>& known, std::size_t bottoms) {
    const caffe::LayerDef* definition = caffe::find_layer(step.layer);
    if (definition == nullptr || !definition->lower)
      fail_at(step.place, "there is no built-in layer \"" + step.layer + "\" to make a step of",
              "docs/layers.md lists the built-in layers");
    for (const std::string& bottom : step.bottoms) {
      const Reference reference = to_reference(bottom);
      const auto number = bottom_number(reference.name);
      if ((!number || *number >= bottoms) && std::ranges::find(known, reference.name) == known.end())
        fail_at(step.place, "the step " + step.name + " has the bottom \"" + bottom +
                                "\", which is neither a step before it nor bottom0, bottom1 ...");
    }
    for (const AttributeRule& rule : step.parameters) {
      std::vector<std::string_view> paths;
      for (const caffe::Parameter& parameter : definition->parameters) paths.push_back(parameter.path);
      if (std::ranges::find(paths, rule.name) != paths.end()) continue;
      const std::string_view near = nearest(rule.name, paths);
      fail_at(step.place, "layers of type " + step.layer + " have no parameter \"" + rule.name + "\"",
              near.empty() ? "write its path, \"power_param.scale\""
                           : "did you mean \"" + std::string(near) + "\"?");
    }
  }

  static Value value_of(const LayerContext& c, const std::string& text, const Values& values) {
    const Reference reference = to_reference(text);
    if (const auto found = values.find(reference.name); found != values.end()) {
      if (reference.index < found->second.size() && found->second[reference.index] != Value{})
        return found->second[reference.index];
      c.fail(code::layer_description, "the step " + reference.name + " of its description has no top " +
                                          std::to_string(reference.index));
    }
    const std::size_t bottom = bottom_number(reference.name).value_or(c.bottom_count());
    if (bottom >= c.bottom_count())
      c.fail(code::layer_description, "its description uses " + text + ", which the layer does not have");
    return c.bottom(bottom);
  }

  std::vector<Value> lower(LayerContext& c, const Step& step, const Scope& scope,
                           const Values& values) const {
    const caffe::LayerDef& definition = *caffe::find_layer(step.layer);
    caffe::Layer part;
    const bool main = to_reference(results_.front()).name == step.name;
    part.name = main ? c.name() : c.name() + "/" + step.name;
    part.type = step.layer;
    part.position = c.layer().position;
    part.bottoms = step.bottoms;
    for (std::size_t i = 0; i < step.tops; ++i) part.tops.push_back(part.name + ":" + std::to_string(i));
    auto parameters = std::make_unique<caffe::Message>();
    for (const AttributeRule& rule : step.parameters)
      add_fields(*parameters, rule.name, evaluate(rule, scope), part.position);
    part.parameters = std::move(parameters);
    for (const std::int64_t blob : step.blobs) {
      if (!c.has_weights()) break;
      if (blob < 0 || static_cast<std::size_t>(blob) >= c.blob_count())
        c.fail(code::layer_description, "its description uses blob " + std::to_string(blob) + ", it has " +
                                            std::to_string(c.blob_count()));
      part.blobs.push_back(c.blob(static_cast<std::size_t>(blob)));
    }
    std::vector<Value> bottoms;
    for (const std::string& bottom : step.bottoms) bottoms.push_back(value_of(c, bottom, values));
    check_counts(c, step, definition, part);
    return c.lower_part(part, definition, std::move(bottoms));
  }

  static void check_counts(const LayerContext& c, const Step& step, const caffe::LayerDef& definition,
                           const caffe::Layer& part) {
    const auto check = [&](std::size_t count, const caffe::Count& range, const char* what) {
      if (count < range.min || count > range.max)
        c.fail(code::layer_description,
               "the step " + step.name + " of its description has " + std::to_string(count) + " " + what +
                   ", which " + step.layer + " does not take",
               "correct the description file");
    };
    check(part.bottoms.size(), definition.bottoms, "bottoms");
    check(part.tops.size(), definition.tops, "tops");
    if (c.has_weights()) check(part.blobs.size(), definition.blobs, "blobs");
  }

  std::vector<DescribedParameter> parameters_;
  std::vector<Step> steps_;
  std::vector<std::string> results_;
};

/// One node of the layer's own op.
void lower_to_layer(LayerContext& c, const std::vector<DescribedParameter>& parameters,
                    const UserLayer& layer) {
  std::vector<Value> bottoms;
  for (std::size_t i = 0; i < c.bottom_count(); ++i) bottoms.push_back(c.bottom(i));
  const NodeId id = c.emit(layer.op, std::move(bottoms), hidden_parameters(parameters, c), all_blobs(c));
  const std::size_t outputs = std::min(c.graph().node(id).outputs.size(), c.top_count());
  for (std::uint32_t i = 0; i < outputs; ++i) c.top(i, {id, i});
}

}  // namespace

std::unique_ptr<UserLayer> make_described_layer(const Description& description) {
  auto layer = std::make_unique<UserLayer>();
  layer->names = description.types;  // complete before anything points into it
  for (const DescribedParameter& parameter : description.parameters) layer->names.push_back(parameter.path);
  auto& definition = layer->definition;
  const std::size_t types = description.types.size();
  definition.types.assign(layer->names.begin(), layer->names.begin() + static_cast<std::ptrdiff_t>(types));
  for (std::size_t i = 0; i < description.parameters.size(); ++i)
    definition.parameters.push_back({layer->names[types + i], description.parameters[i].default_value});
  definition.bottoms = description.bottoms;
  definition.tops = description.tops;
  definition.blobs = description.blobs;
  if (!description.layer) {
    StepsLowering lowering(description);
    if (lowering.result_count() < description.tops.max)
      fail_at(description.place, "it has " + std::to_string(description.tops.max) + " tops, but " +
                                     std::to_string(lowering.result_count()) + " results");
    definition.lower = std::move(lowering);
    return layer;
  }
  ForeignLayer foreign = *description.layer;
  foreign.shapes = description.outputs;
  if (foreign.shapes.size() < description.tops.max || foreign.shapes.empty())
    fail_at(description.place,
            "it has " + std::to_string(description.tops.max) + " tops, but " +
                std::to_string(foreign.shapes.size()) + " outputs",
            "write the shape of each top: outputs = [\"same(0)\"]");
  layer->op = make_foreign_op(layer->names[0], foreign);
  definition.lower = [parameters = description.parameters, self = layer.get()](LayerContext& c) {
    lower_to_layer(c, parameters, *self);
  };
  return layer;
}

}  // namespace mo::custom
