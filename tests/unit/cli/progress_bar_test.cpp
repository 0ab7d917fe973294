#include "cli/progress_bar.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

namespace mo::cli {
namespace {

TEST(ProgressText, SaysTheShareWhereTheTotalIsKnown) {
  EXPECT_EQ(bar_text({"write", 270'000'000, 540'000'000}, "MB"),
            "[############            ]  50 %  write, 270 of 540 MB");
  EXPECT_EQ(bar_text({"converting", 3, 3}, "models"),
            "[########################] 100 %  converting, 3 of 3 models");
  EXPECT_EQ(bar_text({"write", 9, 4}, "models").substr(0, 32), "[########################] 100 %");
  EXPECT_EQ(bar_text({"optimise", 0, 0}, "MB"), "optimise");
}

/// A terminal of our own: what is written to `screen` can be read from `reader`.
struct Terminal {
  int reader = ::posix_openpt(O_RDWR | O_NOCTTY);
  int screen = -1;

  Terminal() {
    if (::grantpt(reader) == 0 && ::unlockpt(reader) == 0)
      screen = ::open(::ptsname(reader), O_RDWR | O_NOCTTY);
    ::fcntl(reader, F_SETFL, O_NONBLOCK);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::close(screen);
    ::close(reader);
  }

  std::string shown() const {
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(reader, buffer.data(), buffer.size());
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "";
  }
};

TEST(ProgressBar, DrawsOnATerminalAndLeavesNothing) {
  const Terminal terminal;
  ASSERT_GE(terminal.screen, 0);
  Progress progress;
  progress.begin("write", 4);
  progress.advance(2);
  std::string shown;
  {
    const ProgressBar bar(progress, "models", terminal.screen, std::chrono::milliseconds(1));
    while (shown.find("2 of 4 models") == std::string::npos) {  // drawn sooner or later
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      shown += terminal.shown();
    }
  }
  shown += terminal.shown();
  EXPECT_TRUE(shown.ends_with("\r\x1b[K")) << "the line is wiped out";
}

TEST(ProgressBar, DrawsNothingBeforeItsTime) {
  const Terminal terminal;
  Progress progress;
  progress.begin("write", 4);
  { const ProgressBar bar(progress, "models", terminal.screen, std::chrono::hours(1)); }
  EXPECT_EQ(terminal.shown(), "");
}

TEST(ProgressBar, DrawsNothingOnAFile) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  Progress progress;
  progress.begin("write", 4);
  {
    const ProgressBar bar(progress, "models", ends[1], std::chrono::milliseconds(0));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  ::close(ends[1]);
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), 0);
  ::close(ends[0]);
}

TEST(Progress, KeepsTimeAndAmountOfEachPhase) {
  Progress progress;
  EXPECT_EQ(progress.state().name, "");
  progress.begin("read", 10);
  progress.advance(7);
  EXPECT_EQ(progress.state().done, 7U);
  EXPECT_EQ(progress.state().total, 10U);
  progress.begin("write");
  progress.end();
  ASSERT_EQ(progress.phases().size(), 2U);
  EXPECT_EQ(progress.phases()[0].name, "read");
  EXPECT_EQ(progress.phases()[0].bytes, 7U);
  EXPECT_EQ(progress.phases()[1].bytes, 0U);
}

}  // namespace
}  // namespace mo::cli
