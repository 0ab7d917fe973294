#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <vector>

#include "report/graph.h"

// Each network is a cluster.  `dot` makes a long net a strip that no screen and no bitmap can show, so that a
// network of many rows is broken into columns: the edges that cross a break do not count for the rows.

namespace mo::report {

namespace {

constexpr std::size_t fewest_rows = 48;  // of a column
constexpr std::size_t most_rows = 66;
constexpr std::size_t longest_label = 60;  // characters of a line

struct Kind {
  std::string_view word;
  std::string_view colour;
};

/// By words in the type, the first that fits; the same as the page's.
std::string_view colour_of(const std::string& type) {
  static constexpr std::array<Kind, 21> kinds{
      {{"Input", "#e6dcef"},   {"Const", "#e6dcef"},        {"Data", "#e6dcef"},
       {"onv", "#d0e4f7"},     {"InnerProduct", "#d0e4f7"}, {"FullyConnected", "#d0e4f7"},
       {"ool", "#d3efd8"},     {"orm", "#fbe3cc"},          {"Scale", "#fbe3cc"},
       {"BN", "#fbe3cc"},      {"Bias", "#fbe3cc"},         {"LU", "#f8d7e2"},
       {"Sigmoid", "#f8d7e2"}, {"TanH", "#f8d7e2"},         {"oft", "#f8d7e2"},
       {"Dropout", "#f8d7e2"}, {"Concat", "#ddd6f7"},       {"ltwise", "#ddd6f7"},
       {"lice", "#ddd6f7"},    {"rior", "#cfeaf0"},         {"etection", "#cfeaf0"}}};
  const auto found = std::ranges::find_if(
      kinds, [&](const Kind& kind) { return type.find(kind.word) != std::string::npos; });
  return found == kinds.end() ? "#e9ecef" : found->colour;
}

/// At most longest_label bytes, never half a character.
std::string shortened(std::string_view text) {
  if (text.size() <= longest_label) return std::string(text);
  std::size_t end = longest_label;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

/// Inside quotes: dot knows escapes of its own, and `\l`, `\N` would mean something.
std::string quoted(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (result += '\\') += c;
    else
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

std::string names(const std::vector<std::uint32_t>& places, const Network& network) {
  std::string text;
  for (std::size_t i = 0; i < places.size() && i < 3; ++i)
    text += (i > 0 ? ", " : "") + network[places[i]].name;
  return places.size() > 3 ? text + fmt::format(" and {} more", places.size() - 3) : text;
}

/// What the picture says of the other network.
std::string note(const Layer& layer, const Record& record, bool is_before) {
  if (!record.optimised) return {};
  if (is_before) {
    if (layer.fate == Fate::removed) return "removed";
    return layer.fate == Fate::fused ? "fused into " + names(layer.counterparts, record.after) : "";
  }
  std::string taken;
  std::size_t count = 0;
  const auto take = [&](const std::string& name) {
    if (count++ < 4) taken += (taken.empty() ? "+ " : ", ") + name;
  };
  for (const std::uint32_t place : layer.counterparts)
    if (record.before[place].fate == Fate::fused) take(record.before[place].type);
  for (const std::string& name : layer.absorbed) take(name);
  if (count > 4) taken += fmt::format(" and {} more", count - 4);
  return layer.counterparts.empty() && layer.absorbed.empty() ? "added" : taken;
}

std::vector<std::size_t> rows_of(const Network& network) {
  std::vector<std::size_t> rows(network.size());
  for (std::size_t i = 0; i < network.size(); ++i)
    for (const std::uint32_t source : network[i].sources) rows[i] = std::max(rows[i], rows[source] + 1);
  return rows;
}

/// The column of each layer: long nets are broken where the fewest edges cross.
std::vector<std::size_t> columns_of(const Network& network) {
  std::vector<std::size_t> rows = rows_of(network);
  const std::size_t count = rows.empty() ? 0 : std::ranges::max(rows) + 1;
  std::vector<std::int64_t> crossing(count + 1);  // edges over the upper border of each row
  for (std::size_t i = 0; i < network.size(); ++i)
    for (const std::uint32_t source : network[i].sources) {
      ++crossing[rows[source] + 1];
      --crossing[rows[i] + 1];
    }
  std::partial_sum(crossing.begin(), crossing.end(), crossing.begin());
  std::vector<std::size_t> column_of_row(count);
  std::size_t column = 0;
  for (std::size_t start = 0; start < count; ++column) {
    std::size_t end = count;
    if (count - start > most_rows)
      end = static_cast<std::size_t>(
          std::min_element(crossing.begin() + static_cast<std::ptrdiff_t>(start + fewest_rows),
                           crossing.begin() + static_cast<std::ptrdiff_t>(start + most_rows)) -
          crossing.begin());
    std::fill(column_of_row.begin() + static_cast<std::ptrdiff_t>(start),
              column_of_row.begin() + static_cast<std::ptrdiff_t>(end), column);
    start = end;
  }
  for (std::size_t& row : rows) row = column_of_row[row];
  return rows;
}

class Cluster {
 public:
  Cluster(const Record& record, bool is_before)
      : record_(record), network_(is_before ? record.before : record.after), is_before_(is_before) {}

  void write(std::string& dot, const std::string& caption) const {
    dot += fmt::format("  subgraph cluster_{} {{\n    label=\"{}\";\n", prefix(), quoted(caption));
    const std::vector<std::size_t> columns = columns_of(network_);
    const bool several = !columns.empty() && std::ranges::max(columns) > 0;
    // dot puts what comes first to the right of what it does not have to connect.
    for (std::size_t i = 0; i < network_.size(); ++i) write_layer(dot, several ? network_.size() - 1 - i : i);
    for (std::size_t i = 0; i < network_.size(); ++i)
      for (const std::uint32_t source : network_[i].sources)
        dot += fmt::format("    {0}{1} -> {0}{2}{3};\n", prefix(), source, i,
                           columns[source] == columns[i] ? "" : " [constraint=false, color=\"#b0b8c0\"]");
    dot += "  }\n";
  }

 private:
  char prefix() const { return is_before_ ? 'b' : 'a'; }

  void write_layer(std::string& dot, std::size_t index) const {
    const Layer& layer = network_[index];
    std::string label = quoted(shortened(layer.name)) + "\\n" + quoted(shortened(layer.type));
    if (!layer.outputs.empty() && layer.outputs.front().known)
      label += "\\n" + quoted(shortened(to_string(layer.outputs.front().shape)));
    const std::string said = note(layer, record_, is_before_);
    if (!said.empty()) label += "\\n" + quoted(shortened(said));
    const bool faint = is_before_ && record_.optimised && layer.fate != Fate::kept;
    std::string tooltip;
    for (const auto& [name, value] : layer.parameters)
      tooltip += fmt::format("{}{}={}", tooltip.empty() ? "" : " ", name, value);
    dot += fmt::format("    {}{} [label=\"{}\", tooltip=\"{}\", fillcolor=\"{}\"{}];\n", prefix(), index,
                       label, quoted(tooltip), colour_of(layer.type),
                       faint ? R"(, style="filled,rounded,dashed", fontcolor="#5c6770")" : "");
  }

  const Record& record_;
  const Network& network_;
  bool is_before_;
};

}  // namespace

std::string graph_dot(const Record& record, const Captions& captions) {
  std::string dot = fmt::format(
      "digraph \"{}\" {{\n  rankdir=TB; nodesep=0.2; ranksep=0.3; fontname=\"DejaVu Sans\"; fontsize=13; "
      "newrank=false;\n"
      "  node [shape=box, style=\"filled,rounded\", fontname=\"DejaVu Sans\", fontsize=10, "
      "margin=\"0.12,0.05\", "
      "color=\"#57606a\"];\n  edge [color=\"#57606a\", arrowsize=0.6];\n",
      quoted(captions.name));
  // Beyond some hundreds of layers dot's own search for fewer crossings takes minutes.
  if (record.before.size() > 300) dot += "  nslimit=2; nslimit1=2; mclimit=0.2; splines=polyline;\n";
  Cluster(record, true).write(dot, caption_before(record));
  if (record.optimised) Cluster(record, false).write(dot, caption_after(record, captions.written));
  return dot + "}\n";
}

}  // namespace mo::report
