#include "custom/description.h"

#include <algorithm>
#include <limits>

#include "custom/toml_table.h"

namespace mo::custom {

namespace {

/// An expression; `value` is its text in the file, for the column of what is wrong.
Expression parse_expression(const std::string& text, const toml::value& value, const std::string& file) {
  try {
    return Expression::parse(text);
  } catch (const SyntaxError& error) {
    Place place = place_of(value, file);
    if (place.source_line.find(text) != std::string::npos)  // within one line, nothing escaped
      place.position.column = static_cast<std::uint32_t>(place.source_line.find(text) + error.offset() + 1);
    fail_at(place, "\"" + text + "\" is not an expression: " + error.what());
  }
}

AttributeValue literal_list(const toml::value& value, const std::string& name, const std::string& file) {
  std::vector<std::int64_t> wholes;
  std::vector<float> reals;
  for (const toml::value& element : value.as_array()) {
    if (element.is_integer())
      wholes.push_back(element.as_integer());
    else if (!element.is_floating())
      fail_at(place_of(element, file), name + " has an element that is not a number");
    reals.push_back(element.is_integer() ? static_cast<float>(element.as_integer())
                                         : static_cast<float>(element.as_floating()));
  }
  if (wholes.size() == reals.size()) return wholes;
  return reals;
}

/// Texts are expressions; numbers, truth values and lists stand for themselves.
AttributeRule read_rule(const std::string& name, const toml::value& value, const std::string& file) {
  if (value.is_string()) return {name, parse_expression(value.as_string().str, value, file)};
  if (value.is_boolean()) return {name, AttributeValue(value.as_boolean())};
  if (value.is_integer()) return {name, AttributeValue(std::int64_t{value.as_integer()})};
  if (value.is_floating()) return {name, AttributeValue(static_cast<float>(value.as_floating()))};
  if (value.is_array()) return {name, literal_list(value, name, file)};
  fail_at(place_of(value, file), name + " is neither an expression, a number, a truth value nor a list");
}

std::vector<AttributeRule> read_rules(const toml::value* value, const std::string& file, const char* what) {
  std::vector<AttributeRule> rules;
  if (value == nullptr) return rules;
  for (const auto& [name, rule] : TomlTable(*value, file, what).entries())
    rules.push_back(read_rule(name, *rule, file));
  return rules;
}

std::vector<Expression> read_expressions(TomlTable& table, std::string_view key) {
  std::vector<Expression> expressions;
  for (const std::string& text : table.texts(key))
    expressions.push_back(parse_expression(text, *table.find(key), table.file()));
  return expressions;
}

/// A value of the type called `type` that stands for "nothing is said".
std::optional<AttributeValue> empty_of(std::string_view type) {
  if (type == "int") return std::int64_t{0};
  if (type == "float") return 0.0F;
  if (type == "bool") return false;
  if (type == "text") return std::string();
  if (type == "ints") return std::vector<std::int64_t>{};
  if (type == "floats") return std::vector<float>{};
  return std::nullopt;
}

/// `value` as the type of `like`; nothing when it is of another one.
std::optional<AttributeValue> typed(const toml::value& value, const AttributeValue& like,
                                    const std::string& file) {
  if (value.is_string()) {
    if (!std::holds_alternative<std::string>(like)) return std::nullopt;
    return AttributeValue(value.as_string().str);
  }
  AttributeValue read = std::get<AttributeValue>(read_rule("default", value, file).value);
  if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&read);
      wholes != nullptr && std::holds_alternative<std::vector<float>>(like))
    read = std::vector<float>(wholes->begin(), wholes->end());
  if (const auto* whole = std::get_if<std::int64_t>(&read);
      whole != nullptr && std::holds_alternative<float>(like))
    read = static_cast<float>(*whole);
  if (read.index() != like.index()) return std::nullopt;
  return read;
}

DescribedParameter read_parameter(const std::string& name, const toml::value& value,
                                  const std::string& file) {
  TomlTable table(value, file, "the parameter " + name);
  DescribedParameter parameter{.name = name, .path = table.text("path"), .default_value = false};
  const std::string type = table.text("type");
  const auto empty = empty_of(type);
  if (!empty)
    fail_at(table.place_of_value(table.need("type")), "\"" + type + "\" is not a type of parameters",
            "write int, float, bool, text, ints or floats");
  parameter.default_value = *empty;
  const bool is_list = type == "ints" || type == "floats";
  if (const toml::value* given = table.find("default")) {
    const auto default_value = typed(*given, *empty, file);
    if (!default_value)
      fail_at(table.place_of_value(*given), "the default of " + name + " is not of the type " + type);
    parameter.default_value = *default_value;
  } else {
    parameter.required = !is_list;
  }
  table.finish();
  return parameter;
}

ForeignLayer read_layer(const toml::value& value, const std::string& file) {
  TomlTable table(value, file, "[layer]");
  ForeignLayer layer;
  layer.type = table.text("type");
  layer.version = table.text_or("version", "extension");
  layer.attributes = read_rules(table.find("attributes"), file, "[layer.attributes]");
  table.finish();
  return layer;
}

Step read_step(const toml::value& value, const std::string& file) {
  TomlTable table(value, file, "[[steps]]");
  Step step;
  step.place = table.place();
  step.layer = table.text("layer");
  step.name = table.text_or("name", step.layer);
  step.bottoms = table.texts("bottoms");
  const std::int64_t tops = table.whole_or("tops", 1);
  if (tops < 1 || tops > 64) fail_at(table.place(), "a step has 1 to 64 tops");
  step.tops = static_cast<std::size_t>(tops);
  step.blobs = table.wholes("blobs");
  step.parameters = read_rules(table.find("parameters"), file, "[steps.parameters]");
  table.finish();
  return step;
}

void read_steps(const toml::value& value, const std::string& file, Description& description) {
  if (!value.is_array() || value.as_array().size() > 256)
    fail_at(place_of(value, file), "steps is not a list of up to 256 tables, [[steps]] each");
  for (const toml::value& one : value.as_array()) {
    Step step = read_step(one, file);
    const auto same = [&](const Step& other) { return other.name == step.name; };
    if (std::ranges::any_of(description.steps, same))
      fail_at(step.place, "two steps are called \"" + step.name + "\"", "give them names");
    description.steps.push_back(std::move(step));
  }
}

/// Variables of expressions are names of parameters.
void check_variables(const Description& description) {
  std::vector<std::string_view> names;
  for (const DescribedParameter& parameter : description.parameters) names.push_back(parameter.name);
  const auto check = [&](const Expression& expression) {
    for (const auto& [name, offset] : expression.variables()) {
      if (std::ranges::find(names, name) != names.end()) continue;
      const std::string_view near = nearest(name, names);
      fail_at(
          description.place, "\"" + expression.text() + "\": there is no parameter \"" + name + "\"",
          near.empty() ? "describe it under [parameters]" : "did you mean \"" + std::string(near) + "\"?");
    }
  };
  const auto check_rules = [&](const std::vector<AttributeRule>& rules) {
    for (const AttributeRule& rule : rules)
      if (const auto* expression = std::get_if<Expression>(&rule.value)) check(*expression);
  };
  for (const Expression& output : description.outputs) check(output);
  if (description.layer) check_rules(description.layer->attributes);
  for (const Step& step : description.steps) check_rules(step.parameters);
}

}  // namespace

Description read_description(const MappedFile& file) {
  const toml::value root = parse_toml(file);
  const std::string& path = file.path();
  TomlTable table(root, path, "the file");
  Description description;
  description.place = {path, {1, 1}, {}};
  description.types = table.texts("type");
  description.disabled = table.texts("disable");
  description.bottoms = table.count_or("bottoms", description.bottoms);
  description.tops = table.count_or("tops", description.tops);
  description.blobs = table.count_or("blobs", description.blobs);
  description.outputs = read_expressions(table, "outputs");
  description.results = table.texts("results");
  if (const toml::value* parameters = table.find("parameters"))
    for (const auto& [name, value] : TomlTable(*parameters, path, "[parameters]").entries())
      description.parameters.push_back(read_parameter(name, *value, path));
  if (const toml::value* layer = table.find("layer")) description.layer = read_layer(*layer, path);
  if (const toml::value* steps = table.find("steps")) read_steps(*steps, path, description);
  table.finish();
  if (description.types.empty() && description.disabled.empty())
    fail_at(description.place, "it says neither a type of layers nor types to disable",
            "write type = \"MyLayer\"");
  if (description.layer && !description.steps.empty())
    fail_at(description.place, "it has both [layer] and [[steps]]", "keep what the layer becomes");
  check_variables(description);
  return description;
}

}  // namespace mo::custom
