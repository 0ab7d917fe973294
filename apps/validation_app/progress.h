#pragma once

#include <cstddef>

namespace mo::validation {

/// `Progress: [......    ] 60.00%` on one line of a terminal; elsewhere only its end.
class Progress {
 public:
  explicit Progress(std::size_t total);
  void advance(std::size_t count);
  void finish();

 private:
  void show() const;

  std::size_t total_;
  std::size_t done_ = 0;
  bool terminal_;
};

}  // namespace mo::validation
