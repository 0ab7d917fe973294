#include "support/file.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "support/diagnostics.h"
#include "support/suggestion.h"

namespace mo {
namespace {

[[noreturn]] void fail(const DiagnosticCode& code, const std::string& path, std::string cause,
                       std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  diagnostic.file = path;
  throw Failure(std::move(diagnostic));
}

[[noreturn]] void fail_with(const std::string& path, const std::error_code& error) {
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    fail(code::file_not_found, path, "there is no such file",
         file_suggestion(path, "check the path; it is taken from the current folder"));
  }
  fail(code::file_not_readable, path, fmt::format("the file cannot be read: {}", error.message()),
       error == std::errc::permission_denied ? "give yourself the right to read it" : "");
}

constexpr std::size_t largest_through_pipe = std::size_t{2} << 30;  // as much as protobuf can say

/// All that comes through a pipe until its writers have closed it.
std::string read_pipe(const os::InputFile& pipe, const std::string& path) {
  std::string bytes;
  std::size_t size = 0;
  for (;;) {
    bytes.resize(size + (std::size_t{1} << 16));
    const std::size_t got = pipe.read_next(std::as_writable_bytes(std::span(bytes)).subspan(size));
    if (got == 0) break;
    size += got;
    if (size > largest_through_pipe)
      fail(code::file_not_readable, path, "more than 2 GiB came through this pipe",
           "save it as a file first");
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::string& path) {
  try {
    os::InputFile file(path);
    using Kind = os::InputFile::Kind;
    if (file.kind() == Kind::folder)
      fail(code::file_not_readable, path, "this is a folder, not a file",
           "give the path of the file inside it");
    if (file.kind() == Kind::pipe) {
      std::string bytes = read_pipe(file, path);
      if (bytes.empty())
        fail(code::empty_file, path, "nothing came through this pipe", "write the file into it");
      return in_memory(path, std::move(bytes));
    }
    if (file.kind() != Kind::regular)
      fail(code::file_not_readable, path, "this is not a regular file", "save its content as a file first");
    if (file.size() == 0) fail(code::empty_file, path, "the file is empty", "download or save it again");
    const std::shared_ptr<MappedFile> mapped(new MappedFile);
    mapped->path_ = path;
    mapped->bytes_ = file.map();
    mapped->file_.emplace(std::move(file));
    return mapped;
  } catch (const std::system_error& error) {
    fail_with(path, error.code());
  }
}

std::shared_ptr<const MappedFile> MappedFile::in_memory(std::string path, std::string bytes) {
  const std::shared_ptr<MappedFile> file(new MappedFile);
  file->path_ = std::move(path);
  file->memory_ = std::move(bytes);
  file->bytes_ = std::as_bytes(std::span(file->memory_));
  return file;
}

void MappedFile::read(std::size_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    std::size_t got = 0;
    try {
      got = file_->read_at(offset, out);
    } catch (const std::system_error& error) {
      fail_with(path_, error.code());
    }
    if (got == 0)
      fail(code::file_not_readable, path_, "the file became shorter while it was read",
           "convert again when nothing writes it any more");
    out = out.subspan(got);
    offset += got;
  }
}

}  // namespace mo
