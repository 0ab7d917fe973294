#include "common/run_app.h"

#include <fmt/format.h>

#include <cstdio>
#include <new>
#include <vector>

namespace mo::apps {

int run_app(int argc, char** argv, const std::function<int(std::span<const std::string>)>& body) {
  try {
    const std::vector<std::string> words(argv + 1, argv + argc);
    return body(words);
  } catch (const Failure& failure) {
    fmt::print(stderr, "{}\n", to_text(failure.diagnostic()));
    return static_cast<int>(failure.diagnostic().code->exit);
  } catch (const std::bad_alloc&) {
    std::fputs("[ ERROR ]  not enough memory for this model\n", stderr);
    return static_cast<int>(Exit::model);
  } catch (const std::exception& error) {
    fmt::print(stderr, "[ ERROR ]  a defect: {}\n  see docs/FAQ.md#internal-error\n", error.what());
    return static_cast<int>(Exit::internal);
  }
}

void print_and_check(const Diagnostics& diagnostics) {
  const Diagnostic* first = nullptr;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.severity == Severity::info) continue;
    if (diagnostic.severity == Severity::error && first == nullptr)
      first = &diagnostic;
    else
      fmt::print(stderr, "{}\n", to_text(diagnostic));
  }
  if (first != nullptr) throw Failure(*first);
}

}  // namespace mo::apps
