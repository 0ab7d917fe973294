#pragma once

#include <span>
#include <string>
#include <vector>

#include "convert.h"

namespace mo::cli {

/// The program mo-verify beside this one.  Throws Failure (apps_not_built).
std::string verifier();

/// Runs it in place of this process: returns only by throwing Failure (apps_not_built).
[[noreturn]] void run_verifier(const std::string& program, std::span<const std::string> words);

/// The command line that compares what was converted with its Caffe files.
std::vector<std::string> verification_of(const ConvertOptions& options, const ConvertResult& result);

}  // namespace mo::cli
