#include "ir/model.h"

namespace mo::ir {

std::string_view port_name(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return "FP32";
    case Precision::fp16:
      return "FP16";
    case Precision::i64:
      return "I64";
    case Precision::i32:
      return "I32";
    case Precision::u8:
      return "U8";
    case Precision::boolean:
      return "BOOL";
  }
  return "UNSPECIFIED";
}

std::string_view element_name(Precision precision) {
  switch (precision) {
    case Precision::fp32:
      return "f32";
    case Precision::fp16:
      return "f16";
    case Precision::i64:
      return "i64";
    case Precision::i32:
      return "i32";
    case Precision::u8:
      return "u8";
    case Precision::boolean:
      return "boolean";
  }
  return "undefined";
}

}  // namespace mo::ir
