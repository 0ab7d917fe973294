#include "support/suggestion.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "support/diagnostics.h"
#include "support/letter_case.h"
#include "support/path.h"

namespace mo {

namespace {

constexpr std::size_t most_files = 2000;  // of a folder that is looked through

std::vector<std::string> files_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator it(folder.empty() ? "." : folder, error);
  for (; !error && it != std::filesystem::directory_iterator() && names.size() < most_files;
       it.increment(error))
    names.push_back(it->path().filename().string());
  std::ranges::sort(names);  // the folder's own order is of the file system
  return names;
}

/// The one of `known` that is most like `word`, or empty.
std::string_view nearest_in_any_case(std::string_view word, std::span<const std::string_view> known) {
  std::vector<std::string> lower;
  for (const std::string_view one : known) lower.push_back(lower_case(one));
  const std::vector<std::string_view> candidates(lower.begin(), lower.end());
  const std::string_view near = nearest(lower_case(word), candidates);
  if (near.empty()) return {};
  return known[static_cast<std::size_t>(std::ranges::find(candidates, near) - candidates.begin())];
}

}  // namespace

std::string suggestion(std::string_view word, std::span<const std::string_view> known,
                       std::string otherwise) {
  const std::string_view near = nearest_in_any_case(word, known);
  return near.empty() ? std::move(otherwise) : "did you mean " + std::string(near) + "?";
}

std::string file_suggestion(const std::string& path, std::string otherwise) {
  const std::filesystem::path missing = to_path(path);
  const std::vector<std::string> files = files_in(missing.parent_path());
  const std::vector<std::string_view> names(files.begin(), files.end());
  const std::string_view near = nearest_in_any_case(missing.filename().string(), names);
  return near.empty() ? std::move(otherwise)
                      : "did you mean " + (missing.parent_path() / to_path(near)).string() + "?";
}

}  // namespace mo
