#include "counters.h"

// The linker's names for the section that the instrumentation fills.  (Where code is instrumented the
// compiler has these names for itself: this file is not.)
extern "C" {
extern std::uint8_t __start___sancov_cntrs[] __attribute__((weak, visibility("hidden")));
extern std::uint8_t __stop___sancov_cntrs[] __attribute__((weak, visibility("hidden")));
}

namespace mo::fuzz {

std::span<std::uint8_t> counters() {
  return {__start___sancov_cntrs, __stop___sancov_cntrs};
}

}  // namespace mo::fuzz
