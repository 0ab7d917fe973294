#pragma once

#include <mo/converter.hpp>

#include "cli/parse.h"
#include "support/diagnostics.h"

/// What the public interfaces are made of: the work of a command line, its result in memory.
namespace mo::library {

/// What has no name on the command line.
struct Hooks {
  unsigned threads = 0;
  std::function<void(const ProgressState&)> progress = {};
  std::function<std::byte*(std::size_t)> allocate_weights = {};
};

/// These throw Error for what is wrong with the options or the model.  `found`: what reading the options has
/// brought to light.
Ir convert(const cli::Arguments& arguments, const Hooks& hooks, Diagnostics found = {});
Ir upgrade(const cli::Arguments& arguments, const Hooks& hooks, Diagnostics found = {});
ModelInfo inspect(cli::Arguments arguments, Diagnostics found = {});

/// `diagnostics` for users of the library.
std::vector<Message> to_messages(const Diagnostics& diagnostics);

}  // namespace mo::library
