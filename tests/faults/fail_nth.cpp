// Preloaded into `mo` (LD_PRELOAD), makes the n-th call of a function fail, for every n, each in a child
// process of its own that main() is run in:
//
//   MO_FAULT=CALL            which one: malloc, open, read, write, mmap, rename, link, fsync, allocate, clone
//   MO_FAULT_ERROR=N         errno of the failed call; ENOMEM for malloc
//   MO_FAULT_PERSIST=1       all later calls fail too
//   MO_FAULT_STEP=N          only every N-th n
//   MO_FAULT_FIRST=N         beginning with this one
//   MO_FAULT_LOG=FILE        one line for each n: n, wait status, bytes of messages with "[ ERROR ]" (0:
//   none) MO_FAULT_STORE=FOLDER    files of the same names as in MO_FAULT_OUT as they are before each run
//   MO_FAULT_OUT=FOLDER      where the outputs are; behind the status stands a hash of each file there, by
//   name MO_FAULT_DELAY=N         instead of all that: the second and later renames wait N milliseconds
//   MO_FAULT_TRUNCATE=FILE   likewise: that file loses its content as soon as it is mapped
//
// The last line of the log is the first n at which no call was left to fail.

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
}

namespace {

enum Call {
  malloc_call,
  open_call,
  read_call,
  write_call,
  mmap_call,
  rename_call,
  link_call,
  fsync_call,
  allocate_call,
  clone_call,
  none
};
constexpr const char* names[] = {"malloc", "open", "read",  "write",    "mmap",
                                 "rename", "link", "fsync", "allocate", "clone"};

Call failing = none;
bool persists = false;
int error_number = EIO;
long delay = 0;               // milliseconds
std::atomic<long> left = -1;  // calls until the one that fails; negative: not armed
std::atomic<long> renames = 0;
std::atomic<bool>* reached = nullptr;  // shared with the parent: the n-th call has come

/// True when this call is to fail.
bool hit(Call call) {
  if (call == rename_call && delay > 0 && ++renames > 1) ::usleep(static_cast<useconds_t>(delay * 1000));
  if (call != failing || left.load() < 0) return false;
  const long before = left.fetch_sub(1);
  if (before > 1) return false;
  if (before < 1) return false;
  if (persists) left = 1;
  *reached = true;
  errno = call == malloc_call ? ENOMEM : error_number;
  return true;
}

template <typename Function>
Function* real(Function* /*type*/, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

#define REAL(name) static const auto next = real(&::name, #name)

extern "C" {

void* malloc(std::size_t size) {
  return hit(malloc_call) ? nullptr : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  return hit(malloc_call) ? nullptr : __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  return hit(malloc_call) ? nullptr : __libc_realloc(old, size);
}

int open(const char* path, int flags, ...) {
  REAL(open);
  va_list arguments;
  va_start(arguments, flags);
  const auto mode = va_arg(arguments, unsigned);
  va_end(arguments);
  return hit(open_call) ? -1 : next(path, flags, mode);
}
int __open_2(const char* path, int flags) {
  return open(path, flags, 0);
}
ssize_t read(int file, void* bytes, std::size_t size) {
  REAL(read);
  return hit(read_call) ? -1 : next(file, bytes, size);
}
ssize_t pread(int file, void* bytes, std::size_t size, off_t at) {
  REAL(pread);
  return hit(read_call) ? -1 : next(file, bytes, size, at);
}
ssize_t write(int file, const void* bytes, std::size_t size) {
  REAL(write);
  return hit(write_call) ? -1 : next(file, bytes, size);
}
ssize_t pwrite(int file, const void* bytes, std::size_t size, off_t at) {
  REAL(pwrite);
  return hit(write_call) ? -1 : next(file, bytes, size, at);
}
ssize_t copy_file_range(int from, off64_t* at, int to, off64_t* there, std::size_t size, unsigned flags) {
  REAL(copy_file_range);
  return hit(write_call) ? -1 : next(from, at, to, there, size, flags);
}
void* mmap(void* address, std::size_t size, int protection, int flags, int file, off_t at) {
  REAL(mmap);
  if (hit(mmap_call)) return MAP_FAILED;
  void* const mapped = next(address, size, protection, flags, file, at);
  const char* const path = std::getenv("MO_FAULT_TRUNCATE");
  struct stat here {};
  struct stat there {};
  if (path != nullptr && file >= 0 && ::fstat(file, &here) == 0 && ::stat(path, &there) == 0 &&
      here.st_ino == there.st_ino)
    static_cast<void>(::truncate(path, 0) == 0);
  return mapped;
}
int rename(const char* from, const char* to) {
  REAL(rename);
  return hit(rename_call) ? -1 : next(from, to);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  REAL(renameat2);
  return hit(rename_call) ? -1 : next(from_folder, from, to_folder, to, flags);
}
int link(const char* from, const char* to) {
  REAL(link);
  return hit(link_call) ? -1 : next(from, to);
}
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) {
  REAL(linkat);
  return hit(link_call) ? -1 : next(from_folder, from, to_folder, to, flags);
}
int fsync(int file) {
  REAL(fsync);
  return hit(fsync_call) ? -1 : next(file);
}
int fdatasync(int file) {
  REAL(fdatasync);
  return hit(fsync_call) ? -1 : next(file);
}
int fallocate(int file, int mode, off_t at, off_t size) {
  REAL(fallocate);
  return hit(allocate_call) ? -1 : next(file, mode, at, size);
}
int ftruncate(int file, off_t size) {
  REAL(ftruncate);
  return hit(allocate_call) ? -1 : next(file, size);
}
int clone(int (*run)(void*), void* stack, int flags, void* argument, ...) {
  REAL(clone);
  return hit(clone_call) ? -1 : next(run, stack, flags, argument);
}

}  // extern "C"

namespace {

using Main = int (*)(int, char**, char**);
Main real_main = nullptr;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string setting(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr ? text : "";
}

std::uint64_t fnv1a(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

/// Name=hash of each file that lies there, sorted.
std::string state_of(const std::filesystem::path& folder) {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    all.push_back(entry.path().filename().string() + "=" + std::to_string(fnv1a(text_of(entry.path()))));
  std::sort(all.begin(), all.end());
  std::string text;
  for (const std::string& one : all) text += " " + one;
  return text;
}

void restore(const std::filesystem::path& store, const std::filesystem::path& out) {
  for (const auto& entry : std::filesystem::directory_iterator(out)) std::filesystem::remove_all(entry);
  for (const auto& entry : std::filesystem::directory_iterator(store))
    std::filesystem::copy_file(entry, out / entry.path().filename());
}

/// Runs main() in a child whose n-th call fails; false when no call was left to fail.
bool run(long n, int argc, char** argv, char** environment, std::ofstream& log) {
  const std::string messages = setting("MO_FAULT_LOG") + ".messages";
  reached = static_cast<std::atomic<bool>*>(
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  const pid_t child = ::fork();
  if (child == 0) {
    const int file = ::open(messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, STDERR_FILENO);
    ::dup2(file, STDOUT_FILENO);
    ::alarm(60);
    left = n;
    const int status = real_main(argc, argv, environment);
    left = -1;
    std::exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const bool has_failed = *reached;
  ::munmap(reached, 4096);
  if (!has_failed) return false;
  const bool said = text_of(messages).find("[ ERROR ]") != std::string::npos;
  log << n << ' ' << (WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status)) << ' ' << said
      << state_of(setting("MO_FAULT_OUT")) << '\n';
  restore(setting("MO_FAULT_STORE"), setting("MO_FAULT_OUT"));
  return true;
}

int main_with_faults(int argc, char** argv, char** environment) {
  delay = std::atol(setting("MO_FAULT_DELAY").c_str());
  const auto* const found = std::find(std::begin(names), std::end(names), setting("MO_FAULT"));
  if (found == std::end(names)) return real_main(argc, argv, environment);
  const long step = std::max(1L, std::atol(setting("MO_FAULT_STEP").c_str()));
  if (!setting("MO_FAULT_ERROR").empty()) error_number = std::atoi(setting("MO_FAULT_ERROR").c_str());
  persists = setting("MO_FAULT_PERSIST") == "1";
  std::ofstream log(setting("MO_FAULT_LOG"));
  restore(setting("MO_FAULT_STORE"), setting("MO_FAULT_OUT"));
  failing = static_cast<Call>(found - std::begin(names));
  long n = std::max(1L, std::atol(setting("MO_FAULT_FIRST").c_str()));
  while (run(n, argc, argv, environment, log)) n += step;
  log << n << '\n';
  return 0;
}

}  // namespace

extern "C" int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                                 void (*loader_fini)(), void* stack_end) {
  real_main = main;
  using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
  const auto next = reinterpret_cast<Start>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return next(main_with_faults, argc, argv, init, fini, loader_fini, stack_end);
}
