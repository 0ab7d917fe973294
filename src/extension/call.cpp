#include "extension/call.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "caffe/layer_context.h"
#include "extension/library.h"
#include "graph/op.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"

namespace mo::extension {

namespace {

constexpr std::size_t longest_text = 1U << 20U;
constexpr std::size_t highest_rank = 64;

std::string said_by(const mo_call& call) {
  return call.where.empty() ? call.library : call.where + " of " + call.library;
}

[[noreturn]] void fail_defect(const mo_call& call, const std::string& what) {
  fail(call, said_by(call) + ": " + what, "tell those who made the extension");
}

}  // namespace

void fail(const mo_call& call, std::string cause, std::string remedy) {
  if (call.registration != nullptr) fail_library(call.library, std::move(cause), std::move(remedy));
  if (call.layer != nullptr) call.layer->fail(code::extension_failed, std::move(cause), std::move(remedy));
  Diagnostic diagnostic;
  diagnostic.code = &code::extension_failed;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  const Node* node = nullptr;
  if (call.opset != nullptr) node = &call.opset->node();
  if (call.legacy != nullptr) node = &call.legacy->node();
  if (node != nullptr) diagnostic.layer = node->layer;
  throw Failure(std::move(diagnostic));
}

void run(mo_call& call, mo_callback callback, void* self) {
  std::int32_t status = 0;
  std::string thrown;
  try {
    status = callback(self, &call);
  } catch (const std::exception& error) {
    thrown = std::string("an exception left it, which must not be: ") + error.what();
  } catch (...) {
    thrown = "an exception left it, which must not be";
  }
  if (!thrown.empty()) fail_defect(call, thrown);
  if (call.failure) {
    try {
      std::rethrow_exception(std::exchange(call.failure, nullptr));
    } catch (const Failure&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;
    } catch (const std::exception& error) {  // a node that an op of mo cannot be, and the like
      fail_defect(call, error.what());
    }
  }
  if (status != 0)
    fail_defect(call, "it ended with status " + std::to_string(status) + " and did not say why");
}

std::string_view to_view(const mo_call& call, mo_text text) {
  if (text.size > longest_text || (text.size > 0 && text.data == nullptr))
    fail_defect(call, "it gives a text that is none");
  return {text.data, text.size};
}

std::string_view to_name(const mo_call& call, mo_text text) {
  const std::string_view name = to_view(call, text);
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  if (name.empty() || !letter(name[0]) || !std::ranges::all_of(name, fits))
    fail_defect(call, "\"" + std::string(name) + "\" cannot be the name of an attribute or a blob");
  return name;
}

Shape to_shape(const mo_call& call, mo_shape shape) {
  if (shape.rank > highest_rank || (shape.rank > 0 && shape.dims == nullptr))
    fail_defect(call, "it gives a shape that is none");
  return {shape.dims, shape.dims + shape.rank};
}

AttributeValue to_value(const mo_call& call, const mo_data& data) {
  switch (data.kind) {
    case MO_BOOLEAN:
      return data.integer != 0;
    case MO_INTEGER:
      return data.integer;
    case MO_NUMBER:
      return data.number;
    case MO_TEXT:
      return std::string(to_view(call, data.text));
    case MO_INTEGERS: {
      const auto values = to_span(call, data.integers, data.count);
      return std::vector<std::int64_t>(values.begin(), values.end());
    }
    case MO_NUMBERS: {
      const auto values = to_span(call, data.numbers, data.count);
      return std::vector<float>(values.begin(), values.end());
    }
    default:
      fail_defect(call, "it gives a value of the unknown kind " + std::to_string(data.kind));
  }
}

Attributes to_attributes(const mo_call& call, const mo_attribute* attributes, std::size_t count) {
  Attributes out;
  for (const mo_attribute& attribute : to_span(call, attributes, count))
    out.set(to_name(call, attribute.name), to_value(call, attribute.value));
  return out;
}

const Tensor& to_tensor(const mo_call& call, mo_tensor tensor) {
  if (tensor >= call.tensors.size()) fail_defect(call, "it uses a tensor that it was not given");
  return call.tensors[tensor];
}

const Node& to_graph_node(const mo_call& call, const Graph& graph, mo_node node) {
  if (node >= graph.capacity() || !graph.node(node).alive)
    fail_defect(call, "it uses a node that does not exist, or not any more");
  return graph.node(node);
}

Value to_graph_value(const mo_call& call, const Graph& graph, mo_value value) {
  const Node& node = to_graph_node(call, graph, value.node);
  if (value.output >= node.outputs.size())
    fail_defect(call, "it uses output " + std::to_string(value.output) + " of the node " + node.name +
                          ", which has " + std::to_string(node.outputs.size()));
  return {value.node, value.output};
}

mo_text lend(mo_call& call, std::string_view text) {
  const std::string& kept = call.texts.emplace_back(text);
  return {kept.data(), kept.size()};
}

mo_shape lend(mo_call& call, const Shape& shape) {
  const auto& kept = call.integers.emplace_back(shape);
  return {kept.data(), kept.size()};
}

mo_data lend(mo_call& call, const AttributeValue& value) {
  mo_data out{};
  out.kind = static_cast<std::int32_t>(value.index());
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, float>) {
          out.number = held;
        } else if constexpr (std::is_arithmetic_v<Held>) {
          out.integer = static_cast<std::int64_t>(held);
        } else if constexpr (std::is_same_v<Held, std::string>) {
          out.text = lend(call, std::string_view(held));
        } else if constexpr (std::is_same_v<Held, std::vector<std::int64_t>>) {
          const auto& kept = call.integers.emplace_back(held);
          out.integers = kept.data();
          out.count = kept.size();
        } else {
          const auto& kept = call.numbers.emplace_back(held);
          out.numbers = kept.data();
          out.count = kept.size();
        }
      },
      value);
  return out;
}

mo_tensor lend(mo_call& call, Tensor tensor) {
  call.tensors.push_back(std::move(tensor));
  return static_cast<mo_tensor>(call.tensors.size() - 1);
}

}  // namespace mo::extension
