#include <cstddef>
#include <cstdint>
#include <string_view>

#include "custom/expression.h"

// Any text is an expression, or refused with a SyntaxError; what is one has a value, for any shapes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const mo::custom::Scope scope{.variables = {{"kernel", std::int64_t{3}},
                                              {"scale", 0.5F},
                                              {"sizes", std::vector<std::int64_t>{1, 2}},
                                              {"mode", std::string("max")}},
                                .bottoms = {{1, 64, 13, 13}, {-1, 5}, {}},
                                .blobs = {{64, 64}}};
  try {
    const auto value = mo::custom::Expression::parse(text).evaluate(scope);
    (void)mo::custom::to_shape(value, true);
    (void)mo::custom::to_attribute(value);
  } catch (const mo::custom::SyntaxError& error) {
    if (error.offset() > size) __builtin_trap();
  }
  return 0;
}
