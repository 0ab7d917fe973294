#include "cli/memory_limit.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

#include "cli/values.h"
#include "os/memory.h"

namespace mo::cli {

namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t least = 64U << 20;  // the program itself, its libraries' data and its threads' stacks

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

void limit_memory(const Arguments& arguments, Diagnostics& diagnostics) {
  std::uint64_t bytes = 0;
  try {
    const auto text = arguments.value("--max_memory");
    bytes = text ? parse_memory(*text) : os::available_memory();
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
    return;
  }
  if (bytes > 0) os::limit_memory(std::max(bytes, least));
}

}  // namespace mo::cli
