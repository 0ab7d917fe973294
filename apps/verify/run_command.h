#pragma once

#include <string>
#include <vector>

namespace mo::verify {

/// Runs a command of the shell with further words; its output goes to the file `log`.  Throws Failure
/// (executor_failed) with the last line of it where the exit status is not 0.
void run_command(const std::string& command, const std::vector<std::string>& words, const std::string& log);

}  // namespace mo::verify
