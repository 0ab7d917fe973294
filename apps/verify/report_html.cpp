#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "verify/report.h"

namespace mo::verify {

namespace {

constexpr double least_power = -9;  // errors from 1e-9 ...
constexpr double most_power = 1;    // ... to 10 are told apart
constexpr double plot_height = 240;
constexpr double left = 60;
constexpr double top = 16;

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '&')
      result += "&amp;";
    else if (c == '"')
      result += "&quot;";
    else
      result += c;
  }
  return result;
}

double height_of(double relative) {
  if (std::isnan(relative)) return plot_height;
  const double power = relative > 0 ? std::log10(relative) : least_power;
  return plot_height * (std::clamp(power, least_power, most_power) - least_power) /
         (most_power - least_power);
}

/// A bar for each layer that was compared, its height the logarithm of the relative error; the line is what
/// is allowed.
std::string picture(const Report& report) {
  const auto count = std::max<std::size_t>(1, report.rows.size());
  const double step = std::clamp(1100.0 / static_cast<double>(count), 3.0, 28.0);
  const double width = left + step * static_cast<double>(count) + 16;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
      "{1:.0f}\" "
      "role=\"img\" aria-label=\"relative error of each layer\">\n",
      width, plot_height + 2 * top);
  for (int power = static_cast<int>(least_power); power <= static_cast<int>(most_power); ++power) {
    const double y = top + plot_height - height_of(std::pow(10.0, power));
    svg += fmt::format(R"(<line class="grid" x1="{:.0f}" x2="{:.0f}" y1="{:.1f}" y2="{:.1f}"/>)", left, width,
                       y, y);
    svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">1e{}</text>\n", left - 6, y + 4,
                       power);
  }
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    const Row& row = report.rows[i];
    if (!row.difference) continue;
    const double height = std::max(1.5, height_of(row.difference->relative));
    svg += fmt::format(
        "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{} ({}): "
        "{:.2e}</title></rect>\n",
        row.agrees ? "agrees" : "differs", left + step * static_cast<double>(i), top + plot_height - height,
        step * 0.8, height, escaped(row.layer), escaped(row.type), row.difference->relative);
  }
  const double limit = top + plot_height - height_of(report.tolerance);
  svg += fmt::format("<line class=\"limit\" x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                     left, width, limit, limit);
  return svg + "</svg>\n";
}

constexpr std::string_view style = R"(<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 1180px; padding: 0 1em; color: #1b1f24; }
table { border-collapse: collapse; } th, td { padding: 2px 12px; text-align: left; border-bottom: 1px solid #e3e6ea; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } tr.differs td { background: #fde7e7; }
.verdict { padding: 8px 14px; border-radius: 6px; } .verdict.agrees { background: #e2f4e5; } .verdict.differs { background: #fde7e7; }
.picture { overflow-x: auto; } svg text { font: 11px system-ui, sans-serif; fill: #57606a; }
.grid { stroke: #e3e6ea; } .limit { stroke: #c4314b; stroke-dasharray: 5 3; } rect.agrees { fill: #3f8f5b; } rect.differs { fill: #c4314b; }
</style>
)";

std::string layer_row(const Row& row) {
  std::string numbers = fmt::format("<td colspan=\"4\">{}</td>", escaped(row.note));
  if (row.difference)
    numbers = fmt::format(
        "<td class=\"n\">{:.2e}</td><td class=\"n\">{:.2e}</td><td class=\"n\">{:.2e}</td><td "
        "class=\"n\">{:.6f}</td>",
        row.difference->largest, row.difference->mean, row.difference->relative, row.difference->cosine);
  return fmt::format("<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}</td>{}</tr>\n",
                     row.agrees ? "agrees" : "differs", escaped(row.layer), escaped(row.type),
                     to_string(row.shape), numbers);
}

std::string output_row(const OutputRow& output) {
  std::string ranking = "–";
  if (output.detections)
    ranking = fmt::format("{} of {} detections", output.detections->matched, output.detections->expected);
  else if (output.ranking.rows > 0)
    ranking = fmt::format("top-1 in {} of {}, {} of top-{}", output.ranking.same_best, output.ranking.rows,
                          output.ranking.common, output.ranking.of);
  return fmt::format("<tr class=\"{}\"><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
                     output.agrees ? "agrees" : "differs", escaped(output.name),
                     output.difference ? fmt::format("{:.2e}", output.difference->relative) : "–", ranking);
}

}  // namespace

std::string to_html(const Report& report) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Verification of "
      "{0}</title>\n{1}</head><body>\n"
      "<h1>Verification of {0}</h1>\n<p>Against {2}. Inputs: {3}.</p>\n<p class=\"verdict {4}\">{5}</p>\n",
      escaped(report.xml), style, escaped(report.executor), escaped(report.inputs),
      report.agrees() ? "agrees" : "differs", escaped(report.verdict()));
  html += fmt::format(
      "<h2>Error of each layer</h2>\n<p>The largest difference by the largest value, from the first layer to "
      "the last; "
      "the dashed line is what is allowed, {:.2g}.</p>\n<div class=\"picture\">{}</div>\n",
      report.tolerance, picture(report));
  html +=
      "<h2>Outputs</h2>\n<table><tr><th>output</th><th class=\"n\">relative</th><th>in common</th></tr>\n";
  for (const OutputRow& output : report.outputs) html += output_row(output);
  html +=
      "</table>\n<h2>Layers</h2>\n<table><tr><th>layer</th><th>type</th><th>shape</th><th "
      "class=\"n\">largest</th>"
      "<th class=\"n\">mean</th><th class=\"n\">relative</th><th class=\"n\">cosine</th></tr>\n";
  for (const Row& row : report.rows) html += layer_row(row);
  html += "</table>\n";
  if (!report.fused.empty())
    html += fmt::format("<p>Fused into other layers, or without effect: {}.</p>\n",
                        escaped(fmt::format("{}", fmt::join(report.fused, ", "))));
  return html + "</body></html>\n";
}

}  // namespace mo::verify
