#include <utility>

#include "caffe/layer_context.h"
#include "custom/user_layers.h"

namespace mo::custom {

namespace {

using caffe::LayerContext;
using UserLayer = caffe::LayerRegistry::UserLayer;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 10; ++i) text += (i ? ", " : "") + names[i];
  return text + (names.size() > 10 ? ", ..." : "");
}

class MappedLowering {
 public:
  MappedLowering(MappedLayer mapped, std::vector<DescribedParameter> parameters, bool has_shapes,
                 std::shared_ptr<const MessageSchema> schema, const CollectOptions& options)
      : mapped_(std::move(mapped)),
        parameters_(std::move(parameters)),
        has_shapes_(has_shapes),
        schema_(std::move(schema)),
        options_(options) {}

  void operator()(LayerContext& c, const UserLayer& layer) const {
    Attributes attributes = hidden_parameters(parameters_, c);
    attributes.set(output_count, static_cast<std::int64_t>(c.top_count()));
    if (!mapped_.parameter.empty())
      for (const auto& [name, value] : collected(c)) attributes.set(name, value);
    if (!has_shapes_)
      c.note(code::shape_assumed, Severity::warning,
             "its tops are taken to have the shape of its first bottom, since nothing says otherwise",
             "say outputShape=\"...\" in the mapping file; same(0) if it is so");
    std::vector<Value> bottoms;
    for (std::size_t i = 0; i < c.bottom_count(); ++i) bottoms.push_back(c.bottom(i));
    const NodeId id = c.emit(layer.op, std::move(bottoms), std::move(attributes), all_blobs(c));
    const std::size_t outputs = c.graph().node(id).outputs.size();
    if (outputs != c.top_count())
      c.fail(code::wrong_arity,
             "it has " + std::to_string(c.top_count()) + " tops, but " + std::to_string(outputs) +
                 " shapes are said for its type",
             "say a shape for each top, separated by ;");
    for (std::uint32_t i = 0; i < outputs; ++i) c.top(i, {id, i});
  }

 private:
  Attributes collected(LayerContext& c) const {
    CollectedAttributes all;
    try {
      all = collect_attributes(*c.layer().parameters, mapped_.parameter, *schema_, options_);
    } catch (const Failure& failure) {
      c.fail_at(mapped_.parameter, code::bad_value, failure.diagnostic().cause, failure.diagnostic().remedy);
    }
    if (!all.clashes.empty())
      c.note(code::attribute_clash, Severity::warning,
             "several fields of " + mapped_.parameter +
                 " are called alike, the last counts: " + listed(all.clashes),
             "give --enable_flattening_nested_params: names of nested fields are then outer__inner");
    const bool known = schema_->find(schema_->layer_parameter, mapped_.parameter) != nullptr;
    if (!known)
      c.note(code::parameters_without_schema, Severity::warning,
             mapped_.parameter +
                 " is not in the schema: its fields are taken as the prototxt writes them, "
                 "and fields that it does not write are missing",
             "name the fork's caffe.proto with --caffe_proto");
    else if (!all.unknown.empty())
      c.note(code::unknown_field, Severity::warning,
             "the schema does not have these fields of " + mapped_.parameter +
                 ", they are taken as written: " + listed(all.unknown),
             "correct their names, or name the fork's caffe.proto with --caffe_proto");
    return std::move(all.attributes);
  }

  MappedLayer mapped_;
  std::vector<DescribedParameter> parameters_;
  bool has_shapes_;
  std::shared_ptr<const MessageSchema> schema_;
  CollectOptions options_;
};

}  // namespace

std::unique_ptr<UserLayer> make_mapped_layer(const MappedLayer& mapped, const Description* shapes,
                                             std::shared_ptr<const MessageSchema> schema,
                                             const CollectOptions& options) {
  const bool described = mapped.shapes.empty() && shapes != nullptr;
  ForeignLayer foreign{.type = mapped.type,
                       .shapes = described ? shapes->outputs : mapped.shapes,
                       .attributes = {},
                       .copies_attributes = true};
  const auto parameters = described ? shapes->parameters : std::vector<DescribedParameter>{};

  auto layer = std::make_unique<UserLayer>();
  layer->names = {mapped.type, mapped.parameter};  // complete before anything points into it
  for (const DescribedParameter& parameter : parameters) layer->names.push_back(parameter.path);
  layer->op = make_foreign_op(layer->names[0], foreign);
  auto& definition = layer->definition;
  definition.types = {layer->names[0]};
  if (!mapped.parameter.empty()) definition.parameters.push_back({layer->names[1], std::string()});
  for (std::size_t i = 0; i < parameters.size(); ++i)
    definition.parameters.push_back({layer->names[2 + i], parameters[i].default_value});
  definition.blobs = definition.bottoms = {0, caffe::any_number};
  definition.tops = {1, caffe::any_number};
  definition.lower =
      [lowering = MappedLowering(mapped, parameters, !foreign.shapes.empty(), std::move(schema), options),
       self = layer.get()](LayerContext& c) { lowering(c, *self); };
  return layer;
}

}  // namespace mo::custom
