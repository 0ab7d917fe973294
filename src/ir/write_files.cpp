#include "ir/write_files.h"

#include <filesystem>
#include <system_error>

#include "ir/xml_writer.h"
#include "support/file.h"
#include "support/output_files.h"
#include "support/progress.h"
#include "weights/narrowing_report.h"

namespace mo::ir {

std::vector<NarrowingLoss> write_files(Model& model, const std::string& mapping, const Files& files,
                                       Diagnostics& diagnostics, const WriteSettings& settings) {
  const std::uint64_t size =
      model.kept_bin ? lay_out_behind(model.constants, *model.kept_bin) : lay_out(model.constants);
  if (settings.progress != nullptr) settings.progress->begin("write the weights", size);
  create_folder(std::filesystem::path(files.xml).parent_path().string());
  PendingFile bin(files.bin);
  PendingFile xml(files.xml);
  PendingFile map(files.mapping);
  bin.reserve(size);
  if (model.kept_bin) bin.write(model.kept_bin->text());
  std::vector<NarrowingLoss> losses;
  try {
    losses = write_tensors(model.constants, bin.descriptor(), settings);
    report_losses(model.constants, losses, diagnostics);
  } catch (const std::system_error& error) {
    bin.fail(error.code().value(), "write the weights");
  }
  const std::string text = to_xml(model);
  if (settings.progress != nullptr)
    settings.progress->begin("write the layers", text.size() + mapping.size());
  xml.write(text);
  map.write(mapping);
  if (settings.progress != nullptr) settings.progress->advance(text.size() + mapping.size());
  publish({&bin, &map, &xml}, files.durable);
  return losses;
}

}  // namespace mo::ir
