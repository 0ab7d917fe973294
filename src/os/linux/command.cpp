#include "os/command.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <vector>

namespace mo::os {

namespace {

[[noreturn]] void fail(int error) {
  throw std::system_error(error, std::generic_category());
}

struct CloseFile {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// A file without a name, which vanishes with the process.
File temporary_file() {
  File file(std::tmpfile());
  if (!file) fail(errno);
  return file;
}

std::string text_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  std::vector<char> buffer(std::size_t{1} << 16);
  for (std::size_t got = 1; got > 0;) {
    got = std::fread(buffer.data(), 1, buffer.size(), file);
    text.append(buffer.data(), got);
  }
  return text;
}

/// The exit status, or -1 when the program ended in another way.
int run(std::vector<std::string> words, std::FILE* in, std::FILE* out, std::FILE* errors) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(in), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(out), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(errors), STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int error = ::posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(error);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

bool has_program(std::string_view name) {
  const char* const path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "/usr/bin:/bin" : path;
  while (true) {
    const std::size_t end = folders.find(':');
    const std::string folder(folders.substr(0, end));
    if (::access(((folder.empty() ? "." : folder) + "/").append(name).c_str(), X_OK) == 0) return true;
    if (end == std::string_view::npos) return false;
    folders.remove_prefix(end + 1);
  }
}

CommandResult run_command(const std::string& name, std::span<const std::string> words,
                          std::string_view input) {
  const File in = temporary_file();
  const File out = temporary_file();
  const File errors = temporary_file();
  std::fwrite(input.data(), 1, input.size(), in.get());
  if (std::fflush(in.get()) != 0) fail(errno);
  ::lseek(::fileno(in.get()), 0, SEEK_SET);
  std::vector<std::string> all{name};
  all.insert(all.end(), words.begin(), words.end());
  const int status = run(std::move(all), in.get(), out.get(), errors.get());
  return {status, text_of(out.get()), text_of(errors.get())};
}

}  // namespace mo::os
