#pragma once

#include <nlohmann/json_fwd.hpp>

#include "support/diagnostics.h"

namespace mo {

/// A diagnostic with its code, severity, cause, remedy and place; what is not known of it is left out.
nlohmann::ordered_json to_json(const Diagnostic& diagnostic);

/// All of them, in the order in which they came up.
nlohmann::ordered_json to_json(const Diagnostics& diagnostics);

/// JSON on lines, with characters that are not UTF-8 replaced: names may hold anything.
std::string to_lines(const nlohmann::ordered_json& json);

}  // namespace mo
