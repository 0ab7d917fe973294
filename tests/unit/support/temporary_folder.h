#pragma once

#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace mo {

inline std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// A folder that vanishes with the object.
class TemporaryFolder {
 public:
  using Content = std::map<std::string, std::string>;  ///< name -> text of each file

  explicit TemporaryFolder(const Content& content = {}) {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("mo_test_folder_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    std::filesystem::create_directory(path_);
    for (const auto& [name, text] : content) std::ofstream(path_ / name, std::ios::binary) << text;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

  Content content() const {
    Content found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      found[entry.path().filename().string()] = {std::istreambuf_iterator<char>(file), {}};
    }
    return found;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace mo
