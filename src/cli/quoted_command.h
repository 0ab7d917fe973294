#pragma once

#include <span>
#include <string>

#include "support/diagnostics.h"

namespace mo::cli {

/// A message about the command line with that line quoted, so that its caret stands below the word that the
/// message names: the option, or the value that it quotes behind it.  Messages that have a place already, and
/// those about words that come from elsewhere (a settings file), stay as they are.
Diagnostic with_command_line(Diagnostic diagnostic, std::span<const std::string> words);

}  // namespace mo::cli
