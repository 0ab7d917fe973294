#pragma once

#include <functional>
#include <span>
#include <string>

#include "support/diagnostics.h"

namespace mo::apps {

/// Runs an application's body on the words of its command line and gives its exit status; what it throws
/// becomes one message on standard error.
int run_app(int argc, char** argv, const std::function<int(std::span<const std::string>)>& body);

/// Warnings and errors on standard error; throws Failure with the first error, if there is one.
void print_and_check(const Diagnostics& diagnostics);

}  // namespace mo::apps
