#include <mo/converter.hpp>

#include "library/arguments.h"
#include "library/run.h"
#include "library/save.h"

namespace mo {

Ir convert_model(const ConvertModelOptions& options) {
  return library::convert(library::to_arguments(options),
                          {options.threads, options.progress, options.allocate_weights});
}

Ir upgrade_ir(const UpgradeIrOptions& options) {
  return library::upgrade(library::to_arguments(options), {});
}

ModelInfo inspect_model(const ConvertModelOptions& options) {
  return library::inspect(library::to_arguments(options));
}

void save_model(const Ir& ir, const std::string& path) {
  library::save(ir.xml, {ir.weights.data(), ir.weights.size()}, ir.mapping, path);
}

std::string library_version() {
  return MO_VERSION_TEXT;
}

}  // namespace mo
