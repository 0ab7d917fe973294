#include "extension/probe.h"

#include "extension/library.h"
#include "os/trial.h"

namespace mo::extension {

void probe(const std::string& path, const std::function<void()>& action) {
  constexpr unsigned longest_load = 60;  // seconds
  const auto silently = [&] {
    action();
    return std::string();
  };
  const os::Trial trial = os::try_in_child(silently, longest_load);
  switch (trial.end) {
    case os::Trial::End::came_back:
    case os::Trial::End::not_tried:
      return;
    case os::Trial::End::timed_out:
      fail_library(path, "it does not come back within a minute when it is loaded");
    case os::Trial::End::crashed:
      fail_library(path, "it crashes when it is loaded (" + trial.signal + ")");
    case os::Trial::End::ended_the_program:
      fail_library(
          path, "it ends the program when it is loaded (exit status " + std::to_string(trial.status) + ")");
  }
}

}  // namespace mo::extension
