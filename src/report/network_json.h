#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/record.h"

namespace mo::report {

/// The layers of a network, each with what is known of it; what is empty is left out.
nlohmann::ordered_json to_json(const Network& network, bool is_before);

/// `kept`, `fused`, `removed`.
const char* fate_name(Fate fate);

/// A whole number where 63 bits hold it.
nlohmann::ordered_json whole(double value);

}  // namespace mo::report
