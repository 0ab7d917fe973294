#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mo::os {

/// To be called first of all, with main()'s own arguments: makes standard output and error take UTF-8 as it
/// is.  Returns the arguments in UTF-8, the program's name first.
std::vector<std::string> start(int argc, char** argv);

/// A variable of the environment in UTF-8; empty when it is not set.
std::string environment(const char* name);

/// The path of the running program; empty when it cannot be told.
std::string program_path();

/// The file of the program of this name beside the running one, whether it is there or not.
std::string program_beside(const std::string& name);

/// Whether this is a file that can be run.
bool can_run(const std::string& program);

/// Runs another program in the place of this one.  Returns only when that fails.
void replace_by(const std::string& program, std::span<const std::string> words);

/// Says `text` on standard error and ends at once, without any clean-up.
[[noreturn]] void end_now(std::string_view text, int status);

/// From now on a mapped input that cannot be read any more, as another program truncates it or its disk
/// fails, does end_now(text, status).
void end_when_a_mapping_fails(std::string_view text, int status);

}  // namespace mo::os
