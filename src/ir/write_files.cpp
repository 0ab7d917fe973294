#include "ir/write_files.h"

#include <filesystem>
#include <system_error>

#include "ir/mapping.h"
#include "ir/xml_writer.h"
#include "support/file.h"
#include "support/output_files.h"
#include "support/progress.h"
#include "weights/narrowing_report.h"

namespace mo::ir {

void write_files(Model& model, const Files& files, Diagnostics& diagnostics, const WriteSettings& settings) {
  const std::uint64_t size =
      model.kept_bin ? lay_out_behind(model.constants, *model.kept_bin) : lay_out(model.constants);
  if (settings.progress != nullptr) settings.progress->begin("write the weights", size);
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
  if (settings.progress != nullptr) settings.progress->begin("write the layers");
  const auto into = [&settings](PendingFile& file) {
    return [&](std::string_view text) {
      file.write(text);
      if (settings.progress != nullptr) settings.progress->advance(text.size());
    };
  };
  write_xml(model, into(xml));
  write_mapping(model, into(map));
  publish({&bin, &map, &xml}, files.durable);
}

}  // namespace mo::ir
