#pragma once

#include <string>
#include <string_view>

namespace mo::cli {

/// Whether text for this descriptor may have colours: a terminal that knows them, and no NO_COLOR
/// (https://no-color.org).
bool takes_colours(int descriptor);

/// Messages as to_text() makes them, with coloured labels and carets.  Characters of names that would steer a
/// terminal become `?`.
std::string coloured(std::string_view text);

/// coloured(text) where `descriptor` takes that, else the text.
std::string painted(std::string text, int descriptor);

}  // namespace mo::cli
