#include "onnx/write_files.h"

#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "onnx/proto_writer.h"
#include "support/output_files.h"
#include "support/path.h"
#include "weights/number_report.h"

namespace mo::onnx {

namespace {

constexpr std::uint64_t largest_message = (std::uint64_t{1} << 31) - 1;  // bytes, of protobuf's readers

std::vector<StoredTensor> stored_tensors(const Model& model) {
  std::vector<StoredTensor> tensors;
  for (const Initializer& initializer : model.initializers) tensors.push_back(initializer.stored);
  return tensors;
}

/// Constants of the same bytes, type and dims become one.
void merge_equal(Model& model) {
  using Key = std::tuple<std::uint64_t, DataType, Shape>;
  std::map<Key, Value> first;
  std::unordered_map<std::size_t, Value> replaced;
  std::vector<Initializer> kept;
  for (Initializer& initializer : model.initializers) {
    const ValueInfo& info = model.values[initializer.value.index];
    const Key key{initializer.stored.offset, info.type, info.shape};
    const auto [it, inserted] = first.try_emplace(key, initializer.value);
    if (inserted)
      kept.push_back(std::move(initializer));
    else
      replaced[initializer.value.index] = it->second;
  }
  model.initializers = std::move(kept);
  for (Node& node : model.nodes)
    for (Value& input : node.inputs)
      if (const auto it = replaced.find(input.index); it != replaced.end()) input = it->second;
}

/// Sizes, and places in a file of weights alone, whose size is given back.
std::uint64_t lay_out_weights(Model& model) {
  std::vector<StoredTensor> tensors = stored_tensors(model);
  const std::uint64_t size = lay_out(tensors);
  for (std::size_t i = 0; i < tensors.size(); ++i) model.initializers[i].stored = std::move(tensors[i]);
  merge_equal(model);
  return size;
}

/// Places inside the model's file, where no two constants share bytes.
void move_weights_inside(Model& model, const Layout& layout) {
  for (const WeightsPlace& place : layout.weights) {
    StoredTensor& stored = model.initializers[place.initializer].stored;
    stored.offset = place.offset;
    stored.duplicate = false;
  }
}

void write_texts(const Layout& layout, const Model& model, PendingFile& file) {
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < layout.texts.size(); ++i) {
    file.write_at(offset, std::as_bytes(std::span(layout.texts[i])));
    offset += layout.texts[i].size();
    if (i < layout.weights.size()) offset += model.initializers[layout.weights[i].initializer].stored.size;
  }
}

std::vector<TensorCounts> write_weights(const Model& model, const PendingFile& file, bool allow_overflow,
                                        Diagnostics& diagnostics) {
  const std::vector<StoredTensor> tensors = stored_tensors(model);
  const auto into_file = [&](std::uint64_t at, std::span<const std::byte> bytes) {
    file.write_at(at, bytes);
  };
  std::vector<TensorCounts> counts = write_tensors(tensors, into_file);
  report_numbers(tensors, counts, allow_overflow, diagnostics);
  return counts;
}

}  // namespace

Files write_files(Model& model, const std::string& path, const WriteOptions& options,
                  Diagnostics& diagnostics) {
  bool external = options.external;
  Files files{path, {}, {}};
  const std::uint64_t weights_size = lay_out_weights(model);
  Layout layout;
  if (!external) {
    layout = lay_out_file(model, {});
    external = layout.size > largest_message;
  }
  if (external) {
    files.weights = path + ".data";
    layout = lay_out_file(model, to_path(files.weights).filename().string());
  } else {
    move_weights_inside(model, layout);
  }
  create_folder(to_path(path).parent_path().string());
  PendingFile file(path);
  std::optional<PendingFile> data;
  if (external) data.emplace(files.weights);
  file.reserve(layout.size);
  if (data) data->reserve(weights_size);
  files.counts = write_weights(model, external ? *data : file, options.allow_overflow, diagnostics);
  if (diagnostics.has_errors()) return files;
  write_texts(layout, model, file);
  if (data)
    publish({&*data, &file}, options.durable);
  else
    publish({&file}, options.durable);
  return files;
}

}  // namespace mo::onnx
