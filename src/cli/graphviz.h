#pragma once

#include <string>
#include <string_view>

namespace mo::cli {

/// True when Graphviz's `dot` is in a folder of PATH.
bool has_graphviz();

/// What `dot` makes of a graph in its language: `format` is `svg` or `png`.
/// Throws Failure (graphviz) when there is no `dot`, or it fails.
std::string draw_with_graphviz(std::string_view graph, const std::string& format);

}  // namespace mo::cli
