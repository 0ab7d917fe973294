#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "caffe/hdf5_reader.h"
#include "caffe/hdf5_transfer.h"
#include "counters.h"
#include "os/memory.h"
#include "os/trial.h"
#include "support/diagnostics.h"
#include "support/file.h"

namespace {

/// Memory that a child leaves something in; zeros until then.
std::span<std::uint8_t> shared(std::size_t size) {
  void* const place = ::mmap(nullptr, size + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return {static_cast<std::uint8_t*>(place), size};
}

void read(const std::shared_ptr<const mo::MappedFile>& file) {
  try {
    mo::caffe::read_hdf5_weights(file);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
}

/// As read_hdf5_weights does it, in a process where libhdf5 may crash; what that process covers counts here.
void read_with_coverage(const std::shared_ptr<const mo::MappedFile>& file) {
  const std::span<std::uint8_t> counters = mo::fuzz::counters();
  static const std::span<std::uint8_t> covered = shared(counters.size());
  std::ranges::fill(covered, std::uint8_t{0});
  const mo::os::Trial trial = mo::os::try_in_child(
      [&] {
        mo::os::limit_further_memory(std::uint64_t{256} << 20);
        std::string packed;
        try {
          packed = pack(mo::caffe::read_hdf5_weights_here(file), *file);
        } catch (const mo::Failure& failure) {
          mo::to_text(failure.diagnostic());
        }
        std::ranges::copy(counters, covered.begin());
        return packed;
      },
      10);
  for (const mo::caffe::WeightLayer& layer : mo::caffe::unpack(trial.said, file))
    for (const mo::Tensor& blob : layer.blobs) blob.values();
  for (std::size_t i = 0; i < covered.size(); ++i) counters[i] |= covered[i];
}

}  // namespace

// Any bytes are weights in HDF5, or refused with a Failure, also where libhdf5 crashes on them.  The library
// opens files by their true names alone, so that a file without one (memfd_create) would never be read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::string path =
      std::filesystem::temp_directory_path() / ("weights_" + std::to_string(getpid()) + ".h5");
  [[maybe_unused]] static const std::string begun = mo::caffe::hdf5_version();  // once, not in each process
  static std::size_t count = 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::ofstream(path, std::ios::binary) << bytes;
  const auto file = mo::MappedFile::open(path);
  if (count++ % 16 == 0)
    read(file);
  else
    read_with_coverage(file);
  mo::caffe::unpack(bytes, file);
  std::filesystem::remove(path);
  return 0;
}
