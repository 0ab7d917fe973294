#include "weights/narrowing_report.h"

#include <string>

namespace mo {

void report_losses(std::span<const StoredTensor> tensors, const std::vector<NarrowingLoss>& losses,
                   Diagnostics& diagnostics) {
  const auto report = [&](const DiagnosticCode& code, auto count_of, const char* became, const char* remedy) {
    std::string where;
    std::uint64_t total = 0;
    for (const NarrowingLoss& loss : losses) {
      if (count_of(loss) == 0) continue;
      total += count_of(loss);
      where += (where.empty() ? "" : ", ") + tensors[loss.tensor].name + " (" +
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

}  // namespace mo
