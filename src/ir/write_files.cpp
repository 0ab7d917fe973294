#include "ir/write_files.h"

#include <algorithm>

#include "ir/mapping.h"
#include "ir/xml_writer.h"
#include "support/file.h"
#include "support/output_files.h"
#include "support/path.h"
#include "support/progress.h"
#include "weights/number_report.h"

namespace mo::ir {

namespace {

/// Returns the size of the .bin file.
std::uint64_t place_constants(Model& model, const WriteSettings& settings) {
  const std::uint64_t size =
      model.kept_bin ? lay_out_behind(model.constants, *model.kept_bin) : lay_out(model.constants);
  if (settings.progress != nullptr) settings.progress->begin("write the weights", size);
  return size;
}

/// `put(which, text)`: appends to the .xml file (0) or to the .mapping file (1).
template <class Put>
void write_texts(const Model& model, const WriteSettings& settings, Put put) {
  if (settings.progress != nullptr) settings.progress->begin("write the layers");
  const auto into = [&](int which) {
    return [&put, &settings, which](std::string_view text) {
      put(which, text);
      if (settings.progress != nullptr) settings.progress->advance(text.size());
    };
  };
  write_xml(model, into(0));
  write_mapping(model, into(1));
}

}  // namespace

std::vector<TensorCounts> write_files(Model& model, const Files& files, Diagnostics& diagnostics,
                                      const WriteSettings& settings) {
  const std::uint64_t size = place_constants(model, settings);
  create_folder(to_path(files.xml).parent_path().string());
  PendingFile bin(files.bin);
  PendingFile xml(files.xml);
  PendingFile map(files.mapping);
  bin.reserve(size);
  if (model.kept_bin) bin.write(model.kept_bin->text());
  const auto into_bin = [&](std::uint64_t at, std::span<const std::byte> bytes) { bin.write_at(at, bytes); };
  std::vector<TensorCounts> counts = write_tensors(model.constants, into_bin, settings);
  report_numbers(model.constants, counts, settings.allow_overflow, diagnostics);
  if (diagnostics.has_errors()) return counts;
  write_texts(model, settings,
              [&](int which, std::string_view text) { (which == 0 ? xml : map).write(text); });
  publish({&bin, &map, &xml}, files.durable);
  return counts;
}

std::vector<TensorCounts> write_memory(Model& model, Memory& memory, Diagnostics& diagnostics,
                                       const WriteSettings& settings) {
  const std::uint64_t size = place_constants(model, settings);
  memory.weights = std::span(memory.allocate(size), size);
  if (model.kept_bin) std::ranges::copy(model.kept_bin->bytes(), memory.weights.begin());
  std::vector<TensorCounts> counts = write_tensors(model.constants, memory.weights, settings);
  report_numbers(model.constants, counts, settings.allow_overflow, diagnostics);
  write_texts(model, settings,
              [&](int which, std::string_view text) { (which == 0 ? memory.xml : memory.mapping) += text; });
  return counts;
}

}  // namespace mo::ir
