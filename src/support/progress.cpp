#include "support/progress.h"

#include <utility>

namespace mo {

void Progress::close() {
  if (name_.empty()) return;
  const std::chrono::duration<double> taken = Clock::now() - start_;
  phases_.push_back({std::exchange(name_, {}), taken.count(), done_.exchange(0)});
}

void Progress::tell() const {
  if (!observer_ || std::this_thread::get_id() != owner_) return;
  const State now = state();
  if (!now.name.empty()) observer_(now);
}

void Progress::begin(std::string name, std::uint64_t total) {
  tell();
  {
    const std::lock_guard lock(mutex_);
    close();
    name_ = std::move(name);
    total_ = total;
    start_ = Clock::now();
  }
  tell();
}

void Progress::end() {
  tell();
  const std::lock_guard lock(mutex_);
  close();
}

Progress::State Progress::state() const {
  const std::lock_guard lock(mutex_);
  return {name_, done_.load(std::memory_order_relaxed), total_};
}

std::vector<Progress::Phase> Progress::phases() const {
  const std::lock_guard lock(mutex_);
  return phases_;
}

}  // namespace mo
