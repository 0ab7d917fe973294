#pragma once

#include <string>

#include "report/record.h"

namespace mo::report {

/// What stands over the two networks.
struct Captions {
  std::string name;     ///< of the net
  std::string written;  ///< what the network after is: `IR v11`
};

/// One page with both networks, to be searched and zoomed; needs nothing from elsewhere.
std::string graph_html(const Record& record, const Captions& captions);

/// Both networks for Graphviz's `dot`, side by side, long ones in columns.
std::string graph_dot(const Record& record, const Captions& captions);

/// `Before: 228 layers, 25.6 M weights, 3.86 G multiply-adds`, and the same of the network after.
std::string caption_before(const Record& record);
std::string caption_after(const Record& record, const std::string& written);

}  // namespace mo::report
