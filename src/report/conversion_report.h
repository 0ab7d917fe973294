#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "report/conversion.h"
#include "report/record.h"

namespace mo::report {

/// Adds to a report's JSON what is known of the conversion and of its layers.
void add_details(nlohmann::ordered_json& json, const Conversion& conversion, const Record& record);

/// The report as a page of its own, from its JSON.
std::string report_html(const nlohmann::ordered_json& json);

}  // namespace mo::report
