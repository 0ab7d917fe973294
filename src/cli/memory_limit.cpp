#include "cli/memory_limit.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>
#include <string>

#include "cli/values.h"

namespace mo::cli {

namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t least = 64U << 20;  // the program itself, its libraries' data and its threads' stacks

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

std::uint64_t parse_memory(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::string_view units = "KMGT";
  const std::size_t power = unit.empty() ? 0 : units.find(unit.front()) + 1;  // npos + 1 is 0
  if (error != std::errc{} || unit.size() > 1 || (!unit.empty() && power == 0) ||
      number > unlimited >> (10 * power) || number << (10 * power) < least)
    fail(code::command_line,
         "--max_memory " + std::string(text) + " is not a size of memory of at least " +
             std::to_string(least >> 20) + "M",
         "write a number of bytes, or one with K, M, G or T: --max_memory 4G");
  return number << (10 * power);
}

std::uint64_t available_memory() {
  const std::uint64_t bytes = std::min({machine_memory(), number_in("/sys/fs/cgroup/memory.max"),
                                        number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes")});
  return bytes == unlimited ? 0 : std::max(bytes, least);
}

void limit_memory(const Arguments& arguments, Diagnostics& diagnostics) {
  std::uint64_t bytes = 0;
  try {
    const auto text = arguments.value("--max_memory");
    bytes = text ? parse_memory(*text) : available_memory();
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return;
  }
  struct rlimit limit {};
  if (bytes == 0 || taken_memory() >= bytes || ::getrlimit(RLIMIT_DATA, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_cur, bytes);
  ::setrlimit(RLIMIT_DATA, &limit);
}

}  // namespace mo::cli
