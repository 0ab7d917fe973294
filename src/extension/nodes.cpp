// mo's functions that look at nodes and tensors.

#include "caffe/layer_context.h"
#include "extension/call.h"
#include "extension/host.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"

namespace mo::extension {

namespace {

const Graph& graph_of(const mo_call& call) {
  if (call.layer != nullptr) return call.layer->graph();
  if (call.shapes != nullptr) return call.shapes->graph();
  if (call.opset != nullptr) return call.opset->graph();
  if (call.legacy != nullptr) return call.legacy->graph();
  if (call.rewritten != nullptr) return *call.rewritten;
  fail(call, "there are no nodes while a library is registered");
}

const Node& node_of(const mo_call& call, mo_node node) {
  if (node != MO_THIS_NODE) return to_graph_node(call, graph_of(call), node);
  if (call.shapes != nullptr) return call.shapes->node();
  if (call.opset != nullptr) return call.opset->node();
  if (call.legacy != nullptr) return call.legacy->node();
  fail(call, call.where + " of " + call.library + " asks for its node, and has none");
}

void check_index(const mo_call& call, std::size_t index, std::size_t end, const char* what) {
  if (index >= end)
    fail(call, call.where + " of " + call.library + " asks for " + what + " " + std::to_string(index) +
                   ", there are " + std::to_string(end));
}

template <class Read>
std::int32_t read_text(mo_call* call, mo_node node, mo_text* out, Read read) noexcept {
  return guarded(call, [&](mo_call& c) { *out = lend(c, std::string_view(read(node_of(c, node)))); });
}

template <class Read>
std::int32_t read_count(mo_call* call, mo_node node, std::size_t* out, Read read) noexcept {
  return guarded(call, [&](const mo_call& c) { *out = read(node_of(c, node)).size(); });
}

std::int32_t node_op(mo_call* call, mo_node node, mo_text* out) noexcept {
  return read_text(call, node, out, [](const Node& n) { return n.op->name; });
}

std::int32_t node_name(mo_call* call, mo_node node, mo_text* out) noexcept {
  return read_text(call, node, out, [](const Node& n) -> const std::string& { return n.name; });
}

std::int32_t node_layer(mo_call* call, mo_node node, mo_text* out) noexcept {
  return read_text(call, node, out, [](const Node& n) -> const std::string& { return n.layer; });
}

std::int32_t input_count(mo_call* call, mo_node node, std::size_t* out) noexcept {
  return read_count(
      call, node, out, [](const Node& n) -> const auto& { return n.inputs; });
}

std::int32_t output_count(mo_call* call, mo_node node, std::size_t* out) noexcept {
  return read_count(
      call, node, out, [](const Node& n) -> const auto& { return n.outputs; });
}

std::int32_t attribute_count(mo_call* call, mo_node node, std::size_t* out) noexcept {
  return read_count(
      call, node, out, [](const Node& n) -> const auto& { return n.attributes; });
}

std::int32_t blob_count(mo_call* call, mo_node node, std::size_t* out) noexcept {
  return read_count(
      call, node, out, [](const Node& n) -> const auto& { return n.blobs; });
}

std::int32_t input(mo_call* call, mo_node node, std::size_t index, mo_value* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    const auto& inputs = node_of(c, node).inputs;
    check_index(c, index, inputs.size(), "input");
    *out = {inputs[index].node, inputs[index].output};
  });
}

std::int32_t shape(mo_call* call, mo_value value, mo_shape* out) noexcept {
  return guarded(call, [&](mo_call& c) {
    const Node& node = node_of(c, value.node);
    check_index(c, value.output, node.outputs.size(), "output");
    *out = lend(c, node.outputs[value.output].shape);
  });
}

std::int32_t attribute_at(mo_call* call, mo_node node, std::size_t index, mo_text* name,
                          mo_data* value) noexcept {
  return guarded(call, [&](mo_call& c) {
    const Attributes& attributes = node_of(c, node).attributes;
    check_index(c, index, attributes.size(), "attribute");
    const auto& [key, held] = *(attributes.begin() + static_cast<std::ptrdiff_t>(index));
    *name = lend(c, std::string_view(key));
    *value = lend(c, held);
  });
}

std::int32_t attribute(mo_call* call, mo_node node, mo_text name, mo_data* out,
                       std::int32_t* found) noexcept {
  return guarded(call, [&](mo_call& c) {
    const AttributeValue* const held = node_of(c, node).attributes.find(to_view(c, name));
    *found = held != nullptr ? 1 : 0;
    if (held != nullptr) *out = lend(c, *held);
  });
}

std::int32_t blob_at(mo_call* call, mo_node node, std::size_t index, mo_text* role, mo_tensor* out) noexcept {
  return guarded(call, [&](mo_call& c) {
    const auto& blobs = node_of(c, node).blobs;
    check_index(c, index, blobs.size(), "blob");
    *role = lend(c, std::string_view(blobs[index].role));
    *out = lend(c, blobs[index].tensor);
  });
}

std::int32_t set_shape(mo_call* call, std::size_t output, mo_shape wanted) noexcept {
  return guarded(call, [&](const mo_call& c) {
    constexpr std::size_t most_outputs = 1024;
    if (c.shapes == nullptr) fail(c, "shapes are set by shape rules alone");
    check_index(c, output, most_outputs, "output");
    c.shapes->output(output, to_shape(c, wanted));
  });
}

std::int32_t tensor_shape(mo_call* call, mo_tensor tensor, mo_shape* out) noexcept {
  return guarded(call, [&](mo_call& c) { *out = lend(c, to_tensor(c, tensor).shape()); });
}

std::int32_t read_tensor(mo_call* call, mo_tensor tensor, std::size_t begin, float* out,
                         std::size_t count) noexcept {
  return guarded(call, [&](const mo_call& c) {
    const Tensor& held = to_tensor(c, tensor);
    const auto size = static_cast<std::size_t>(held.size());
    if (begin > size || count > size - begin || (count > 0 && out == nullptr))
      fail(c, c.where + " of " + c.library + " reads outside of a tensor of " + std::to_string(size));
    held.read(static_cast<std::int64_t>(begin), std::span<float>(out, count));
  });
}

std::int32_t new_tensor(mo_call* call, mo_shape wanted, const float* values, std::size_t count,
                        mo_tensor* out) noexcept {
  return guarded(call, [&](mo_call& c) {
    Shape sizes = to_shape(c, wanted);
    const auto numbers = to_span(c, values, count);
    for (const std::int64_t size : sizes)
      if (size < 0) fail(c, c.where + " of " + c.library + " makes a tensor of unknown size");
    if (element_count(sizes) != static_cast<std::int64_t>(count))
      fail(c, c.where + " of " + c.library + " makes a tensor " + to_string(sizes) + " of " +
                  std::to_string(count) + " elements");
    *out = lend(c, Tensor::of(std::move(sizes), std::vector<float>(numbers.begin(), numbers.end())));
  });
}

}  // namespace

void fill_nodes(mo_host& table) {
  table.node_op = node_op;
  table.node_name = node_name;
  table.node_layer = node_layer;
  table.input_count = input_count;
  table.input = input;
  table.output_count = output_count;
  table.shape = shape;
  table.attribute_count = attribute_count;
  table.attribute_at = attribute_at;
  table.attribute = attribute;
  table.blob_count = blob_count;
  table.blob_at = blob_at;
  table.set_shape = set_shape;
  table.tensor_shape = tensor_shape;
  table.read_tensor = read_tensor;
  table.new_tensor = new_tensor;
}

}  // namespace mo::extension
