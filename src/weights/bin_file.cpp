#include "weights/bin_file.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <tuple>

#include "support/float16.h"

namespace mo {

namespace {

constexpr std::int64_t block_elements = 1 << 18;  // 1 MiB of float: stays in the cache of a core

/// A run of elements of one tensor, the unit of work of a writer thread.
struct Block {
  std::size_t tensor;
  std::int64_t begin;
  std::int64_t count;
};

bool stored_as_is(const StoredTensor& stored) {
  return stored.tensor.untouched() && stored.tensor.type() == stored.stored;
}

/// Turns elements of a tensor into the bytes of the file; owns the buffers it needs for that.
class Encoder {
 public:
  /// The bytes of elements [begin, begin + count), valid until the next call.
  std::span<const std::byte> encode(const StoredTensor& stored, std::int64_t begin, std::int64_t count) {
    const std::size_t width = byte_size(stored.stored);
    if (stored_as_is(stored)) return stored.tensor.bytes().subspan(begin * width, count * width);
    floats_.resize(count);
    stored.tensor.read(begin, floats_);
    if (stored.stored == ElementType::f32) return std::as_bytes(std::span(floats_));
    halves_.resize(count);
    std::ranges::transform(floats_, halves_.begin(), float_to_half);
    return std::as_bytes(std::span(halves_));
  }

  /// How many of the elements last encoded as f16 left its range.
  void count_losses(NarrowingLoss& loss) const {
    for (std::size_t i = 0; i < halves_.size(); ++i) {
      const std::uint16_t magnitude = halves_[i] & 0x7fffU;
      if (magnitude == 0x7c00U && std::isfinite(floats_[i])) ++loss.to_infinity;
      if (magnitude == 0 && floats_[i] != 0.0F) ++loss.to_zero;
    }
  }

 private:
  std::vector<float> floats_;
  std::vector<std::uint16_t> halves_;
};

void write_all(int descriptor, std::span<const std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw std::system_error(errno, std::generic_category());
    bytes = bytes.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

std::vector<Block> blocks_of(std::span<const StoredTensor> tensors) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].duplicate) continue;
    for (std::int64_t begin = 0; begin < tensors[i].tensor.size(); begin += block_elements)
      blocks.push_back({i, begin, std::min(block_elements, tensors[i].tensor.size() - begin)});
  }
  return blocks;
}

/// Compares block by block, so that big tensors that differ are told apart early.
bool same_bytes(const StoredTensor& a, const StoredTensor& b) {
  Encoder left;
  Encoder right;
  std::int64_t step = 64;
  for (std::int64_t begin = 0; begin < a.tensor.size(); begin += step, step = block_elements) {
    const std::int64_t count = std::min(step, a.tensor.size() - begin);
    if (!std::ranges::equal(left.encode(a, begin, count), right.encode(b, begin, count))) return false;
  }
  return true;
}

/// A cheap fingerprint: tensors whose first elements differ are not compared further.
std::uint64_t fingerprint(const StoredTensor& stored) {
  Encoder encoder;
  const std::int64_t count = std::min<std::int64_t>(64, stored.tensor.size());
  std::uint64_t hash = 1469598103934665603ULL;
  for (const std::byte byte : encoder.encode(stored, 0, count))
    hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 1099511628211ULL;
  return hash;
}

}  // namespace

std::uint64_t lay_out(std::span<StoredTensor> tensors) {
  using Key = std::tuple<std::uint64_t, ElementType, std::uint64_t>;
  std::map<Key, std::vector<std::size_t>> seen;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    StoredTensor& stored = tensors[i];
    stored.size = static_cast<std::uint64_t>(stored.tensor.size()) * byte_size(stored.stored);
    auto& alike = seen[{stored.size, stored.stored, fingerprint(stored)}];
    const auto twin =
        std::ranges::find_if(alike, [&](std::size_t other) { return same_bytes(stored, tensors[other]); });
    stored.duplicate = twin != alike.end();
    stored.offset = stored.duplicate ? tensors[*twin].offset : end;
    if (stored.duplicate) continue;
    end += stored.size;
    alike.push_back(i);
  }
  return end;
}

std::vector<NarrowingLoss> write_tensors(std::span<const StoredTensor> tensors, int descriptor) {
  const std::vector<Block> blocks = blocks_of(tensors);
  std::vector<NarrowingLoss> losses(tensors.size());
  for (std::size_t i = 0; i < losses.size(); ++i) losses[i].tensor = i;
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;  // guards losses and failure
  std::exception_ptr failure;

  const auto work = [&] {
    Encoder encoder;
    try {
      for (std::size_t at = next++; at < blocks.size(); at = next++) {
        const Block& block = blocks[at];
        const StoredTensor& stored = tensors[block.tensor];
        const auto bytes = encoder.encode(stored, block.begin, block.count);
        write_all(descriptor, bytes, stored.offset + block.begin * byte_size(stored.stored));
        if (stored.stored != ElementType::f16 || stored_as_is(stored)) continue;
        NarrowingLoss loss;
        encoder.count_losses(loss);
        const std::lock_guard lock(mutex);
        losses[block.tensor].to_infinity += loss.to_infinity;
        losses[block.tensor].to_zero += loss.to_zero;
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = blocks.size();
    }
  };
  // Starting threads costs more than a small file does.
  const std::size_t wanted = std::min<std::size_t>(std::thread::hardware_concurrency(), blocks.size() / 8);
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  std::erase_if(losses, [](const NarrowingLoss& loss) { return loss.to_infinity + loss.to_zero == 0; });
  return losses;
}

}  // namespace mo
