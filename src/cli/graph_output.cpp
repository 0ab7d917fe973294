#include "cli/graph_output.h"

#include <array>
#include <string_view>
#include <utility>

#include "cli/graphviz.h"
#include "cli/outcome.h"
#include "cli/values.h"
#include "report/graph.h"
#include "support/output_files.h"
#include "support/path.h"

namespace mo::cli {

namespace {

using Format = GraphOutput::Format;

constexpr std::array<std::pair<std::string_view, Format>, 5> endings{{{".html", Format::html},
                                                                      {".htm", Format::html},
                                                                      {".dot", Format::dot},
                                                                      {".svg", Format::svg},
                                                                      {".png", Format::png}}};

std::string drawn(Format format, const report::Record& record, const report::Captions& captions) {
  if (format == Format::html) return report::graph_html(record, captions);
  std::string dot = report::graph_dot(record, captions);
  if (format == Format::dot) return dot;
  return draw_with_graphviz(dot, format == Format::svg ? "svg" : "png");
}

}  // namespace

std::optional<GraphOutput> graph_output(const Arguments& arguments, Diagnostics& diagnostics) {
  const auto path = arguments.value("--graph");
  if (!path) return std::nullopt;
  const std::string ending = to_path(*path).extension().string();
  for (const auto& [name, format] : endings) {
    if (ending != name) continue;
    if ((format == Format::svg || format == Format::png) && !has_graphviz())
      diagnostics.error(code::graphviz, "--graph " + *path + ": Graphviz's program dot is not installed",
                        "install it (apt install graphviz), or write a page (--graph net.html) or dot's own "
                        "language (net.dot)");
    return GraphOutput{*path, format};
  }
  diagnostics.error(code::command_line,
                    "--graph " + *path + ": its ending is none of .html, .svg, .png, .dot",
                    "name the file by what it shall be: --graph net.html");
  return std::nullopt;
}

void write_graph(const GraphOutput& output, const report::Record& record, const ConvertOptions& options,
                 Diagnostics& diagnostics) {
  if (record.before.empty()) return;  // the net could not even be read
  try {
    const report::Conversion conversion = to_conversion(options, {}, {}, 0);
    refuse_to_replace({options.files.prototxt, options.files.caffemodel, options.mean_file}, {output.path});
    write_file(output.path, drawn(output.format, record,
                                  {record.name.empty() ? options.model_name : record.name,
                                   report::written_as(conversion)}));
  } catch (const Failure& failure) {
    diagnostics.add(failure.diagnostic());
  }
}

}  // namespace mo::cli
