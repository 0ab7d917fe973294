#include "caffe/hdf5_reader.h"

#include <fmt/format.h>

#include "support/diagnostics.h"

#ifdef MO_HDF5

#include <hdf5.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <utility>

#include "caffe/hdf5_transfer.h"
#include "os/memory.h"
#include "os/trial.h"

namespace mo::caffe {
namespace {

constexpr int deepest_group = 16;              // `a/b/c` as a layer's name makes groups within groups
constexpr std::size_t most_objects = 1 << 20;  // in one group
constexpr std::size_t longest_name = 1 << 16;
constexpr std::int64_t most_copied = std::int64_t{1} << 30;  // elements of a blob that cannot be viewed
constexpr std::uint64_t most_per_byte =
    1040;  // bytes that one of the file may hold compressed: deflate's most
constexpr std::uint64_t most_beside = std::uint64_t{256}
                                      << 20;  // bytes that libhdf5 may take beside the values

Failure failure_of(const MappedFile& file, const DiagnosticCode& code, std::string cause,
                   std::string remedy) {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  diagnostic.file = file.path();
  return Failure(std::move(diagnostic));
}

/// An HDF5 handle and what closes it.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const { return id_; }
  bool valid() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

class Reader {
 public:
  explicit Reader(std::shared_ptr<const MappedFile> file) : mapped_(std::move(file)) {}

  std::vector<WeightLayer> read();

 private:
  [[noreturn]] void fail(const DiagnosticCode& code, std::string cause, std::string remedy) const {
    throw failure_of(*mapped_, code, std::move(cause), std::move(remedy));
  }
  [[noreturn]] void fail_damaged(const std::string& what) const {
    fail(code::damaged_caffemodel, what + " cannot be read",
         "get the file again; it may have been cut short");
  }
  std::vector<std::string> children(hid_t group) const;
  void read_group(hid_t group, const std::string& name, int depth);
  Tensor read_blob(hid_t group, const std::string& name, const std::string& layer);

  std::shared_ptr<const MappedFile> mapped_;
  std::uint64_t copied_ = 0;  // bytes of blobs that are no views
  std::vector<WeightLayer> layers_;
};

std::vector<std::string> Reader::children(hid_t group) const {
  H5G_info_t info;
  if (H5Gget_info(group, &info) < 0 || info.nlinks > most_objects) fail_damaged("a group of the file");
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const ssize_t length =
        H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT);
    if (length <= 0 || static_cast<std::size_t>(length) > longest_name) fail_damaged("a name in the file");
    std::string name(static_cast<std::size_t>(length), '\0');
    H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name.data(), name.size() + 1, H5P_DEFAULT);
    H5L_info_t link;  // a link may lead to another file, or round in a circle
    if (H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT) < 0) fail_damaged("\"" + name + "\"");
    if (link.type == H5L_TYPE_HARD) names.push_back(std::move(name));
  }
  return names;
}

/// The bytes of a dataset of little-endian floats in one run, or an empty span.
std::span<const std::byte> one_run(hid_t dataset, std::int64_t elements, std::span<const std::byte> file) {
  const Handle type(H5Dget_type(dataset), H5Tclose);
  const Handle plist(H5Dget_create_plist(dataset), H5Pclose);
  if (!type.valid() || !plist.valid() || H5Tequal(type.get(), H5T_IEEE_F32LE) <= 0) return {};
  if (H5Pget_layout(plist.get()) != H5D_CONTIGUOUS || H5Pget_external_count(plist.get()) != 0) return {};
  const haddr_t offset = H5Dget_offset(dataset);
  const auto size = static_cast<std::size_t>(elements) * sizeof(float);
  if (offset == HADDR_UNDEF || offset > file.size() || size > file.size() - offset) return {};
  return file.subspan(offset, size);
}

Tensor Reader::read_blob(hid_t group, const std::string& name, const std::string& layer) {
  const std::string what = fmt::format("blob {} of layer \"{}\"", name, layer);
  const Handle dataset(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) fail_damaged(what);
  const Handle space(H5Dget_space(dataset.get()), H5Sclose);
  const int rank = space.valid() ? H5Sget_simple_extent_ndims(space.get()) : -1;
  if (rank < 0 || rank > H5S_MAX_RANK) fail_damaged(what);
  std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
  if (rank > 0 && H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr) < 0) fail_damaged(what);
  Shape shape;
  std::int64_t product = 1;  // of what is not 0: tensors want room for that too
  for (const hsize_t dim : dims) {
    if (dim > (hsize_t{1} << 32) ||
        (dim > 0 && product > (std::int64_t{1} << 40) / static_cast<std::int64_t>(dim)))
      fail(code::too_large, what + " is too large", "check that the file is what it should be");
    shape.push_back(static_cast<std::int64_t>(dim));
    if (dim > 0) product *= static_cast<std::int64_t>(dim);
  }
  const std::int64_t elements = element_count(shape);
  if (const auto run = one_run(dataset.get(), elements, mapped_->bytes()); !run.empty())
    return Tensor::in_file(std::move(shape), ElementType::f32, run, mapped_);
  copied_ += static_cast<std::uint64_t>(elements) * sizeof(float);
  if (elements > most_copied || copied_ / most_per_byte > mapped_->bytes().size())
    fail(code::too_large, what + " is too large", "save the model as a binary .caffemodel");
  std::vector<float> values(static_cast<std::size_t>(elements));
  if (elements > 0 &&
      H5Dread(dataset.get(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    fail_damaged(what);
  return Tensor::of(std::move(shape), std::move(values));
}

void Reader::read_group(hid_t group, const std::string& name, int depth) {
  std::map<std::int64_t, std::string> blobs;  // by number: "10" comes after "9"
  for (const std::string& child : children(group)) {
    H5O_info_t info;
    if (H5Oget_info_by_name(group, child.c_str(), &info, H5P_DEFAULT) < 0) fail_damaged("\"" + child + "\"");
    if (info.type == H5O_TYPE_GROUP) {
      if (depth == deepest_group) fail_damaged("a group within more than 16 groups");
      const Handle inner(H5Gopen2(group, child.c_str(), H5P_DEFAULT), H5Gclose);
      if (!inner.valid()) fail_damaged("\"" + child + "\"");
      read_group(inner.get(), name.empty() ? child : fmt::format("{}/{}", name, child), depth + 1);
    } else if (info.type == H5O_TYPE_DATASET) {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(child.data(), child.data() + child.size(), number);
      if (error == std::errc{} && end == child.data() + child.size()) blobs.emplace(number, child);
    }
  }
  if (blobs.empty()) return;
  WeightLayer layer{.name = name, .type = {}, .blobs = {}};
  for (const auto& [number, child] : blobs) layer.blobs.push_back(read_blob(group, child, name));
  layers_.push_back(std::move(layer));
}

std::vector<WeightLayer> Reader::read() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // we report errors ourselves
  const Handle file(H5Fopen(mapped_->path().c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file.valid()) fail_damaged("the HDF5 file");
  const Handle data(H5Gopen2(file.get(), "data", H5P_DEFAULT), H5Gclose);
  if (!data.valid())
    fail(code::wrong_file_kind, "this HDF5 file is no caffemodel: it has no group \"data\"",
         "give the .caffemodel.h5 that Caffe's snapshot wrote");
  read_group(data.get(), "", 0);
  return std::move(layers_);
}

}  // namespace

std::string hdf5_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

std::vector<WeightLayer> read_hdf5_weights_here(const std::shared_ptr<const MappedFile>& file) {
  static std::mutex mutex;  // the library is built for one thread
  const std::lock_guard lock(mutex);
  return Reader(file).read();
}

namespace {

/// The weights, or of a failure code, cause and remedy, a line each.
std::string read_and_pack(const std::shared_ptr<const MappedFile>& file) {
  try {
    return "w" + pack(read_hdf5_weights_here(file), *file);
  } catch (const Failure& failure) {
    const Diagnostic& diagnostic = failure.diagnostic();
    return fmt::format("f{}\n{}\n{}", diagnostic.code->slug, diagnostic.remedy, diagnostic.cause);
  }
}

Failure unpacked_failure(const MappedFile& file, const std::string& text) {
  const std::size_t first = text.find('\n');
  const std::size_t second = text.find('\n', first + 1);
  const DiagnosticCode* code = &code::damaged_caffemodel;
  for (const DiagnosticCode* other : {&code::wrong_file_kind, &code::too_large})
    if (text.substr(1, first - 1) == other->slug) code = other;
  return failure_of(file, *code, text.substr(second + 1), text.substr(first + 1, second - first - 1));
}

/// A minute, and a second for each megabyte.
unsigned most_seconds(const MappedFile& file) {
  return 60 + static_cast<unsigned>(file.bytes().size() >> 20);
}

}  // namespace

std::vector<WeightLayer> read_hdf5_weights(const std::shared_ptr<const MappedFile>& file) {
  const auto action = [&] {
    os::limit_further_memory(most_beside + 2 * most_per_byte * file->bytes().size());
    return read_and_pack(file);
  };
  const os::Trial trial = os::try_in_child(action, most_seconds(*file));
  const char* const remedy = "get the file again, or save the model as a binary .caffemodel";
  switch (trial.end) {
    case os::Trial::End::not_tried:
      return read_hdf5_weights_here(file);
    case os::Trial::End::came_back:
      if (trial.said.starts_with('w')) return unpack(std::string_view(trial.said).substr(1), file);
      if (trial.said.starts_with('f')) throw unpacked_failure(*file, trial.said);
      throw failure_of(*file, code::too_large, "reading the HDF5 file takes more memory than there is",
                       remedy);
    case os::Trial::End::ended_the_program:
      throw failure_of(*file, code::too_large, "reading the HDF5 file takes more memory than there is",
                       remedy);
    case os::Trial::End::timed_out:
      throw failure_of(*file, code::damaged_caffemodel,
                       "the HDF5 library does not come to an end with this file", remedy);
    case os::Trial::End::crashed:
      break;
  }
  throw failure_of(*file, code::damaged_caffemodel,
                   "the HDF5 library crashes on this file (" + trial.signal + ")", remedy);
}

}  // namespace mo::caffe

#else

namespace mo::caffe {

std::string hdf5_version() {
  return {};
}

std::vector<WeightLayer> read_hdf5_weights_here(const std::shared_ptr<const MappedFile>& file) {
  return read_hdf5_weights(file);
}

std::vector<WeightLayer> read_hdf5_weights(const std::shared_ptr<const MappedFile>& file) {
  Diagnostic diagnostic;
  diagnostic.code = &code::wrong_file_kind;
  diagnostic.cause = "this build of mo does not read HDF5";
  diagnostic.remedy = "build with MO_HDF5 (libhdf5), or save the model as a binary .caffemodel";
  diagnostic.file = file->path();
  throw Failure(std::move(diagnostic));
}

}  // namespace mo::caffe

#endif
