#include "os/memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace mo::os {

namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

/// The number that a file of the kernel's begins with; `unlimited` when there is none.
std::uint64_t number_in(const char* path) {
  std::ifstream file(path);
  std::uint64_t number = 0;
  return file >> number ? number : unlimited;
}

/// MemAvailable and SwapFree together.
std::uint64_t machine_memory() {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::uint64_t kibibytes = 0;
  std::uint64_t sum = 0;
  while (file >> name >> kibibytes) {
    if (name == "MemAvailable:" || name == "SwapFree:") sum += kibibytes << 10;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return sum > 0 ? sum : unlimited;
}

/// Private writable memory that this process has now; sanitizers reserve more than any machine has.
std::uint64_t taken_memory() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t pages = 0;
  for (int field = 0; field < 6; ++field) file >> pages;
  return file ? pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

std::shared_ptr<const void> zero_pages(std::size_t size) {
  void* const pages = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) return nullptr;
  return {pages, [size](void* start) { ::munmap(start, size); }};
}

std::uint64_t available_memory() {
  const std::uint64_t bytes = std::min({machine_memory(), number_in("/sys/fs/cgroup/memory.max"),
                                        number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes")});
  return bytes == unlimited ? 0 : bytes;
}

void limit_memory(std::uint64_t bytes) {
  struct rlimit limit {};
  if (taken_memory() >= bytes || ::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, bytes);
  ::setrlimit(RLIMIT_DATA, &limit);
}

void limit_further_memory(std::uint64_t bytes) {
  const std::uint64_t taken = taken_memory();
  if (bytes < unlimited - taken) limit_memory(taken + bytes);
}

}  // namespace mo::os
