#pragma once

#include <string>
#include <string_view>

namespace mo::report {

/// The pages of src/report/pages, with their styles and scripts inside; `{{data}}` is where the JSON goes.
extern const std::string_view graph_page;
extern const std::string_view report_page;

/// A page with its data.  `json` may hold any text: what could end a script element is written as escapes.
std::string fill(std::string_view page, std::string_view json);

}  // namespace mo::report
