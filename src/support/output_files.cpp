#include "support/output_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "support/diagnostics.h"
#include "support/path.h"

namespace mo {

namespace {

[[noreturn]] void refuse(const std::string& path, std::string cause, std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code::output_not_writable;
  diagnostic.file = path;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  throw Failure(std::move(diagnostic));
}

/// Where a link leads; the path itself when it is none or leads nowhere.
std::string followed(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(to_path(path), error)) return path;
  const auto target = std::filesystem::canonical(to_path(path), error);
  return error ? path : target.string();
}

[[noreturn]] void fail_with(const std::string& path, const std::error_code& error, std::string_view doing) {
  refuse(path, "cannot " + std::string(doing) + ": " + error.message(),
         "check the folder's permissions and free space, or choose another with --output_dir");
}

os::OutputFile create(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(to_path(path), ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    refuse(path,
           std::filesystem::is_directory(status) ? "a folder has this name" : "this is not a regular file",
           "remove it, or choose another name with --model_name or another folder with --output_dir");
  try {
    return os::OutputFile(path);
  } catch (const std::system_error& error) {
    fail_with(path, error.code(), "create the file");
  }
}

}  // namespace

PendingFile::PendingFile(const std::string& path) : file_(create(followed(path))) {}

void PendingFile::write(std::string_view text) {
  try {
    file_.append(std::as_bytes(std::span(text)));
  } catch (const std::system_error& error) {
    fail_with(path(), error.code(), "write the file");
  }
}

void PendingFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) const {
  try {
    file_.write_at(offset, bytes);
  } catch (const std::system_error& error) {
    fail_with(path(), error.code(), "write the file");
  }
}

void PendingFile::reserve(std::uint64_t size) const {
  constexpr std::uint64_t worth_it = 1 << 20;
  if (size < worth_it) return;
  try {
    file_.reserve(size);
  } catch (const std::system_error& error) {
    fail_with(path(), error.code(), fmt::format("take {} MiB of disk space", (size >> 20) + 1));
  }
}

void publish(std::initializer_list<PendingFile*> files, bool durable) {
  std::vector<os::OutputFile*> all;
  for (PendingFile* file : files) all.push_back(&file->file_);
  if (durable) {
    for (const os::OutputFile* file : all) {
      try {
        file->sync();
      } catch (const std::system_error& error) {
        fail_with(file->path(), error.code(), "bring the file to the disk");
      }
    }
  }
  if (const auto failure = os::give_names(all, durable))
    fail_with(all[failure->file]->path(), failure->error,
              failure->named ? "bring the folder to the disk" : "give the file its name");
}

void write_file(const std::string& path, std::string_view text) {
  std::error_code error;
  const auto status = std::filesystem::status(to_path(path), error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    std::ofstream file(to_path(path), std::ios::binary);
    file << text;
    if (!file.flush()) fail_with(path, {errno, std::generic_category()}, "write the file");
    return;
  }
  PendingFile file(path);
  file.write(text);
  publish({&file}, false);
}

void refuse_to_replace(const std::vector<std::string>& inputs, const std::vector<std::string>& outputs) {
  for (const std::string& output : outputs) {
    for (const std::string& input : inputs) {
      std::error_code ignored;
      if (input.empty() || !std::filesystem::equivalent(to_path(input), to_path(output), ignored)) continue;
      refuse(output, "this output would take the place of the input " + input,
             "name another folder with --output_dir, or another name with --model_name");
    }
  }
}

void create_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(to_path(path), error);
  if (error) fail_with(path, error, "create the folder");
}

}  // namespace mo
