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

namespace mo::caffe {
namespace {

constexpr int deepest_group = 16;              // `a/b/c` as a layer's name makes groups within groups
constexpr std::size_t most_objects = 1 << 20;  // in one group
constexpr std::size_t longest_name = 1 << 16;
constexpr std::int64_t most_copied = std::int64_t{1} << 30;  // elements of a blob that cannot be viewed

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
  [[noreturn]] void fail(const DiagnosticCode& code, std::string cause, std::string remedy) const;
  [[noreturn]] void fail_damaged(const std::string& what) const {
    fail(code::damaged_caffemodel, what + " cannot be read",
         "get the file again; it may have been cut short");
  }
  std::vector<std::string> children(hid_t group) const;
  void read_group(hid_t group, const std::string& name, int depth);
  Tensor read_blob(hid_t group, const std::string& name, const std::string& layer) const;

  std::shared_ptr<const MappedFile> mapped_;
  std::vector<WeightLayer> layers_;
};

void Reader::fail(const DiagnosticCode& code, std::string cause, std::string remedy) const {
  Diagnostic diagnostic;
  diagnostic.code = &code;
  diagnostic.cause = std::move(cause);
  diagnostic.remedy = std::move(remedy);
  diagnostic.file = mapped_->path();
  throw Failure(std::move(diagnostic));
}

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

Tensor Reader::read_blob(hid_t group, const std::string& name, const std::string& layer) const {
  const std::string what = fmt::format("blob {} of layer \"{}\"", name, layer);
  const Handle dataset(H5Dopen2(group, name.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) fail_damaged(what);
  const Handle space(H5Dget_space(dataset.get()), H5Sclose);
  const int rank = space.valid() ? H5Sget_simple_extent_ndims(space.get()) : -1;
  if (rank < 0 || rank > H5S_MAX_RANK) fail_damaged(what);
  std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
  if (rank > 0 && H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr) < 0) fail_damaged(what);
  Shape shape;
  std::int64_t elements = 1;
  for (const hsize_t dim : dims) {
    if (dim > (hsize_t{1} << 32) ||
        (dim > 0 && elements > (std::int64_t{1} << 40) / static_cast<std::int64_t>(dim)))
      fail(code::too_large, what + " is too large", "check that the file is what it should be");
    shape.push_back(static_cast<std::int64_t>(dim));
    elements *= static_cast<std::int64_t>(dim);
  }
  if (const auto run = one_run(dataset.get(), elements, mapped_->bytes()); !run.empty())
    return Tensor::view(std::move(shape), ElementType::f32, run, mapped_);
  if (elements > most_copied)
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

std::vector<WeightLayer> read_hdf5_weights(const std::shared_ptr<const MappedFile>& file) {
  static std::mutex mutex;  // the library is built for one thread
  const std::lock_guard lock(mutex);
  return Reader(file).read();
}

}  // namespace mo::caffe

#else

namespace mo::caffe {

std::string hdf5_version() {
  return {};
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
