#include <fmt/format.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "os/output_file.h"
#include "os/windows/deletion.h"
#include "os/windows/system.h"

namespace mo::os {

namespace {

/// One file on its way to its name.
struct Move {
  std::wstring temporary;
  std::wstring backup;  ///< of the old file
  std::wstring path;
  HANDLE file;
  bool kept = false;   ///< the old file is at `backup`
  bool named = false;  ///< the new one is at `path`
};

/// The error, 0 for none.  What a virus scanner or an indexer holds is tried again for a second.
DWORD renamed(const std::wstring& from, const std::wstring& to) {
  constexpr int attempts = 20;
  for (int i = 0;; ++i) {
    if (::MoveFileExW(from.c_str(), to.c_str(), 0) != 0) return 0;
    const DWORD error = ::GetLastError();
    const bool held = error == ERROR_SHARING_VIOLATION || error == ERROR_ACCESS_DENIED;
    if (!held || i == attempts) return error;
    ::Sleep(50);
  }
}

DWORD keep_old(Move& move) {
  if (::GetFileAttributesW(move.path.c_str()) == INVALID_FILE_ATTRIBUTES) return 0;
  const DWORD error = renamed(move.path, move.backup);
  move.kept = error == 0;
  return error == ERROR_FILE_NOT_FOUND ? 0 : error;
}

DWORD give_name(Move& move) {
  if (!delete_when_closed(move.file, false)) return ::GetLastError();
  const DWORD error = renamed(move.temporary, move.path);
  move.named = error == 0;
  return error;
}

void take_back(Move& move) {
  if (move.named) renamed(move.path, move.temporary);
  if (move.kept) renamed(move.backup, move.path);
}

/// What others have mapped stays.
void remove(const std::wstring& file) {
  ::SetFileAttributesW(file.c_str(), FILE_ATTRIBUTE_NORMAL);  // one that is read-only could not be deleted
  ::DeleteFileW(file.c_str());
}

/// Windows gives no set of files its names at once.  The last file, which names the others, makes way first
/// and comes last: whatever ends the process meanwhile, no file of the old set stands beside one of the new.
std::optional<NamingFailure> move_all(std::vector<Move>& moves) {
  DWORD error = 0;
  std::size_t at = 0;
  const auto step = [&](std::size_t i, DWORD (*action)(Move&)) {
    if (error != 0) return;
    at = i;
    error = action(moves[i]);
  };
  for (std::size_t i = moves.size(); i-- > 0;) step(i, keep_old);
  for (std::size_t i = 0; i < moves.size(); ++i) step(i, give_name);
  if (error == 0) return std::nullopt;
  for (Move& move : moves) take_back(move);
  return NamingFailure{{static_cast<int>(error), std::system_category()}, at};
}

/// Holds other processes that name files in the folder off, for a second at most.
class FolderLock {
 public:
  explicit FolderLock(const std::string& file) : mutex_(::CreateMutexW(nullptr, FALSE, name(file).c_str())) {
    constexpr DWORD longest = 1000;  // milliseconds
    const DWORD got = mutex_.is_open() ? ::WaitForSingleObject(mutex_.get(), longest) : WAIT_FAILED;
    held_ = got == WAIT_OBJECT_0 || got == WAIT_ABANDONED;
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (held_) ::ReleaseMutex(mutex_.get());
  }

 private:
  /// The same for every way to write the folder.
  static std::wstring name(const std::string& file) {
    const std::filesystem::path parent = std::filesystem::path(wide(file)).parent_path();
    const Handle folder(::CreateFileW(parent.empty() ? L"." : parent.c_str(), 0,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                      OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    BY_HANDLE_FILE_INFORMATION facts{};
    ::GetFileInformationByHandle(folder.get(), &facts);
    return wide(fmt::format("Global\\mo-{:x}-{:x}-{:x}", facts.dwVolumeSerialNumber, facts.nFileIndexHigh,
                            facts.nFileIndexLow));
  }

  Handle mutex_;
  bool held_ = false;
};

}  // namespace

std::optional<NamingFailure> give_names(std::span<OutputFile* const> files, bool durable) {
  std::vector<Move> moves;
  for (const OutputFile* file : files)
    moves.push_back({.temporary = wide(file->temporary_),
                     .backup = wide(file->temporary_ + "-old"),
                     .path = wide(file->path_),
                     .file = to_handle(file->handle_)});
  if (moves.empty()) return std::nullopt;
  const FolderLock lock(files.front()->path_);
  if (auto failure = move_all(moves)) return failure;
  std::optional<NamingFailure> failure;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (durable && ::FlushFileBuffers(moves[i].file) == 0)
      failure = {{static_cast<int>(::GetLastError()), std::system_category()}, i, true};
    ::CloseHandle(to_handle(std::exchange(files[i]->handle_, -1)));
    if (moves[i].kept) remove(moves[i].backup);
  }
  return failure;
}

}  // namespace mo::os
