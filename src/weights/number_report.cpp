#include "weights/number_report.h"

#include <string>

namespace mo {

namespace {

constexpr std::size_t most_named = 10;

/// How many in all, and where.
struct Found {
  std::uint64_t total = 0;
  std::string where;
};

Found sum_up(std::span<const StoredTensor> tensors, const std::vector<TensorCounts>& counts,
             std::uint64_t NumberCounts::*kind) {
  Found found;
  std::size_t named = 0;
  for (const TensorCounts& one : counts) {
    const std::uint64_t count = one.numbers.*kind;
    if (count == 0) continue;
    found.total += count;
    if (++named > most_named) continue;
    found.where +=
        (found.where.empty() ? "" : ", ") + tensors[one.tensor].name + " (" + std::to_string(count) + ")";
  }
  if (named > most_named) found.where += " and " + std::to_string(named - most_named) + " more";
  return found;
}

}  // namespace

void report_numbers(std::span<const StoredTensor> tensors, const std::vector<TensorCounts>& counts,
                    bool allow_overflow, Diagnostics& diagnostics) {
  if (counts.empty()) return;
  if (const auto [total, where] = sum_up(tensors, counts, &NumberCounts::not_finite); total > 0)
    diagnostics.warning(
        code::not_finite_weights, std::to_string(total) + " weights are infinite or not a number: " + where,
        "get the weights of an earlier snapshot: the training has diverged, or the file is damaged");
  if (const auto [total, where] = sum_up(tensors, counts, &NumberCounts::to_infinity); total > 0) {
    const std::string cause = std::to_string(total) + " weights became infinity in FP16: " + where;
    if (allow_overflow)
      diagnostics.warning(code::fp16_overflow, cause, "convert with --data_type FP32");
    else
      diagnostics.error(code::fp16_overflow, cause,
                        "convert with --data_type FP32; --allow_fp16_overflow writes them all the same");
  }
  if (const auto [total, where] = sum_up(tensors, counts, &NumberCounts::to_zero); total > 0)
    diagnostics.warning(code::fp16_underflow,
                        std::to_string(total) + " weights became zero in FP16: " + where,
                        "compare the accuracy with that of --data_type FP32");
}

}  // namespace mo
