// mo's functions that write nodes into the IR.

#include "ir/legacy/spelling.h"

#include "extension/call.h"
#include "extension/host.h"
#include "ir/opset/lowering.h"

namespace mo::extension {

namespace {

ir::opset::Lowering& opset_of(const mo_call& call) {
  if (call.opset == nullptr) fail(call, "this function of mo writes IR v10 and v11 alone");
  return *call.opset;
}

ir::legacy::Spelling& legacy_of(const mo_call& call) {
  if (call.legacy == nullptr) fail(call, "this function of mo writes IR v2 to v7 alone");
  return *call.legacy;
}

ir::opset::Port to_port(const mo_call& call, mo_port port) {
  const ir::opset::Port out{port.layer, port.output};
  if (!opset_of(call).exists(out))
    fail(call, call.where + " of " + call.library + " uses a port that no layer has");
  return out;
}

std::int32_t input_port(mo_call* call, std::size_t index, mo_port* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    const std::size_t count = opset_of(c).input_count();
    if (index >= count)
      fail(c, c.where + " of " + c.library + " asks for input " + std::to_string(index) + ", there are " +
                  std::to_string(count));
    const ir::opset::Port port = opset_of(c).input(index);
    *out = {port.layer, port.output};
  });
}

std::int32_t write_layer(mo_call* call, mo_text type, mo_text version, mo_text suffix,
                         const mo_attribute* attributes, std::size_t attribute_count, const mo_port* inputs,
                         std::size_t input_count, const mo_shape* outputs, std::size_t output_count,
                         mo_port* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    std::vector<ir::opset::Port> operands;
    for (const mo_port& port : to_span(c, inputs, input_count)) operands.push_back(to_port(c, port));
    std::vector<ir::Port> results;
    for (const mo_shape& shape : to_span(c, outputs, output_count))
      results.push_back({to_shape(c, shape), ir::Precision::fp32, {}});
    if (results.empty()) fail(c, c.where + " of " + c.library + " writes a layer without outputs");
    const ir::opset::Port port = opset_of(c).emit_foreign(to_view(c, type), to_view(c, version),
                                                          to_attributes(c, attributes, attribute_count),
                                                          operands, std::move(results), to_view(c, suffix));
    *out = {port.layer, port.output};
  });
}

std::int32_t write_tensor(mo_call* call, mo_tensor tensor, std::int32_t exact, mo_text suffix,
                          mo_port* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    const Tensor& held = to_tensor(c, tensor);
    const std::string_view name = to_view(c, suffix);
    ir::opset::Port port;
    if (exact != 0) {
      std::vector<float> values(static_cast<std::size_t>(held.size()));
      held.read(0, std::span<float>(values));
      port = opset_of(c).exact(std::move(values), held.shape(), name);
    } else {
      port = opset_of(c).weights(held, held.shape(), name);
    }
    *out = {port.layer, port.output};
  });
}

std::int32_t write_integers(mo_call* call, const std::int64_t* values, std::size_t count, mo_text suffix,
                            mo_port* out) noexcept {
  return guarded(call, [&](const mo_call& c) {
    const auto list = to_span(c, values, count);
    const ir::opset::Port port = opset_of(c).integers({list.begin(), list.end()}, to_view(c, suffix));
    *out = {port.layer, port.output};
  });
}

std::int32_t set_output(mo_call* call, std::size_t index, mo_port port) noexcept {
  return guarded(call, [&](const mo_call& c) {
    const std::size_t count = opset_of(c).node().outputs.size();
    if (index >= count)
      fail(c, c.where + " of " + c.library + " sets output " + std::to_string(index) + ", there are " +
                  std::to_string(count));
    opset_of(c).output(index, to_port(c, port));
  });
}

std::int32_t set_type(mo_call* call, mo_text type) noexcept {
  return guarded(call, [&](const mo_call& c) { legacy_of(c).type(to_view(c, type)); });
}

std::int32_t write_attribute(mo_call* call, mo_text name, const mo_data* value) noexcept {
  return guarded(call, [&](const mo_call& c) {
    if (value == nullptr) fail(c, "write_attribute needs a value");
    legacy_of(c).attribute(to_name(c, name), to_value(c, *value));
  });
}

std::int32_t write_blob(mo_call* call, mo_text role, mo_tensor tensor) noexcept {
  return guarded(call, [&](const mo_call& c) { legacy_of(c).blob(to_name(c, role), to_tensor(c, tensor)); });
}

}  // namespace

void fill_spelling(mo_host& table) {
  table.input_port = input_port;
  table.write_layer = write_layer;
  table.write_tensor = write_tensor;
  table.write_integers = write_integers;
  table.set_output = set_output;
  table.set_type = set_type;
  table.write_attribute = write_attribute;
  table.write_blob = write_blob;
}

}  // namespace mo::extension
