#include "cli/progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "os/terminal.h"

namespace mo::cli {

namespace {

constexpr std::chrono::milliseconds between_drawings{100};
constexpr std::string_view wipe = "\r\x1b[K";

}  // namespace

std::string bar_text(const Progress::State& state, const std::string& unit) {
  constexpr std::size_t width = 24;
  const std::uint64_t divisor = unit == "MB" ? 1'000'000 : 1;
  if (state.total == 0) return state.name;
  const double share = std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total));
  const auto filled = static_cast<std::size_t>(share * width);
  return fmt::format("[{:#>{}}{: >{}}] {:3.0f} %  {}, {} of {} {}", "", filled, "", width - filled,
                     100 * share, state.name, state.done / divisor, state.total / divisor, unit);
}

ProgressBar::ProgressBar(const Progress& progress, std::string unit, int descriptor,
                         std::chrono::milliseconds delay)
    : progress_(progress), unit_(std::move(unit)), descriptor_(descriptor) {
  if (os::is_terminal(descriptor_)) thread_ = std::thread([this, delay] { draw(delay); });
}

ProgressBar::~ProgressBar() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void ProgressBar::draw(std::chrono::milliseconds delay) {
  std::unique_lock lock(mutex_);
  bool drawn = false;
  for (auto wait = delay; !ended_.wait_for(lock, wait, [this] { return over_; }); wait = between_drawings) {
    os::write_now(descriptor_, std::string(wipe) + bar_text(progress_.state(), unit_));
    drawn = true;
  }
  if (drawn) os::write_now(descriptor_, wipe);
}

}  // namespace mo::cli
