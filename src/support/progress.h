#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mo {

/// What a conversion is doing and how far it is: set by those who work, read by whoever shows it, in any
/// thread.
class Progress {
 public:
  struct Phase {
    std::string name;
    double seconds = 0;
    std::uint64_t bytes = 0;  ///< read or written, 0 where that says nothing
  };
  struct State {
    std::string name;  ///< empty: not begun
    std::uint64_t done = 0;
    std::uint64_t total = 0;  ///< 0: not known
  };

  /// Called at the begin and end of each phase and as it advances, in the thread that made this object and in
  /// no other.  What it throws ends the work.
  using Observer = std::function<void(const State&)>;

  Progress() = default;
  explicit Progress(Observer observer) : observer_(std::move(observer)) {}

  /// Ends the phase before.  `total`: what advance() will add up to, in bytes unless the phase counts
  /// otherwise.
  void begin(std::string name, std::uint64_t total = 0);
  void advance(std::uint64_t amount) {
    done_.fetch_add(amount, std::memory_order_relaxed);
    if (observer_) tell();
  }
  /// Ends the last phase.
  void end();

  State state() const;
  /// Those that have ended.
  std::vector<Phase> phases() const;

 private:
  using Clock = std::chrono::steady_clock;

  void close();
  void tell() const;

  mutable std::mutex mutex_;  // guards all but done_
  std::string name_;
  std::uint64_t total_ = 0;
  std::atomic<std::uint64_t> done_ = 0;
  Clock::time_point start_;
  std::vector<Phase> phases_;
  Observer observer_;
  std::thread::id owner_ = std::this_thread::get_id();
};

}  // namespace mo
