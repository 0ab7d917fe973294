#include "verify/npz.h"

#include <zip.h>

#include <filesystem>
#include <memory>

#include "cli/values.h"
#include "support/file.h"
#include "verify/npy.h"

namespace mo::verify {

namespace {

constexpr zip_uint64_t largest_member = zip_uint64_t{1} << 33;  // bytes, unpacked

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

[[noreturn]] void damaged(const std::string& path, const std::string& what) {
  cli::fail(code::damaged_arrays, path + ": " + what, "write it with numpy.savez");
}

std::string read_member(zip_t* archive, zip_uint64_t index, zip_uint64_t size, const std::string& path) {
  const std::unique_ptr<zip_file_t, CloseFile> member(zip_fopen_index(archive, index, 0));
  if (!member) damaged(path, "a member of the archive cannot be read");
  std::string bytes;
  // In pieces: the size that the archive claims is believed only as far as there are bytes.
  while (bytes.size() < size) {
    const std::size_t old = bytes.size();
    bytes.resize(old + std::min<zip_uint64_t>(size - old, zip_uint64_t{1} << 24));
    const zip_int64_t count = zip_fread(member.get(), bytes.data() + old, bytes.size() - old);
    if (count <= 0) damaged(path, "a member of the archive breaks off");
    bytes.resize(old + static_cast<std::size_t>(count));
  }
  return bytes;
}

Arrays read_npz(const std::string& path) {
  int error = 0;
  const std::unique_ptr<zip_t, Discard> archive(zip_open(path.c_str(), ZIP_RDONLY, &error));
  if (!archive) damaged(path, "this is no archive of NumPy");
  Arrays arrays;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t entry;
    const auto index = static_cast<zip_uint64_t>(i);
    if (zip_stat_index(archive.get(), index, 0, &entry) != 0 || entry.size > largest_member)
      damaged(path, "a member of the archive cannot be read");
    std::string name = entry.name;
    if (name.ends_with(".npy")) name.resize(name.size() - 4);
    arrays[name] = from_npy(read_member(archive.get(), index, entry.size, path), path + ": " + entry.name);
  }
  return arrays;
}

void read_npy(const std::filesystem::path& path, Arrays& arrays) {
  const auto file = MappedFile::open(path.string());
  arrays[path.stem().string()] = from_npy(file->text(), path.string());
}

}  // namespace

Arrays read_arrays(const std::string& path) {
  if (!cli::path_exists(path))
    cli::fail(code::file_not_found, path + ": there is no such file", "check the path");
  Arrays arrays;
  if (cli::is_folder(path)) {
    for (const auto& entry : std::filesystem::directory_iterator(path))
      if (entry.path().extension() == ".npy") read_npy(entry.path(), arrays);
    if (arrays.empty()) damaged(path, "the folder has no .npy files");
    return arrays;
  }
  if (std::filesystem::path(path).extension() != ".npy") return read_npz(path);
  read_npy(path, arrays);
  return arrays;
}

void write_npz(const std::string& path, const Arrays& arrays) {
  const auto refuse = [&] {
    cli::fail(code::output_not_writable, path + ": the file cannot be written",
              "check the folder, its permissions and the space on the disk");
  };
  int error = 0;
  std::unique_ptr<zip_t, Discard> archive(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (!archive) refuse();
  std::map<std::string, std::string> contents;  // has to live until the archive is closed
  for (const auto& [name, array] : arrays) {
    const std::string& bytes = contents[name + ".npy"] = to_npy(array);
    zip_source_t* source = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive.get(), (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0 ||
        zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) != 0)
      refuse();
  }
  if (zip_close(archive.get()) != 0) refuse();
  static_cast<void>(archive.release());
}

}  // namespace mo::verify
