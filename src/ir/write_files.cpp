#include "ir/write_files.h"

#include <filesystem>
#include <system_error>

#include "ir/xml_writer.h"
#include "support/file.h"
#include "support/output_files.h"
#include "weights/narrowing_report.h"

namespace mo::ir {

void write_files(Model& model, const std::string& mapping, const Files& files, Diagnostics& diagnostics) {
  const std::uint64_t size =
      model.kept_bin ? lay_out_behind(model.constants, *model.kept_bin) : lay_out(model.constants);
  create_folder(std::filesystem::path(files.xml).parent_path().string());
  PendingFile bin(files.bin);
  PendingFile xml(files.xml);
  PendingFile map(files.mapping);
  bin.reserve(size);
  if (model.kept_bin) bin.write(model.kept_bin->text());
  try {
    report_losses(model.constants, write_tensors(model.constants, bin.descriptor()), diagnostics);
  } catch (const std::system_error& error) {
    bin.fail(error.code().value(), "write the weights");
  }
  xml.write(to_xml(model));
  map.write(mapping);
  bin.commit();
  xml.commit();
  map.commit();
}

}  // namespace mo::ir
