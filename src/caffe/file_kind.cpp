#include "caffe/file_kind.h"

#include <algorithm>
#include <string>

namespace mo::caffe {
namespace {

constexpr std::size_t looked_at = 1024;

bool is_binary(std::string_view bytes) {
  return std::ranges::any_of(bytes, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\v' && c != '\f') || byte == 0x7f;
  });
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace

FileKind guess_file_kind(std::string_view bytes) {
  using namespace std::string_view_literals;
  bytes = bytes.substr(0, looked_at);
  if (bytes.starts_with("\x89HDF\r\n\x1a\n"sv)) return FileKind::hdf5;
  if (bytes.starts_with("PK\x03\x04"sv) || bytes.starts_with("\x1f\x8b"sv) ||
      bytes.starts_with("7z\xbc\xaf"sv) || bytes.starts_with("Rar!\x1a"sv) ||
      bytes.starts_with("\xfd"
                        "7zXZ"sv) ||
      bytes.starts_with("BZh"sv)) {
    return FileKind::archive;
  }
  if (bytes.starts_with("\xff\xfe"sv) || bytes.starts_with("\xfe\xff"sv)) return FileKind::utf16_text;
  if (bytes.starts_with("version https://git-lfs"sv)) return FileKind::git_lfs_pointer;
  if (is_binary(bytes)) return FileKind::unknown;
  const std::size_t first = bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first != std::string_view::npos && bytes[first] == '<') {
    const std::string start = lower_case(bytes.substr(first, 16));
    for (const std::string_view mark : {"<!doctype"sv, "<html"sv, "<?xml"sv, "<head"sv, "<!--"sv}) {
      if (start.starts_with(mark)) return FileKind::web_page;
    }
  }
  return FileKind::text;
}

std::string_view describe(FileKind kind) {
  switch (kind) {
    case FileKind::text:
      return "a text file";
    case FileKind::web_page:
      return "a web page (HTML or XML)";
    case FileKind::git_lfs_pointer:
      return "a git-lfs pointer, not the file itself";
    case FileKind::hdf5:
      return "an HDF5 file";
    case FileKind::archive:
      return "a compressed archive";
    case FileKind::utf16_text:
      return "a text in UTF-16";
    case FileKind::unknown:
      break;
  }
  return "a binary file";
}

std::string_view remedy(FileKind kind) {
  switch (kind) {
    case FileKind::web_page:
      return "download the raw file, not the page that shows it";
    case FileKind::git_lfs_pointer:
      return "run \"git lfs pull\" in the repository that it is from, or download the file by hand";
    case FileKind::archive:
      return "unpack it and give the file inside";
    case FileKind::utf16_text:
      return "save it as UTF-8";
    case FileKind::text:
    case FileKind::hdf5:
    case FileKind::unknown:
      break;
  }
  return "check that the model and its prototxt are not swapped: --input_model takes the .caffemodel, "
         "--input_proto "
         "the .prototxt";
}

}  // namespace mo::caffe
