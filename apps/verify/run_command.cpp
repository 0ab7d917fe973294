#include "verify/run_command.h"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "cli/values.h"

namespace mo::verify {

namespace {

std::string end_of(const std::string& path) {
  std::ifstream file(path);
  std::string last;
  for (std::string line; std::getline(file, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  return last;
}

}  // namespace

void run_command(const std::string& command, const std::vector<std::string>& words, const std::string& log) {
  std::vector<std::string> all{"sh", "-c", command + R"( "$@" >"$0" 2>&1)", log};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  arguments.reserve(all.size() + 1);
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    execv("/bin/sh", arguments.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    cli::fail(code::executor_failed, "\"" + command + "\" failed: " + end_of(log),
              "run it by hand with the same model");
}

}  // namespace mo::verify
