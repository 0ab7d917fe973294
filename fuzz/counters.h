#pragma once

#include <cstdint>
#include <span>

namespace mo::fuzz {

/// libFuzzer's counters of what is covered; none where the program is built without it.
std::span<std::uint8_t> counters();

}  // namespace mo::fuzz
