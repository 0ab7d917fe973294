#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "verify/report.h"

namespace mo::verify {

namespace {

std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

std::string numbers(const Difference& difference) {
  return fmt::format("{:>9.2e} {:>9.2e} {:>9.2e} {:>9.6f}", difference.largest, difference.mean,
                     difference.relative, difference.cosine);
}

std::string output_text(const OutputRow& output) {
  std::string text = fmt::format("Output {}: ", output.name);
  if (!output.difference) return text + "not known to the Caffe side\n";
  if (output.detections)
    text += fmt::format("{} of {} detections matched, largest difference {:.2g}", output.detections->matched,
                        output.detections->expected, output.detections->difference.largest);
  else
    text += fmt::format("largest difference {:.2g} ({:.2g} of the largest value)", output.difference->largest,
                        output.difference->relative);
  const Ranking& ranking = output.ranking;
  if (ranking.rows > 0)
    text += fmt::format(", top-1 the same in {} of {}, {} of the top-{} in common", ranking.same_best,
                        ranking.rows, ranking.common, ranking.of);
  if (output.old_engine) text += fmt::format("; in the old engine {:.2g}", output.old_engine->relative);
  return text + (output.agrees ? "\n" : "  DIFFERS\n");
}

}  // namespace

const Row* Report::first_diverging() const {
  const auto row = std::ranges::find(rows, false, &Row::agrees);
  return row == rows.end() ? nullptr : &*row;
}

bool Report::agrees() const {
  return first_diverging() == nullptr &&
         std::ranges::all_of(outputs, [](const OutputRow& output) { return output.agrees; });
}

std::string Report::verdict() const {
  const std::string_view what = xml.ends_with(".onnx") ? "the ONNX model" : "the IR";
  if (agrees()) {
    const auto compared =
        std::ranges::count_if(rows, [](const Row& row) { return row.difference.has_value(); });
    return fmt::format("{} computes what Caffe computes ({} layers compared)", what, compared);
  }
  if (const Row* row = first_diverging())
    return fmt::format(
        "{} differs, first at layer \"{}\" ({}): {:.2g} of its largest value, where {:.2g} is allowed", what,
        row->layer, row->type, row->difference->relative, tolerance);
  return fmt::format("{} differs in its outputs", what);
}

std::string to_text(const Report& report) {
  std::string text =
      fmt::format("{}\nagainst {}\ninputs: {}\n\n", report.xml, report.executor, report.inputs);
  std::size_t width = 5;
  std::size_t type_width = 4;
  for (const Row& row : report.rows) {
    width = std::max(width, std::min<std::size_t>(row.layer.size(), 36));
    type_width = std::max(type_width, std::min<std::size_t>(row.type.size(), 18));
  }
  text += fmt::format("{:<{}}  {:<{}}  {:>9} {:>9} {:>9} {:>9}\n", "layer", width, "type", type_width,
                      "largest", "mean", "relative", "cosine");
  for (const Row& row : report.rows)
    text += fmt::format("{:<{}}  {:<{}}  {}{}\n", shortened(row.layer, 36), width, shortened(row.type, 18),
                        type_width, row.difference ? numbers(*row.difference) + "  " + row.note : row.note,
                        row.agrees ? "" : "  DIFFERS");
  if (!report.fused.empty())
    text += fmt::format("\nFused into other layers, or without effect: {}\n", fmt::join(report.fused, ", "));
  text += "\n";
  for (const OutputRow& output : report.outputs) text += output_text(output);
  return text;
}

}  // namespace mo::verify
