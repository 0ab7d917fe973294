// Throws while it is loaded, before any function of it is called.
#include <mo/extension.hpp>
#include <stdexcept>

namespace {
struct Thrower {
  Thrower() { throw std::runtime_error("constructed in vain"); }
};
const Thrower thrower;
}  // namespace

MO_EXTENSION(registry) {
  registry.warn("never reached");
}
