#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "support/progress.h"

namespace mo::cli {

/// `[#####     ]  50 %  writing the weights, 270 of 540 MB`; the share is left out where no total is known.
/// `unit`: of the numbers; `MB` divides bytes.
std::string bar_text(const Progress::State& state, const std::string& unit);

/// Draws one line on a terminal, again and again, while it lives, and wipes it out at the end.  Draws nothing
/// in the first second, and nothing at all where `descriptor` is no terminal.
class ProgressBar {
 public:
  ProgressBar(const Progress& progress, std::string unit, int descriptor,
              std::chrono::milliseconds delay = std::chrono::seconds(1));
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

 private:
  void draw(std::chrono::milliseconds delay);

  const Progress& progress_;
  std::string unit_;
  int descriptor_;
  std::mutex mutex_;  // guards over_
  std::condition_variable ended_;
  bool over_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace mo::cli
