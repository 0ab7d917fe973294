/// @file
/// Takes what a library offers: C++'s definitions and callbacks as those of the interface in C.
#ifndef MO_EXTENSION_REGISTRY_HPP
#define MO_EXTENSION_REGISTRY_HPP

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mo/extension/layer.hpp"
#include "mo/extension/op.hpp"
#include "mo/extension/pass.hpp"

namespace mo::extension {

namespace detail {

/// Runs `action`, and turns what it throws into a message and a status.
template <class Action>
std::int32_t guarded(const mo_host& host, mo_call* call, const Action& action) noexcept {
  try {
    action();
    return 0;
  } catch (const Failed&) {
    return 1;
  } catch (const std::exception& error) {
    host.fail(call, to_text(error.what()), {});
  } catch (...) {
    host.fail(call, to_text("it threw something that is no std::exception"), {});
  }
  return 1;
}

/// A definition, and mo's functions for its callbacks.
template <class Definition>
struct Held {
  const mo_host* host;
  Definition definition;

  template <auto Member, class View>
  static std::int32_t callback(void* self, mo_call* call) noexcept {
    const auto& held = *static_cast<const Held*>(self);
    return guarded(*held.host, call, [&] {
      View view(*held.host, call);
      (held.definition.*Member)(view);
    });
  }
  static void release(void* self) { delete static_cast<Held*>(self); }
};

}  // namespace detail

/// Takes what the library offers.
class Registry : public Call {
 public:
  using Call::Call;

  /// Adds a type of layers.
  void add(LayerDef definition) {
    auto held = hold(std::move(definition));
    const LayerDef& layer = held->definition;
    std::vector<mo_text> types;
    for (const std::string& type : layer.types) types.push_back(detail::to_text(type));
    std::vector<mo_parameter> parameters;
    for (const Parameter& parameter : layer.parameters)
      parameters.push_back({detail::to_text(parameter.path), detail::to_data(parameter.default_value)});
    using Type = detail::Held<LayerDef>;
    const mo_layer_def raw{.size = sizeof(mo_layer_def),
                           .types = types.data(),
                           .type_count = types.size(),
                           .parameters = parameters.data(),
                           .parameter_count = parameters.size(),
                           .blobs = {layer.blobs.least, layer.blobs.most},
                           .bottoms = {layer.bottoms.least, layer.bottoms.most},
                           .tops = {layer.tops.least, layer.tops.most},
                           .self = held.get(),
                           .lower = Type::callback<&LayerDef::lower, Layer>,
                           .release = Type::release};
    check(host_->add_layer(call_, &raw));
    held.release();  // mo's now
  }

  /// Adds an op.
  void add(OpDef definition) {
    auto held = hold(std::move(definition));
    const OpDef& op = held->definition;
    using Type = detail::Held<OpDef>;
    const mo_op_def raw{.size = sizeof(mo_op_def),
                        .name = detail::to_text(op.name),
                        .version = detail::to_text(op.version),
                        .self = held.get(),
                        .infer = Type::callback<&OpDef::infer, ShapeRule>,
                        .opset = op.opset ? Type::callback<&OpDef::opset, OpsetWriter> : nullptr,
                        .legacy = op.legacy ? Type::callback<&OpDef::legacy, LegacyWriter> : nullptr,
                        .release = Type::release};
    check(host_->add_op(call_, &raw));
    held.release();
  }

  /// Adds a pass.
  void add(Pass definition) {
    auto held = hold(std::move(definition));
    using Type = detail::Held<Pass>;
    const mo_pass_def raw{.size = sizeof(mo_pass_def),
                          .name = detail::to_text(held->definition.name),
                          .stage = static_cast<std::int32_t>(held->definition.stage),
                          .self = held.get(),
                          .run = Type::callback<&Pass::run, Graph>,
                          .release = Type::release};
    check(host_->add_pass(call_, &raw));
    held.release();
  }

  /// Leaves out a built-in type of layers.
  void disable_layer(std::string_view type) { check(host_->disable_layer(call_, detail::to_text(type))); }
  /// Leaves out a built-in pass.
  void disable_pass(std::string_view name) { check(host_->disable_pass(call_, detail::to_text(name))); }

 private:
  template <class Definition>
  std::unique_ptr<detail::Held<Definition>> hold(Definition definition) const {
    return std::make_unique<detail::Held<Definition>>(detail::Held<Definition>{host_, std::move(definition)});
  }
};

namespace detail {

inline std::int32_t enter(const mo_host* host, mo_call* call, void (*add_all)(Registry&)) noexcept {
  if (host == nullptr || host->abi != MO_EXTENSION_ABI || host->size < sizeof(mo_host)) return 2;
  return guarded(*host, call, [&] {
    Registry registry(*host, call);
    add_all(registry);
  });
}

}  // namespace detail

}  // namespace mo::extension

#endif
