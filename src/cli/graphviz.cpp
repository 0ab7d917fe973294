#include "cli/graphviz.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "cli/values.h"

extern char** environ;

namespace mo::cli {

namespace {

constexpr const char* remedy =
    "install it (apt install graphviz), or write a page (--graph net.html) or its text (net.dot)";

struct CloseFile {
  void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// A file without a name, which vanishes with the process.
File temporary_file() {
  File file(std::tmpfile());
  if (!file)
    fail(code::graphviz, "there is no place for a temporary file", "check the folder TMPDIR or /tmp");
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

/// Runs `dot` with these three files; its exit status, or -1 when it ended in another way.
int run_dot(const std::string& format, std::FILE* in, std::FILE* out, std::FILE* errors) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(in), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(out), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, ::fileno(errors), STDERR_FILENO);
  std::string program = "dot";
  std::string option = "-T" + format;
  const std::vector<char*> words{program.data(), option.data(), nullptr};
  pid_t process = 0;
  const int error = ::posix_spawnp(&process, "dot", &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(code::graphviz, "Graphviz's program dot is not installed", remedy);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

bool has_graphviz() {
  const char* const path = std::getenv("PATH");
  std::string_view folders = path == nullptr ? "/usr/bin:/bin" : path;
  while (true) {
    const std::size_t end = folders.find(':');
    const std::string folder(folders.substr(0, end));
    if (::access(((folder.empty() ? "." : folder) + "/dot").c_str(), X_OK) == 0) return true;
    if (end == std::string_view::npos) return false;
    folders.remove_prefix(end + 1);
  }
}

std::string draw_with_graphviz(std::string_view graph, const std::string& format) {
  if (!has_graphviz()) fail(code::graphviz, "Graphviz's program dot is not installed", remedy);
  const File in = temporary_file();
  const File out = temporary_file();
  const File errors = temporary_file();
  std::fwrite(graph.data(), 1, graph.size(), in.get());
  if (std::fflush(in.get()) != 0)
    fail(code::graphviz, "the graph does not fit on the disk of temporary files", "make room there");
  ::lseek(::fileno(in.get()), 0, SEEK_SET);
  const int status = run_dot(format, in.get(), out.get(), errors.get());
  std::string picture = text_of(out.get());
  if (status == 0 && !picture.empty()) return picture;
  const std::string said = text_of(errors.get());
  fail(code::graphviz, "Graphviz's dot failed: " + said.substr(0, said.find('\n')), remedy);
}

}  // namespace mo::cli
