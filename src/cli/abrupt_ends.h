#pragma once

#include "cli/parse.h"

namespace mo::cli {

/// Ends this process with a message and the exit status of a bad model.
[[noreturn]] void end_out_of_memory();

/// From now on the process ends at once, with a message, when memory runs out: no output has a name yet, and
/// GCC 12 destroys what it did not make when an exception leaves a list in braces.
void end_when_memory_runs_out();

/// From now on a mapped input that another program truncates while it is read (SIGBUS) ends the process with
/// a message that names the inputs in `arguments` and the exit status of bad files.
void end_when_an_input_is_truncated(const Arguments& arguments);

}  // namespace mo::cli
