#include "os/trial.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <string_view>
#include <utility>

namespace mo::os {

namespace {

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(to, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Until all that could write has closed its end.
std::string read_all(int from) {
  std::string all;
  std::array<char, std::size_t{1} << 16> part{};
  while (true) {
    const ssize_t count = ::read(from, part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return all;
    all.append(part.data(), static_cast<std::size_t>(count));
  }
}

/// What the action said goes through the pipe, behind it one byte: without that the action did not come back.
[[noreturn]] void run_in_child(int to, const std::function<std::string()>& action, unsigned seconds) {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM}) std::signal(signal, SIG_DFL);
  ::alarm(seconds);
  bool all = true;
  try {
    all = write_all(to, action());
  } catch (const std::exception&) {  // the parent sees it too, and says it
  }
  ::_exit(all && write_all(to, "!") ? 0 : 1);
}

}  // namespace

Trial try_in_child(const std::function<std::string()>& action, unsigned seconds) {
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) run_in_child(pipe_ends[1], action, seconds);
  ::close(pipe_ends[1]);
  std::string said = child > 0 ? read_all(pipe_ends[0]) : "";
  ::close(pipe_ends[0]);
  if (child < 0) return {};  // no process to be had: then without the trial
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !said.empty()) {
    said.pop_back();
    return {.end = Trial::End::came_back, .said = std::move(said)};
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return {.end = Trial::End::timed_out};
  if (WIFSIGNALED(status)) return {.end = Trial::End::crashed, .signal = ::strsignal(WTERMSIG(status))};
  return {.end = Trial::End::ended_the_program, .status = WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

}  // namespace mo::os
