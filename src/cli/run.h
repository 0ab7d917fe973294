#pragma once

namespace mo::cli {

/// The program: reads the command line, converts, reports.  Returns the exit status (docs/cli.md).
int run(int argc, char** argv);

}  // namespace mo::cli
