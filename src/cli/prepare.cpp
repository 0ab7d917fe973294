#include "cli/prepare.h"

#include "cli/auto_preprocess.h"
#include "cli/metadata.h"
#include "cli/settings.h"

namespace mo::cli {

ConvertOptions prepare(Arguments arguments, int default_ir_version, Diagnostics& diagnostics,
                       std::string& found) {
  if (arguments.has("--preprocess")) found = take_preprocessing(arguments, diagnostics);
  ConvertOptions options = to_convert_options(arguments, diagnostics, default_ir_version);
  add_metadata(arguments, options);
  return options;
}

}  // namespace mo::cli
