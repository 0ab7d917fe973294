#include "cli/graphviz.h"

#include <array>
#include <system_error>

#include "cli/values.h"
#include "os/command.h"

namespace mo::cli {

namespace {

constexpr const char* remedy =
    "install it (apt install graphviz), or write a page (--graph net.html) or its text (net.dot)";

os::CommandResult run_dot(std::string_view graph, const std::string& format) {
  try {
    return os::run_command("dot", std::array{"-T" + format}, graph);
  } catch (const std::system_error& error) {
    fail(code::graphviz, "Graphviz's program dot cannot be run: " + error.code().message(),
         "see that the folder of temporary files (TMPDIR or /tmp) has room");
  }
}

}  // namespace

bool has_graphviz() {
  return os::has_program("dot");
}

std::string draw_with_graphviz(std::string_view graph, const std::string& format) {
  if (!has_graphviz()) fail(code::graphviz, "Graphviz's program dot is not installed", remedy);
  os::CommandResult done = run_dot(graph, format);
  if (done.status == 0 && !done.output.empty()) return std::move(done.output);
  fail(code::graphviz, "Graphviz's dot failed: " + done.errors.substr(0, done.errors.find('\n')), remedy);
}

}  // namespace mo::cli
