#include "ir/write_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "ir/xml_writer.h"
#include "support/file.h"
#include "support/output_files.h"

namespace mo::ir {

namespace {

void report_losses(const Model& model, const std::vector<NarrowingLoss>& losses, Diagnostics& diagnostics) {
  const auto report = [&](const DiagnosticCode& code, auto count_of, const char* became, const char* remedy) {
    std::string where;
    std::uint64_t total = 0;
    for (const NarrowingLoss& loss : losses) {
      if (count_of(loss) == 0) continue;
      total += count_of(loss);
      where += (where.empty() ? "" : ", ") + model.constants[loss.tensor].name + " (" +
               std::to_string(count_of(loss)) + ")";
    }
    if (total > 0)
      diagnostics.warning(code, std::to_string(total) + " weights became " + became + " in FP16: " + where,
                          remedy);
  };
  report(
      code::fp16_overflow, [](const NarrowingLoss& loss) { return loss.to_infinity; }, "infinity",
      "convert with --data_type FP32");
  report(
      code::fp16_underflow, [](const NarrowingLoss& loss) { return loss.to_zero; }, "zero",
      "compare the accuracy with that of --data_type FP32");
}

}  // namespace

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
    report_losses(model, write_tensors(model.constants, bin.descriptor()), diagnostics);
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
