#include "ir/opset/dialect.h"

#include <fmt/format.h>

#include <stdexcept>

namespace mo::ir::opset {

namespace {

constexpr Dialect v10{.version = 10,
                      .opset1_only = true,
                      .numeric_booleans = true,
                      .empty_lists = false,
                      .metadata_in_rt_info = false};
constexpr Dialect v11{.version = 11,
                      .opset1_only = false,
                      .numeric_booleans = false,
                      .empty_lists = true,
                      .metadata_in_rt_info = true};

struct Formatter {
  const Dialect& dialect;

  std::string operator()(bool value) const {
    if (dialect.numeric_booleans) return value ? "1" : "0";
    return value ? "true" : "false";
  }
  std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
  std::string operator()(float value) const { return fmt::format("{}", value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const std::vector<std::int64_t>& values) const {
    return fmt::format("{}", fmt::join(values, ", "));
  }
  std::string operator()(const std::vector<float>& values) const {
    return fmt::format("{}", fmt::join(values, ", "));
  }
};

}  // namespace

const Dialect& dialect(int version) {
  if (version == 10) return v10;
  if (version == 11) return v11;
  throw std::invalid_argument("no opset dialect for IR version " + std::to_string(version));
}

std::string format(const AttributeValue& value, const Dialect& dialect) {
  return std::visit(Formatter{dialect}, value);
}

}  // namespace mo::ir::opset
