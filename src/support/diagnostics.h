#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/diagnostic_codes.h"

namespace mo {

enum class Severity { info, warning, error };

/// A place in a text file: 1-based line and column; line 0 means "nowhere".
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// One fact for the user: what is wrong, where, why, and what to do.
struct Diagnostic {
  const DiagnosticCode* code = nullptr;
  Severity severity = Severity::error;
  std::string cause;              ///< one sentence, without the place
  std::string remedy;             ///< what the user can do; may be empty
  std::string layer;              ///< Caffe layer name, when the fact belongs to a layer
  std::string layer_type;         ///< its Caffe type
  std::string file;               ///< path as the user gave it
  Position position;              ///< in a text file
  std::string source_line;        ///< the text of that line, for the caret; may be empty
  std::string field;              ///< field path in a binary file, e.g. `layer[3].blobs[0].data`
  std::int64_t byte_offset = -1;  ///< in a binary file; -1 where it does not apply
};

/// Carries one diagnostic to the nearest place that can go on without what failed.
class Failure : public std::exception {
 public:
  explicit Failure(Diagnostic diagnostic) : diagnostic_(std::move(diagnostic)) {}
  const Diagnostic& diagnostic() const { return diagnostic_; }
  const char* what() const noexcept override { return diagnostic_.cause.c_str(); }

 private:
  Diagnostic diagnostic_;
};

/// Collects diagnostics; nothing is printed here.  Of one code and severity it keeps the first
/// `most_of_a_kind`, and one more that counts those left out: a file of a megabyte can have faults by the
/// hundred thousand.
class Diagnostics {
 public:
  static constexpr std::size_t most_of_a_kind = 1000;

  void add(Diagnostic diagnostic);
  void error(const DiagnosticCode& code, std::string cause, std::string remedy = {});
  void warning(const DiagnosticCode& code, std::string cause, std::string remedy = {});
  void info(const DiagnosticCode& code, std::string cause);

  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  std::span<const Diagnostic> all() const { return all_; }

  /// Exit status of the program: 0 without errors, else that of the first error's code.
  int exit_status() const;

 private:
  using Kind = std::pair<const DiagnosticCode*, Severity>;

  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
  std::map<Kind, std::size_t> counts_;
  std::map<Kind, std::size_t> summaries_;  ///< where in all_ those left out are counted
};

/// The text of one diagnostic as printed on a terminal: place, cause, source line with caret, remedy, FAQ
/// entry.
std::string to_text(const Diagnostic& diagnostic);

/// `candidates` nearest to `word` by edit distance (also transposed letters), or empty when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace mo
