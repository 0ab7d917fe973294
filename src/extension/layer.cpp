// mo's functions for the lowering of layers: parameters, bottoms, tops, blobs, nodes.

#include "caffe/layer_context.h"
#include "extension/call.h"
#include "extension/host.h"
#include "ops/ops.h"

namespace mo::extension {

namespace {

caffe::LayerContext& layer_of(const mo_call& call) {
  if (call.layer == nullptr) fail(call, "this function of mo is for the lowering of layers alone");
  return *call.layer;
}

template <class Count>
std::int32_t count(mo_call* call, std::size_t* out, Count counted) noexcept {
  return guarded(call, [&](const mo_call& c) { *out = counted(layer_of(c)); });
}

void check_index(const mo_call& call, std::size_t index, std::size_t end, const char* what) {
  if (index >= end)
    fail(call, call.where + " of " + call.library + " uses " + what + " " + std::to_string(index) +
                   ", the layer has " + std::to_string(end));
}

std::int32_t layer_name(mo_call* call, mo_text* out) noexcept {
  return guarded(call, [&](mo_call& c) { *out = lend(c, std::string_view(layer_of(c).name())); });
}

std::int32_t layer_type(mo_call* call, mo_text* out) noexcept {
  return guarded(call, [&](mo_call& c) { *out = lend(c, std::string_view(layer_of(c).layer().type)); });
}

std::int32_t parameter(mo_call* call, mo_text path, mo_data* out, std::int32_t* is_set) noexcept {
  return guarded(call, [&](mo_call& c) {
    const std::string_view name = to_view(c, path);
    *out = lend(c, layer_of(c).value(name));
    if (is_set != nullptr) *is_set = layer_of(c).has(name) ? 1 : 0;
  });
}

std::int32_t bottom_count(mo_call* call, std::size_t* out) noexcept {
  return count(call, out, [](const caffe::LayerContext& layer) { return layer.bottom_count(); });
}

std::int32_t bottom(mo_call* call, std::size_t index, mo_value* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    check_index(c, index, layer_of(c).bottom_count(), "bottom");
    const Value value = layer_of(c).bottom(index);
    *out = {value.node, value.output};
  });
}

std::int32_t top_count(mo_call* call, std::size_t* out) noexcept {
  return count(call, out, [](const caffe::LayerContext& layer) { return layer.top_count(); });
}

std::int32_t set_top(mo_call* call, std::size_t index, mo_value value) noexcept {
  return guarded(call, [&](const mo_call& c) {
    check_index(c, index, layer_of(c).top_count(), "top");
    layer_of(c).top(index, to_graph_value(c, layer_of(c).graph(), value));
  });
}

std::int32_t layer_blob_count(mo_call* call, std::size_t* out) noexcept {
  return count(call, out, [](const caffe::LayerContext& layer) { return layer.blob_count(); });
}

std::int32_t layer_blob(mo_call* call, std::size_t index, mo_tensor* out) noexcept {
  return guarded(call, [&](mo_call& c) {
    check_index(c, index, layer_of(c).blob_count(), "blob");
    *out = lend(c, layer_of(c).blob(index));
  });
}

std::int32_t add_node(mo_call* call, mo_text op, mo_text name, const mo_value* inputs,
                      std::size_t input_count, const mo_attribute* attributes, std::size_t attribute_count,
                      const mo_blob* blobs, std::size_t blob_count, mo_node* out) noexcept {
  return guarded(call, [&](mo_call& c) {
    Graph* const graph = c.layer != nullptr ? &c.layer->graph() : c.rewritten;
    if (graph == nullptr || c.ops == nullptr) fail(c, "nodes are added by layers and passes alone");
    const std::string_view op_name = to_view(c, op);
    const OpDef* const definition = c.ops->find(op_name);
    if (definition == &op::input)
      fail(c, c.where + " of " + c.library + " adds an input", "declare the input in the prototxt");
    if (definition == nullptr) {
      const std::string_view near = c.ops->nearest(op_name);
      fail(c, c.where + " of " + c.library + ": there is no op \"" + std::string(op_name) + "\"",
           near.empty() ? "" : "did the extension mean \"" + std::string(near) + "\"?");
    }
    std::vector<Value> operands;
    for (const mo_value& value : to_span(c, inputs, input_count))
      operands.push_back(to_graph_value(c, *graph, value));
    std::vector<Blob> tensors;
    for (const mo_blob& blob : to_span(c, blobs, blob_count))
      tensors.push_back({std::string(to_name(c, blob.role)), to_tensor(c, blob.tensor)});
    Attributes values = to_attributes(c, attributes, attribute_count);
    const std::string_view text = to_view(c, name);
    *out = c.layer != nullptr
               ? c.layer->emit(*definition, std::move(operands), std::move(values), std::move(tensors), text)
               : graph->add(*definition, text, std::move(operands), std::move(values), std::move(tensors));
  });
}

}  // namespace

void fill_layer(mo_host& table) {
  table.layer_name = layer_name;
  table.layer_type = layer_type;
  table.parameter = parameter;
  table.bottom_count = bottom_count;
  table.bottom = bottom;
  table.top_count = top_count;
  table.set_top = set_top;
  table.layer_blob_count = layer_blob_count;
  table.layer_blob = layer_blob;
  table.add_node = add_node;
}

}  // namespace mo::extension
