#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "os/output_file.h"

namespace mo::os {

namespace {

/// One file on its way to its name, with all texts made beforehand: the renaming child takes no memory.
struct Move {
  enum class State { waiting, temporary, created, exchanged, replaced };

  std::string open_file;  ///< path through which a nameless file is found; empty when it has a name
  std::string temporary;
  std::string backup;  ///< of the old file, where names cannot be exchanged
  std::string path;
  State state = State::waiting;
};

struct Job {
  std::vector<Move> moves;
  int error = 0;
  std::size_t failed = 0;
};

int renamed(const std::string& from, const std::string& to, unsigned flags) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0 ? 0 : errno;
}

int give_temporary_name(Move& move) {
  if (!move.open_file.empty() &&
      ::linkat(AT_FDCWD, move.open_file.c_str(), AT_FDCWD, move.temporary.c_str(), AT_SYMLINK_FOLLOW) != 0)
    return errno;
  move.state = Move::State::temporary;
  return 0;
}

/// The old file, if any, stays at hand: under the temporary name or, where the file system cannot exchange
/// names, under a further link.
int give_name(Move& move) {
  int error = renamed(move.temporary, move.path, RENAME_EXCHANGE);
  if (error == 0) {
    move.state = Move::State::exchanged;
    return 0;
  }
  if (error == ENOENT) {
    error = renamed(move.temporary, move.path, 0);
    if (error == 0) move.state = Move::State::created;
    return error;
  }
  if (error != EINVAL && error != ENOSYS && error != EOPNOTSUPP) return error;
  const bool kept = ::link(move.path.c_str(), move.backup.c_str()) == 0;
  const bool is_new = !kept && errno == ENOENT;
  if (!kept && !is_new) return errno;
  error = ::rename(move.temporary.c_str(), move.path.c_str()) == 0 ? 0 : errno;
  if (error == 0)
    move.state = is_new ? Move::State::created : Move::State::replaced;
  else if (kept)
    ::unlink(move.backup.c_str());
  return error;
}

void take_back(const Move& move) {
  if (move.state == Move::State::exchanged) renamed(move.temporary, move.path, RENAME_EXCHANGE);
  if (move.state == Move::State::created) ::unlink(move.path.c_str());
  if (move.state == Move::State::replaced) ::rename(move.backup.c_str(), move.path.c_str());
}

/// Removes what carries names of passage.
void clean(const Move& move) {
  if (move.state == Move::State::temporary || move.state == Move::State::exchanged)
    ::unlink(move.temporary.c_str());
  if (move.state == Move::State::replaced) ::unlink(move.backup.c_str());
}

/// All or nothing, and nothing but system calls: it runs in a child that shares the memory of its parent.
void give_names(Job& job) {
  for (const auto step : {give_temporary_name, give_name}) {
    for (std::size_t i = 0; i < job.moves.size(); ++i) {
      if (job.error == 0) {
        job.error = step(job.moves[i]);
        job.failed = i;
      }
    }
  }
  if (job.error != 0)
    for (std::size_t i = job.moves.size(); i-- > 0;) take_back(job.moves[i]);
  for (const Move& move : job.moves) clean(move);
}

int child_main(void* job) {
  ::setsid();  // out of reach of what kills the parent's group, and of the terminal
  give_names(*static_cast<Job*>(job));
  return 0;
}

/// In a child process of a session of its own, so that killing this one does not stop it between two files.
/// It sends no signal when it ends and is no child that the caller's own wait() would find.
void run_detached(Job& job) {
  alignas(64) std::array<std::byte, 64 << 10> stack;
  const pid_t child = ::clone(child_main, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK, &job);
  if (child < 0) {
    give_names(job);
    return;
  }
  while (::waitpid(child, nullptr, __WALL) < 0 && errno == EINTR) {
  }
}

/// Holds other publishers into the folder off.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder)
      : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    // Others hold it for less than a millisecond.  Whoever holds it longer is no publisher: perhaps the
    // script that called this program, which then serialises it by itself.
    constexpr int attempts = 1000;
    for (int i = 0; i < attempts && ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool sync() const { return ::fsync(descriptor_) == 0; }

 private:
  int descriptor_;
};

}  // namespace

std::optional<NamingFailure> give_names(std::span<OutputFile* const> files, bool durable) {
  Job job;
  for (const OutputFile* file : files)
    job.moves.push_back(
        {.open_file = file->nameless_ ? fmt::format("/proc/self/fd/{}", file->handle_) : std::string(),
         .temporary = file->temporary_,
         .backup = file->temporary_ + "-old",
         .path = file->path_});
  if (job.moves.empty()) return std::nullopt;
  const std::string folder = std::filesystem::path(job.moves.front().path).parent_path().string();
  const FolderLock lock(folder.empty() ? "." : folder);
  run_detached(job);
  if (job.error != 0) return NamingFailure{{job.error, std::generic_category()}, job.failed};
  for (OutputFile* file : files) ::close(static_cast<int>(std::exchange(file->handle_, -1)));
  if (durable && !lock.sync()) return NamingFailure{{errno, std::generic_category()}, 0, true};
  return std::nullopt;
}

}  // namespace mo::os
