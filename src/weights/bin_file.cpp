#include "weights/bin_file.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>

#include "support/file.h"
#include "support/progress.h"
#include "weights/encoder.h"

namespace mo {

namespace {

// Bytes that are written in one go: few calls, and they stay in the cache of a core.
constexpr std::uint64_t chunk_size = 512 << 10;

/// A run of elements of one tensor.
struct Block {
  std::size_t tensor;
  std::int64_t begin;
  std::uint64_t size;  // bytes as stored
};

/// Blocks whose places in the file follow each other, the unit of work of a writer thread.
struct Chunk {
  std::uint64_t offset;
  std::uint64_t size = 0;
  std::vector<Block> blocks = {};
};

/// Chunks end where the file is a multiple of chunk_size, or within the element that lies across it: the
/// kernel keeps aligned writes in bigger pieces.
std::vector<Chunk> chunks_of(std::span<const StoredTensor> tensors) {
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const StoredTensor& stored = tensors[i];
    if (stored.duplicate) continue;
    const std::uint64_t width = byte_size(stored.stored);
    for (std::uint64_t done = 0; done < stored.size;) {
      const std::uint64_t at = stored.offset + done;
      const bool goes_on = !chunks.empty() && chunks.back().offset + chunks.back().size == at &&
                           chunks.back().size % width == 0 &&  // aligned in memory
                           chunks.back().offset / chunk_size == at / chunk_size;
      if (!goes_on) chunks.push_back({at});
      const std::uint64_t room = (at / chunk_size + 1) * chunk_size - at;
      const std::uint64_t size = std::min((room + width - 1) / width * width, stored.size - done);
      chunks.back().blocks.push_back({i, static_cast<std::int64_t>(done / width), size});
      chunks.back().size += size;
      done += size;
    }
  }
  return chunks;
}

/// Compares bit by bit, and block by block, so that big tensors that differ are told apart early.
class Comparison {
 public:
  bool same_bytes(const StoredTensor& a, const StoredTensor& b) {
    const std::uint64_t width = byte_size(a.stored);
    std::uint64_t step = 256;
    for (std::uint64_t done = 0; done < a.size; done += step, step = chunk_size) {
      const std::uint64_t size = std::min(step, a.size - done);
      if (!std::ranges::equal(bytes(left_, a, done / width, size), bytes(right_, b, done / width, size)))
        return false;
    }
    return true;
  }

  /// A cheap fingerprint: tensors whose first elements differ are not compared further.
  std::uint64_t fingerprint(const StoredTensor& stored) {
    std::uint64_t hash = 1469598103934665603ULL;
    for (const std::byte byte : bytes(left_, stored, 0, std::min<std::uint64_t>(256, stored.size)))
      hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 1099511628211ULL;
    return hash;
  }

 private:
  std::span<const std::byte> bytes(std::vector<std::byte>& buffer, const StoredTensor& stored,
                                   std::uint64_t begin, std::uint64_t size) {
    if (stored_as_is(stored)) return stored.tensor.bytes().subspan(begin * byte_size(stored.stored), size);
    if (buffer.size() < size) buffer.resize(size);
    const std::span<std::byte> part(buffer.data(), size);
    encoder_.encode(stored, static_cast<std::int64_t>(begin), part);
    return part;
  }

  Encoder encoder_{Encoder::Source::mapping};
  std::vector<std::byte> left_;
  std::vector<std::byte> right_;
};

/// What the writer threads share.
class Writer {
 public:
  Writer(std::span<const StoredTensor> tensors, const Sink& sink, const WriteSettings& settings)
      : tensors_(tensors),
        sink_(sink),
        settings_(settings),
        chunks_(chunks_of(tensors)),
        counts_(tensors.size()) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i].tensor = i;
  }

  std::vector<TensorCounts> run() {
    {
      std::vector<std::jthread> helpers;
      for (std::size_t i = 1; i < wanted_threads(); ++i) helpers.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    std::erase_if(counts_, [](const TensorCounts& counts) { return !counts.numbers.any(); });
    return std::move(counts_);
  }

 private:
  /// Copies gain nothing from threads, which would wait for each other at the file; nor does a small file.
  std::size_t wanted_threads() const {
    const auto encoded = std::ranges::count_if(
        chunks_, [&](const Chunk& chunk) { return !stored_as_is(tensors_[chunk.blocks.front().tensor]); });
    const std::size_t most = settings_.threads > 0 ? settings_.threads : std::thread::hardware_concurrency();
    return std::min(most, static_cast<std::size_t>(encoded) / 8);
  }

  void work() {
    try {
      Encoder encoder(Encoder::Source::file);
      std::vector<std::byte> buffer;
      for (std::size_t at = next_++; at < chunks_.size(); at = next_++) write(chunks_[at], encoder, buffer);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
      next_ = chunks_.size();
    }
  }

  void write(const Chunk& chunk, Encoder& encoder, std::vector<std::byte>& buffer) {
    if (buffer.size() < chunk.size) buffer.resize(chunk.size);
    std::span<std::byte> left(buffer.data(), chunk.size);
    for (const Block& block : chunk.blocks) {
      const NumberCounts counts = encoder.encode(tensors_[block.tensor], block.begin, left.first(block.size));
      left = left.subspan(block.size);
      if (!counts.any()) continue;
      const std::lock_guard lock(mutex_);
      counts_[block.tensor].numbers += counts;
    }
    sink_(chunk.offset, std::span(buffer.data(), chunk.size));
    if (settings_.progress != nullptr) settings_.progress->advance(chunk.size);
  }

  std::span<const StoredTensor> tensors_;
  const Sink& sink_;
  WriteSettings settings_;
  std::vector<Chunk> chunks_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  // guards counts_ and failure_
  std::vector<TensorCounts> counts_;
  std::exception_ptr failure_;
};

}  // namespace

std::uint64_t lay_out(std::span<StoredTensor> tensors) {
  using Key = std::tuple<std::uint64_t, ElementType, std::uint64_t>;
  std::map<Key, std::vector<std::size_t>> seen;
  Comparison comparison;
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    StoredTensor& stored = tensors[i];
    stored.size = static_cast<std::uint64_t>(stored.tensor.size()) * byte_size(stored.stored);
    auto& alike = seen[{stored.size, stored.stored, comparison.fingerprint(stored)}];
    const auto twin = std::ranges::find_if(
        alike, [&](std::size_t other) { return comparison.same_bytes(stored, tensors[other]); });
    stored.duplicate = twin != alike.end();
    stored.offset = stored.duplicate ? tensors[*twin].offset : end;
    if (stored.duplicate) continue;
    end += stored.size;
    alike.push_back(i);
  }
  return end;
}

std::uint64_t lay_out_behind(std::span<StoredTensor> tensors, const MappedFile& kept) {
  std::uint64_t end = kept.bytes().size();
  for (StoredTensor& stored : tensors) {
    stored.size = static_cast<std::uint64_t>(stored.tensor.size()) * byte_size(stored.stored);
    stored.duplicate = stored_as_is(stored) && stored.tensor.file() == &kept;
    stored.offset = stored.duplicate
                        ? static_cast<std::uint64_t>(stored.tensor.bytes().data() - kept.bytes().data())
                        : end;
    if (!stored.duplicate) end += stored.size;
  }
  return end;
}

std::vector<TensorCounts> write_tensors(std::span<const StoredTensor> tensors, const Sink& sink,
                                        const WriteSettings& settings) {
  return Writer(tensors, sink, settings).run();
}

std::vector<TensorCounts> write_tensors(std::span<const StoredTensor> tensors, std::span<std::byte> memory,
                                        const WriteSettings& settings) {
  // Through the same block in the cache: a place in memory may not be aligned for the tensor's elements.
  const Sink copy = [&](std::uint64_t at, std::span<const std::byte> bytes) {
    std::ranges::copy(bytes, memory.subspan(at).begin());
  };
  return write_tensors(tensors, copy, settings);
}

}  // namespace mo
