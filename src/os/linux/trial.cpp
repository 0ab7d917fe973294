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

namespace mo::os {

namespace {

[[noreturn]] void run_in_child(int done, const std::function<void()>& action, unsigned seconds) {
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere >= 0) {
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
  }
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM}) std::signal(signal, SIG_DFL);
  ::alarm(seconds);
  try {
    action();
  } catch (const std::exception&) {  // the parent sees it too, and says it
  }
  const char byte = 1;
  ::_exit(::write(done, &byte, 1) == 1 ? 0 : 1);
}

}  // namespace

Trial try_in_child(const std::function<void()>& action, unsigned seconds) {
  std::array<int, 2> pipe_ends{};
  if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) run_in_child(pipe_ends[1], action, seconds);
  ::close(pipe_ends[1]);
  char byte = 0;
  const bool came_back = child > 0 && ::read(pipe_ends[0], &byte, 1) == 1;
  ::close(pipe_ends[0]);
  if (child < 0) return {};  // no process to be had: then without the trial
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (came_back) return {};
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) return {.end = Trial::End::timed_out};
  if (WIFSIGNALED(status)) return {.end = Trial::End::crashed, .signal = ::strsignal(WTERMSIG(status))};
  return {.end = Trial::End::ended_the_program, .status = WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

}  // namespace mo::os
