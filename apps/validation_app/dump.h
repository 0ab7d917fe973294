#pragma once

#include <fstream>
#include <string>

namespace mo::validation {

/// `dumpfileNNNN.csv` in the current folder, the first number that is free; semicolons between the values.
class Dump {
 public:
  /// `wanted` false: nothing is written.  Throws Failure (output_not_writable).
  explicit Dump(bool wanted);
  /// Prints where the file is.  Throws Failure (output_not_writable).
  void finish();
  void line(const std::string& text);
  bool wanted() const { return !path_.empty(); }

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace mo::validation
