#pragma once

#include <span>
#include <string>

#include "os/windows/system.h"

namespace mo::os {

/// Standard input, output and errors of a child; inheritable.
struct Streams {
  HANDLE in;
  HANDLE out;
  HANDLE errors;
};

/// Runs a program, looked for in PATH where its name has no folder, and waits for it; its exit status.
/// Throws std::system_error when it cannot be started.
int run_child(const std::string& program, std::span<const std::string> words, const Streams& streams);

}  // namespace mo::os
