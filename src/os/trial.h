#pragma once

#include <functional>
#include <string>

namespace mo::os {

/// How an action ended in a process of its own.
struct Trial {
  enum class End { came_back, crashed, timed_out, ended_the_program, not_tried };
  End end = End::not_tried;
  std::string said = {};    ///< what the action returned, when it came back
  std::string signal = {};  ///< the system's words for the crash
  int status = 0;           ///< with which it ended the program
};

/// Runs `action` in a child process, silently and for at most `seconds`; what it throws is no matter.  Where
/// no child can be had, as on systems that cannot double a process, nothing happens, and it is `not_tried`.
Trial try_in_child(const std::function<std::string()>& action, unsigned seconds);

}  // namespace mo::os
