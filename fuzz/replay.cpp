// Runs inputs that once broke a promise through their fuzz targets again, with any compiler.
//
//   fuzz_replay FOLDER     of folders that are called as the targets, with such inputs
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "targets.h"

/// libFuzzer's, which a target's own mutator calls; inputs are not mutated here.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* /*data*/, std::size_t size, std::size_t /*most*/) {
  return size;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int runs = 0;
  for (const auto& [name, run] : targets) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / name;
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::printf("%s\n", entry.path().c_str());
      std::fflush(stdout);
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      run(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++runs;
    }
  }
  return runs > 0 ? 0 : 1;
}
