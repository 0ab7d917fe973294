#include "custom/message_schema.h"

#include <algorithm>
#include <array>

#include "caffe/layer_def.h"
#include "caffe/schema/schema.h"

namespace mo::custom {

namespace {

SchemaField::Kind kind_of(std::string_view type) {
  static constexpr std::array integers{"int32", "uint32", "int64", "uint64"};
  if (std::ranges::find(integers, type) != integers.end()) return SchemaField::Kind::integer;
  if (type == "float" || type == "double") return SchemaField::Kind::real;
  if (type == "bool") return SchemaField::Kind::boolean;
  if (caffe::schema::is_message(type)) return SchemaField::Kind::message;
  if (caffe::schema::find_enum(type) != nullptr) return SchemaField::Kind::enumeration;
  return SchemaField::Kind::text;
}

SchemaField to_field(const caffe::schema::FieldDef& definition) {
  SchemaField field{.name = std::string(definition.name),
                    .kind = kind_of(definition.type),
                    .repeated = (definition.flags & caffe::schema::repeated) != 0};
  if (field.kind == SchemaField::Kind::message) field.message = definition.type;
  if (const auto* enumeration = caffe::schema::find_enum(definition.type)) {
    const std::string name(enumeration->name);
    field.scope = "caffe." + name.substr(0, name.rfind('.') + 1);
    for (const auto& value : enumeration->values) field.values.emplace_back(value.name, value.number);
  }
  return field;
}

void add_message(MessageSchema& schema, const std::string& message) {
  auto& fields = schema.messages[message];
  for (const auto* definition : caffe::schema::fields_of(message))
    if (std::ranges::find(fields, definition->name, &SchemaField::name) == fields.end())
      fields.push_back(to_field(*definition));
}

/// The field at a dotted path from LayerParameter, or nullptr.
SchemaField* at_path(MessageSchema& schema, std::string_view path) {
  std::string message = schema.layer_parameter;
  while (true) {
    const auto dot = path.find('.');
    const auto found = schema.messages.find(message);
    if (found == schema.messages.end()) return nullptr;
    const auto field = std::ranges::find(found->second, path.substr(0, dot), &SchemaField::name);
    if (field == found->second.end()) return nullptr;
    if (dot == std::string_view::npos) return &*field;
    message = field->message;
    path.remove_prefix(dot + 1);
  }
}

bool is_set(const AttributeValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr || !text->empty();
}

void add_defaults(MessageSchema& schema, const caffe::LayerDef& layer) {
  for (const caffe::Parameter& parameter : layer.parameters) {
    SchemaField* field = at_path(schema, parameter.path);
    if (field != nullptr && !field->repeated && !field->default_value && is_set(parameter.default_value))
      field->default_value = parameter.default_value;
  }
}

}  // namespace

const SchemaField* MessageSchema::find(std::string_view message, std::string_view field) const {
  const auto found = messages.find(message);
  if (found == messages.end()) return nullptr;
  const auto it = std::ranges::find(found->second, field, &SchemaField::name);
  return it == found->second.end() ? nullptr : &*it;
}

MessageSchema built_in_schema(std::string_view type) {
  MessageSchema schema;
  schema.layer_parameter = "LayerParameter";
  std::vector<std::string> pending{schema.layer_parameter};
  while (!pending.empty()) {
    const std::string message = std::move(pending.back());
    pending.pop_back();
    if (schema.messages.contains(message)) continue;
    add_message(schema, message);
    for (const SchemaField& field : schema.messages[message])
      if (!field.message.empty()) pending.push_back(field.message);
  }
  if (const caffe::LayerDef* own = caffe::find_layer(type)) add_defaults(schema, *own);
  for (const caffe::LayerDef* layer : caffe::all_layers()) add_defaults(schema, *layer);
  return schema;
}

}  // namespace mo::custom
