#include "caffe/caffemodel_reader.h"

#include <fmt/format.h>

#include "caffe/blob_reader.h"
#include "caffe/file_kind.h"
#include "caffe/hdf5_reader.h"
#include "caffe/layer_types.h"
#include "caffe/wire.h"

namespace mo::caffe {
namespace {

using Owner = std::shared_ptr<const MappedFile>;

constexpr std::uint32_t net_name = 1;
constexpr std::uint32_t net_layers = 2;   // V1 and V0
constexpr std::uint32_t net_layer = 100;  // V2

/// Where the three generations of layer messages keep what weights need; 0: nowhere.
struct LayerFields {
  std::uint32_t name;
  std::uint32_t type;
  std::uint32_t blobs;
  std::uint32_t nested_v0;
};
constexpr LayerFields v2_fields{.name = 1, .type = 2, .blobs = 7, .nested_v0 = 0};
constexpr LayerFields v1_fields{.name = 4, .type = 5, .blobs = 6, .nested_v0 = 1};
constexpr LayerFields v0_fields{.name = 1, .type = 2, .blobs = 50, .nested_v0 = 0};

std::string string_value(const WireReader& reader, std::string_view name) {
  reader.require(WireReader::Type::length_delimited, name);
  return std::string(reader.view());
}

void read_layer(WireReader reader, const LayerFields& fields, const Owner& owner, WeightLayer& layer) {
  while (reader.next()) {
    const std::uint32_t number = reader.number();
    if (number == fields.name) {
      layer.name = string_value(reader, "name");
    } else if (number == fields.type) {
      layer.type = reader.type() == WireReader::Type::varint ? v2_layer_type(reader.varint())
                                                             : v2_layer_type(string_value(reader, "type"));
    } else if (number == fields.blobs) {
      const auto index = static_cast<std::int64_t>(layer.blobs.size());
      layer.blobs.push_back(read_blob(WireReader(reader, "blobs", index), owner));
    } else if (fields.nested_v0 != 0 && number == fields.nested_v0) {
      read_layer(WireReader(reader, "layer"), v0_fields, owner, layer);
    }
  }
}

}  // namespace

void require_caffemodel(const MappedFile& file) {
  const FileKind kind = guess_file_kind(file.text());
  if (kind == FileKind::unknown) return;
  Diagnostic diagnostic;
  diagnostic.code = &code::wrong_file_kind;
  diagnostic.cause = fmt::format("expected a binary caffemodel, but this is {}", describe(kind));
  diagnostic.remedy =
      kind == FileKind::hdf5 ? "give the prototxt too: an HDF5 file has weights only" : remedy(kind);
  diagnostic.file = file.path();
  throw Failure(std::move(diagnostic));
}

std::vector<WeightLayer> read_weights(const std::shared_ptr<const MappedFile>& file) {
  if (guess_file_kind(file->text()) == FileKind::hdf5) return read_hdf5_weights(file);
  require_caffemodel(*file);
  const WireFile wire{file->path(), file->text()};
  WireReader reader(wire);
  std::vector<WeightLayer> layers;
  while (reader.next()) {
    if (reader.number() == net_name && reader.type() == WireReader::Type::varint) {
      // A BlobProto (num) and a SolverState (iter) begin so.
      reader.fail(code::wrong_file_kind,
                  "this is no caffemodel; it looks like a mean image or a solver state",
                  "give the .caffemodel");
    }
    const bool v2 = reader.number() == net_layer;
    if (!v2 && reader.number() != net_layers) continue;
    const auto index = static_cast<std::int64_t>(layers.size());
    read_layer(WireReader(reader, v2 ? "layer" : "layers", index), v2 ? v2_fields : v1_fields, file,
               layers.emplace_back());
  }
  if (layers.empty())
    reader.fail(code::not_a_net, "the file has no layers", "check that it is a Caffe model");
  return layers;
}

}  // namespace mo::caffe
