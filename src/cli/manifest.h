#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/parse.h"

namespace mo::cli {

/// A line of a manifest: one model, with options as on a command line.
struct ManifestLine {
  std::size_t number = 0;  ///< in the file, from 1
  std::string text;
  Arguments arguments;   ///< its own, then those of the command line
  Diagnostics problems;  ///< what is wrong with its options
};

/// The words of a line as a shell separates them: at blanks, quotes `'` and `"` keep them together, `\` takes
/// the next character as it is, `#` at the start of a word ends the line.  Throws Failure (manifest) for a
/// quote that does not end.
std::vector<std::string> split_words(const std::string& line);

/// The lines that name models.  A first word that is no option is the model.  Throws Failure when the file
/// cannot be read or names none.
std::vector<ManifestLine> read_manifest(const std::string& path, const Arguments& common);

}  // namespace mo::cli
