#include "custom/collect_attributes.h"

#include <algorithm>

#include "caffe/field_values.h"
#include "support/diagnostics.h"

namespace mo::custom {

namespace {

using caffe::Field;
using caffe::Message;
using Kind = SchemaField::Kind;

constexpr std::size_t max_depth = 32;

[[noreturn]] void fail(const Field& field, const char* wanted) {
  Diagnostic diagnostic;
  diagnostic.code = &code::bad_value;
  diagnostic.cause = field.name + ": \"" + field.text + "\" is not " + wanted;
  diagnostic.remedy = "correct the value";
  diagnostic.position = field.position;
  throw Failure(std::move(diagnostic));
}

std::int64_t integer_of(const Field& field) {
  std::int64_t value = 0;
  if (!caffe::integer_value(field, value)) fail(field, "a whole number");
  return value;
}

float number_of(const Field& field) {
  float value = 0;
  if (!caffe::number_value(field, value)) fail(field, "a number");
  return value;
}

std::int64_t truth_of(const Field& field) {
  bool value = false;
  if (!caffe::boolean_value(field, value)) fail(field, "true or false");
  return value ? 1 : 0;
}

std::string enum_text(const Field& field, const SchemaField& schema) {
  const auto& values = schema.values;
  if (std::ranges::find(values, field.text, &std::pair<std::string, std::int64_t>::first) != values.end())
    return schema.scope + field.text;
  std::int64_t number = 0;
  if (caffe::integer_value(field, number))
    for (const auto& [name, value] : values)
      if (value == number) return schema.scope + name;
  std::string known;
  for (const auto& [name, value] : values) known += (known.empty() ? "" : ", ") + name;
  fail(field, ("one of " + known).c_str());
}

template <class Convert>
AttributeValue one_or_list(const std::vector<const Field*>& fields, bool repeated, Convert convert) {
  using Element = decltype(convert(*fields.front()));
  if (!repeated) return convert(*fields.back());
  if constexpr (std::is_same_v<Element, std::string>) {
    std::string joined;
    for (const Field* field : fields) joined += (field == fields.front() ? "" : ",") + convert(*field);
    return joined;
  } else {
    std::vector<Element> list;
    list.reserve(fields.size());
    for (const Field* field : fields) list.push_back(convert(*field));
    return list;
  }
}

AttributeValue value_of(const std::vector<const Field*>& fields, const SchemaField& schema) {
  switch (schema.kind) {
    case Kind::integer:
      return one_or_list(fields, schema.repeated, integer_of);
    case Kind::real:
      return one_or_list(fields, schema.repeated, number_of);
    case Kind::boolean:
      return one_or_list(fields, schema.repeated, truth_of);
    case Kind::enumeration:
      return one_or_list(fields, schema.repeated, [&](const Field& f) { return enum_text(f, schema); });
    default:
      return one_or_list(fields, schema.repeated, [](const Field& f) { return f.text; });
  }
}

AttributeValue default_of(const SchemaField& field) {
  if (field.kind == Kind::boolean) {
    const bool* truth = field.default_value ? std::get_if<bool>(&*field.default_value) : nullptr;
    return std::int64_t{truth != nullptr && *truth};
  }
  if (field.kind == Kind::enumeration) {
    const auto* name = field.default_value ? std::get_if<std::string>(&*field.default_value) : nullptr;
    if (name != nullptr) return field.scope + *name;
    return field.values.empty() ? "" : field.scope + field.values.front().first;
  }
  if (field.default_value) return *field.default_value;
  if (field.kind == Kind::integer) return std::int64_t{0};
  if (field.kind == Kind::real) return 0.0F;
  return std::string();
}

/// A value without a schema: as its spelling has it.
AttributeValue guessed(const std::vector<const Field*>& fields) {
  std::int64_t integer = 0;
  float number = 0;
  bool truth = false;
  const bool repeated = fields.size() > 1;
  const auto all = [&](auto fits) { return std::ranges::all_of(fields, fits); };
  const auto is = [](Field::Kind kind) { return [kind](const Field* f) { return f->kind == kind; }; };
  if (all(is(Field::Kind::number))) {
    if (all([&](const Field* f) { return caffe::integer_value(*f, integer); }))
      return one_or_list(fields, repeated, integer_of);
    if (all([&](const Field* f) { return caffe::number_value(*f, number); }))
      return one_or_list(fields, repeated, number_of);
  }
  if (all(is(Field::Kind::identifier)) &&
      all([&](const Field* f) { return caffe::boolean_value(*f, truth); }))
    return one_or_list(fields, repeated, truth_of);
  return one_or_list(fields, repeated, [](const Field& f) { return f.text; });
}

class Collector {
 public:
  Collector(const MessageSchema& schema, const CollectOptions& options)
      : schema_(schema), options_(options) {}

  /// `message`: nullptr where it is not set; `type`: empty where the schema does not have it.
  void collect(const Message* message, const std::string& type, const std::string& prefix) {
    // Fields that are not set can nest without end (a message within itself), those of a file cannot.
    if (open_.size() > max_depth || (message == nullptr && std::ranges::find(open_, type) != open_.end()))
      return;
    open_.push_back(type);
    const auto fields = schema_.messages.find(type);
    if (fields != schema_.messages.end())
      for (const SchemaField& field : fields->second) collect_known(message, field, prefix);
    if (message != nullptr) collect_unknown(*message, type, prefix);
    open_.pop_back();
  }

  CollectedAttributes take() { return std::move(result_); }

 private:
  void set(const std::string& name, AttributeValue value) {
    if (result_.attributes.has(name)) result_.clashes.push_back(name);
    result_.attributes.set(name, std::move(value));
  }

  std::string nested(const std::string& prefix, const std::string& name) const {
    return options_.flatten_names ? prefix + name + "__" : std::string();
  }

  void collect_known(const Message* message, const SchemaField& field, const std::string& prefix) {
    const auto set_fields = message == nullptr ? std::vector<const Field*>{} : message->all(field.name);
    if (field.kind == Kind::message) {
      for (const Field* one : set_fields) {
        if (one->message == nullptr) fail(*one, "fields in braces");
        collect(one->message.get(), field.message, nested(prefix, field.name));
      }
      if (set_fields.empty() && options_.all_fields && !field.repeated)
        collect(nullptr, field.message, nested(prefix, field.name));
      return;
    }
    for (const Field* one : set_fields)
      if (one->message != nullptr) fail(*one, "a value");
    if (!set_fields.empty())
      set(prefix + field.name, value_of(set_fields, field));
    else if (!field.repeated && (field.default_value || options_.all_fields))
      set(prefix + field.name, default_of(field));
  }

  void collect_unknown(const Message& message, const std::string& type, const std::string& prefix) {
    std::vector<std::string_view> seen;
    for (const Field& field : message.fields) {
      if (schema_.find(type, field.name) != nullptr || std::ranges::find(seen, field.name) != seen.end())
        continue;
      seen.push_back(field.name);
      result_.unknown.push_back(prefix + field.name);
      const auto all = message.all(field.name);
      if (field.message != nullptr) {
        for (const Field* one : all)
          if (one->message != nullptr) collect(one->message.get(), "", nested(prefix, field.name));
      } else if (std::ranges::none_of(all, [](const Field* f) { return f->message != nullptr; })) {
        set(prefix + field.name, guessed(all));
      }
    }
  }

  const MessageSchema& schema_;
  const CollectOptions& options_;
  std::vector<std::string> open_;
  CollectedAttributes result_;
};

}  // namespace

CollectedAttributes collect_attributes(const Message& layer, std::string_view parameter,
                                       const MessageSchema& schema, const CollectOptions& options) {
  const SchemaField* field = schema.find(schema.layer_parameter, parameter);
  const Field* set = layer.find(parameter);
  if (set != nullptr && set->message == nullptr) fail(*set, "fields in braces");
  Collector collector(schema, options);
  collector.collect(set == nullptr ? nullptr : set->message.get(), field == nullptr ? "" : field->message,
                    "");
  return collector.take();
}

}  // namespace mo::custom
