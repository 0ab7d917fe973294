#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mo::os {

/// Whether a program of this name is in a folder of PATH.
bool has_program(std::string_view name);

/// What a program made of its input.
struct CommandResult {
  int status = 0;  ///< its exit status; -1 when it ended in another way
  std::string output;
  std::string errors;
};

/// Runs a program of PATH.  Throws std::system_error: there is no such program, or no place for the input.
CommandResult run_command(const std::string& name, std::span<const std::string> words,
                          std::string_view input);

}  // namespace mo::os
