// Exceptions that leave a library, which must not be: mo takes them all the same.
#include <mo/extension.h>

#include <stdexcept>
#include <string_view>

extern "C" MO_EXTENSION_EXPORT std::uint32_t mo_extension_abi() {
  return MO_EXTENSION_ABI;
}

#if defined(RAW_THROW)

extern "C" MO_EXTENSION_EXPORT std::int32_t mo_extension_register(const mo_host*, mo_call*) {
  throw std::runtime_error("out of the entry");
}

#else

extern "C" MO_EXTENSION_EXPORT std::int32_t mo_extension_register(const mo_host* host, mo_call* call) {
  constexpr std::string_view name = "Fancy";
  const mo_text type{name.data(), name.size()};
  mo_layer_def layer{};
  layer.size = sizeof layer;
  layer.types = &type;
  layer.type_count = 1;
  layer.bottoms = layer.tops = {1, 1};
  layer.lower = [](void*, mo_call*) -> std::int32_t { throw 7; };
  return host->add_layer(call, &layer);
}

#endif
