#include "cli/manifest.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "cli/values.h"
#include "support/file.h"

namespace mo::cli {

namespace {

/// Options of the whole run, which a line cannot have, and which do not pass from the command line to the
/// lines.
constexpr std::array of_the_run{"--manifest",    "--jobs",    "--resume",   "--silent",     "--log_level",
                                "--help",        "--version", "--help-all", "--config",     "--inspect",
                                "--list_layers", "--report",  "--check_ir", "--upgrade_ir", "--print_shapes",
                                "--verify",      "--graph"};

bool is_of_the_run(std::string_view name) {
  return std::ranges::find(of_the_run, name) != of_the_run.end();
}

ManifestLine read_line(std::size_t number, std::string text, const Arguments& common) {
  ManifestLine line{number, std::move(text), {}, {}};
  try {
    std::vector<std::string> words = split_words(line.text);
    if (words.empty()) return line;
    if (!words.front().starts_with('-')) words.insert(words.begin(), "--input_model");
    line.arguments = parse(words, line.problems);
    for (const auto& [name, value] : line.arguments.all())
      if (is_of_the_run(name))
        fail(code::manifest, name + " is for the whole run, not for one line", "put it on the command line");
    for (const auto& [name, value] : common.all())
      if (!is_of_the_run(name) && !line.arguments.has(name)) line.arguments.set(name, value);
  } catch (const Failure& failure) {
    line.problems.add(failure.diagnostic());
  }
  return line;
}

}  // namespace

std::vector<std::string> split_words(const std::string& line) {
  std::vector<std::string> words;
  bool inside = false;  // of a word
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank = c == ' ' || c == '\t' || c == '\r';
    if (quote == '\0' && blank) {
      inside = false;
      continue;
    }
    if (!inside && c == '#') break;
    if (!inside) words.emplace_back();
    inside = true;
    if (c == quote)
      quote = '\0';
    else if (quote == '\0' && (c == '"' || c == '\''))
      quote = c;
    else if (c == '\\' && quote != '\'' && i + 1 < line.size())
      words.back() += line[++i];
    else
      words.back() += c;
  }
  if (quote != '\0')
    fail(code::manifest, std::string("the quote ") + quote + " does not end", "close it on the same line");
  return words;
}

std::vector<ManifestLine> read_manifest(const std::string& path, const Arguments& common) {
  std::istringstream text{std::string(MappedFile::open(path)->text())};
  std::vector<ManifestLine> lines;
  std::string line;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    const std::string_view content = trimmed(line);
    if (content.empty() || content.starts_with('#')) continue;
    lines.push_back(read_line(number, std::string(content), common));
  }
  if (lines.empty())
    fail(code::manifest, path + " names no model", "write a model a line: net.caffemodel --data_type FP16");
  return lines;
}

}  // namespace mo::cli
