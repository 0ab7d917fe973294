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

#include "support/file.h"
#include "support/half_conversion.h"

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

/// True when the kernel may copy the bytes from file to file.
bool copies_from_file(const StoredTensor& stored) {
  return stored_as_is(stored) && stored.tensor.file() != nullptr && stored.tensor.file()->descriptor() >= 0;
}

/// Turns elements of a tensor into the bytes of the file; owns the buffers it needs for that.
class Encoder {
 public:
  /// The bytes of elements [begin, begin + count), valid until the next call.
  std::span<const std::byte> encode(const StoredTensor& stored, std::int64_t begin, std::int64_t count) {
    const std::size_t width = byte_size(stored.stored);
    if (stored_as_is(stored)) return stored.tensor.bytes().subspan(begin * width, count * width);
    const std::byte* floats = stored.tensor.bytes().data() + begin * sizeof(float);
    if (!stored.tensor.untouched() || stored.tensor.type() != ElementType::f32) {
      floats_.resize(count);
      stored.tensor.read(begin, floats_);
      floats = reinterpret_cast<const std::byte*>(floats_.data());
    }
    if (stored.stored == ElementType::f32) return {floats, count * sizeof(float)};
    halves_.resize(count);
    losses_ = narrow_to_half(floats, halves_);
    return std::as_bytes(std::span(halves_));
  }

  /// How many of the elements last encoded as f16 left its range.
  const NarrowingCount& losses() const { return losses_; }

 private:
  std::vector<float> floats_;
  std::vector<std::uint16_t> halves_;
  NarrowingCount losses_;
};

/// Copies inside the kernel; false where the file system cannot, having copied nothing.
bool copy_range(const StoredTensor& stored, const Block& block, int descriptor) {
  const MappedFile& file = *stored.tensor.file();
  const std::size_t width = byte_size(stored.stored);
  const std::size_t size = block.count * width;
  auto from = static_cast<off_t>(stored.tensor.bytes().data() - file.bytes().data() + block.begin * width);
  auto to = static_cast<off_t>(stored.offset + block.begin * width);
  for (std::size_t left = size; left > 0;) {
    const ssize_t copied = ::copy_file_range(file.descriptor(), &from, descriptor, &to, left, 0);
    if (copied < 0 && errno == EINTR) continue;
    if (copied <= 0) {
      if (left == size) return false;
      throw std::system_error(copied < 0 ? errno : EIO, std::generic_category());
    }
    left -= static_cast<std::size_t>(copied);
  }
  return true;
}

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
    // The kernel copies best in one go, and one copy at a time: writers to one file wait for each other.
    const std::int64_t step = copies_from_file(tensors[i]) ? tensors[i].tensor.size() : block_elements;
    for (std::int64_t begin = 0; begin < tensors[i].tensor.size(); begin += step)
      blocks.push_back({i, begin, std::min(step, tensors[i].tensor.size() - begin)});
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

void lay_out_behind(std::span<StoredTensor> tensors, const MappedFile& kept) {
  std::uint64_t end = kept.bytes().size();
  for (StoredTensor& stored : tensors) {
    stored.size = static_cast<std::uint64_t>(stored.tensor.size()) * byte_size(stored.stored);
    stored.duplicate = stored_as_is(stored) && stored.tensor.file() == &kept;
    stored.offset = stored.duplicate
                        ? static_cast<std::uint64_t>(stored.tensor.bytes().data() - kept.bytes().data())
                        : end;
    if (!stored.duplicate) end += stored.size;
  }
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
        if (copies_from_file(stored) && copy_range(stored, block, descriptor)) continue;
        const auto bytes = encoder.encode(stored, block.begin, block.count);
        write_all(descriptor, bytes, stored.offset + block.begin * byte_size(stored.stored));
        if (stored.stored != ElementType::f16 || stored_as_is(stored)) continue;
        const std::lock_guard lock(mutex);
        losses[block.tensor].to_infinity += encoder.losses().to_infinity;
        losses[block.tensor].to_zero += encoder.losses().to_zero;
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = blocks.size();
    }
  };
  // Starting threads costs more than a small file does.
  const auto encoded = std::ranges::count_if(
      blocks, [&](const Block& block) { return !copies_from_file(tensors[block.tensor]); });
  const auto wanted =
      std::min<std::size_t>(std::thread::hardware_concurrency(), static_cast<std::size_t>(encoded) / 8);
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
