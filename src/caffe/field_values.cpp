#include "caffe/field_values.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "support/letter_case.h"

namespace mo::caffe {

bool boolean_value(const Field& field, bool& out) {
  const std::string text = lower_case(field.text);
  if (text == "true" || text == "t" || text == "1") return out = true, true;
  if (text == "false" || text == "f" || text == "0") return out = false, true;
  return false;
}

bool integer_value(const Field& field, std::int64_t& out) {
  std::string_view text = field.text;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.starts_with('0')) {
    base = 8;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  if (negative) out = -out;
  return true;
}

bool number_value(const Field& field, float& out) {
  std::string_view text = field.text;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.size() > 1 && (text.ends_with('f') || text.ends_with('F')) && text != "inf") text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (end != text.data() + text.size()) return false;
  if (error == std::errc::result_out_of_range)  // as strtof: to infinity or zero
    out = std::strtof(std::string(text).c_str(), nullptr);
  else if (error != std::errc{})
    return false;
  if (negative) out = -out;
  return true;
}

}  // namespace mo::caffe
