#include "ir/write_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "ir/xml_writer.h"
#include "support/file.h"
#include "support/output_files.h"
#include "support/progress.h"
#include "weights/narrowing_report.h"

namespace mo::ir {

namespace {

/// Returns the size of the .bin file.
std::uint64_t place_constants(Model& model, const WriteSettings& settings) {
  const std::uint64_t size =
      model.kept_bin ? lay_out_behind(model.constants, *model.kept_bin) : lay_out(model.constants);
  if (settings.progress != nullptr) settings.progress->begin("write the weights", size);
  return size;
}

std::string xml_text(const Model& model, const std::string& mapping, const WriteSettings& settings) {
  std::string text = to_xml(model);
  if (settings.progress != nullptr)
    settings.progress->begin("write the layers", text.size() + mapping.size());
  return text;
}

}  // namespace

void write_files(Model& model, const std::string& mapping, const Files& files, Diagnostics& diagnostics,
                 const WriteSettings& settings) {
  const std::uint64_t size = place_constants(model, settings);
  create_folder(std::filesystem::path(files.xml).parent_path().string());
  PendingFile bin(files.bin);
  PendingFile xml(files.xml);
  PendingFile map(files.mapping);
  bin.reserve(size);
  if (model.kept_bin) bin.write(model.kept_bin->text());
  try {
    report_losses(model.constants, write_tensors(model.constants, bin.descriptor(), settings), diagnostics);
  } catch (const std::system_error& error) {
    bin.fail(error.code().value(), "write the weights");
  }
  const std::string text = xml_text(model, mapping, settings);
  xml.write(text);
  map.write(mapping);
  if (settings.progress != nullptr) settings.progress->advance(text.size() + mapping.size());
  publish({&bin, &map, &xml}, files.durable);
}

void write_memory(Model& model, const std::string& mapping, Memory& memory, Diagnostics& diagnostics,
                  const WriteSettings& settings) {
  const std::uint64_t size = place_constants(model, settings);
  memory.weights = std::span(memory.allocate(size), size);
  if (model.kept_bin) std::ranges::copy(model.kept_bin->bytes(), memory.weights.begin());
  report_losses(model.constants, write_tensors(model.constants, memory.weights, settings), diagnostics);
  memory.xml = xml_text(model, mapping, settings);
  memory.mapping = mapping;
  if (settings.progress != nullptr) settings.progress->advance(memory.xml.size() + mapping.size());
}

}  // namespace mo::ir
