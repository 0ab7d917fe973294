#pragma once

#include <string_view>

namespace mo::os {

constexpr int standard_output = 1;  ///< descriptors
constexpr int standard_error = 2;

/// Whether what is written to the descriptor is shown on a terminal that obeys control sequences.
bool is_terminal(int descriptor);

/// Whether such a terminal has colours.
bool has_colours(int descriptor);

/// Writes without any buffer; what cannot be written is lost.
void write_now(int descriptor, std::string_view text);

}  // namespace mo::os
