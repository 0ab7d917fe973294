/// @file
/// Extension libraries in C++20: <mo/extension.h> with values, exceptions and lambdas.  Nothing but this
/// header, those of the folder beside it, and the standard library is needed.
///
///     #include <mo/extension.hpp>
///
///     MO_EXTENSION(registry) {
///       registry.add(mo::extension::LayerDef{
///           .types = {"Twice"},
///           .lower = [](mo::extension::Layer& layer) {
///             layer.set_top(0, {layer.add("Power", {layer.bottom(0)}, {{"power", 1.0F}, {"scale", 2.0F},
///             {"shift", 0.0F}}), 0});
///           }});
///     }
///
/// A callback says that something is wrong by any exception, best by fail(cause, remedy): none leaves the
/// library.
#ifndef MO_EXTENSION_HPP
#define MO_EXTENSION_HPP

#include <cstdint>

#include "mo/extension.h"
#include "mo/extension/registry.hpp"

/// The library's entry: a function body that adds everything to `registry`.  Once in a library.
#define MO_EXTENSION(registry)                                                                            \
  static void mo_add_all(::mo::extension::Registry& registry);                                            \
  extern "C" MO_EXTENSION_EXPORT std::uint32_t mo_extension_abi() {                                       \
    return MO_EXTENSION_ABI;                                                                              \
  }                                                                                                       \
  extern "C" MO_EXTENSION_EXPORT std::int32_t mo_extension_register(const mo_host* host, mo_call* call) { \
    return ::mo::extension::detail::enter(host, call, mo_add_all);                                        \
  }                                                                                                       \
  static void mo_add_all(::mo::extension::Registry& registry)

#endif
