#include "ir/legacy/spelling.h"

#include "graph/op.h"
#include "support/diagnostics.h"

namespace mo::ir::legacy {

namespace {

Diagnostic not_in_version(const Node& node, int asked, int lowest, const std::string& what) {
  Diagnostic diagnostic;
  diagnostic.code = &code::not_in_this_version;
  diagnostic.layer = node.layer;
  diagnostic.layer_type = node.op->name;
  diagnostic.cause = "IR v" + std::to_string(asked) + " has no " + what;
  diagnostic.remedy = "write IR v" + std::to_string(lowest) + " (--ir_version " + std::to_string(lowest) +
                      "), the lowest that has it, or cut the net before it with --output";
  return diagnostic;
}

}  // namespace

NotInVersion::NotInVersion(const Node& node, int asked, int lowest, std::string what)
    : Failure(not_in_version(node, asked, lowest, what)), lowest_(lowest), lacks_(std::move(what)) {}

Spelling::Spelling(const Graph& graph, NodeId id, const Dialect& dialect)
    : graph_(graph), id_(id), dialect_(dialect) {}

void Spelling::copy(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const AttributeValue* value = attributes().find(name)) attribute(name, *value);
}

void Spelling::attribute(std::string_view name, const AttributeValue& value) {
  layer_.data.emplace_back(name, format(value));
}

void Spelling::window(std::string_view name, const std::vector<std::int64_t>& values) {
  if (!dialect_.window_lists && values.size() != 2) needs_version(3, "window over other than two axes");
  for (const auto& [spelt, value] : window_attributes(name, values, dialect_)) attribute(spelt, value);
}

void Spelling::blob(std::string_view role, Tensor tensor) {
  layer_.blobs.push_back({std::string(role), std::move(tensor)});
}

void Spelling::copy_blobs(std::initializer_list<std::string_view> roles) {
  for (const std::string_view role : roles)
    if (const Tensor* tensor = node().blob(role)) blob(role, *tensor);
}

void Spelling::constant_input(std::string_view suffix, std::vector<std::int64_t> values) {
  layer_.constants.push_back({std::string(suffix), std::move(values)});
}

void Spelling::needs_version(int version) const {
  needs_version(version, "layer for " + std::string(node().op->name));
}

void Spelling::needs_version(int version, std::string_view what) const {
  throw NotInVersion(node(), dialect_.version, version, std::string(what));
}

std::function<void(Spelling&)> layer(std::string_view type, std::vector<std::string> names, int since) {
  return [type, names = std::move(names), since](Spelling& s) {
    if (s.dialect().version < since) s.needs_version(since);
    s.type(type);
    for (const std::string& name : names) s.copy({name});
    s.copy_blobs({"weights", "biases"});
  };
}

}  // namespace mo::ir::legacy
