#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mo::ir {

/// The text without blanks at its ends.
std::string_view trimmed(std::string_view text);

/// Decimal digits with an optional sign, nothing else; nothing when it does not fit 64 bits.
std::optional<std::int64_t> to_integer(std::string_view text);
std::optional<std::uint64_t> to_unsigned(std::string_view text);
/// A decimal number, `inf` or `nan`.
std::optional<double> to_number(std::string_view text);
/// `1`, `0`, `true`, `false`, also `True` and `False`.
std::optional<bool> to_boolean(std::string_view text);

/// Numbers separated by commas; the empty text is an empty list.  At most 2^20 of them.
std::optional<std::vector<std::int64_t>> to_integers(std::string_view text);
std::optional<std::vector<float>> to_numbers(std::string_view text);

}  // namespace mo::ir
